//! Measuring: between two points or faces, from the analytic surfaces of the faces, not from their triangles.

use egui::{Align2, FontId, Key, Rect, Stroke, Ui, vec2};
use glam::DVec3;
use partwright_brep::Surface;

use crate::document::Part;
use crate::number::number;
use crate::window::app::Window;
use crate::window::command::{Action, Command};
use crate::window::state::unit_suffix;
use crate::window::theme;

/// Directions that differ by less than this sine are parallel: half a minute of arc, below what machines make.
const PARALLEL_SIN: f64 = 1.5e-4;

/// A point that was clicked, and the face of the part it lies on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picked {
    /// In the scan's coordinates.
    pub point: DVec3,
    /// Of the part; none on the scan.
    pub face: Option<u32>,
}

/// The tool while it is on: what was clicked so far, two at most.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measuring {
    picked: [Option<Picked>; 2],
}

impl Measuring {
    /// With one more click; a third begins anew.
    #[must_use]
    pub fn with(self, picked: Picked) -> Self {
        match self.picked {
            [Some(first), None] => Self { picked: [Some(first), Some(picked)] },
            _ => Self { picked: [Some(picked), None] },
        }
    }

    /// What was clicked.
    pub fn picked(&self) -> impl Iterator<Item = Picked> {
        self.picked.into_iter().flatten()
    }

    /// What is to be read off now, in `unit`.
    pub(in crate::window) fn text(&self, part: Option<&Part>, unit: &str) -> String {
        let picked: Vec<Picked> = self.picked().collect();
        let surface = |picked: &Picked| part?.faces.get(picked.face? as usize).map(|face| face.surface);
        let found = match picked.as_slice() {
            [] => return "Click a point or a face; Esc ends measuring".to_owned(),
            [one] => surface(one).map(|surface| facts(&surface)).unwrap_or_default(),
            [one, other, ..] => measure(one.point, surface(one).as_ref(), other.point, surface(other).as_ref()),
        };
        let mut words: Vec<String> = found.iter().map(|measured| measured.text(unit)).collect();
        if picked.len() == 1 {
            words.push("click a second point or face".to_owned());
        }
        words.join(", ")
    }
}

/// One measured number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// Between the two points that were clicked.
    Points(f64),
    /// Between two faces that are parallel, or a face and an axis, or two axes.
    Distance(f64),
    /// Between two faces or axes, in radians.
    AngleRad(f64),
    /// Of a cylinder, a sphere or the tube of a torus.
    Radius(f64),
    /// Between axis and wall of a cone, in radians.
    HalfAngleRad(f64),
    /// Of a torus, from its middle to that of its tube.
    MajorRadius(f64),
}

impl Measured {
    fn text(self, unit: &str) -> String {
        let length = |value: f64| format!("{}{unit}", rounded(value));
        let angle = |value: f64| format!("{}°", rounded(value.to_degrees()));
        match self {
            Self::Points(value) => format!("points {} apart", length(value)),
            Self::Distance(value) => format!("distance {}", length(value)),
            Self::AngleRad(value) => format!("angle {}", angle(value)),
            Self::Radius(value) => format!("radius {}, diameter {}", length(value), length(2.0 * value)),
            Self::HalfAngleRad(value) => format!("half angle {}", angle(value)),
            Self::MajorRadius(value) => format!("ring radius {}", length(value)),
        }
    }
}

/// Exact values come with noise in the last digits of f64.
fn rounded(value: f64) -> String {
    number(value).parse::<f64>().map_or_else(|_| number(value), |value| number((value * 1e6).round() / 1e6))
}

/// The numbers of one surface.
fn facts(surface: &Surface) -> Vec<Measured> {
    match *surface {
        Surface::Plane { .. } => Vec::new(),
        Surface::Cylinder { radius, .. } | Surface::Sphere { radius, .. } => vec![Measured::Radius(radius)],
        Surface::Cone { half_angle_rad, .. } => vec![Measured::HalfAngleRad(half_angle_rad)],
        Surface::Torus { major_radius, minor_radius, .. } => {
            vec![Measured::MajorRadius(major_radius), Measured::Radius(minor_radius)]
        }
    }
}

