//! The arrangement of the views, and how shapes look in them.

use egui::{Rect, Sense, Ui, pos2};

use super::shapes::{Looks, Shown};
use super::{cube, legend, measure, navigate, overlay, pick, section};
use crate::document::Side;
use crate::render::{Heat, Look};
use crate::report;
use crate::window::app::Window;
use crate::window::apply;
use crate::window::state::{Layout, Selection};
use crate::window::theme::{self, Palette, gpu};

/// Width of the line between two views.
const GAP: f32 = 1.0;
/// Below this width two views do not stand beside each other but above each other, if they are larger so.
const NARROW: f32 = 440.0;

/// A view on the screen.
pub(super) struct Screen {
    pub(super) number: usize,
    pub(super) area: Rect,
    pub(super) sides: &'static [Side],
    name: &'static str,
}

/// The 3D part of the window.
pub(in crate::window) fn show(window: &mut Window, ui: &mut Ui) {
    let Some(shown) = Shown::of(window) else { return };
    if let Err(fault) = window.views.reload_shaders() {
        apply::fail(window, &format!("The shaders stay as they were: {fault}"));
    }
    window.views.refresh(&shown, ui.ctx());
    let screens = arrange(window.state.layout, shown.input.is_some(), ui.available_rect_before_wrap());
    let aspects = screens.iter().map(|screen| screen.area.width() / screen.area.height().max(1.0));
    let aspect = aspects.fold(f32::INFINITY, f32::min).max(1e-3);
    if !window.state.fitted
        && let Some((center, radius)) = window.views.extent()
    {
        window.state.camera.fit(glam::Vec3::ZERO, radius as f32, aspect);
        window.state.scene_origin = center;
        window.state.fitted = true;
    } else if let Some(before) = window.views.aspect {
        // What was seen across stays in sight when the views get narrower or wider.
        window.state.camera.half_height *= before.min(1.0) / aspect.min(1.0);
    }
    window.views.aspect = Some(aspect);
    // All views are moved before any is drawn: they share the camera.
    let mut moving = false;
    for screen in &screens {
        let response = ui.allocate_rect(screen.area, Sense::click_and_drag());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Canvas, true, screen.name));
        moving |= navigate::moved(window, ui, &response);
        pick::pick(window, ui, &response, screen.sides);
    }
    let lap = if moving { window.views.start_lap() } else { None };
    for screen in &screens {
        picture(window, ui, &shown, screen, moving);
        overlay::show(ui, window, screen.area, screen.sides, &shown);
        measure::show(window, ui, screen.area);
        cube::show(window, ui, screen);
    }
    if moving {
        window.views.stop_lap(lap);
    }
    if window.views.is_refining() {
        ui.ctx().request_repaint();
    }
    if let [first, second] = screens.as_slice() {
        let line = egui::Stroke::new(GAP, theme::of(ui).line);
        let [end, begin] = [first.area.max, second.area.min];
        if begin.x > first.area.min.x {
            ui.painter().vline((end.x + begin.x) * 0.5, first.area.y_range(), line);
        } else {
            ui.painter().hline(first.area.x_range(), (end.y + begin.y) * 0.5, line);
        }
    }
    if let Some(first) = screens.first() {
        let all = screens.iter().fold(first.area, |all, screen| all.union(screen.area));
        section::show(window, ui, all);
        if first.sides.contains(&Side::Input) {
            legend::show(window, ui, first.area);
        }
    }
}

fn arrange(layout: Layout, has_input: bool, area: Rect) -> Vec<Screen> {
    match layout {
        Layout::SideBySide if has_input && area.width() < NARROW.min(area.height()) => {
            let height = (area.height() - GAP) * 0.5;
            let upper = Rect::from_min_size(area.min, egui::vec2(area.width(), height));
            let lower = Rect::from_min_size(pos2(area.min.x, area.min.y + height + GAP), upper.size());
            scan_and_part(upper, lower)
        }
        Layout::SideBySide if has_input => {
            let width = (area.width() - GAP) * 0.5;
            let left = Rect::from_min_size(area.min, egui::vec2(width, area.height()));
            let right = Rect::from_min_size(pos2(area.min.x + width + GAP, area.min.y), left.size());
            scan_and_part(left, right)
        }
        Layout::Overlay if has_input => {
            vec![Screen { number: 0, area, sides: &[Side::Result, Side::Input], name: "Overlay view" }]
        }
        _ => vec![Screen { number: 1, area, sides: &[Side::Result], name: "Result view" }],
    }
}

