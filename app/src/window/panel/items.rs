//! What is open, how each of them stands, and the input of the one looked at.

use egui::{RichText, Role, Ui, WidgetInfo};

use super::{description, pictures, scan, verdict};
use crate::document::{Input, Item};
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::{icon, theme};

/// Words of a description that stand for it in the list.
const WORDS: usize = 5;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    ui.heading("Session");
    ui.add_space(2.0);
    let active = window.document.active().map(|item| item.id);
    for item in window.document.items() {
        ui.horizontal(|ui| {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let close = ui.small_button(icon::X).on_hover_text("Close");
                let name = format!("Close {}", item.name);
                close.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
                if close.clicked() {
                    window.actions.push(Action::Close(item.id));
                }
                verdict::state(item, &window.jobs, ui);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    let label = format!("{}  {}", symbol(&item.input), title(item));
                    // Grown to the right, so that the name stays at the left.
                    let row = egui::Button::selectable(active == Some(item.id), (label, egui::Atom::grow()));
                    let row = ui.add(row.truncate().min_size(egui::vec2(ui.available_width(), 0.0)));
                    if row.on_hover_text(&item.name).clicked() {
                        window.actions.push(Action::Activate(item.id));
                    }
                });
            });
        });
    }
    ui.separator();
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let Some(item) = window.document.active() else { return };
        verdict::head(item, &window.jobs, ui);
        for note in &item.notes {
            ui.label(RichText::new(note).color(theme::of(ui).text_weak));
        }
        match &item.input {
            Input::Scan(_) => scan::show(item, ui, &mut window.actions),
            Input::Pictures(_) => pictures::show(window, ui),
            Input::Description(_) => description::show(window, ui),
            Input::Program => {}
        }
    });
}

fn symbol(input: &Input) -> &'static str {
    match input {
        Input::Scan(_) => icon::CUBE,
        Input::Pictures(_) => icon::IMAGE,
        Input::Description(_) => icon::TEXT_T,
        Input::Program => icon::FILE_CODE,
    }
}

/// What stands for an item in the list: its name, or how its description begins.
fn title(item: &Item) -> String {
    match &item.input {
        Input::Description(text) if !text.trim().is_empty() => {
            let mut words = text.split_whitespace();
            let first = words.by_ref().take(WORDS).collect::<Vec<_>>().join(" ");
            if words.next().is_some() { format!("{first} …") } else { first }
        }
        _ => item.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Program};

    #[test]
    fn a_description_is_called_by_its_first_words() {
        let mut document = Document::default();
        for (text, expected) in [
            ("", "Description"),
            ("a plate\nof 3 mm", "a plate of 3 mm"),
            ("one two three four five six", "one two three four five …"),
        ] {
            let id = document.add("Description", None, Input::Description(text.to_owned()), Program::default());
            assert_eq!(title(document.item(id).expect("it is open")), expected);
        }
    }
}
