//! The legend of the heat map: scale, histogram, tolerance.

use egui::{Align2, Color32, DragValue, FontId, Rect, Slider, SliderClamping, Ui, WidgetInfo, pos2, vec2};

use super::card::card;
use crate::document::Side;
use crate::number::number;
use crate::render::Heat;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::state::unit_suffix;
use crate::window::theme;

/// Bars of the histogram.
const BARS: usize = 49;

/// How often every deviation occurs, counted finely once; the bars of any scale are sums of these counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spread {
    /// The deviation at the end of the counts; what is larger is counted there.
    reach: f32,
    counts: Vec<u32>,
}

impl Spread {
    /// Fine enough for bars of a scale 40 times shorter than the counts.
    const COUNTS: usize = 40 * BARS;

    /// Counts distances; `None` without any that is finite.
    pub(super) fn of(distances: &[f32]) -> Option<Self> {
        let finite = || distances.iter().copied().filter(|d| d.is_finite());
        let (sum, number) = finite().fold((0.0, 0.0), |(sum, n), d| (sum + f64::from(d.abs()), n + 1.0));
        let largest = finite().fold(0.0, |most, d| d.abs().max(most));
        if number == 0.0 {
            return None;
        }
        // A few far outliers must not take all the resolution.
        let reach = largest.min((40.0 * sum / number) as f32).max(f32::MIN_POSITIVE);
        let mut counts = vec![0; Self::COUNTS];
        for d in finite() {
            let at = (d / reach * 0.5 + 0.5) * Self::COUNTS as f32;
            counts[(at.max(0.0) as usize).min(Self::COUNTS - 1)] += 1;
        }
        Some(Self { reach, counts })
    }

    /// Heights of the bars from `-scale` to `scale`, the highest 1; the outermost bars hold what is beyond.
    pub(super) fn bars(&self, scale: f32) -> Vec<f32> {
        let mut bars = vec![0u32; BARS];
        for (index, count) in self.counts.iter().enumerate() {
            let d = ((index as f32 + 0.5) / Self::COUNTS as f32 * 2.0 - 1.0) * self.reach;
            let at = (d / scale.max(f32::MIN_POSITIVE) * 0.5 + 0.5) * BARS as f32;
            bars[(at.max(0.0) as usize).min(BARS - 1)] += count;
        }
        let most = bars.iter().copied().max().unwrap_or(0).max(1) as f32;
        bars.into_iter().map(|count| count as f32 / most).collect()
    }
}

/// The legend at the bottom of a view, while the scan is coloured.
pub(super) fn show(window: &mut Window, ui: &mut Ui, area: Rect) {
    let Some(heat) = super::heat(window).filter(|_| window.state.heat) else { return };
    let Some(item) = window.document.active() else { return };
    let unit = unit_suffix(item.unit());
    let size = item.input.scan().map_or(1.0, |scan| scan.bounds.longest_side());
    let bars = window.views.ready(Side::Input).and_then(|(_, ready)| ready.spread.as_ref()).map(|s| s.bars(heat.scale));
    let (width, height) = (300.0f32.min(area.width() - 24.0), 118.0);
    if width < 160.0 || area.height() < 2.0 * height {
        return;
    }
    // In a narrow view above the axes and the size of points, else beside them; in a low one over them.
    let below = if area.width() < width + 250.0 && area.height() > 4.0 * height { 84.0 } else { 12.0 };
    let place = Rect::from_min_size(area.right_bottom() - vec2(width + 12.0, height + below), vec2(width, height));
    let chosen = card(ui, place, "Deviation scale", |ui| {
        let inner = ui.max_rect();
        scale(ui, inner, heat, bars.as_deref(), unit);
        let row = Rect::from_min_max(pos2(inner.min.x, inner.max.y - 26.0), inner.max);
        tolerance(ui, row, f64::from(heat.tolerance), size, unit)
    });
    window.actions.extend(chosen.map(Action::SetTolerance));
}

