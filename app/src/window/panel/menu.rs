//! The menu bar and the buttons beside it.

use egui::Ui;

use super::command_button;
use crate::window::app::Window;
use crate::window::command::{Action, Command, Group};
use crate::window::{apply, icon};

/// Narrower windows show no words beside the icons of the bar.
const WIDE_PT: f32 = 1150.0;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let wide = ui.available_width() > WIDE_PT;
    ui.horizontal(|ui| {
        for group in Group::ALL {
            ui.menu_button(group.name(), |ui| {
                ui.set_min_width(230.0);
                for command in Command::all().into_iter().filter(|c| c.describe().group == group) {
                    entry(window, ui, command);
                    if command == Command::OpenSample && !window.settings.recent.is_empty() {
                        ui.menu_button(format!("{}  Open recent", icon::FOLDER_OPEN), |ui| {
                            let files = &window.settings.recent;
                            window.actions.extend(super::empty::recent(files, files.len(), ui));
                        });
                    }
                }
            });
        }
        ui.separator();
        for command in [Command::Open, Command::Undo, Command::Redo] {
            command_button(window, ui, command, false);
        }
        ui.separator();
        if apply::is_reconstructing(window) {
            command_button(window, ui, Command::Stop, wide);
        } else {
            command_button(window, ui, Command::Reconstruct, wide);
        }
        command_button(window, ui, Command::Run, wide);
        ui.separator();
        for command in [Command::FitView, Command::ToggleProjection, Command::ToggleEdges, Command::ToggleSection] {
            command_button(window, ui, command, false);
        }
        command_button(window, ui, Command::Measure, false);
        command_button(window, ui, Command::ToggleHeat, wide);
        ui.separator();
        for command in [Command::LayoutSideBySide, Command::LayoutOverlay, Command::LayoutResult] {
            command_button(window, ui, command, false);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            command_button(window, ui, Command::Export(crate::job::ExportKind::Step), wide);
            command_button(window, ui, Command::ToggleTheme, false);
        });
    });
}

fn entry(window: &mut Window, ui: &mut Ui, command: Command) {
    let description = command.describe();
    let why_not = apply::unavailable(window, command);
    let is_on = command.is_on(&window.state).unwrap_or(false);
    let mut button = egui::Button::new(format!("{}  {}", description.icon, description.label));
    if let Some(shortcut) = description.shortcut {
        button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
    }
    let response = ui.add_enabled(why_not.is_none(), button.selected(is_on));
    if response.clicked() {
        window.actions.push(Action::Command(command));
        ui.close();
    }
    response.on_hover_text(description.help).on_disabled_hover_text(why_not.unwrap_or_default());
}
