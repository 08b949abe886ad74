//! The named numbers of the program, to be changed by dragging.

use std::ops::RangeInclusive;

use egui::{DragValue, RichText, Slider, SliderClamping, Ui};
use partwright_geometry::LengthUnit;

use crate::document::{Constant, constants, with_constant};
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::state::unit_suffix;
use crate::window::{icon, theme};

pub(super) fn show(window: &mut Window, ui: &mut Ui) {
    let Some(item) = window.document.active() else { return };
    let text = &item.program.text;
    let found = constants(text);
    if found.is_empty() {
        let words = "The program names no numbers. A line such as width = 60.0 at its top becomes a parameter here.";
        ui.label(RichText::new(words).color(theme::of(ui).text_weak));
        return;
    }
    let (references, actions) = (&mut window.state.editor.references, &mut window.actions);
    egui::ScrollArea::vertical().show(ui, |ui| {
        egui::Grid::new("parameters").num_columns(4).spacing([10.0, 8.0]).show(ui, |ui| {
            for (index, constant) in found.iter().enumerate() {
                let nth = found[..index].iter().filter(|before| before.name == constant.name).count();
                let key = (item.id, item.chosen.clone(), constant.name.clone(), nth);
                let reference = *references.entry(key).or_insert(constant.value);
                let wanted = row(constant, reference, suffix(&constant.name, constant.decimals, item.unit()), ui);
                if let Some(value) = wanted.value {
                    let whole = constant.decimals == 0;
                    let decimals = (!whole || value.fract() == 0.0).then_some(constant.decimals);
                    actions.extend(with_constant(text, constant, value, decimals).map(Action::SetNumber));
                }
                if wanted.finished {
                    actions.push(Action::FinishStep);
                }
                ui.end_row();
            }
        });
    });
}

/// What is wanted of a parameter.
#[derive(Clone, Copy, Debug, Default)]
struct Wanted {
    value: Option<f64>,
    finished: bool,
}

fn row(constant: &Constant, reference: f64, suffix: &str, ui: &mut Ui) -> Wanted {
    let mut value = constant.value;
    let name = &constant.name;
    let label = ui.add(egui::Label::new(name.as_str()).truncate());
    // Whole numbers stay whole and others keep their decimals: what is dragged is to be read afterwards.
    let step = 10f64.powi(-(constant.decimals as i32));
    let slider = Slider::new(&mut value, range_of(reference, constant.value, constant.decimals))
        .show_value(false)
        .step_by(step)
        .clamping(SliderClamping::Never);
    let slider = ui.add(slider);
    slider.widget_info(|| egui::WidgetInfo::slider(true, constant.value, format!("{name}, slider")));
    // A drag over the height of the panel changes the number by about its own size.
    let speed = (constant.value.abs() / 300.0).max(step);
    let drag = DragValue::new(&mut value).speed(speed).max_decimals(constant.decimals.max(2)).suffix(suffix);
    let drag = ui.add(drag).labelled_by(label.id);
    let differs = reference.to_bits() != constant.value.to_bits();
    let reset = ui.add_enabled(differs, egui::Button::new(icon::ARROW_U_UP_LEFT).small());
    reset.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, differs, format!("Reset {name}")));
    let mut finished = slider.drag_stopped() || drag.drag_stopped() || drag.lost_focus();
    if reset.on_hover_text(format!("Back to {reference}")).clicked() {
        value = reference;
        finished = true;
    }
    let changed = value.to_bits() != constant.value.to_bits();
    Wanted { value: changed.then_some(value), finished }
}

/// Where the slider of a number that was `reference` goes: to twice that, at least ten steps, and to where the number is now.
fn range_of(reference: f64, value: f64, decimals: usize) -> RangeInclusive<f64> {
    let reach = (2.0 * reference.abs()).max(10.0 * 10f64.powi(-(decimals as i32)));
    let (low, high) = if reference > 0.0 {
        (0.0, reach)
    } else if reference < 0.0 {
        (-reach, 0.0)
    } else {
        (-reach, reach)
    };
    low.min(value)..=high.max(value)
}

/// The unit behind a number, as far as its name tells: angles are in degrees, counts have none, all else is a length.
fn suffix(name: &str, decimals: usize, unit: LengthUnit) -> &'static str {
    let name = name.to_ascii_lowercase();
    let mut words = name.split('_');
    if words.clone().any(|word| matches!(word, "angle" | "deg" | "degrees" | "rotation" | "taper" | "tilt")) {
        return "°";
    }
    let counts = |word: &str| {
        matches!(word, "n" | "num" | "number" | "count" | "ratio" | "factor" | "teeth" | "sides" | "copies")
    };
    if words.any(counts) || (decimals == 0 && name.ends_with("holes")) {
        return "";
    }
    unit_suffix(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sliders_reach_as_far_as_is_sensible() {
        assert_eq!(range_of(60.0, 60.0, 1), 0.0..=120.0);
        assert_eq!(range_of(60.0, 200.0, 1), 0.0..=200.0);
        assert_eq!(range_of(-5.0, -5.0, 0), -10.0..=0.0);
        assert_eq!(range_of(0.0, 0.0, 0), -10.0..=10.0);
        assert_eq!(range_of(3.0, -1.0, 0), -1.0..=10.0);
    }

    #[test]
    fn units_follow_from_names() {
        let check =
            |name: &str, expected: &str| assert_eq!(suffix(name, 0, LengthUnit::Millimetre), expected, "{name}");
        check("width", " mm");
        check("tilt_angle", "°");
        check("hole_count", "");
        check("n", "");
        check("holes", "");
        check("HOLE_RADIUS", " mm");
    }
}
