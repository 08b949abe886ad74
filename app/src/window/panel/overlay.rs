//! What lies over everything: the palette of commands and the list of shortcuts.

use egui::{Id, Key, Modal, RichText, TextEdit, Ui};

use crate::window::app::Window;
use crate::window::command::{Action, Command, Group};
use crate::window::{apply, theme};

pub(super) fn show(window: &mut Window, ui: &Ui) {
    if window.state.palette.is_some() {
        palette(window, ui.ctx());
    }
    if window.state.shortcuts {
        shortcuts(window, ui.ctx());
    }
}

fn palette(window: &mut Window, ctx: &egui::Context) {
    let Some(mut typed) = window.state.palette.clone() else { return };
    let mut chosen = None;
    let modal = Modal::new(Id::unique("palette")).show(ctx, |ui| {
        ui.set_width(460.0);
        let field = ui.add(TextEdit::singleline(&mut typed).hint_text("Type a command").desired_width(f32::INFINITY));
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Command"));
        field.request_focus();
        let wanted = typed.to_lowercase();
        let fits = |command: &Command| {
            let description = command.describe();
            description.label.to_lowercase().contains(&wanted) || description.help.to_lowercase().contains(&wanted)
        };
        let found: Vec<Command> = Command::all().into_iter().filter(fits).collect();
        if ui.input(|input| input.key_pressed(Key::Enter)) {
            chosen = found.iter().copied().find(|command| apply::unavailable(window, *command).is_none());
        }
        egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for command in found {
                let description = command.describe();
                let why_not = apply::unavailable(window, command);
                let mut button = egui::Button::new(format!("{}  {}", description.icon, description.label));
                if let Some(shortcut) = description.shortcut {
                    button = button.shortcut_text(ctx.format_shortcut(&shortcut));
                }
                let response =
                    ui.add_enabled(why_not.is_none(), button.min_size(egui::vec2(ui.available_width(), 0.0)));
                if response.clicked() {
                    chosen = Some(command);
                }
                response.on_hover_text(description.help).on_disabled_hover_text(why_not.unwrap_or_default());
            }
        });
    });
    window.state.palette = Some(typed);
    if modal.should_close() || chosen.is_some() {
        window.state.palette = None;
        window.actions.extend(chosen.map(Action::Command));
    }
}

fn shortcuts(window: &mut Window, ctx: &egui::Context) {
    let modal = Modal::new(Id::unique("shortcuts")).show(ctx, |ui| {
        ui.heading("Shortcuts");
        ui.add_space(4.0);
        // Two columns of groups, as high as the window lets them be.
        let height = (ctx.content_rect().height() - 140.0).max(120.0);
        egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                // The views have as many as all others together.
                for is_view in [false, true] {
                    let groups = Group::ALL.into_iter().filter(|group| (*group == Group::View) == is_view);
                    ui.vertical(|ui| groups.for_each(|group| shortcuts_of(group, ui)));
                    ui.add_space(if is_view { 12.0 } else { 28.0 });
                }
            });
        });
        ui.add_space(6.0);
        let mouse = "In the views: drag to turn, Shift or right drag to move, wheel to zoom, click to select a face.";
        ui.label(RichText::new(mouse).color(theme::of(ui).text_weak));
    });
    if modal.should_close() {
        window.state.shortcuts = false;
    }
}

fn shortcuts_of(group: Group, ui: &mut egui::Ui) {
    ui.add_space(4.0);
    ui.strong(group.name());
    egui::Grid::new(group.name()).num_columns(2).spacing([32.0, 4.0]).show(ui, |ui| {
        for command in Command::all().into_iter().filter(|command| command.describe().group == group) {
            let description = command.describe();
            let Some(shortcut) = description.shortcut else { continue };
            ui.label(description.label);
            ui.label(RichText::new(ui.ctx().format_shortcut(&shortcut)).color(theme::of(ui).text_weak));
            ui.end_row();
        }
    });
}
