//! All items of a session.

use std::path::PathBuf;

use super::{Input, Item, ItemId, Program, UndoStack};

/// The items side by side, which of them is looked at, and what can be undone.
#[derive(Clone, Debug, Default)]
pub struct Document {
    items: Vec<Item>,
    active: Option<ItemId>,
    next_id: u64,
    undo: UndoStack,
}

impl Document {
    /// All items, in the order in which they were opened.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The item that is looked at.
    pub fn active(&self) -> Option<&Item> {
        self.active.and_then(|id| self.item(id))
    }

    /// The item that is looked at, to be changed outside undo: results of jobs.
    pub fn active_mut(&mut self) -> Option<&mut Item> {
        self.active.and_then(|id| self.item_mut(id))
    }

    /// An item.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// An item, to be changed outside undo: results of jobs.
    pub fn item_mut(&mut self, id: ItemId) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.id == id)
    }

    /// Adds an item and looks at it.
    pub fn add(&mut self, name: impl Into<String>, path: Option<PathBuf>, input: Input, program: Program) -> ItemId {
        let id = ItemId(self.next_id);
        self.next_id += 1;
        self.items.push(Item {
            id,
            name: name.into(),
            path,
            input,
            proposals: Vec::new(),
            chosen: None,
            ongoing: None,
            being_written: None,
            program,
            notes: Vec::new(),
        });
        self.active = Some(id);
        id
    }

    /// Looks at another item.
    pub fn activate(&mut self, id: ItemId) {
        if self.item(id).is_some() {
            self.undo.finish(&self.items);
            self.active = Some(id);
        }
    }

    /// Closes an item and looks at its neighbour.
    pub fn close(&mut self, id: ItemId) {
        let Some(index) = self.items.iter().position(|item| item.id == id) else { return };
        self.items.remove(index);
        self.undo.forget(id);
        if self.active == Some(id) {
            self.active = self.items.get(index).or_else(|| self.items.last()).map(|item| item.id);
        }
    }

    /// Changes an item as (a part of) the step `name`, which goes on until [`Self::finish_step`] or a step of another
    /// name.
    pub fn edit(&mut self, id: ItemId, name: &'static str, change: impl FnOnce(&mut Item)) {
        let Some(index) = self.items.iter().position(|item| item.id == id) else { return };
        self.undo.begin(&self.items[index], name, &self.items);
        change(&mut self.items[index]);
    }

    /// Ends the step that is going on: the next change is a step of its own.
    pub fn finish_step(&mut self) {
        self.undo.finish(&self.items);
    }

    /// What can be taken back and done again.
    pub fn undo_stack(&self) -> &UndoStack {
        &self.undo
    }

    /// Takes back the last step. The item it was on, and whether its scan has to be prepared again.
    pub fn undo(&mut self) -> Option<(ItemId, bool)> {
        let done = self.undo.undo(&mut self.items);
        self.follow(done)
    }

    /// Does the last step taken back again. The item it was on, and whether its scan has to be prepared again.
    pub fn redo(&mut self) -> Option<(ItemId, bool)> {
        let done = self.undo.redo(&mut self.items);
        self.follow(done)
    }

    /// Looks at the item that a step changed.
    fn follow(&mut self, done: Option<(ItemId, bool)>) -> Option<(ItemId, bool)> {
        self.active = done.map(|(id, _)| id).or(self.active);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> (Document, ItemId, ItemId) {
        let mut document = Document::default();
        let a = document.add("a.py", None, Input::Program, Program::new("a"));
        let b = document.add("b.py", None, Input::Program, Program::new("b"));
        (document, a, b)
    }

    fn text(document: &Document, id: ItemId) -> &str {
        &document.item(id).expect("it is open").program.text
    }

    #[test]
    fn a_stretch_of_typing_is_one_step() {
        let (mut document, a, _) = document();
        for typed in ["ab", "abc", "abcd"] {
            document.edit(a, "typing", |item| item.program.set_text(typed));
        }
        document.finish_step();
        document.edit(a, "typing", |item| item.program.set_text("other"));
        assert_eq!(document.undo_stack().can_undo(), Some("typing"));
        assert_eq!(document.undo(), Some((a, false)));
        assert_eq!(text(&document, a), "abcd");
        assert_eq!(document.undo(), Some((a, false)));
        assert_eq!(text(&document, a), "a");
        assert_eq!(document.undo(), None);
        assert_eq!(document.redo(), Some((a, false)));
        assert_eq!(text(&document, a), "abcd");
        assert_eq!(document.redo(), Some((a, false)));
        assert_eq!(text(&document, a), "other");
        assert_eq!(document.redo(), None);
    }

    #[test]
    fn a_new_step_forgets_what_was_undone() {
        let (mut document, a, _) = document();
        document.edit(a, "typing", |item| item.program.set_text("1"));
        document.undo();
        document.edit(a, "typing", |item| item.program.set_text("2"));
        document.finish_step();
        assert_eq!(document.undo_stack().can_redo(), None);
    }

    #[test]
    fn undo_goes_to_the_item_it_changes() {
        let (mut document, a, b) = document();
        document.edit(a, "typing", |item| item.program.set_text("x"));
        document.activate(b);
        document.edit(b, "typing", |item| item.program.set_text("y"));
        document.undo();
        assert_eq!(document.active().map(|item| item.id), Some(b));
        document.undo();
        assert_eq!(document.active().map(|item| item.id), Some(a));
        assert_eq!((text(&document, a), text(&document, b)), ("a", "b"));
    }

    #[test]
    fn closing_looks_at_the_neighbour_and_forgets_steps() {
        let (mut document, a, b) = document();
        document.edit(b, "typing", |item| item.program.set_text("y"));
        document.finish_step();
        document.close(b);
        assert_eq!(document.active().map(|item| item.id), Some(a));
        assert_eq!(document.undo_stack().can_undo(), None);
        document.close(a);
        assert!(document.active().is_none());
        let c = document.add("c", None, Input::Program, Program::default());
        assert!(c != a && c != b);
    }

    #[test]
    fn a_step_that_changes_nothing_is_none() {
        let (mut document, a, _) = document();
        document.edit(a, "typing", |item| item.program.set_text("a"));
        document.finish_step();
        assert_eq!(document.undo_stack().can_undo(), None);
    }
}
