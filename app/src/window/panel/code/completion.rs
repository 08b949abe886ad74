//! The list of names under the cursor: opened by a dot or Ctrl+Space, moved in with the arrows, taken with Enter or Tab.

use egui::text_edit::{TextEditOutput, TextEditState};
use egui::{Area, Button, Id, Key, Modifiers, Order, Pos2, RichText, ScrollArea, Ui};

use super::{byte_of, select, suggest};
use crate::window::editor::{Completion, Editor};
use crate::window::theme;

/// Rows seen at a time.
const ROWS: f32 = 8.0;
/// Height of a row, in points.
const ROW: f32 = 24.0;
/// Width of the list, in points.
const WIDTH: f32 = 400.0;

/// Handles the keys of the list, before the text field takes them.
pub(super) fn keys(editor: &mut Editor, ui: &Ui, id: Id, text: &mut String) {
    let pressed = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if ui.input_mut(|input| input.consume_key(Modifiers::CTRL, Key::Space)) {
        let cursor = TextEditState::load(ui.ctx(), id).and_then(|state| state.cursor.char_range());
        let cursor = cursor.map(|range| byte_of(text, range.primary.index));
        editor.completion = cursor.and_then(|cursor| suggest::suggest(text, cursor));
    }
    let Some(completion) = &mut editor.completion else { return };
    let count = completion.offers.len().max(1);
    if pressed(Key::ArrowDown) {
        completion.chosen = (completion.chosen + 1) % count;
    }
    if pressed(Key::ArrowUp) {
        completion.chosen = (completion.chosen + count - 1) % count;
    }
    if (pressed(Key::Enter) || pressed(Key::Tab))
        && let Some(completion) = editor.completion.take()
    {
        accept(&completion, ui, id, text);
    }
}

/// Shows the list and keeps it to what is typed. `typed_from` is the text before the text field changed it.
pub(super) fn show(editor: &mut Editor, ui: &Ui, output: &TextEditOutput, typed_from: &str, text: &mut String) {
    let id = output.response.id;
    if editor.completion.is_some() && ui.input(|input| input.key_pressed(Key::Escape)) {
        // The text field gives its focus away at this key.
        editor.completion = None;
        ui.memory_mut(|memory| memory.request_focus(id));
        return;
    }
    let cursor = output.cursor_range.filter(egui::text::CCursorRange::is_empty);
    let cursor = cursor.map(|range| byte_of(text, range.primary.index));
    let typed_dot = text.len() == typed_from.len() + 1
        && cursor.is_some_and(|cursor| text.get(..cursor).is_some_and(|before| before.ends_with('.')));
    if let Some(cursor) = cursor
        && (typed_dot || editor.completion.is_some())
    {
        let old = editor.completion.take();
        let found = suggest::suggest(text, cursor);
        let same_word = |new: &Completion| old.as_ref().is_none_or(|old| old.replace.start == new.replace.start);
        editor.completion = found.filter(|new| typed_dot || same_word(new)).map(|mut new| {
            let chosen = old.as_ref().and_then(|old| old.offers.get(old.chosen)).map(|offer| &offer.name);
            let unchanged = old.as_ref().is_some_and(|old| old.replace == new.replace);
            let again = new.offers.iter().position(|offer| unchanged && Some(&offer.name) == chosen);
            new.chosen = again.unwrap_or(0);
            new
        });
    }
    let Some(completion) = &mut editor.completion else { return };
    let start = super::character_of(text, completion.replace.start);
    let place = output.galley.pos_from_cursor(egui::text::CCursor::new(start));
    let clicked = list(completion, ui, place.translate(output.galley_pos.to_vec2()).left_bottom());
    if clicked {
        if let Some(completion) = editor.completion.take() {
            accept(&completion, ui, id, text);
            ui.memory_mut(|memory| memory.request_focus(id));
        }
    } else if !ui.memory(|memory| memory.has_focus(id)) {
        editor.completion = None;
    }
}

/// Draws the list at a place; whether a row was clicked, which is chosen then.
fn list(completion: &mut Completion, ui: &Ui, at: Pos2) -> bool {
    let colors = theme::of(ui);
    let mut clicked = false;
    let area = Area::new(Id::unique("completion")).order(Order::Foreground).fixed_pos(at).constrain(true);
    area.show(ui.ctx(), |ui| {
        let stroke = egui::Stroke::new(1.0, colors.line);
        let frame = egui::Frame::new().fill(colors.raised).stroke(stroke).corner_radius(6.0).inner_margin(4);
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing.y = 0.0;
            ScrollArea::vertical().max_height(ROWS * ROW).auto_shrink([false, true]).show(ui, |ui| {
                for (index, offer) in completion.offers.iter().enumerate() {
                    let mut shown = egui::text::LayoutJob::default();
                    let font = egui::TextStyle::Monospace.resolve(ui.style());
                    let format = |color| egui::TextFormat::simple(font.clone(), color);
                    shown.append(&offer.name, 0.0, format(colors.text));
                    let rest = offer.signature.as_deref().and_then(|s| s.strip_prefix(offer.name.as_str()));
                    shown.append(rest.unwrap_or_default(), 0.0, format(colors.text_weak));
                    let chosen = index == completion.chosen;
                    let size = egui::vec2(WIDTH, ROW);
                    let row = ui.add(Button::selectable(chosen, shown).truncate().min_size(size));
                    if chosen {
                        row.scroll_to_me(None);
                    }
                    let row = match &offer.signature {
                        Some(signature) => row.on_hover_text(RichText::new(signature).monospace()),
                        None => row,
                    };
                    if row.clicked() {
                        completion.chosen = index;
                        clicked = true;
                    }
                }
            });
        });
    });
    clicked
}

/// Puts the chosen name into the text, and the cursor behind it.
fn accept(completion: &Completion, ui: &Ui, id: Id, text: &mut String) {
    let Some(offer) = completion.offers.get(completion.chosen) else { return };
    let range = completion.replace.clone();
    let Some(after) = text.get(range.end..).filter(|_| text.is_char_boundary(range.start)) else { return };
    let opens = offer.signature.is_some() && !after.starts_with('(');
    let name = if opens { format!("{}(", offer.name) } else { offer.name.clone() };
    let end = range.start + name.len();
    text.replace_range(range, &name);
    select(ui, id, text, &(end..end));
}
