//! The program's text.

use std::ops::Range;

use egui::text::{CCursor, CCursorRange};
use egui::{Id, RichText, TextEdit, TextStyle, Ui};

use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::highlight::{self, Marks};
use crate::window::{icon, theme};

/// The identity of the text field, for focus and tests.
const EDITOR: &str = "code editor";
/// Room for line numbers, in points.
const GUTTER: f32 = 40.0;

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    find_bar(window, ui);
    problem(window, ui);
    let Some(item) = window.document.active() else { return };
    let program = &item.program;
    let mut text = program.text.clone();
    let marks = marks(window);
    let wrong_line = program.failure().and_then(|failure| failure.position).map(|position| position.line as usize);
    let go_to = window.state.go_to.take();
    let colors = theme::of(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let mut layouter = |ui: &Ui, buffer: &dyn egui::TextBuffer, _wrap: f32| {
        let job = highlight::layout(buffer.as_str(), &marks, &font, colors);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let id = Id::unique(EDITOR);
    let mut cursor = None;
    let frame = egui::Frame::new().fill(colors.base).corner_radius(8.0).inner_margin(egui::Margin::same(6));
    frame.show(ui, |ui| {
        egui::ScrollArea::both().auto_shrink([false, false]).show(ui, |ui| {
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
                if let Some(offset) = go_to {
                    let index = text.get(..offset).map_or(0, |before| before.chars().count());
                    let mut state = output.state.clone();
                    state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(index))));
                    state.store(ui.ctx(), id);
                    window.state.cursor = offset;
                    let place = output.galley.pos_from_cursor(CCursor::new(index));
                    ui.scroll_to_rect(place.translate(output.galley_pos.to_vec2()), Some(egui::Align::Center));
                }
                let typed_at = output.cursor_range.filter(|_| go_to.is_none());
                cursor = typed_at.map(|range| byte_of(&text, range.primary.index));
                if output.response.lost_focus() {
                    window.actions.push(Action::FinishStep);
                }
            });
        });
    });
    if text != program.text {
        window.actions.push(Action::SetText(text));
    }
    if let Some(cursor) = cursor
        && cursor != window.state.cursor
    {
        window.state.cursor = cursor;
        let part = program.part.as_ref().filter(|_| program.is_current());
        window.actions.push(Action::MarkCall(part.and_then(|part| part.call_at(cursor))));
    }
}

fn byte_of(text: &str, character: impl Into<usize>) -> usize {
    text.char_indices().nth(character.into()).map_or(text.len(), |(byte, _)| byte)
}

fn marks(window: &Window) -> Marks {
    let Some(item) = window.document.active() else { return Marks::default() };
    let program = &item.program;
    let current = program.run_revision == program.revision;
    let range = |span: partwright_cadquery::span::Span| span.start as usize..span.end as usize;
    let wrong = program.failure().filter(|_| current).and_then(|failure| failure.span).map(range);
    let call = window.state.selection.call.and_then(|call| {
        let part = program.part.as_ref().filter(|_| program.is_current())?;
        Some(range(part.history.get(call as usize)?.span))
    });
    let found: Vec<Range<usize>> = match window.state.find.as_deref() {
        Some(wanted) if !wanted.is_empty() => {
            program.text.match_indices(wanted).map(|(start, found)| start..start + found.len()).collect()
        }
        _ => Vec::new(),
    };
    Marks { wrong, found, call }
}

fn find_bar(window: &mut Window, ui: &mut Ui) {
    let Some(mut wanted) = window.state.find.clone() else { return };
    ui.horizontal(|ui| {
        let label = ui.label(icon::MAGNIFYING_GLASS);
        let field =
            ui.add(TextEdit::singleline(&mut wanted).hint_text("Find").desired_width(180.0)).labelled_by(label.id);
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Find in the program"));
        let text = window.document.active().map_or("", |item| item.program.text.as_str());
        let count = if wanted.is_empty() { 0 } else { text.matches(wanted.as_str()).count() };
        ui.label(RichText::new(format!("{count} found")).color(theme::of(ui).text_weak));
        let next = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        if next && count > 0 {
            let after = text.get(window.state.cursor + 1..).and_then(|rest| rest.find(&wanted));
            let at = after.map(|at| at + window.state.cursor + 1).or_else(|| text.find(&wanted));
            window.actions.extend(at.map(Action::GoTo));
            field.request_focus();
        }
    });
    window.state.find = Some(wanted);
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

fn gutter(ui: &Ui, output: &egui::text_edit::TextEditOutput, left: f32, wrong_line: Option<usize>) {
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