/// What lies between two points on two surfaces: their distance always, and where the surfaces have planes or axes, the
/// distance of these when they are parallel and their angle (at most a right one) when not.
pub fn measure(from: DVec3, on: Option<&Surface>, to: DVec3, other_on: Option<&Surface>) -> Vec<Measured> {
    let mut found = Vec::new();
    if let (Some(one), Some(other)) = (on, other_on) {
        found.push(between(one, other));
    }
    found.push(Measured::Points(from.distance(to)));
    found
}

fn between(one: &Surface, other: &Surface) -> Measured {
    let (a, b) = (one.frame(), other.frame());
    let apart = b.origin - a.origin;
    let sphere = |surface: &Surface| matches!(surface, Surface::Sphere { .. });
    let plane = |surface: &Surface| matches!(surface, Surface::Plane { .. });
    match (one, other) {
        (Surface::Plane { .. }, other) if sphere(other) => return Measured::Distance(apart.dot(a.z).abs()),
        (one, Surface::Plane { .. }) if sphere(one) => return Measured::Distance(apart.dot(b.z).abs()),
        (one, other) if sphere(one) && sphere(other) => return Measured::Distance(apart.length()),
        (one, _) if sphere(one) => return Measured::Distance(apart.cross(b.z).length()),
        (_, other) if sphere(other) => return Measured::Distance(apart.cross(a.z).length()),
        _ => {}
    }
    let sin = a.z.cross(b.z).length();
    let cos = a.z.dot(b.z).abs();
    match (plane(one), plane(other)) {
        (true, true) if sin < PARALLEL_SIN => Measured::Distance(apart.dot(a.z).abs()),
        (false, false) if sin < PARALLEL_SIN => Measured::Distance(apart.cross(a.z).length()),
        (true, true) | (false, false) => Measured::AngleRad(sin.atan2(cos)),
        // A plane and an axis: parallel when the axis is perpendicular to the normal.
        (true, false) if cos < PARALLEL_SIN => Measured::Distance(apart.dot(a.z).abs()),
        (false, true) if cos < PARALLEL_SIN => Measured::Distance(apart.dot(b.z).abs()),
        _ => Measured::AngleRad(cos.atan2(sin)),
    }
}

/// What is known of a face: `Cylinder, radius 5 mm, diameter 10 mm, area 157.08 mm²`.
pub(super) fn face_facts(part: &Part, face: u32, unit: &str) -> Option<String> {
    let face = part.faces.get(face as usize)?;
    let kind = match face.surface {
        Surface::Plane { .. } => "Plane",
        Surface::Cylinder { .. } => "Cylinder",
        Surface::Cone { .. } => "Cone",
        Surface::Sphere { .. } => "Sphere",
        Surface::Torus { .. } => "Torus",
    };
    let mut words = vec![kind.to_owned()];
    words.extend(facts(&face.surface).into_iter().map(|measured| measured.text(unit)));
    let square = if unit.is_empty() { "" } else { "²" };
    words.push(format!("area {}{unit}{square}", rounded(face.area)));
    Some(words.join(", "))
}

/// The points, the line between them and the numbers, in one view; Esc ends the tool.
pub(super) fn show(window: &mut Window, ui: &Ui, area: Rect) {
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
    let on_screen = |picked: Picked| {
        let at = window.state.camera.project((picked.point - window.state.scene_origin).as_vec3())?;
        Some(area.center() + vec2(at.x, at.y) * area.height())
    };
    let ends: Vec<egui::Pos2> = measuring.picked().filter_map(on_screen).collect();
    if let [from, to] = ends.as_slice() {
        painter.line_segment([*from, *to], Stroke::new(2.0, colors.selected));
    }
    for end in &ends {
        painter.circle(*end, 4.0, colors.selected, Stroke::new(1.5, colors.panel));
    }
    let Some(text) = text(window) else { return };
    let at = match ends.as_slice() {
        [from, to] => from.lerp(*to, 0.5) + vec2(0.0, -14.0),
        [one] => *one + vec2(0.0, -16.0),
        _ => area.center_bottom() + vec2(0.0, -24.0),
    };
    super::overlay::label(&painter, area, at, Align2::CENTER_BOTTOM, &text, FontId::proportional(12.0), colors);
}

