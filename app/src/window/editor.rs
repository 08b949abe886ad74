//! What the code pane and the panels beside it remember from frame to frame, apart from the text itself.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::highlight::Laid;
use crate::document::{Constant, ItemId};

/// How long nothing has to be typed before the program runs by itself, in seconds.
const PAUSE_SECS: f64 = 0.4;

/// Which number of which program: its item, the candidate it came from, its name, and which of that name.
pub type ParameterKey = (ItemId, Option<Arc<str>>, String, usize);

/// The state of the code pane.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    /// The bytes selected; the end may come before the start.
    pub selection: Range<usize>,
    /// Bytes to be selected.
    pub select: Option<Range<usize>>,
    /// Whether the text is to be given the focus.
    pub take_focus: bool,
    /// Whether the field of the text looked for is to be given the focus.
    pub focus_find: bool,
    /// What is put in place of the text looked for.
    pub replacement: String,
    /// Whether capitals count in the text looked for.
    pub match_case: bool,
    /// The names offered at the cursor.
    pub completion: Option<Completion>,
    /// The number being dragged in the text.
    pub drag: Option<NumberDrag>,
    /// The item in which something was typed that was not run, and when.
    pub typed: Option<(ItemId, f64)>,
    /// The value that each parameter had when it was first seen.
    pub references: BTreeMap<ParameterKey, f64>,
    /// The text as it was laid out last.
    pub(super) laid: Option<Laid>,
}

impl Editor {
    /// Something was typed into `item` at `now`, in seconds; with `to_run` it is run after a pause.
    pub(super) fn note_typing(&mut self, item: ItemId, now: f64, to_run: bool) {
        self.typed = to_run.then_some((item, now));
    }

    /// How many seconds are left at `now` until what was typed into `item` is to be run; `None` when there is nothing to run.
    pub(super) fn seconds_until_run(&self, item: ItemId, now: f64) -> Option<f64> {
        let (typed_in, since) = self.typed?;
        (typed_in == item).then(|| (since + PAUSE_SECS - now).max(0.0))
    }
}

/// Names offered at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that the chosen name takes the place of.
    pub replace: Range<usize>,
    /// The names, best first.
    pub offers: Vec<Offer>,
    /// Which of them is chosen.
    pub chosen: usize,
}

/// A name offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The name.
    pub name: String,
    /// Its parameters and their defaults, if it can be called.
    pub signature: Option<String>,
}

/// A number of the text between press and release.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberDrag {
    /// The text before.
    pub text: String,
    /// The number before.
    pub number: Constant,
    /// Where the pointer was pressed, across.
    pub from_x: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_runs_after_a_pause() {
        let (a, b) = (ItemId(0), ItemId(1));
        let mut editor = Editor::default();
        editor.note_typing(a, 1.0, false);
        assert_eq!(editor.seconds_until_run(a, 9.0), None, "it is switched off");
        editor.note_typing(a, 1.0, true);
        editor.note_typing(a, 1.3, true);
        assert!(editor.seconds_until_run(a, 1.5).is_some_and(|left| (left - 0.2).abs() < 1e-9));
        assert_eq!(editor.seconds_until_run(a, 2.0), Some(0.0));
        assert_eq!(editor.seconds_until_run(b, 2.0), None);
    }
}
