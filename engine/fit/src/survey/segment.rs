//! A face of the scan: the surface it lies on, what belongs to it, and how far it goes.

use std::f64::consts::TAU;

use glam::{DMat3, DVec3};
use partwright_geometry::cloud::Scatter;

use super::fit::{Fit, tangents};
use super::{Covariance, Surface};

/// A part of the scan that lies on one surface. A face in several pieces (a cylinder that a slot cuts) is one segment,
/// except for planes, whose pieces are faces of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// The surface.
    pub surface: Surface,
    /// What is known of its parameters.
    pub covariance: Covariance,
    /// Root mean square of the distances of its points (of a mesh's vertices), a length.
    pub residual: f64,
    /// The area of what was seen of it.
    pub area: f64,
    /// Its triangles where the scan is an exact mesh, else its points, as indices of [`super::Survey::elements`].
    pub members: Vec<u32>,
    /// Whether material is outside: a hole's wall, an inner rounding. `None` for planes and where the side of the material
    /// is not known.
    pub hollow: Option<bool>,
    /// How far it goes.
    pub extent: Extent,
}

/// How far a segment goes on its surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Its middle: of what was seen on a plane; on the axis in half the height; a sphere's or torus' centre.
    pub middle: DVec3,
    /// The direction of the length: the longer side of a plane, the axis of what has one.
    pub along: DVec3,
    /// The length in that direction.
    pub length: f64,
    /// The shorter side of a plane; else the widest chord across.
    pub width: f64,
    /// How far it goes round its axis, in radians; zero for planes, a full turn for spheres.
    pub turn_rad: f64,
}

impl Segment {
    /// From a fit with what lies on it. `sides` says by its sign whether normals look away from the surface's inside, by
    /// its size (up to 1) how surely.
    pub(super) fn new(fit: Fit, points: &[DVec3], members: Vec<u32>, area: f64, sides: f64) -> Self {
        let extent = Extent::of(&fit.surface, points);
        let flat = matches!(fit.surface, Surface::Plane { .. });
        let hollow = (!flat && sides.abs() > SURE_SIDE).then_some(sides < 0.0);
        Self { surface: fit.surface, covariance: fit.covariance, residual: fit.residual, area, members, hollow, extent }
    }

    /// The outer normal at `p`, as far as the side of the material is known.
    pub fn outward(&self, p: DVec3) -> DVec3 {
        let normal = self.surface.normal(p);
        if self.hollow == Some(true) { -normal } else { normal }
    }

    /// Whether it goes all round its axis.
    pub fn is_full_turn(&self) -> bool {
        self.extent.turn_rad > 0.999 * TAU
    }

    /// The segment in other coordinates, turned about the origin.
    pub(super) fn turned(mut self, rotation: DMat3) -> Self {
        // The tangent directions are named anew after the turn; the moments have to follow them.
        let (old, turned) = (tangents(&self.surface).map(|t| rotation * t), self.surface.turned(rotation));
        self.covariance = self.covariance.about(old, tangents(&turned), matches!(turned, Surface::Sphere { .. }));
        self.surface = turned;
        self.extent.middle = rotation * self.extent.middle;
        self.extent.along = rotation * self.extent.along;
        self
    }
}

/// Mean agreement of normals above which the side of the material counts as known.
const SURE_SIDE: f64 = 0.3;
/// A turn is not full where one gap is this much wider than the next, and wider than this angle (9 degrees).
const GAP_RATIO: f64 = 1.8;
const GAP_RAD: f64 = 0.15;

impl Extent {
    fn of(surface: &Surface, points: &[DVec3]) -> Self {
        let nothing = Self { middle: DVec3::ZERO, along: DVec3::Z, length: 0.0, width: 0.0, turn_rad: 0.0 };
        if let Surface::Sphere { center, radius } = *surface {
            return Self { middle: center, length: 2.0 * radius, width: 2.0 * radius, turn_rad: TAU, ..nothing };
        }
        let Some((on_axis, axis)) = surface.axis() else { return Self::of_plane(surface, points) };
        let heights = range(points.iter().map(|p| (*p - on_axis).dot(axis)));
        let u = axis.any_orthonormal_vector();
        let v = axis.cross(u);
        let mut angles: Vec<f64> = points
            .iter()
            .map(|p| *p - on_axis)
            .filter(|d| d.reject_from_normalized(axis) != DVec3::ZERO)
            .map(|d| d.dot(v).atan2(d.dot(u)))
            .collect();
        let turn_rad = turn(&mut angles);
        let radius = points.iter().map(|p| (*p - on_axis).reject_from_normalized(axis).length()).fold(0.0, f64::max);
        let width = if turn_rad < std::f64::consts::PI { 2.0 * radius * (turn_rad / 2.0).sin() } else { 2.0 * radius };
        let middle = match *surface {
            Surface::Torus { center, .. } => center,
            _ => on_axis + axis * f64::midpoint(heights[0], heights[1]),
        };
        Self { middle, along: axis, length: heights[1] - heights[0], width, turn_rad }
    }

    fn of_plane(surface: &Surface, points: &[DVec3]) -> Self {
        let u = Scatter::of(points.iter().copied()).map_or(DVec3::X, |s| s.directions[2]);
        let v = surface.normal(DVec3::ZERO).cross(u).normalize_or(u.any_orthonormal_vector());
        let (on_u, on_v) = (range(points.iter().map(|p| p.dot(u))), range(points.iter().map(|p| p.dot(v))));
        let (length, width) = (on_u[1] - on_u[0], on_v[1] - on_v[0]);
        let middle = u * f64::midpoint(on_u[0], on_u[1]) + v * f64::midpoint(on_v[0], on_v[1]);
        let middle = surface.closest(middle);
        let (along, length, width) = if length >= width { (u, length, width) } else { (v, width, length) };
        Self { middle, along, length, width, turn_rad: 0.0 }
    }
}

fn range(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let [low, high] = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[l, h], v| [l.min(v), h.max(v)]);
    if low <= high { [low, high] } else { [0.0; 2] }
}

/// How far angles go round without the one gap that is wider than all others.
fn turn(angles: &mut Vec<f64>) -> f64 {
    angles.sort_unstable_by(f64::total_cmp);
    angles.dedup_by(|a, b| (*a - *b).abs() < 1e-7);
    let Some(&first) = angles.first() else { return 0.0 };
    angles.push(first + TAU);
    let mut gaps: Vec<f64> = angles.windows(2).map(|w| w[1] - w[0]).collect();
    gaps.sort_unstable_by(|a, b| b.total_cmp(a));
    let next = gaps.get(1).copied().unwrap_or(0.0);
    if gaps[0] > GAP_RAD && gaps[0] > GAP_RATIO * next { TAU - gaps[0] } else { TAU }
}
