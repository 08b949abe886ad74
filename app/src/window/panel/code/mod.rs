//! The program's text, and what helps to write it.

mod completion;
mod find;
mod keys;
mod lesson;
mod number;
mod suggest;

use std::ops::Range;

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::{TextEditOutput, TextEditState};
use egui::{Id, RichText, TextEdit, TextStyle, Ui};

use crate::window::app::Window;
use crate::window::command::{Action, Command};
use crate::window::highlight::{self, Marks};
use crate::window::{icon, theme};

/// The identity of the text field, for focus and tests.
const EDITOR: &str = "code editor";
/// Room for line numbers, in points.
const GUTTER: f32 = 40.0;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let id = Id::unique(EDITOR);
    find::show(window, ui);
    problem(window, ui);
    lesson::show(window, ui);
    run_typed(window, ui);
    let Some(item) = window.document.active() else { return };
    let program = &item.program;
    let before = program.text.clone();
    let mut text = before.clone();
    let wrong_line = program.failure().and_then(|failure| failure.position).map(|position| position.line as usize);
    let marks = marks(window);
    let editor = &mut window.state.editor;
    if std::mem::take(&mut editor.take_focus) {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    let wanted = editor.select.take().or(window.state.go_to.map(|offset| offset..offset));
    window.state.go_to = None;
    if let Some(wanted) = &wanted {
        select(ui, id, &text, wanted);
        editor.selection = wanted.clone();
        window.state.cursor = wanted.end;
    } else if ui.memory(|memory| memory.has_focus(id)) {
        completion::keys(editor, ui, id, &mut text);
        keys::handle(ui, id, &mut text);
    }
    let typed_from = text.clone();
    let colors = theme::of(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let mut laid = editor.laid.take();
    let mut layouter = |ui: &Ui, buffer: &dyn egui::TextBuffer, _wrap: f32| {
        let job = highlight::layout_again(&mut laid, buffer.as_str(), &marks, &font, colors);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let mut cursor = None;
    let room = ui.available_height() - 30.0;
    let frame = egui::Frame::new().fill(colors.base).corner_radius(8.0).inner_margin(egui::Margin::same(6));
    frame.show(ui, |ui| {
        let scroll = egui::ScrollArea::both().auto_shrink([false, false]).max_height((room - 12.0).max(60.0));
        scroll.show(ui, |ui| {
            ui.horizontal_top(|ui| {
                let left = ui.cursor().left();
                ui.add_space(GUTTER);
                let rows = (ui.available_height() / 17.0) as usize;
                let output = TextEdit::multiline(&mut text)
                    .id(id)
                    .code_editor()
                    .desired_width(f32::INFINITY)
                    .desired_rows(rows.saturating_sub(1).max(4))
                    .lock_focus(true)
                    .frame(egui::Frame::NONE)
                    .layouter(&mut layouter)
                    .show(ui);
                output
                    .response
                    .widget_info(|| egui::WidgetInfo::labeled(egui::Role::MultilineTextInput, true, "Code editor"));
                gutter(ui, &output, left, wrong_line);
                if let Some(wanted) = &wanted {
                    let place = output.galley.pos_from_cursor(CCursor::new(character_of(&text, wanted.end)));
                    ui.scroll_to_rect(place.translate(output.galley_pos.to_vec2()), Some(egui::Align::Center));
                }
                if let Some(range) = output.cursor_range.filter(|_| wanted.is_none()) {
                    cursor = Some(byte_of(&text, range.primary.index));
                    window.state.editor.selection =
                        byte_of(&text, range.secondary.index)..byte_of(&text, range.primary.index);
                }
                if output.response.lost_focus() {
                    window.actions.push(Action::FinishStep);
                }
                completion::show(&mut window.state.editor, ui, &output, &typed_from, &mut text);
                number::show(window, ui, &output, &before);
            });
        });
    });
    window.state.editor.laid = laid;
    if text != before {
        window.actions.push(Action::SetText(text));
    }
    if let Some(cursor) = cursor
        && cursor != window.state.cursor
    {
        window.state.cursor = cursor;
        let program = window.document.active().map(|item| &item.program).filter(|program| program.is_current());
        let part = program.and_then(|program| program.part.as_ref());
        window.actions.push(Action::MarkCall(part.and_then(|part| part.call_at(cursor))));
    }
    options(window, ui);
}

/// The byte at which a character begins.
fn byte_of(text: &str, character: impl Into<usize>) -> usize {
    text.char_indices().nth(character.into()).map_or(text.len(), |(byte, _)| byte)
}

/// The number of the character that begins at a byte.
fn character_of(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(0, |before| before.chars().count())
}

/// Puts the selection of the text field at a range of bytes.
fn select(ui: &Ui, id: Id, text: &str, range: &Range<usize>) {
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let [secondary, primary] = [range.start, range.end].map(|byte| CCursor::new(character_of(text, byte)));
    state.cursor.set_char_range(Some(CCursorRange { primary, secondary, h_pos: None }));
    state.store(ui.ctx(), id);
}

/// Runs what was typed once typing pauses.
fn run_typed(window: &mut Window, ui: &Ui) {
    let Some(item) = window.document.active() else { return };
    let left = window.state.editor.seconds_until_run(item.id, ui.input(|input| input.time));
    match left {
        None => {}
        Some(left) if left > 0.0 => ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left)),
        Some(_) if item.program.is_current() || item.program.text.trim().is_empty() => {
            window.state.editor.typed = None;
        }
        Some(_) => window.actions.push(Action::RunTyped),
    }
}

