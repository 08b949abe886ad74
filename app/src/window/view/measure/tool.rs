//! The measuring tool: what was clicked, what it says, and what is drawn over the views.

use egui::{Align2, FontId, Key, Rect, Stroke, Ui, vec2};
use glam::DVec3;
use partwright_brep::Surface;

use super::{EdgeGeometry, Feature, Measured, between};
use crate::document::Part;
use crate::number::number;
use crate::window::app::Window;
use crate::window::command::{Action, Command};
use crate::window::state::unit_suffix;
use crate::window::theme;
use crate::window::view::{cube, overlay};

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// A face of the part, by its number.
    Face(u32),
    /// An edge of the part, by its number.
    Edge(u32),
    /// A vertex of the part.
    Vertex,
    /// A vertex of the scan's mesh, or a point of its cloud.
    ScanPoint,
}

/// A point that was clicked, and what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picked {
    /// In the scan's coordinates.
    pub point: DVec3,
    /// What is there.
    pub element: Element,
}

/// The tool while it is on: what was clicked so far, two at most, and where the next click would be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measuring {
    picked: [Option<Picked>; 2],
    /// What the pointer would take.
    pub hovered: Option<Picked>,
}

/// How much a number can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trust {
    /// From the exact body.
    Exact,
    /// From the points a curve is drawn with.
    Drawn,
    /// From points of the scan.
    Scanned,
}

impl Trust {
    fn text(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Drawn => "from the drawn curve",
            Self::Scanned => "measured on the scan's points",
        }
    }
}

/// Something clicked, ready to be measured.
struct End {
    name: &'static str,
    feature: Feature,
    trust: Trust,
}

impl Measuring {
    /// With one more click; a third begins anew.
    #[must_use]
    pub fn with(self, picked: Picked) -> Self {
        let picked = match self.picked {
            [Some(first), None] => [Some(first), Some(picked)],
            _ => [Some(picked), None],
        };
        Self { picked, ..self }
    }

    /// What was clicked.
    pub fn picked(&self) -> impl Iterator<Item = Picked> {
        self.picked.into_iter().flatten()
    }

    /// The elements that were clicked.
    pub(in crate::window::view) fn elements(&self) -> [Option<Element>; 2] {
        self.picked.map(|picked| picked.map(|picked| picked.element))
    }

    /// What is to be read off now, in `unit`.
    pub(in crate::window) fn text(&self, part: Option<&Part>, unit: &str) -> String {
        match self.picked {
            [Some(one), Some(other)] => {
                let (one, other) = (End::of(one, part), End::of(other, part));
                let measured = words(between(one.feature, other.feature), unit);
                let trust = one.trust.max(other.trust).text();
                format!("{} to {}: {measured} ({trust})", one.name, other.name)
            }
            [Some(one), _] => format!("{}; click the second point, edge or face", alone(one, part, unit)),
            [None, _] => "Click a vertex, an edge, a face, or a point of the scan; Esc ends measuring".to_owned(),
        }
    }
}

impl End {
    fn of(picked: Picked, part: Option<&Part>) -> Self {
        let point = |name, trust| Self { name, feature: Feature::Point(picked.point), trust };
        let exact = |name, feature| Self { name, feature, trust: Trust::Exact };
        match picked.element {
            Element::Face(face) => match part.and_then(|part| part.faces.get(face as usize)) {
                Some(face) => {
                    let name = match face.surface {
                        Surface::Plane { .. } => "Plane",
                        Surface::Sphere { .. } => "Sphere centre",
                        Surface::Cylinder { .. } => "Cylinder axis",
                        Surface::Cone { .. } => "Cone axis",
                        Surface::Torus { .. } => "Torus axis",
                    };
                    exact(name, Feature::of_surface(&face.surface))
                }
                None => point("Point", Trust::Drawn),
            },
            Element::Edge(edge) => {
                let geometry = part.and_then(|part| geometry(part, edge));
                match geometry.and_then(|geometry| Some((geometry, Feature::of_edge(&geometry)?))) {
                    Some((EdgeGeometry::Line { .. }, feature)) => exact("Edge", feature),
                    Some((EdgeGeometry::Circle { .. }, feature)) => exact("Circle centre", feature),
                    Some((_, feature)) => exact("Ellipse centre", feature),
                    None => point("Point of a curve", Trust::Drawn),
                }
            }
            Element::Vertex => exact("Vertex", Feature::Point(picked.point)),
            Element::ScanPoint => point("Scan point", Trust::Scanned),
        }
    }

