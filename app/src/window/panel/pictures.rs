//! The pictures of an item: in their order, as the network sees them.

use egui::{Image, Label, RichText, Role, Ui, WidgetInfo};

use crate::document::{MOST_PICTURES, Picture, SHEET_PX, VIEW_PX};
use crate::window::app::Window;
use crate::window::command::{Action, Command};
use crate::window::theme;

/// The width of the sheet in the side panel, in points.
const SHEET_WIDTH: f32 = 220.0;

/// The width of the sheet where there is room: twice its pixels.
const STAGE_WIDTH: f32 = 2.0 * SHEET_PX as f32;

/// The sheet in the middle of the window, as long as there is no part to be seen there.
pub(super) fn stage(window: &mut Window, ui: &mut Ui) {
    let room = ui.available_size();
    let width = STAGE_WIDTH.min(room.x - 48.0).min(room.y - 96.0).max(SHEET_WIDTH.min(room.x));
    ui.vertical_centered(|ui| {
        ui.add_space(((room.y - width) * 0.5 - 28.0).max(12.0));
        sheet(window, width, ui);
    });
}

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    ui.heading("Pictures");
    super::notice::no_network(window, ui, "Pictures");
    let Some(item) = window.document.active() else { return };
    let colors = theme::of(ui);
    ui.add_space(6.0);
    if item.input.pictures().is_empty() {
        ui.label(RichText::new("No pictures are left. Drop up to four here.").color(colors.text_weak));
    } else {
        if item.program.part.is_some() {
            sheet(window, SHEET_WIDTH.min(ui.available_width()), ui);
        }
        rows(window, ui);
    }
    ui.add_space(4.0);
    super::command_button(window, ui, Command::AddPictures, true);
}

/// The pictures as the network sees them.
fn sheet(window: &mut Window, width: f32, ui: &mut Ui) {
    let Some(item) = window.document.active().filter(|item| !item.input.pictures().is_empty()) else { return };
    let texture = window.sheet.of(item.id, item.input.pictures(), ui.ctx());
    let sheet = ui.add(Image::new((texture, egui::Vec2::splat(width))));
    sheet.widget_info(|| WidgetInfo::labeled(Role::Image, true, "The pictures as the network sees them"));
    ui.add_space(4.0);
    let words = format!(
        "As the network sees them: {VIEW_PX} × {VIEW_PX} px each with a black border, {SHEET_PX} × {SHEET_PX} px in all."
    );
    ui.label(RichText::new(words).small().color(theme::of(ui).text_weak));
}

fn rows(window: &mut Window, ui: &mut Ui) {
    let Some(item) = window.document.active() else { return };
    let actions = &mut window.actions;
    let pictures = item.input.pictures();
    for (index, picture) in pictures.iter().enumerate() {
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let name = picture.name();
                let mut button = |symbol: &str, what: &str, enabled: bool, action: Action| {
                    let button = ui.add_enabled(enabled, egui::Button::new(symbol).small());
                    let words = format!("{what} {name}");
                    button.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &words));
                    if button.on_hover_text(&words).clicked() {
                        actions.push(action);
                    }
                };
                button(crate::window::icon::X, "Remove", true, Action::RemovePicture(index));
                let last = index + 1 == pictures.len();
                button("↓", "Move later:", !last, Action::MovePicture(index, index + 1));
                button("↑", "Move earlier:", index > 0, Action::MovePicture(index, index.saturating_sub(1)));
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    let title = RichText::new(format!("{}. {name}", index + 1)).family(theme::strong_family());
                    ui.add(Label::new(title).truncate()).on_hover_text(picture.path.display().to_string());
                });
            });
        });
        ui.label(RichText::new(facts(picture)).small().color(theme::of(ui).text_weak));
    }
    if pictures.len() < MOST_PICTURES {
        ui.add_space(4.0);
        let words = "Best are four views from opposite corners: the places of missing ones stay white.";
        ui.label(RichText::new(words).small().color(theme::of(ui).text_weak));
    }
}

fn facts(picture: &Picture) -> String {
    let [width, height] = picture.size_px;
    let size = format!("{width} × {height} px");
    std::iter::once(size).chain(picture.changes.iter().cloned()).collect::<Vec<_>>().join(", ")
}