fn options(window: &mut Window, ui: &mut Ui) {
    let description = Command::ToggleRunWhileTyping.describe();
    let mut on = window.settings.run_while_typing;
    let tip = description.shortcut.map_or(String::new(), |shortcut| ui.ctx().format_shortcut(&shortcut));
    if ui.checkbox(&mut on, description.label).on_hover_text(format!("{} ({tip})", description.help)).changed() {
        window.actions.push(Action::Command(Command::ToggleRunWhileTyping));
    }
}

fn marks(window: &Window) -> Marks {
    let Some(item) = window.document.active() else { return Marks::default() };
    let program = &item.program;
    let range = |span: partwright_cadquery::span::Span| span.start as usize..span.end as usize;
    let wrong = program.failure().and_then(|failure| failure.span).map(range);
    let call = window.state.selection.call.and_then(|call| {
        let part = program.part.as_ref().filter(|_| program.is_current())?;
        Some(range(part.history.get(call as usize)?.span))
    });
    let found = find::places(window);
    let selection = &window.state.editor.selection;
    let selection = selection.start.min(selection.end)..selection.start.max(selection.end);
    let current = found.iter().find(|place| **place == selection).cloned();
    Marks { wrong, found, current, call }
}

/// What is wrong with the program, at the top, with its place to go to.
fn problem(window: &mut Window, ui: &mut Ui) {
    let Some(failure) = window.document.active().and_then(|item| item.program.failure()) else { return };
    let colors = theme::of(ui);
    let place = failure.position.map_or(String::new(), |at| format!("Line {}, column {}: ", at.line, at.column));
    let text = format!("{}  {place}{}", icon::WARNING_CIRCLE, failure.message);
    let label = ui.add(egui::Label::new(RichText::new(text).color(colors.bad)).sense(egui::Sense::click()).wrap());
    if label.on_hover_text("Go to the place").clicked()
        && let Some(span) = failure.span
    {
        window.actions.push(Action::GoTo(span.start as usize));
    }
}

fn gutter(ui: &Ui, output: &TextEditOutput, left: f32, wrong_line: Option<usize>) {
    let colors = theme::of(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let painter = ui.painter();
    let (mut line, mut starts) = (1, true);
    for row in &output.galley.rows {
        if starts {
            let y = output.galley_pos.y + row.pos.y;
            let wrong = wrong_line == Some(line);
            if wrong {
                let size = egui::vec2(GUTTER - 4.0, row.row.size.y);
                painter.rect_filled(egui::Rect::from_min_size(egui::pos2(left, y), size), 3.0, colors.bad_line);
            }
            let color = if wrong { colors.bad } else { colors.text_weak };
            let at = egui::pos2(left + GUTTER - 12.0, y);
            painter.text(at, egui::Align2::RIGHT_TOP, line.to_string(), font.clone(), color);
        }
        starts = row.ends_with_newline;
        line += usize::from(starts);
    }
}