/// What the tool reads off, if it is on.
pub(in crate::window) fn text(window: &Window) -> Option<String> {
    let item = window.document.active()?;
    Some(window.state.measuring?.text(item.program.part.as_deref(), unit_suffix(item.unit())))
}

#[cfg(test)]
mod tests {
    use partwright_brep::Frame;

    use super::*;

    fn frame(origin: [f64; 3], z: [f64; 3]) -> Frame {
        let z = DVec3::from(z);
        Frame::from_normal(origin.into(), z, z.any_orthogonal_vector()).expect("a direction")
    }

    fn plane(origin: [f64; 3], normal: [f64; 3]) -> Surface {
        Surface::Plane { frame: frame(origin, normal) }
    }

    fn cylinder(origin: [f64; 3], axis: [f64; 3]) -> Surface {
        Surface::Cylinder { frame: frame(origin, axis), radius: 2.5 }
    }

    fn check(one: &Surface, other: &Surface, expected: Measured) {
        for (a, b) in [(one, other), (other, one)] {
            let found = measure(DVec3::ZERO, Some(a), DVec3::new(3.0, 4.0, 0.0), Some(b));
            assert_eq!(found.last(), Some(&Measured::Points(5.0)));
            let agree = match (found[0], expected) {
                (Measured::Distance(a), Measured::Distance(b)) | (Measured::AngleRad(a), Measured::AngleRad(b)) => {
                    (a - b).abs() < 1e-9
                }
                _ => false,
            };
            assert!(agree, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn faces_are_measured_by_their_surfaces() {
        let floor = plane([0.0, 0.0, 1.0], [0.0, 0.0, -1.0]);
        check(&floor, &plane([7.0, 8.0, 11.0], [0.0, 0.0, 1.0]), Measured::Distance(10.0));
        check(&floor, &plane([7.0, 8.0, 11.0], [0.0, 1.0, 1.0]), Measured::AngleRad(std::f64::consts::FRAC_PI_4));
        check(&floor, &plane([0.0; 3], [1.0, 0.0, 0.0]), Measured::AngleRad(std::f64::consts::FRAC_PI_2));
        check(&floor, &cylinder([0.0, 0.0, 6.0], [1.0, 1.0, 0.0]), Measured::Distance(5.0));
        check(&floor, &cylinder([0.0, 0.0, 6.0], [0.0, 0.0, 1.0]), Measured::AngleRad(std::f64::consts::FRAC_PI_2));
        let axis = cylinder([0.0; 3], [0.0, 0.0, 1.0]);
        check(&axis, &cylinder([3.0, 4.0, 9.0], [0.0, 0.0, -1.0]), Measured::Distance(5.0));
        check(&axis, &cylinder([3.0, 4.0, 9.0], [1.0, 0.0, 0.0]), Measured::AngleRad(std::f64::consts::FRAC_PI_2));
        let ball = Surface::Sphere { frame: frame([3.0, 4.0, 5.0], [0.0, 0.0, 1.0]), radius: 1.0 };
        check(&ball, &axis, Measured::Distance(5.0));
        check(&ball, &floor, Measured::Distance(4.0));
    }

    #[test]
    fn a_third_click_begins_anew() {
        let at = |x: f64| Picked { point: DVec3::splat(x), face: None };
        let two = Measuring::default().with(at(0.0)).with(at(1.0));
        assert_eq!(two.picked().count(), 2);
        assert_eq!(two.with(at(2.0)).picked().collect::<Vec<_>>(), [at(2.0)]);
    }

    #[test]
    fn numbers_carry_their_unit() {
        assert_eq!(Measured::Radius(2.5).text(" mm"), "radius 2.5 mm, diameter 5 mm");
        assert_eq!(Measured::AngleRad(std::f64::consts::FRAC_PI_6).text(" mm"), "angle 30°");
        assert_eq!(Measured::Distance(9.999_999_999).text(""), "distance 10");
    }
}
