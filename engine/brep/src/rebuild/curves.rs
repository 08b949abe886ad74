//! The curve two surfaces share between two points: candidates are proposed from the surfaces and accepted only when
//! they lie on both; what is none of line, circle and ellipse is a spline through points of both surfaces.

use std::f64::consts::{PI, TAU};

use glam::DVec3;

use super::snap::snap;
use crate::canonical::natural_normal;
use crate::{Curve, Frame, Surface};

/// What is known of an edge before its curve is.
pub(crate) struct Span<'a> {
    /// The surfaces on its two sides.
    pub(crate) surfaces: [Surface; 2],
    /// Its points on the facets from first to last, the ends already snapped; first and last are equal if closed.
    pub(crate) points: &'a [DVec3],
    /// Points closer than this to a surface lie on it.
    pub(crate) tolerance: f64,
    /// Largest distance of a spline from the true curve.
    pub(crate) chord_tolerance: f64,
}

impl Span<'_> {
    /// The curve, and the largest distance of its checked points from the two surfaces.
    pub(crate) fn curve(&self) -> Curve {
        if !self.closed() && self.on_both((1..8).map(|i| self.first().lerp(self.last(), f64::from(i) / 8.0))) {
            return Curve::Line;
        }
        let circle = self.circle_axes().into_iter().find_map(|(center, axis)| self.circle(center, axis));
        circle.or_else(|| self.ellipse()).unwrap_or_else(|| self.spline())
    }

    fn first(&self) -> DVec3 {
        self.points[0]
    }

    fn last(&self) -> DVec3 {
        self.points[self.points.len() - 1]
    }

    fn closed(&self) -> bool {
        self.first() == self.last()
    }

    fn on_both(&self, mut points: impl Iterator<Item = DVec3>) -> bool {
        points.all(|p| self.surfaces.iter().all(|s| s.signed_distance(p).abs() <= self.tolerance))
    }

    /// A point of both surfaces about half way.
    fn middle(&self) -> DVec3 {
        let count = self.points.len();
        let near = if count > 2 { self.points[count / 2] } else { self.first().midpoint(self.last()) };
        snap(near, &self.surfaces).0
    }

    /// Whether a plane through the first point holds the span; two planes may hold its ends.
    fn in_plane(&self, normal: DVec3) -> bool {
        let off = |p: DVec3| (p - self.first()).dot(normal).abs();
        let middle = self.middle();
        off(self.last()) <= 10.0 * self.tolerance
            && off(middle) <= 10.0 * self.tolerance + 1e-3 * middle.distance(self.first())
    }

    /// Points and directions of the axes a common circle could turn about.
    fn circle_axes(&self) -> Vec<(DVec3, DVec3)> {
        let [s, t] = &self.surfaces;
        let mut axes = Vec::new();
        for (surface, other) in [(s, t), (t, s)] {
            match *surface {
                Surface::Cylinder { frame, .. } | Surface::Cone { frame, .. } => axes.push((frame.origin, frame.z)),
                Surface::Torus { frame, major_radius, .. } => {
                    axes.push((frame.origin, frame.z));
                    let d = self.first() - frame.origin;
                    let outward = (d - frame.z * d.dot(frame.z)).normalize_or_zero();
                    axes.push((frame.origin + outward * major_radius, frame.z.cross(outward)));
                }
                Surface::Sphere { frame, .. } => {
                    let direction = match *other {
                        Surface::Plane { frame: plane } => plane.z,
                        Surface::Sphere { frame: ball, .. } => (ball.origin - frame.origin).normalize_or_zero(),
                        _ => DVec3::ZERO,
                    };
                    axes.push((frame.origin, direction));
                }
                Surface::Plane { .. } => {}
            }
        }
        axes.retain(|(_, axis)| *axis != DVec3::ZERO);
        axes
    }

    /// The circle through the first point about an axis, if both surfaces hold it.
    fn circle(&self, center: DVec3, axis: DVec3) -> Option<Curve> {
        let center = center + axis * (self.first() - center).dot(axis);
        let radius = self.first().distance(center);
        if radius <= self.tolerance || !self.in_plane(axis) {
            return None;
        }
        let z = self.turning(center, axis)?;
        let x = (self.first() - center) / radius;
        let frame = Frame { origin: center, x, y: z.cross(x), z };
        let end = self.angle_of(&frame, self.last(), 1.0, 1.0);
        let at = |t: f64| frame.world_from_local(DVec3::new(radius * t.cos(), radius * t.sin(), 0.0));
        let held = self.on_both((1..8).map(|i| at(end * f64::from(i) / 8.0)));
        held.then_some(Curve::Circle { frame, radius })
    }

    /// The direction of the axis about which the points turn counter-clockwise.
    fn turning(&self, center: DVec3, axis: DVec3) -> Option<DVec3> {
        let turned: f64 = self
            .points
            .windows(2)
            .map(|w| {
                let (a, b) = (w[0] - center, w[1] - center);
                axis.dot(a.cross(b)).atan2(a.dot(b) - a.dot(axis) * b.dot(axis))
            })
            .sum();
        if turned == 0.0 {
            return None;
        }
        Some(if turned > 0.0 { axis } else { -axis })
    }

    /// Parameter of a point of a circle or ellipse, in (0, 2 pi]; a full turn for the end of a closed span.
    fn angle_of(&self, frame: &Frame, p: DVec3, a: f64, b: f64) -> f64 {
        if self.closed() {
            return TAU;
        }
        let q = frame.local_from_world(p);
        let angle = (q.y / b).atan2(q.x / a).rem_euclid(TAU);
        if angle == 0.0 { TAU } else { angle }
    }

    /// An oblique section of a cylinder: by the plane, or by a plane in which two equal cylinders cross.
    fn ellipse(&self) -> Option<Curve> {
        match self.surfaces {
            [Surface::Plane { frame: plane }, Surface::Cylinder { frame, radius }]
            | [Surface::Cylinder { frame, radius }, Surface::Plane { frame: plane }] => {
                self.section(&frame, radius, plane.origin, plane.z)
            }
            [Surface::Cylinder { frame: f, radius }, Surface::Cylinder { frame: g, .. }] => {
                let second = if f.z.dot(g.z) < 0.0 { -g.z } else { g.z };
                [f.z + second, f.z - second].into_iter().find_map(|normal| {
                    let normal = normal.try_normalize()?;
                    self.section(&f, radius, self.first(), normal)
                })
            }
            _ => None,
        }
    }

    fn section(&self, cylinder: &Frame, radius: f64, point: DVec3, normal: DVec3) -> Option<Curve> {
        let slope = normal.dot(cylinder.z);
        if !self.in_plane(normal) || slope.abs() < 1e-6 || slope.abs() > 1.0 - 1e-12 {
            return None;
        }
        let center = cylinder.origin + cylinder.z * ((point - cylinder.origin).dot(normal) / slope);
        let z = self.turning(center, normal)?;
        let x = (cylinder.z - normal * slope).normalize();
        let frame = Frame { origin: center, x, y: z.cross(x), z };
        let (major_radius, minor_radius) = (radius / slope.abs(), radius);
        let from = {
            let q = frame.local_from_world(self.first());
            (q.y / minor_radius).atan2(q.x / major_radius)
        };
        let to = from + (self.angle_of(&frame, self.last(), major_radius, minor_radius) - from).rem_euclid(TAU);
        let to = if self.closed() || to <= from { from + TAU } else { to };
        let at = |t: f64| frame.world_from_local(DVec3::new(major_radius * t.cos(), minor_radius * t.sin(), 0.0));
        let held = self.on_both((0..=8).map(|i| at(from + (to - from) * f64::from(i) / 8.0)));
        held.then_some(Curve::Ellipse { frame, major_radius, minor_radius })
    }

    /// A cubic Hermite spline through points of both surfaces, with their common tangents, as fine as it must be.
    fn spline(&self) -> Curve {
        let mut seeds: Vec<DVec3> = Vec::with_capacity(self.points.len());
        for (i, p) in self.points.iter().enumerate() {
            let end = i == 0 || i + 1 == self.points.len();
            let q = if end { *p } else { snap(*p, &self.surfaces).0 };
            // Facet corners nearer than the spline needs only bend it.
            let near = seeds.last().is_some_and(|s| s.distance(q) <= 10.0 * self.chord_tolerance);
            if near && end {
                seeds.pop();
            }
            if !near || end {
                seeds.push(q);
            }
        }
        if seeds.len() == 1 {
            seeds.insert(0, self.first());
        }
        drop_steps_back(&mut seeds);
        let tangents: Vec<DVec3> = (0..seeds.len()).map(|i| self.tangent(&seeds, i)).collect();
        let mut points = vec![seeds[0]];
        let mut knots = vec![0.0];
        for i in 1..seeds.len() {
            self.piece([seeds[i - 1], seeds[i]], [tangents[i - 1], tangents[i]], 0, &mut points, &mut knots);
        }
        Curve::Spline { points, knots }
    }

    /// Unit tangent at a point of the spline, in the direction of travel.
    fn tangent(&self, seeds: &[DVec3], i: usize) -> DVec3 {
        let last = seeds.len() - 1;
        let (before, after) = match i {
            0 if self.closed() => (seeds[last - 1], seeds[1]),
            i if i == last && self.closed() => (seeds[last - 1], seeds[1]),
            _ => (seeds[i.saturating_sub(1)], seeds[(i + 1).min(last)]),
        };
        self.tangent_at(seeds[i], after - before)
    }

    fn tangent_at(&self, p: DVec3, travel: DVec3) -> DVec3 {
        let [s, t] = &self.surfaces;
        let cross = natural_normal(s, p).cross(natural_normal(t, p));
        let travel = travel.normalize_or_zero();
        match cross.try_normalize() {
            Some(tangent) if cross.length() > 1e-3 => {
                if tangent.dot(travel) < 0.0 {
                    -tangent
                } else {
                    tangent
                }
            }
            _ => travel,
        }
    }

    fn piece(&self, [a, b]: [DVec3; 2], [u, v]: [DVec3; 2], depth: u32, points: &mut Vec<DVec3>, knots: &mut Vec<f64>) {
        let chord = a.distance(b);
        // Arc length of the piece from chord and turning, so that the parameter runs evenly.
        let turn = u.angle_between(v).min(PI / 2.0);
        let length = if turn > 1e-6 { chord * (turn / 2.0) / (turn / 2.0).sin() } else { chord };
        let handle =
            if turn > 1e-6 { 4.0 / 3.0 * (turn / 4.0).tan() * chord / (2.0 * (turn / 2.0).sin()) } else { chord / 3.0 };
        let (c, d) = (a + u * handle, b - v * handle);
        let middle = (a + (c + d) * 3.0 + b) / 8.0;
        let (on_curve, residual) = snap(middle, &self.surfaces);
        let off = on_curve.distance(middle);
        if off > self.chord_tolerance && depth < 8 && residual <= self.tolerance && off < chord {
            let w = self.tangent_at(on_curve, b - a);
            self.piece([a, on_curve], [u, w], depth + 1, points, knots);
            self.piece([on_curve, b], [w, v], depth + 1, points, knots);
            return;
        }
        points.extend([c, d, b]);
        knots.push(knots[knots.len() - 1] + length.max(1e-9));
    }
}

/// Leaves out points from which a polyline turns back a short way: a corner moved onto its surfaces may overtake the
/// facets' points beside it.
fn drop_steps_back(points: &mut Vec<DVec3>) {
    let mut i = 1;
    while i + 1 < points.len() {
        let (before, after) = (points[i] - points[i - 1], points[i + 1] - points[i]);
        if before.dot(after) >= 0.0 {
            i += 1;
            continue;
        }
        // The end of the shorter leg goes, unless it is an end of the edge.
        let goes = if after.length() < before.length() && i + 2 < points.len() { i + 1 } else { i };
        points.remove(goes);
        i = i.saturating_sub(1).max(1);
    }
}
