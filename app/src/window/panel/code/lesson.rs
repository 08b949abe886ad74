//! What stands in the code pane while there is no program.

use egui::{RichText, Ui};

use crate::window::app::Window;
use crate::window::apply::{NEW_PROGRAM, unavailable};
use crate::window::command::{Action, Command};
use crate::window::theme;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    if window.document.active().is_none_or(|item| !item.program.text.trim().is_empty()) {
        return;
    }
    let colors = theme::of(ui);
    let scan = unavailable(window, Command::Reconstruct).is_none();
    ui.add_space(6.0);
    ui.label(RichText::new("No program yet").family(theme::strong_family()).size(17.0));
    let words = if scan {
        "Reconstruct (Ctrl+Enter) finds a program that makes the scanned part. Or write one in CadQuery below; Ctrl+S runs it."
    } else {
        "Write a program in CadQuery below; Ctrl+S runs it. The part that it assigns last is shown."
    };
    ui.add(egui::Label::new(RichText::new(words).color(colors.text_weak)).wrap());
    if ui.button("Insert a first program").clicked() {
        let end = NEW_PROGRAM.len();
        window.actions.push(Action::Rewrite(NEW_PROGRAM.to_owned(), end..end, "inserting a program"));
        window.actions.push(Action::Command(Command::Run));
        window.state.editor.take_focus = true;
    }
    ui.add_space(8.0);
}
