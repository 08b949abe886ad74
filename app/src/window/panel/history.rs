//! The calls of the program and what they made.

use egui::{RichText, Ui};

use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::theme;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let colors = theme::of(ui);
    let part = window.document.active().and_then(|item| item.program.part.clone());
    let Some(part) = part else {
        ui.label(RichText::new("Run the program to see its steps.").color(colors.text_weak));
        return;
    };
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        for (index, call) in part.history.iter().enumerate() {
            let index = index as u32;
            let faces = part.faces_of_call(index).count();
            let marked = window.state.selection.call == Some(index);
            let text = format!("{}({})", call.name, call.arguments);
            let shown = if faces > 0 {
                RichText::new(text).monospace()
            } else {
                RichText::new(text).monospace().color(colors.text_weak)
            };
            let response = ui.add(egui::Button::selectable(marked, shown).truncate());
            if response.clicked() {
                window.actions.push(Action::MarkCall(Some(index)));
                window.actions.push(Action::GoTo(call.span.start as usize));
                window.state.tab = crate::window::state::Tab::History;
            }
            response.on_hover_ui(|ui| {
                ui.label(RichText::new(format!("{}({})", call.name, call.arguments)).monospace());
                ui.label(match faces {
                    0 => "No face of the part comes from this call.".to_owned(),
                    1 => "One face of the part comes from this call.".to_owned(),
                    faces => format!("{faces} faces of the part come from this call."),
                });
            });
        }
    });
}