    /// Where its end of the measure is drawn: a centre at the centre, all else where it was clicked.
    fn anchor(picked: Picked, part: Option<&Part>) -> DVec3 {
        match Self::of(picked, part).feature {
            Feature::Point(point) => point,
            Feature::Axis { .. } | Feature::Plane { .. } => picked.point,
        }
    }
}

fn geometry(part: &Part, edge: u32) -> Option<EdgeGeometry> {
    EdgeGeometry::of(part.mesh.edges.get(edge as usize)?, &part.mesh.mesh.positions)
}

fn words(measured: Measured, unit: &str) -> String {
    match measured {
        Measured::Offset(by) => {
            let [x, y, z] = by.to_array().map(rounded);
            format!("distance {}{unit}, dx {x}, dy {y}, dz {z}{unit}", rounded(by.length()))
        }
        Measured::Distance(value) => format!("distance {}{unit}", rounded(value)),
        Measured::AngleRad(value) => format!("angle {}", degrees(value)),
    }
}

/// What one click alone tells.
fn alone(picked: Picked, part: Option<&Part>, unit: &str) -> String {
    let [x, y, z] = picked.point.to_array().map(rounded);
    let facts = match (picked.element, part) {
        (Element::Face(face), Some(part)) => face_facts(part, face, unit),
        (Element::Edge(edge), Some(part)) => edge_facts(part, edge, unit),
        (Element::Vertex, _) => Some(format!("Vertex at {x}, {y}, {z}{unit}")),
        _ => None,
    };
    facts.unwrap_or_else(|| format!("Point at {x}, {y}, {z}{unit}"))
}

/// Exact values come with noise in the last digits of f64.
fn rounded(value: f64) -> String {
    let rounded = number(value).parse::<f64>().map_or(value, |value| (value * 1e6).round() / 1e6);
    // No "-0".
    number(rounded + 0.0)
}

fn degrees(value_rad: f64) -> String {
    format!("{}°", rounded(value_rad.to_degrees()))
}

fn circle_words(radius: f64, unit: &str) -> String {
    format!("radius {}{unit}, diameter {}{unit}", rounded(radius), rounded(2.0 * radius))
}

/// What is known of a face: `Cylinder, radius 5 mm, diameter 10 mm, area 157.08 mm²`.
pub(in crate::window::view) fn face_facts(part: &Part, face: u32, unit: &str) -> Option<String> {
    let face = part.faces.get(face as usize)?;
    let facts = match face.surface {
        Surface::Plane { .. } => "Plane".to_owned(),
        Surface::Cylinder { radius, .. } => format!("Cylinder, {}", circle_words(radius, unit)),
        Surface::Sphere { radius, .. } => format!("Sphere, {}", circle_words(radius, unit)),
        Surface::Cone { half_angle_rad, .. } => format!("Cone, half angle {}", degrees(half_angle_rad)),
        Surface::Torus { major_radius, minor_radius, .. } => {
            format!("Torus, ring radius {}{unit}, {}", rounded(major_radius), circle_words(minor_radius, unit))
        }
    };
    let square = if unit.is_empty() { "" } else { "²" };
    Some(format!("{facts}, area {}{unit}{square}", rounded(face.area)))
}

/// What is known of an edge: `Arc, radius 5 mm, diameter 10 mm, 90°, length 7.85398 mm`.
pub(in crate::window::view) fn edge_facts(part: &Part, edge: u32, unit: &str) -> Option<String> {
    geometry(part, edge).map(|geometry| edge_words(&geometry, unit))
}

fn edge_words(edge: &EdgeGeometry, unit: &str) -> String {
    let length = rounded(edge.length());
    match *edge {
        EdgeGeometry::Line { .. } => format!("Straight edge, length {length}{unit}"),
        EdgeGeometry::Circle { radius, sweep_rad, .. } if sweep_rad > std::f64::consts::TAU - 1e-6 => {
            format!("Circle, {}, length {length}{unit}", circle_words(radius, unit))
        }
        EdgeGeometry::Circle { radius, sweep_rad, .. } => {
            format!("Arc, {}, {}, length {length}{unit}", circle_words(radius, unit), degrees(sweep_rad))
        }
        EdgeGeometry::Ellipse { .. } => format!("Ellipse, length about {length}{unit}"),
        EdgeGeometry::Curve { .. } => format!("Curve, length about {length}{unit}"),
    }
}

