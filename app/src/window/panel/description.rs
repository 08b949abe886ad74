//! The description of a part, to be written.

use egui::{RichText, TextEdit, Ui};

use crate::document::{Input, MOST_DESCRIPTION};
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::theme;

/// The width of the field where there is room, in points, and its lines before it grows: in the middle of the window, and in
/// the side panel.
const STAGE_WIDTH: f32 = 640.0;
const STAGE_ROWS: usize = 16;
const ROWS: usize = 10;

/// The field in the middle of the window, as long as there is no part to be seen there.
pub(super) fn stage(window: &mut Window, ui: &mut Ui) {
    let room = ui.available_size();
    let width = STAGE_WIDTH.min(room.x - 48.0).max(120.0);
    ui.horizontal(|ui| {
        ui.add_space((room.x - width) * 0.5);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.add_space((room.y * 0.5 - 200.0).max(12.0));
            field(window, STAGE_ROWS, ui);
        });
    });
}

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    ui.heading("Description");
    super::notice::no_network(window, ui, "Descriptions");
    if window.document.active().is_some_and(|item| item.program.part.is_some()) {
        ui.add_space(6.0);
        field(window, ROWS, ui);
    }
}

fn field(window: &mut Window, rows: usize, ui: &mut Ui) {
    let Some(item) = window.document.active() else { return };
    let Input::Description(text) = &item.input else { return };
    let colors = theme::of(ui);
    let label = ui.label(RichText::new("What the part looks like, with its sizes").color(colors.text_weak));
    let mut typed = text.clone();
    let hint = "A plate of 80 x 60 x 10 mm with a hole of 20 mm through its middle";
    let field = TextEdit::multiline(&mut typed)
        .hint_text(hint)
        .char_limit(MOST_DESCRIPTION)
        .desired_rows(rows)
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
