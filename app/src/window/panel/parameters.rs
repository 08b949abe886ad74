//! The named numbers of the program, to be changed by dragging.

use egui::{DragValue, RichText, Ui};

use crate::document::{constants, with_constant};
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::theme;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let Some(item) = window.document.active() else { return };
    let text = &item.program.text;
    let found = constants(text);
    if found.is_empty() {
        let words = "The program names no numbers. A line such as width = 60.0 at its top becomes a parameter here.";
        ui.label(RichText::new(words).color(theme::of(ui).text_weak));
        return;
    }
    egui::ScrollArea::vertical().show(ui, |ui| {
        egui::Grid::new("parameters").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
            for constant in &found {
                let label = ui.label(constant.name.as_str());
                let mut value = constant.value;
                // A drag over the height of the panel changes the number by about its own size.
                let speed = (constant.value.abs() / 300.0).max(10f64.powi(-(constant.decimals as i32)));
                let drag = DragValue::new(&mut value).speed(speed).max_decimals(constant.decimals.max(2));
                let response = ui.add(drag).labelled_by(label.id);
                if value.to_bits() != constant.value.to_bits() {
                    let whole = constant.decimals == 0;
                    let decimals = if whole { value.fract() == 0.0 } else { true };
                    let decimals = decimals.then_some(constant.decimals);
                    window.actions.extend(with_constant(text, constant, value, decimals).map(Action::SetNumber));
                }
                if response.drag_stopped() || response.lost_focus() {
                    window.actions.push(Action::FinishStep);
                }
                ui.end_row();
            }
        });
    });
}