/// The points, the line between them and the numbers, in one view; Esc ends the tool.
pub(in crate::window::view) fn show(window: &mut Window, ui: &Ui, area: Rect) {
    let Some(measuring) = window.state.measuring else { return };
    let modal = window.state.palette.is_some() || window.state.shortcuts;
    if !modal
        && ui.input(|input| input.key_pressed(Key::Escape))
        && !window.actions.contains(&Action::from(Command::Measure))
    {
        window.actions.push(Action::Command(Command::Measure));
    }
    let colors = theme::of(ui);
    let painter = ui.painter_at(area);
    let part = window.document.active().and_then(|item| item.program.part.clone());
    let on_screen = |point: DVec3| {
        let at = window.state.camera.project((point - window.state.scene_origin).as_vec3())?;
        Some(area.center() + vec2(at.x, at.y) * area.height())
    };
    let anchors = measuring.picked().map(|picked| End::anchor(picked, part.as_deref()));
    let ends: Vec<egui::Pos2> = anchors.filter_map(on_screen).collect();
    if let [from, to] = ends.as_slice() {
        painter.line_segment([*from, *to], Stroke::new(2.0, colors.selected));
    }
    for end in &ends {
        painter.circle(*end, 4.0, colors.selected, Stroke::new(1.5, colors.panel));
    }
    // A point that is snapped to is marked before it is clicked.
    let snapped = measuring.hovered.filter(|p| matches!(p.element, Element::Vertex | Element::ScanPoint));
    if let Some(at) = snapped.and_then(|picked| on_screen(picked.point)) {
        painter.rect_stroke(
            Rect::from_center_size(at, vec2(11.0, 11.0)),
            1.0,
            Stroke::new(2.0, colors.selected),
            egui::StrokeKind::Middle,
        );
    }
    let Some(text) = text(window) else { return };
    // The result stands at the line; while something is still to be clicked the words stay out of the way.
    let (area, at, align) = match ends.as_slice() {
        [from, to] => (area, from.lerp(*to, 0.5) + vec2(0.0, -14.0), Align2::CENTER_BOTTOM),
        _ => (cube::beside(area), area.min + overlay::FACTS, Align2::LEFT_TOP),
    };
    overlay::label(&painter, area, at, align, &text, FontId::proportional(12.0), colors);
}

/// What the tool reads off, if it is on.
pub(in crate::window) fn text(window: &Window) -> Option<String> {
    let item = window.document.active()?;
    let text = window.state.measuring?.text(item.program.part.as_deref(), unit_suffix(item.unit()));
    // Large scans take some seconds.
    let pending = if window.views.prepares_picking() { " (preparing the scan for it…)" } else { "" };
    Some(text + pending)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_6, TAU};

    use super::*;

    fn scanned(x: f64) -> Picked {
        Picked { point: DVec3::new(x, 0.0, 0.0), element: Element::ScanPoint }
    }

    #[test]
    fn a_third_click_begins_anew() {
        let two = Measuring::default().with(scanned(0.0)).with(scanned(1.0));
        assert_eq!(two.picked().count(), 2);
        assert_eq!(two.with(scanned(2.0)).picked().collect::<Vec<_>>(), [scanned(2.0)]);
    }

    #[test]
    fn numbers_carry_their_unit_and_their_trust() {
        assert_eq!(words(Measured::AngleRad(FRAC_PI_6), " mm"), "angle 30°");
        assert_eq!(words(Measured::Distance(9.999_999_999), ""), "distance 10");
        let two = Measuring::default().with(scanned(5.0)).with(scanned(1.0));
        let expected = "Scan point to Scan point: distance 4 mm, dx -4, dy 0, dz 0 mm (measured on the scan's points)";
        assert_eq!(two.text(None, " mm"), expected);
        let vertex = Picked { element: Element::Vertex, ..scanned(2.0) };
        let text = |one, other| Measuring::default().with(one).with(other).text(None, " mm");
        assert!(text(vertex, vertex).ends_with("(exact)"));
        assert!(text(vertex, scanned(0.0)).ends_with("(measured on the scan's points)"));
    }

    #[test]
    fn edges_are_told_in_words() {
        let line = EdgeGeometry::Line { from: DVec3::ZERO, to: DVec3::new(0.0, 40.0, 0.0) };
        assert_eq!(edge_words(&line, " mm"), "Straight edge, length 40 mm");
        let arc = |sweep_rad| EdgeGeometry::Circle { center: DVec3::ZERO, radius: 5.0, sweep_rad };
        assert_eq!(edge_words(&arc(TAU), ""), "Circle, radius 5, diameter 10, length 31.4159");
        assert_eq!(edge_words(&arc(FRAC_PI_2), " mm"), "Arc, radius 5 mm, diameter 10 mm, 90°, length 7.85398 mm");
        assert_eq!(edge_words(&EdgeGeometry::Curve { drawn_length: 2.0 }, ""), "Curve, length about 2");
    }
}
