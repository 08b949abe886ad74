//! What is written over a view: its title, the selected face or edge, the axes; and the size of points.

use egui::{Align2, FontId, Painter, Pos2, Rect, Role, Slider, Ui, WidgetInfo, pos2, vec2};
use partwright_geometry::Geometry;

use super::card::card;
use super::cube;
use super::measure::{Element, edge_facts, face_facts};
use super::shapes::Shown;
use crate::document::{Part, Side};
use crate::render::Camera;
use crate::window::app::Window;
use crate::window::command::Action;
use crate::window::state::{Selection, unit_suffix};
use crate::window::theme::{self, Palette};

/// Title, facts of the selected face, axes, size of points.
pub(super) fn show(ui: &mut Ui, window: &mut Window, area: Rect, sides: &[Side], shown: &Shown) {
    let colors = theme::of(ui);
    let painter = ui.painter_at(area);
    let is_too_large = window.views.ready(Side::Input).is_some_and(|(_, ready)| ready.shape.is_too_large());
    let title = match sides {
        [Side::Input] if is_too_large => "Scan (too large for this graphics adapter to be shown whole)",
        [Side::Input] => "Scan",
        [Side::Result] if shown.part.is_none() => "No part yet",
        [Side::Result] if shown.is_current => "Part",
        [Side::Result] => "Part of the last good run",
        _ => "Scan over part",
    };
    let font = FontId::new(12.0, theme::strong_family());
    painter.text(area.min + vec2(14.0, 12.0), Align2::LEFT_TOP, title, font, colors.text);
    if sides.contains(&Side::Result)
        && window.state.measuring.is_none()
        && let Some(part) = &shown.part
        && let Some(item) = window.document.active()
        && let Some(text) = selected_facts(part, window.state.selection, unit_suffix(item.unit()))
    {
        label(
            &painter,
            cube::beside(area),
            area.min + FACTS,
            Align2::LEFT_TOP,
            &text,
            FontId::proportional(12.0),
            colors,
        );
    }
    axes(&painter, area, &window.state.camera, colors);
    let is_cloud = matches!(&shown.input, Some((geometry, _)) if matches!(**geometry, Geometry::Cloud(_)));
    if is_cloud && sides.contains(&Side::Input) {
        point_size(ui, window, area);
    }
}

/// Where facts stand in a view: below its title.
pub(super) const FACTS: egui::Vec2 = vec2(14.0, 36.0);

/// What is selected in words; what is under the pointer while nothing is.
fn selected_facts(part: &Part, selection: Selection, unit: &str) -> Option<String> {
    let face = selection.face.map(Element::Face);
    match face.or(selection.edge.map(Element::Edge)).or(selection.hovered)? {
        Element::Face(face) => face_facts(part, face, unit),
        Element::Edge(edge) => edge_facts(part, edge, unit),
        Element::Vertex | Element::ScanPoint => None,
    }
}

/// Words on a plate that stays within the view.
pub(super) fn label(
    painter: &Painter,
    area: Rect,
    at: Pos2,
    align: Align2,
    text: &str,
    font: FontId,
    colors: &Palette,
) {
    let galley = painter.layout(text.to_owned(), font, colors.text, (area.width() - 40.0).max(80.0));
    let plate = align.anchor_size(at, galley.size()).expand2(vec2(7.0, 4.0));
    let inner = area.shrink(6.0);
    let by_x = (inner.min.x - plate.min.x).max(0.0) - (plate.max.x - inner.max.x).max(0.0);
    let by_y = (inner.min.y - plate.min.y).max(0.0) - (plate.max.y - inner.max.y).max(0.0);
    let plate = plate.translate(vec2(by_x, by_y));
    painter.rect_filled(plate, 5.0, colors.panel.gamma_multiply(0.94));
    painter.galley(plate.min + vec2(7.0, 4.0), galley, colors.text);
}

fn point_size(ui: &mut Ui, window: &mut Window, area: Rect) {
    let place = Rect::from_min_size(pos2(area.min.x + 84.0, area.max.y - 44.0), vec2(150.0, 32.0));
    if place.max.x > area.max.x {
        return;
    }
    let mut size = window.state.point_size;
    let changed = card(ui, place, "Points", |ui| {
        ui.label("Points");
        ui.spacing_mut().slider_width = 76.0;
        let response = ui.add(Slider::new(&mut size, 0.5..=6.0).show_value(false)).on_hover_text("Size of points");
        response.widget_info(|| WidgetInfo { label: Some("Size of points".into()), ..WidgetInfo::new(Role::Slider) });
        response.changed()
    });
    if changed {
        window.actions.push(Action::SetPointSize(size));
    }
}

fn axes(painter: &Painter, area: Rect, camera: &Camera, colors: &Palette) {
    let origin = area.left_bottom() + vec2(42.0, -42.0);
    let mut axes =
        [(glam::Vec3::X, colors.bad, "X"), (glam::Vec3::Y, colors.good, "Y"), (glam::Vec3::Z, colors.accent, "Z")];
    // Those that point away are drawn first.
    axes.sort_by(|a, b| a.0.dot(camera.towards_eye()).total_cmp(&b.0.dot(camera.towards_eye())));
    for (axis, color, name) in axes {
        let end = origin + vec2(axis.dot(camera.right()), -axis.dot(camera.up())) * 26.0;
        painter.line_segment([origin, end], egui::Stroke::new(2.0, color));
        let font = FontId::new(11.0, theme::strong_family());
        painter.text(end + (end - origin) * 0.34, Align2::CENTER_CENTER, name, font, color);
    }
}
