//! A face of the scan: the surface it lies on, what belongs to it, and how far it goes.

use std::f64::consts::TAU;

use glam::{DMat3, DVec2, DVec3};

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
    /// From a fit with what lies on it.
    pub(super) fn new(fit: Fit, points: &[DVec3], members: Vec<u32>, area: f64, sides: Sides) -> Self {
        let extent = Extent::of(&fit.surface, points, sides.least_gap_rad);
        let sides = sides.outward;
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

/// What is known of a segment's points beyond their places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sides {
    /// By its sign whether normals look away from the surface's inside, by its size (up to 1) how surely.
    pub(super) outward: f64,
    /// The least angle without points that is a gap in a turn, in radians.
    pub(super) least_gap_rad: f64,
}

/// Mean agreement of normals above which the side of the material counts as known.
const SURE_SIDE: f64 = 0.3;
/// A turn is not full where one gap is this much wider than the next.
const GAP_RATIO: f64 = 1.8;

impl Extent {
    fn of(surface: &Surface, points: &[DVec3], least_gap_rad: f64) -> Self {
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
        let turn_rad = turn(&mut angles, least_gap_rad);
        let radius = points.iter().map(|p| (*p - on_axis).reject_from_normalized(axis).length()).fold(0.0, f64::max);
        let width = if turn_rad < std::f64::consts::PI { 2.0 * radius * (turn_rad / 2.0).sin() } else { 2.0 * radius };
        let middle = match *surface {
            Surface::Torus { center, .. } => center,
            _ => on_axis + axis * f64::midpoint(heights[0], heights[1]),
        };
        Self { middle, along: axis, length: heights[1] - heights[0], width, turn_rad }
    }

    fn of_plane(surface: &Surface, points: &[DVec3]) -> Self {
        let [u, v] = tangents(surface);
        let flat: Vec<DVec2> = points.iter().map(|p| DVec2::new(p.dot(u), p.dot(v))).collect();
        let hull = hull(flat);
        let mut best = Self { middle: DVec3::ZERO, along: u, length: 0.0, width: 0.0, turn_rad: 0.0 };
        let mut least = f64::INFINITY;
        // The smallest rectangle about points has a side along one of their hull's (Freeman and Shapira 1975).
        for (a, b) in hull.iter().zip(hull.iter().cycle().skip(1)) {
            let x = (*b - *a).normalize_or(DVec2::X);
            let y = x.perp();
            let (on_x, on_y) = (range(hull.iter().map(|p| p.dot(x))), range(hull.iter().map(|p| p.dot(y))));
            let sides = [on_x[1] - on_x[0], on_y[1] - on_y[0]];
            if sides[0] * sides[1] < least - 1e-9 * least.min(f64::MAX) {
                least = sides[0] * sides[1];
                let middle = x * f64::midpoint(on_x[0], on_x[1]) + y * f64::midpoint(on_y[0], on_y[1]);
                let (along, length, width) =
                    if sides[0] >= sides[1] { (x, sides[0], sides[1]) } else { (y, sides[1], sides[0]) };
                let middle = surface.closest(u * middle.x + v * middle.y);
                best = Self { middle, along: u * along.x + v * along.y, length, width, turn_rad: 0.0 };
            }
        }
        best
    }
}

/// The convex hull of points, anticlockwise (A. M. Andrew's monotone chain, 1979).
fn hull(mut points: Vec<DVec2>) -> Vec<DVec2> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    let mut hull: Vec<DVec2> = Vec::new();
    let back = points.iter().rev().skip(1);
    let mut turned = 0;
    for (k, p) in points.iter().chain(back).enumerate() {
        if k == points.len() {
            // The way back must not undo the way there.
            turned = hull.len() - 1;
        }
        while hull.len() >= turned + 2
            && (hull[hull.len() - 1] - hull[hull.len() - 2]).perp_dot(*p - hull[hull.len() - 2]) <= 0.0
        {
            hull.pop();
        }
        hull.push(*p);
    }
    hull.pop();
    hull
}

fn range(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let [low, high] = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[l, h], v| [l.min(v), h.max(v)]);
    if low <= high { [low, high] } else { [0.0; 2] }
}

/// How far angles go round without the one gap that is wider than all others.
fn turn(angles: &mut Vec<f64>, least_gap_rad: f64) -> f64 {
    angles.sort_unstable_by(f64::total_cmp);
    angles.dedup_by(|a, b| (*a - *b).abs() < 1e-7);
    let Some(&first) = angles.first() else { return 0.0 };
    angles.push(first + TAU);
    let mut gaps: Vec<f64> = angles.windows(2).map(|w| w[1] - w[0]).collect();
    gaps.sort_unstable_by(|a, b| b.total_cmp(a));
    let next = gaps.get(1).copied().unwrap_or(0.0);
    if gaps[0] > least_gap_rad && gaps[0] > GAP_RATIO * next { TAU - gaps[0] } else { TAU }
}
