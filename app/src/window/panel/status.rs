//! The line at the bottom: what is going on, and what is known of the part.

use egui::{ProgressBar, RichText, Ui};

use crate::number::number;
use crate::window::app::Window;
use crate::window::command::{Action, Command};
use crate::window::state::unit_suffix;
use crate::window::{icon, theme, view};

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let colors = theme::of(ui);
    ui.horizontal(|ui| {
        if let Some(job) = window.jobs.running().iter().max_by_key(|job| job.since) {
            let text = if job.subject.is_empty() {
                job.kind.name().to_owned()
            } else {
                format!("{} {}", job.kind.name(), job.subject)
            };
            ui.spinner();
            ui.label(text);
            if !job.stage.is_empty() {
                ui.label(RichText::new(&job.stage).color(colors.text_weak));
                ui.add(ProgressBar::new(job.fraction as f32).desired_width(140.0));
            }
            let stop = ui.small_button(icon::X).on_hover_text("Stop");
            stop.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Stop the work"));
            if stop.clicked() {
                window.actions.push(Action::Command(Command::Stop));
            }
        } else {
            let text = view::measured_text(window).unwrap_or_else(|| "Ready".to_owned());
            ui.label(RichText::new(text).color(colors.text_weak));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let Some(item) = window.document.active() else { return };
            let Some(part) = &item.program.part else { return };
            let unit = unit_suffix(item.unit());
            let size = part.bounds().size();
            let text = format!(
                "{} × {} × {}{unit}   volume {}   {} faces",
                number(size.x),
                number(size.y),
                number(size.z),
                number(part.properties.volume),
                part.properties.faces
            );
            ui.label(RichText::new(text).color(colors.text_weak));
        });
    });
}

/// What was said so far.
pub(super) fn log(window: &mut Window, ui: &mut Ui) {
    egui::ScrollArea::vertical().auto_shrink([false, false]).stick_to_bottom(true).show(ui, |ui| {
        for line in &window.state.log {
            ui.label(line);
        }
    });
}
