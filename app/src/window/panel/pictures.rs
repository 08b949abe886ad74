//! The pictures of an item: in their order, as the network sees them.

use egui::{Image, Label, RichText, Role, Ui, WidgetInfo};

use crate::document::{Item, MOST_PICTURES, Picture, SHEET_PX, VIEW_PX};
use crate::window::app::Window;
use crate::window::command::{Action, Command};
use crate::window::theme;

/// The width of the sheet on the screen, in points.
const SHEET_WIDTH: f32 = 220.0;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let Some(item) = window.document.active() else { return };
    let (id, colors) = (item.id, theme::of(ui));
    ui.heading("Pictures");
    super::notice::no_network(ui, "Pictures");
    ui.add_space(6.0);
    if item.input.pictures().is_empty() {
        ui.label(RichText::new("No pictures are left. Drop up to four here.").color(colors.text_weak));
    } else {
        let texture = window.sheet.of(id, item.input.pictures(), ui.ctx());
        let width = SHEET_WIDTH.min(ui.available_width());
        let sheet = ui.add(Image::new((texture, egui::Vec2::splat(width))));
        sheet.widget_info(|| WidgetInfo::labeled(Role::Image, true, "The pictures as the network sees them"));
        let words = format!(
            "As the network sees them: {VIEW_PX} × {VIEW_PX} px each with a black border, {SHEET_PX} × {SHEET_PX} px in all."
        );
        ui.label(RichText::new(words).small().color(colors.text_weak));
        rows(item, ui, &mut window.actions);
    }
    ui.add_space(4.0);
    super::command_button(window, ui, Command::AddPictures, true);
}

fn rows(item: &Item, ui: &mut Ui, actions: &mut Vec<Action>) {
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
