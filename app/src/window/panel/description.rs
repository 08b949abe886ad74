//! The description of a part, to be written.

use egui::{RichText, TextEdit, Ui};

use crate::document::{Input, MOST_DESCRIPTION};
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::theme;

/// Lines shown before the field grows.
const ROWS: usize = 10;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let Some(item) = window.document.active() else { return };
    let Input::Description(text) = &item.input else { return };
    let colors = theme::of(ui);
    ui.heading("Description");
    super::notice::no_network(ui, "Descriptions");
    ui.add_space(6.0);
    let label = ui.label(RichText::new("What the part looks like, with its sizes").color(colors.text_weak));
    let mut typed = text.clone();
    let hint = "A plate of 80 x 60 x 10 mm with a hole of 20 mm through its middle";
    let field = TextEdit::multiline(&mut typed)
        .hint_text(hint)
        .char_limit(MOST_DESCRIPTION)
        .desired_rows(ROWS)
        .desired_width(f32::INFINITY);
    let response = ui.add(field).labelled_by(label.id);
    if std::mem::take(&mut window.state.focus_description) {
        response.request_focus();
    }
    if response.changed() && typed != *text {
        window.actions.push(Action::SetDescription(typed.clone()));
    }
    if response.lost_focus() {
        window.actions.push(Action::FinishStep);
    }
    let count = format!("{} of {MOST_DESCRIPTION} characters", typed.chars().count());
    ui.label(RichText::new(count).small().color(colors.text_weak));
}
