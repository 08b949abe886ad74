//! Keys that mean more in a program than in other texts: Enter keeps the indentation, Tab indents.

use egui::text_edit::TextEditState;
use egui::{Event, Id, Key, Ui};

use super::{byte_of, select};
use crate::document::edit;

/// Handles the keys of this frame that the text field would take otherwise; called while it has the focus.
pub(super) fn handle(ui: &Ui, id: Id, text: &mut String) {
    let Some(range) = TextEditState::load(ui.ctx(), id).and_then(|state| state.cursor.char_range()) else { return };
    let [first, last] = range.sorted_cursors().map(|cursor| byte_of(text, cursor.index));
    let several = text.get(first..last).is_some_and(|selected| selected.contains('\n'));
    let mut moved_right = None;
    ui.input_mut(|input| {
        input.events.retain_mut(|event| {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
            if modifiers.command || modifiers.ctrl || modifiers.alt {
                return true;
            }
            // What only inserts stays in the order of what else is typed in this frame.
            match *key {
                Key::Enter => {
                    let indentation = edit::indentation_after(text, first);
                    if !indentation.is_empty() {
                        *event = Event::Text(format!("\n{indentation}"));
                    }
                    true
                }
                Key::Tab if modifiers.shift || several => {
                    moved_right = Some(!modifiers.shift);
                    false
                }
                Key::Tab => {
                    *event = Event::Text(edit::spaces_at(text, first).to_owned());
                    true
                }
                _ => true,
            }
        });
    });
    if let Some(right) = moved_right {
        let change = if right { edit::indented } else { edit::dedented };
        let (changed, selection) = change(text, first..last);
        *text = changed;
        select(ui, id, text, &selection);
    }
}