fn scale(ui: &Ui, inner: Rect, heat: Heat, bars: Option<&[f32]>, unit: &str) {
    let colors = theme::of(ui);
    let painter = ui.painter();
    let (top, bottom) = (inner.min.y + 2.0, inner.min.y + 42.0);
    let step = inner.width() / BARS as f32;
    for index in 0..BARS {
        let value = ((index as f32 + 0.5) / BARS as f32 * 2.0 - 1.0) * heat.scale;
        let [r, g, b] = heat.color(value).map(|c| (c * 255.0).round() as u8);
        let color = Color32::from_rgb(r, g, b);
        let left = inner.min.x + index as f32 * step;
        painter.rect_filled(Rect::from_min_size(pos2(left, bottom + 2.0), vec2(step + 0.5, 8.0)), 0.0, color);
        // The root shows rare deviations beside frequent ones.
        let height = bars.and_then(|bars| bars.get(index)).map_or(0.0, |share| share.sqrt() * (bottom - top));
        let bar = Rect::from_min_max(pos2(left + 0.5, bottom - height), pos2(left + step - 0.5, bottom));
        painter.rect_filled(bar, 0.0, color);
    }
    let font = FontId::proportional(11.0);
    let at = |value: f32| inner.min.x + (value / heat.scale * 0.5 + 0.5) * inner.width();
    let shown = |value: f32| number((f64::from(value) * 1e4).round() / 1e4);
    let ends = [
        (-heat.scale, Align2::LEFT_TOP, format!("-{}", shown(heat.scale))),
        (0.0, Align2::CENTER_TOP, "0".to_owned()),
        (heat.scale, Align2::RIGHT_TOP, format!("{}{unit}", shown(heat.scale))),
    ];
    for (value, align, text) in ends {
        painter.text(pos2(at(value), bottom + 12.0), align, text, font.clone(), colors.text_weak);
    }
    for value in [-heat.tolerance, heat.tolerance] {
        painter.vline(at(value), bottom + 1.0..=bottom + 11.0, egui::Stroke::new(1.0, colors.text));
    }
}

/// The tolerance as a number to type and as a slider; what it was changed to.
fn tolerance(ui: &mut Ui, row: Rect, tolerance: f64, size: f64, unit: &str) -> Option<f64> {
    let mut ui =
        ui.new_child(egui::UiBuilder::new().max_rect(row).layout(egui::Layout::left_to_right(egui::Align::Center)));
    let ui = &mut ui;
    ui.spacing_mut().item_spacing.x = 6.0;
    ui.label("Tolerance");
    // As it was chosen, without the digits that f32 adds.
    let mut value = (tolerance * 1e6).round() / 1e6;
    let field = DragValue::new(&mut value).range(size * 1e-6..=size).speed(tolerance / 50.0);
    let field = ui.add_sized([84.0, 22.0], field.max_decimals(4).suffix(unit));
    field.widget_info(|| WidgetInfo { label: Some("Tolerance".into()), ..WidgetInfo::drag_value(true, value) });
    let field = field.on_hover_text("Deviations up to this are green: drag, or click and type");
    let rail = ui.available_width() - 4.0;
    if rail < 40.0 {
        // The field can be dragged too.
        return (field.changed() && value > 0.0).then_some(value);
    }
    ui.spacing_mut().slider_width = rail;
    let slider = Slider::new(&mut value, size * 1e-4..=size * 0.05).logarithmic(true).show_value(false);
    let slider = ui.add(slider.clamping(SliderClamping::Never)).on_hover_text("Deviations up to this are green");
    slider.widget_info(|| WidgetInfo::slider(true, value, "Tolerance, slider"));
    let usable = value.is_finite() && value > 0.0;
    (usable && (field.changed() || slider.changed())).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deviation_is_counted_once() {
        let distances = [-2.0, -0.5, 0.0, 0.1, 0.5, 3.0, f32::INFINITY, f32::NAN];
        let spread = Spread::of(&distances).expect("there are some");
        assert_eq!(spread.counts.iter().sum::<u32>(), 6);
        assert_eq!(Spread::of(&[f32::NAN]), None);
    }

    #[test]
    fn bars_stand_where_the_deviations_are() {
        let mut distances = vec![0.5; 90];
        distances.extend([-0.5; 45]);
        distances.extend([9.0; 9]);
        let bars = Spread::of(&distances).expect("there are some").bars(1.0);
        let at = |d: f32| bars[((d * 0.5 + 0.5) * BARS as f32) as usize];
        assert!((at(0.5) - 1.0).abs() < 1e-6 && (at(-0.5) - 0.5).abs() < 1e-6, "{bars:?}");
        assert!((bars[BARS - 1] - 0.1).abs() < 1e-6, "what is beyond stands at the end");
        assert!(at(0.0).abs() < 1e-6);
    }
}
