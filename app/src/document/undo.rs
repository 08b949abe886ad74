//! Undo: what the user decided, step by step.
//!
//! A step is a finished interaction: a stretch of typing, a dragged number from press to release, a chosen candidate. Each
//! holds the states before and after it, which are small: text, choice, unit and preparation. What follows from them
//! (meshes, measurements) is made again.

use std::sync::Arc;

use partwright_geometry::LengthUnit;

use super::{Input, Item, ItemId, Picture, Preparation};

/// What the user decides about an item.
#[derive(Clone, Debug, PartialEq)]
struct Decisions {
    text: String,
    chosen: Option<Arc<str>>,
    input: InputDecisions,
}

/// What the user decides about an input of each kind.
#[derive(Clone, Debug, PartialEq)]
enum InputDecisions {
    Scan(LengthUnit, Preparation),
    Pictures(Vec<Picture>),
    Description(String),
    Program,
}

impl InputDecisions {
    fn of(input: &Input) -> Self {
        match input {
            Input::Scan(scan) => Self::Scan(scan.unit, scan.preparation),
            Input::Pictures(pictures) => Self::Pictures(pictures.clone()),
            Input::Description(text) => Self::Description(text.clone()),
            Input::Program => Self::Program,
        }
    }

    /// Whether a scan has to be prepared again. An input that has become another since is left alone.
    fn restore(&self, input: &mut Input) -> bool {
        match (self, input) {
            (Self::Scan(unit, preparation), Input::Scan(scan)) => {
                scan.unit = *unit;
                let changed = scan.preparation != *preparation;
                scan.preparation = *preparation;
                return changed;
            }
            (Self::Pictures(before), Input::Pictures(pictures)) => pictures.clone_from(before),
            (Self::Description(before), Input::Description(text)) => text.clone_from(before),
            _ => {}
        }
        false
    }
}

impl Decisions {
    /// Those of an item as it stands.
    fn of(item: &Item) -> Self {
        let input = InputDecisions::of(&item.input);
        Self { text: item.program.text.clone(), chosen: item.chosen.clone(), input }
    }

    /// Makes them those of an item. Whether its preparation changed, so that its scan has to be prepared again.
    fn restore(&self, item: &mut Item) -> bool {
        item.program.set_text(self.text.clone());
        item.chosen.clone_from(&self.chosen);
        self.input.restore(&mut item.input)
    }
}

/// One step: an item's decisions before and after.
#[derive(Clone, Debug, PartialEq)]
struct Edit {
    item: ItemId,
    /// What was done, to be read after "Undo": `typing`, `choosing a candidate`.
    name: &'static str,
    before: Decisions,
    after: Decisions,
}

/// Most steps kept. Texts are a few kB, so this is some MB at most.
const MOST_STEPS: usize = 500;

/// The steps done and undone.
#[derive(Clone, Debug, Default)]
pub struct UndoStack {
    done: Vec<Edit>,
    undone: Vec<Edit>,
    /// The state before a step that is going on.
    open: Option<(ItemId, &'static str, Decisions)>,
}

impl UndoStack {
    /// Begins a step on `item`, or goes on with it if it is of the same name; a step of another kind is finished first.
    pub fn begin(&mut self, item: &Item, name: &'static str, items: &[Item]) {
        if matches!(&self.open, Some((id, open, _)) if *id == item.id && *open == name) {
            return;
        }
        self.finish(items);
        self.open = Some((item.id, name, Decisions::of(item)));
    }

    /// Ends the step that is going on, if it changed anything.
    pub fn finish(&mut self, items: &[Item]) {
        let Some((id, name, before)) = self.open.take() else { return };
        let Some(item) = items.iter().find(|item| item.id == id) else { return };
        let after = Decisions::of(item);
        if after != before {
            self.done.push(Edit { item: id, name, before, after });
            self.undone.clear();
            if self.done.len() > MOST_STEPS {
                self.done.remove(0);
            }
        }
    }

    /// The name of the step that [`Self::undo`] would take back.
    pub fn can_undo(&self) -> Option<&'static str> {
        self.open.as_ref().map(|(_, name, _)| *name).or_else(|| self.done.last().map(|edit| edit.name))
    }

    /// The name of the step that [`Self::redo`] would do again.
    pub fn can_redo(&self) -> Option<&'static str> {
        self.undone.last().map(|edit| edit.name)
    }

    /// Takes back the last step. The item it was on, and whether its scan has to be prepared again.
    pub fn undo(&mut self, items: &mut [Item]) -> Option<(ItemId, bool)> {
        self.finish(items);
        let edit = self.done.pop()?;
        let item = items.iter_mut().find(|item| item.id == edit.item)?;
        let changed = edit.before.restore(item);
        self.undone.push(edit);
        self.undone.last().map(|edit| (edit.item, changed))
    }

    /// Does the last step taken back again. The item it was on, and whether its scan has to be prepared again.
    pub fn redo(&mut self, items: &mut [Item]) -> Option<(ItemId, bool)> {
        let edit = self.undone.pop()?;
        let item = items.iter_mut().find(|item| item.id == edit.item)?;
        let changed = edit.after.restore(item);
        self.done.push(edit);
        self.done.last().map(|edit| (edit.item, changed))
    }

    /// Forgets all steps on an item that is closed.
    pub fn forget(&mut self, item: ItemId) {
        self.done.retain(|edit| edit.item != item);
        self.undone.retain(|edit| edit.item != item);
        self.open.take_if(|open| open.0 == item);
    }
}
