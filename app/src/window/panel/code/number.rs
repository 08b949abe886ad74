//! A number of the text, changed by dragging it across with Ctrl held.

use egui::text::CCursor;
use egui::text_edit::TextEditOutput;
use egui::{CursorIcon, Id, Rect, Sense, Ui};

use super::{byte_of, character_of};
use crate::document::{Constant, number_at, with_constant};
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::editor::NumberDrag;
use crate::window::theme;

pub(super) fn show(window: &mut Window, ui: &Ui, output: &TextEditOutput, text: &str) {
    let held = ui.input(|input| input.modifiers.command);
    let dragged = window.state.editor.drag.as_ref().map(|drag| drag.number.range.start);
    let found = match dragged {
        Some(start) => number_at(text, start).map(|number| (place(output, text, &number), number)),
        None if held => under_pointer(ui, output, text),
        None => None,
    };
    let Some((rect, number)) = found else {
        if window.state.editor.drag.take().is_some() {
            window.actions.push(Action::FinishStep);
        }
        return;
    };
    let response = ui.interact(rect, Id::unique("number in the program"), Sense::drag());
    let words = "Number in the program";
    response.widget_info(|| egui::WidgetInfo::slider(true, number.value, words));
    let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.5, theme::of(ui).accent));
    let pointer = ui.input(|input| input.pointer.interact_pos().map(|at| at.x));
    if response.drag_started() {
        let from_x = ui.input(|input| input.pointer.press_origin().map(|at| at.x)).or(pointer);
        window.actions.push(Action::FinishStep);
        window.state.editor.drag = from_x.map(|from_x| NumberDrag { text: text.to_owned(), number, from_x });
    }
    if let (Some(drag), Some(x)) = (&window.state.editor.drag, pointer)
        && response.dragged()
    {
        let value = value_at(&drag.number, x - drag.from_x);
        let changed = with_constant(&drag.text, &drag.number, value, Some(drag.number.decimals));
        window.actions.extend(changed.filter(|changed| changed != text).map(Action::SetNumber));
    }
    if window.state.editor.drag.is_some() && !response.dragged() {
        window.state.editor.drag = None;
        window.actions.push(Action::FinishStep);
    }
}

/// What a number becomes when it is dragged by so many points: 300 of them change it by about its own size.
fn value_at(number: &Constant, dx: f32) -> f64 {
    let step = 10f64.powi(-(number.decimals as i32));
    let per_point = (number.value.abs() / 300.0).max(step / 4.0);
    ((number.value + f64::from(dx) * per_point) / step).round() * step
}

fn under_pointer(ui: &Ui, output: &TextEditOutput, text: &str) -> Option<(Rect, Constant)> {
    let pointer = ui.input(|input| input.pointer.hover_pos())?;
    let cursor = output.galley.cursor_from_pos(pointer - output.galley_pos);
    let number = number_at(text, byte_of(text, cursor.index))?;
    let rect = place(output, text, &number);
    rect.contains(pointer).then_some((rect, number))
}

/// Where a number stands on the screen.
fn place(output: &TextEditOutput, text: &str, number: &Constant) -> Rect {
    let at = |byte| output.galley.pos_from_cursor(CCursor::new(character_of(text, byte)));
    at(number.range.start).union(at(number.range.end)).translate(output.galley_pos.to_vec2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_keeps_the_decimals() {
        let check = |source: &str, dx: f32, expected: &str| {
            let number = number_at(source, 0).expect("a number");
            let value = value_at(&number, dx);
            let made = with_constant(source, &number, value, Some(number.decimals));
            assert_eq!(made.as_deref(), Some(expected), "{source} by {dx}");
        };
        check("60.0", 10.0, "62.0");
        check("60.0", -300.0, "0.0");
        check("4", 3.0, "5");
        check("4", -40.0, "-6");
        check("0.25", 4.0, "0.26");
        check("0", 8.0, "2");
        check("-2.5", 0.0, "-2.5");
    }
}
