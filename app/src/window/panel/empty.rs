//! What stands in the window before anything is open.

use egui::{RichText, Ui};

use super::command_button;
use crate::window::app::Window;
use crate::window::command::Command;
use crate::window::{icon, theme};

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let colors = theme::of(ui);
    let room = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((room * 0.5 - 150.0).max(20.0));
        ui.label(RichText::new(icon::CUBE).size(64.0).color(colors.accent));
        ui.label(RichText::new("Drop a scan here").size(26.0).family(theme::strong_family()));
        ui.add_space(2.0);
        let kinds = "A mesh or a point cloud: STL, PLY, OBJ, 3MF, XYZ, PTS, CSV";
        ui.label(RichText::new(kinds).color(colors.text_weak));
        ui.label(RichText::new("or a CadQuery program (.py), or up to four pictures").color(colors.text_weak));
        ui.add_space(18.0);
        ui.horizontal(|ui| {
            ui.add_space((ui.available_width() * 0.5 - 200.0).max(0.0));
            for command in [Command::Open, Command::OpenSample, Command::NewProgram] {
                command_button(window, ui, command, true);
            }
        });
        ui.add_space(22.0);
        let steps = "Then press Reconstruct: the part appears beside the scan, its program can be edited, and Export STEP \
                     hands it to your CAD program.";
        ui.label(RichText::new(steps).color(colors.text_weak));
    });
    if ui.input(|input| !input.raw.hovered_files.is_empty()) {
        let stroke = egui::Stroke::new(2.0, colors.accent);
        ui.painter().rect_stroke(ui.max_rect().shrink(10.0), 12.0, stroke, egui::StrokeKind::Inside);
    }
}