fn scan_and_part(scan: Rect, part: Rect) -> Vec<Screen> {
    vec![
        Screen { number: 0, area: scan, sides: &[Side::Input], name: "Input view" },
        Screen { number: 1, area: part, sides: &[Side::Result], name: "Result view" },
    ]
}

fn picture(window: &mut Window, ui: &Ui, shown: &Shown, screen: &Screen, moving: bool) {
    let Screen { number, area, sides, .. } = *screen;
    let pixels_per_point = ui.ctx().pixels_per_point();
    let size_px = [area.width(), area.height()].map(|side| ((side * pixels_per_point) as u32).max(1));
    let colors = theme::of(ui);
    let state = &window.state;
    let view = state.view(colors, pixels_per_point);
    let heat = state.heat.then(|| heat(window)).flatten();
    let drawn = sides.iter().filter_map(|&side| {
        let (key, ready) = window.views.ready(side)?;
        let style = Style {
            is_stale: !shown.is_current,
            // Nothing is seen through a heat map: its colours would lie.
            see_through: sides.len() > 1 && side == Side::Input && heat.is_none(),
            edges: ready.edges && (state.edges || state.wireframe),
            wireframe: state.wireframe,
            point_size: state.point_size,
            heat,
        };
        Some((key, look(colors, side, style)))
    });
    // What is picked shows in the part only: a large scan is not drawn again for it.
    let has_part = sides.contains(&Side::Result);
    let selection = if has_part { state.selection } else { Selection::default() };
    let measured = state.measuring.filter(|_| has_part).map_or([None; 2], |measuring| measuring.elements());
    let looks = Looks { view, drawn: drawn.collect(), selection, measured, size_px, moving };
    let Some(texture) = window.views.draw(number, &looks, shown) else { return };
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(texture, area, uv, egui::Color32::WHITE);
}

/// What is switched on for a shape.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(in crate::window) struct Style {
    /// Whether it is not what the text makes any more.
    pub(in crate::window) is_stale: bool,
    /// Whether something is seen behind it.
    pub(in crate::window) see_through: bool,
    /// Whether edges are drawn.
    pub(in crate::window) edges: bool,
    /// Whether lines are drawn instead of faces.
    pub(in crate::window) wireframe: bool,
    /// Size of points in points of the screen.
    pub(in crate::window) point_size: f32,
    /// Colouring of the scan by deviation.
    pub(in crate::window) heat: Option<Heat>,
}

impl Default for Style {
    fn default() -> Self {
        Self { is_stale: false, see_through: false, edges: false, wireframe: false, point_size: 1.6, heat: None }
    }
}

/// How a shape is drawn.
pub(in crate::window) fn look(colors: &Palette, side: Side, style: Style) -> Look {
    let color = match side {
        Side::Input => colors.scan,
        Side::Result if style.is_stale => colors.stale_part,
        Side::Result => colors.part,
    };
    Look {
        color: gpu(color, if style.see_through { 0.35 } else { 1.0 }),
        back_color: gpu(colors.back, 1.0),
        highlight_color: gpu(colors.selected, 1.0),
        // Without faces behind them edges have to stand out from the background.
        edge_color: gpu(if style.wireframe { color } else { colors.edge }, 1.0),
        faces: !style.wireframe,
        edges: style.edges && side == Side::Result,
        wires: style.wireframe && side == Side::Input,
        edge_width: 1.4,
        point_size: style.point_size,
        heat: style.heat.filter(|_| side == Side::Input),
    }
}

/// The scale of the heat map: the tolerance asked for, and three times it (or the 95th percentile) at the end.
pub(in crate::window) fn heat(window: &Window) -> Option<Heat> {
    report::heat(window.document.active()?, window.state.tolerance)
}
