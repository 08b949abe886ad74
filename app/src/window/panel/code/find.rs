//! Looking for text in the program and putting other text in its place.

use std::ops::Range;

use egui::{Key, RichText, TextEdit, Ui};

use crate::document::edit;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::{icon, theme};

/// What a button or key of the bar wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Next,
    Previous,
    Replace,
    ReplaceAll,
    Close,
}

/// Where the text looked for stands.
pub(super) fn places(window: &Window) -> Vec<Range<usize>> {
    let (Some(item), Some(wanted)) = (window.document.active(), window.state.find.as_deref()) else {
        return Vec::new();
    };
    edit::places_of(&item.program.text, wanted, window.state.editor.match_case)
}

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let Some(mut wanted) = window.state.find.clone() else { return };
    let found = places(window);
    let selection = sorted(&window.state.editor.selection);
    let current = found.iter().position(|place| *place == selection);
    let (mut wish, mut changed) = (None, false);
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(icon::MAGNIFYING_GLASS);
        let field =
            ui.add(TextEdit::singleline(&mut wanted).hint_text("Find").desired_width(140.0)).labelled_by(label.id);
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Find in the program"));
        if std::mem::take(&mut window.state.editor.focus_find) {
            field.request_focus();
        }
        changed = field.changed();
        let case = &mut window.state.editor.match_case;
        changed |= ui.toggle_value(case, "Aa").on_hover_text("Capitals count").changed();
        for (text, tip, what) in [
            ("Previous", "Go to the one before (Shift+Enter)", Wish::Previous),
            ("Next", "Go to the next one (Enter)", Wish::Next),
        ] {
            if ui.add_enabled(!found.is_empty(), egui::Button::new(text)).on_hover_text(tip).clicked() {
                wish = Some(what);
            }
        }
        let close = ui.small_button(icon::X);
        close.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Close the search"));
        if close.on_hover_text("Close (Esc)").clicked() {
            wish = Some(Wish::Close);
        }
        if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            wish = Some(if ui.input(|input| input.modifiers.shift) { Wish::Previous } else { Wish::Next });
            field.request_focus();
        }
    });
    ui.horizontal_wrapped(|ui| {
        let hint = TextEdit::singleline(&mut window.state.editor.replacement).hint_text("Replace with");
        let field = ui.add(hint.desired_width(140.0));
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Replace with"));
        for (text, what) in [("Replace", Wish::Replace), ("Replace all", Wish::ReplaceAll)] {
            if ui.add_enabled(!found.is_empty(), egui::Button::new(text)).clicked() {
                wish = Some(what);
            }
        }
        let count = match (current, found.len()) {
            (Some(index), count) => format!("{} of {count}", index + 1),
            (None, count) => format!("{count} found"),
        };
        ui.label(RichText::new(count).color(theme::of(ui).text_weak));
    });
    let escaped = ui.input(|input| input.key_pressed(Key::Escape));
    if escaped && window.state.editor.completion.is_none() && window.state.palette.is_none() {
        wish = Some(Wish::Close);
    }
    window.state.find = Some(wanted);
    if changed {
        // What is looked for is shown as it is typed, from where the cursor is.
        let found = places(window);
        let first = found.iter().find(|place| place.start >= selection.start).or(found.first());
        window.state.editor.select = first.cloned();
    }
    if let Some(wish) = wish {
        fulfil(window, wish, &found, current);
    }
}

fn fulfil(window: &mut Window, wish: Wish, found: &[Range<usize>], current: Option<usize>) {
    let Some(item) = window.document.active() else { return };
    let editor = &mut window.state.editor;
    let selection = sorted(&editor.selection);
    let next = || found.iter().find(|place| place.start >= selection.end).or(found.first()).cloned();
    match wish {
        Wish::Next => editor.select = next(),
        Wish::Previous => {
            editor.select = found.iter().rev().find(|place| place.end <= selection.start).or(found.last()).cloned();
        }
        Wish::Replace => match current {
            Some(index) => {
                let (text, made) = edit::replaced(&item.program.text, &found[index..=index], &editor.replacement);
                let wanted = window.state.find.as_deref().unwrap_or_default();
                let left = edit::places_of(&text, wanted, editor.match_case);
                let after = left.iter().find(|place| place.start >= made.end).or(left.first()).cloned();
                window.actions.push(Action::Rewrite(text, after.unwrap_or(made), "replacing"));
            }
            None => editor.select = next(),
        },
        Wish::ReplaceAll => {
            let (text, made) = edit::replaced(&item.program.text, found, &editor.replacement);
            window.actions.push(Action::Rewrite(text, made, "replacing all"));
        }
        Wish::Close => {
            window.state.find = None;
            editor.take_focus = true;
        }
    }
}

fn sorted(range: &Range<usize>) -> Range<usize> {
    range.start.min(range.end)..range.start.max(range.end)
}
