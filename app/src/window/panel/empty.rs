//! What stands in the window before anything is open.

use std::path::PathBuf;

use egui::{Button, RichText, Ui};

use super::command_button;
use crate::window::app::Window;
use crate::window::command::{Action, Command};
use crate::window::{icon, theme};

/// Most recent files shown; all of them stand in the menu.
const MOST_RECENT: usize = 5;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let colors = theme::of(ui);
    let room = ui.available_height();
    ui.vertical_centered(|ui| {
        let below = recent_height(window);
        ui.add_space((room * 0.5 - 150.0 - below * 0.5).max(20.0));
        ui.label(RichText::new(icon::CUBE).size(64.0).color(colors.accent));
        ui.label(RichText::new("Drop a scan here").size(26.0).family(theme::strong_family()));
        ui.add_space(2.0);
        let kinds = "A mesh or a point cloud: STL, PLY, OBJ, 3MF, XYZ, PTS, CSV";
        ui.label(RichText::new(kinds).color(colors.text_weak));
        ui.label(RichText::new("or a CadQuery program (.py), or up to four pictures of a part").color(colors.text_weak));
        ui.add_space(18.0);
        ui.horizontal(|ui| {
            ui.add_space((ui.available_width() * 0.5 - 251.0).max(0.0));
            for command in [Command::Open, Command::OpenSample, Command::NewProgram, Command::DescribePart] {
                command_button(window, ui, command, true);
            }
        });
        if window.keeper.offer.is_some() {
            ui.add_space(6.0);
            command_button(window, ui, Command::ContinueSession, true);
        }
        ui.add_space(22.0);
        let steps = "Then press Reconstruct: the part appears beside the scan, its program can be edited, and Export STEP \
                     hands it to your CAD program.";
        ui.label(RichText::new(steps).color(colors.text_weak));
        if !window.settings.recent.is_empty() {
            ui.add_space(20.0);
            ui.label(RichText::new("Opened before").color(colors.text_weak));
            let opened = recent(&window.settings.recent, MOST_RECENT, ui);
            window.actions.extend(opened);
        }
    });
    if ui.input(|input| !input.raw.hovered_files.is_empty()) {
        let stroke = egui::Stroke::new(2.0, colors.accent);
        ui.painter().rect_stroke(ui.max_rect().shrink(10.0), 12.0, stroke, egui::StrokeKind::Inside);
    }
}

/// About the height that the list of recent files takes.
fn recent_height(window: &Window) -> f32 {
    let rows = window.settings.recent.len().min(MOST_RECENT);
    if rows == 0 { 0.0 } else { 50.0 + rows as f32 * 28.0 }
}

/// A button for each recent file. What is to be done when one is pressed.
pub(super) fn recent(files: &[PathBuf], most: usize, ui: &mut Ui) -> Option<Action> {
    let mut opened = None;
    for path in files.iter().take(most) {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let button = ui.add(Button::new(format!("{}  {name}", icon::FOLDER_OPEN)).frame(false));
        if button.on_hover_text(path.display().to_string()).clicked() {
            opened = Some(Action::OpenPath(path.clone()));
        }
    }
    opened
}
