//! How a face is laid out in a plane.
//!
//! A chart keeps the sense of rotation of the surface's natural normal. It is injective on the face it was made for, so
//! no seam has to be cut; where it can, it keeps angles, so that a Delaunay triangulation in the plane is a good one on
//! the surface.

use std::f64::consts::TAU;

use glam::{DVec2, DVec3};

use crate::measure::loops::{after_apex, lift};
use crate::{Curve, Frame, Surface};

/// Largest range of the logarithm of the radius in an annulus.
const MAX_LOG_RANGE: f64 = 40.0;

/// A map between a face's part of a surface and a plane.
pub(super) enum Chart {
    /// The plane itself.
    Plane(Frame),
    /// Angles as lengths: cylinders and tori that do not go round. `origin` is the middle of the face, `scale` the
    /// length of each parameter.
    Unrolled { surface: Surface, origin: DVec2, scale: DVec2 },
    /// A cone that does not go round, developed about its apex.
    Developed { surface: Surface, middle_u: f64 },
    /// A surface that goes round: the plane's angle is `sign * parameter[angular]`, the logarithm of its radius
    /// `rate * (parameter[1 - angular] - origin)`. On a cone the radius is a power of the distance to the apex.
    Annulus { surface: Surface, angular: usize, sign: f64, rate: f64, origin: f64 },
    /// The stereographic projection of a sphere from the point opposite to the frame's z.
    Stereographic { frame: Frame, radius: f64 },
}

/// Whether a wire goes round in the first and in the second parameter, with its sense.
fn turns(unrolled: &[DVec2]) -> [i64; 2] {
    let Some((first, last)) = unrolled.first().zip(unrolled.last()) else { return [0, 0] };
    let total = (*last - *first) / TAU;
    [total.x.round() as i64, total.y.round() as i64]
}

/// Parameters of a closed polyline without jumps, the first point repeated at the end.
fn unroll(surface: &Surface, points: &[DVec3]) -> Vec<DVec2> {
    let mut out: Vec<DVec2> = Vec::with_capacity(points.len() + 1);
    let torus = matches!(surface, Surface::Torus { .. });
    for &p in points.iter().chain(points.first()) {
        let raw = surface.parameters(p);
        out.push(match out.last() {
            Some(near) => DVec2::new(lift(raw.x, near.x), if torus { lift(raw.y, near.y) } else { raw.y }),
            None => raw,
        });
    }
    if let Some(apex) = surface.apex() {
        pass_apex(&mut out, points, apex);
    }
    out
}

/// At a cone's apex u means nothing: it is that of the point before, and what follows turns on from there.
fn pass_apex(unrolled: &mut [DVec2], points: &[DVec3], apex: DVec3) {
    let size = points.iter().map(|p| p.distance(apex)).fold(0.0, f64::max);
    let at_apex = |i: usize| points[i % points.len()].distance(apex) <= 1e-7 * size;
    let count = unrolled.len();
    if at_apex(0) && count > 2 {
        unrolled[0].x = unrolled[count - 2].x;
    }
    for i in 1..count {
        let before = unrolled[i - 1].x;
        unrolled[i].x = match (at_apex(i - 1), at_apex(i)) {
            (_, true) => before,
            (true, false) => after_apex(unrolled[i].x, before),
            (false, false) => lift(unrolled[i].x, before),
        };
    }
}

/// A face laid out: the chart and, for every wire, the places of its points.
pub(super) struct Layout {
    pub(super) chart: Chart,
    pub(super) wires: Vec<Vec<DVec2>>,
    /// A point the triangulation must have although no wire has it (a cone's apex), and its place.
    pub(super) extra: Option<(DVec3, DVec2)>,
}

/// Lays out the closed polylines `wires` of a face on `surface`. `circles` are the frames of the circles among its edges.
/// `None` when the surface has no chart for such wires.
pub(super) fn lay_out(surface: &Surface, wires: &[Vec<DVec3>], circles: &[Curve]) -> Option<Layout> {
    match *surface {
        Surface::Plane { frame } => {
            let place = |p: &DVec3| frame.local_from_world(*p).truncate();
            let places = wires.iter().map(|w| w.iter().map(place).collect()).collect();
            Some(Layout { chart: Chart::Plane(frame), wires: places, extra: None })
        }
        Surface::Sphere { frame, radius } => {
            let away = point_off_the_face(&frame, radius, wires, circles)?;
            let side = if away.x.abs() < 0.9 { DVec3::X } else { DVec3::Y };
            let frame = Frame::from_normal(frame.origin, -away, side)?;
            let chart = Chart::Stereographic { frame, radius };
            let place = |p: &DVec3| {
                let q = frame.local_from_world(*p) / radius;
                q.truncate() / (1.0 + q.z)
            };
            let places = wires.iter().map(|w| w.iter().map(place).collect()).collect();
            Some(Layout { chart, wires: places, extra: None })
        }
        Surface::Cylinder { .. } | Surface::Cone { .. } | Surface::Torus { .. } => {
            let mut unrolled: Vec<Vec<DVec2>> = wires.iter().map(|w| unroll(surface, w)).collect();
            let around = unrolled.iter().map(|w| turns(w)).collect::<Vec<_>>();
            let angular = (0..2).find(|&k| around.iter().any(|t| t[k] != 0));
            let layout = match angular {
                Some(angular) => annulus(surface, &mut unrolled, &around, angular)?,
                None => simple(surface, &mut unrolled)?,
            };
            Some(layout)
        }
    }
}

/// A face that does not go round: one wire encloses the others.
fn simple(surface: &Surface, unrolled: &mut [Vec<DVec2>]) -> Option<Layout> {
    let area = |w: &[DVec2]| w.windows(2).map(|s| s[0].perp_dot(s[1])).sum::<f64>();
    let outer = (0..unrolled.len()).max_by(|&a, &b| area(&unrolled[a]).total_cmp(&area(&unrolled[b])))?;
    if area(&unrolled[outer]) <= 0.0 {
        return None;
    }
    let (low, high) = range(&unrolled[outer]);
    let middle = (low + high) * 0.5;
    let torus = matches!(surface, Surface::Torus { .. });
    for wire in unrolled.iter_mut() {
        let (low, high) = range(wire);
        let at = (low + high) * 0.5;
        let shift = DVec2::new(lift(at.x, middle.x) - at.x, if torus { lift(at.y, middle.y) - at.y } else { 0.0 });
        for uv in wire.iter_mut() {
            *uv += shift;
        }
    }
    let chart = match *surface {
        Surface::Cone { .. } => Chart::Developed { surface: *surface, middle_u: middle.x },
        Surface::Torus { major_radius, minor_radius, .. } => {
            let scale = DVec2::new(major_radius + minor_radius * middle.y.cos(), minor_radius);
            Chart::Unrolled { surface: *surface, origin: middle, scale }
        }
        Surface::Cylinder { radius, .. } => {
            Chart::Unrolled { surface: *surface, origin: middle, scale: DVec2::new(radius, 1.0) }
        }
        Surface::Plane { .. } | Surface::Sphere { .. } => return None,
    };
    Some(places(chart, unrolled, None))
}

fn places(chart: Chart, unrolled: &[Vec<DVec2>], extra: Option<(DVec3, DVec2)>) -> Layout {
    let wires =
        unrolled.iter().map(|w| w[..w.len().saturating_sub(1)].iter().map(|&uv| chart.place(uv)).collect()).collect();
    Layout { chart, wires, extra }
}

fn range(points: &[DVec2]) -> (DVec2, DVec2) {
    points.iter().fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(l, h), p| (l.min(*p), h.max(*p)))
}

/// A face that goes round in the parameter `angular`.
fn annulus(surface: &Surface, unrolled: &mut [Vec<DVec2>], around: &[[i64; 2]], angular: usize) -> Option<Layout> {
    let radial = 1 - angular;
    if around.iter().any(|t| t[radial] != 0 || t[angular].abs() > 1) {
        return None;
    }
    if matches!(surface, Surface::Torus { .. }) {
        // Left of a wire towards +u lies larger v; left of a wire towards -v lies larger u.
        let starts = if angular == 0 { 1 } else { -1 };
        let start = around.iter().position(|t| t[angular] == starts)?;
        let (low, high) = range(&unrolled[start]);
        let from = 0.5 * (low + high)[radial];
        for (wire, turns) in unrolled.iter_mut().zip(around) {
            if turns[angular] == starts {
                continue;
            }
            let (low, high) = range(wire);
            let at = 0.5 * (low + high)[radial];
            let mut above = (at - from).rem_euclid(TAU);
            if above < 1e-9 && turns[angular] != 0 {
                above = TAU;
            }
            let shift = from + above - at;
            for uv in wire.iter_mut() {
                uv[radial] += shift;
            }
        }
    }
    let (low, high) = unrolled
        .iter()
        .map(|w| range(w))
        .fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(l, h), r| (l.min(r.0), h.max(r.1)));
    let (low, high) = (low[radial], high[radial]);
    // The rate that keeps angles, unless the range would grow too large.
    let rate_for = |natural: f64| natural.min(MAX_LOG_RANGE / (high - low).max(1e-300));
    let middle = 0.5 * (low + high);
    let (sign, rate, origin) = match *surface {
        Surface::Cylinder { radius, .. } => (1.0, -rate_for(1.0 / radius), middle),
        Surface::Cone { half_angle_rad, .. } => (-1.0, (1.0 / half_angle_rad.sin()).min(8.0), high),
        Surface::Torus { major_radius, minor_radius, .. } if angular == 0 => {
            (1.0, -rate_for(minor_radius / major_radius), middle)
        }
        Surface::Torus { major_radius, minor_radius, .. } => (1.0, rate_for(major_radius / minor_radius), middle),
        Surface::Plane { .. } | Surface::Sphere { .. } => return None,
    };
    let chart = Chart::Annulus { surface: *surface, angular, sign, rate, origin };
    let sum: i64 = around.iter().map(|t| t[angular]).sum();
    let extra = match (surface, sum) {
        (_, 0) => None,
        (Surface::Cone { frame, .. }, -1) => Some((frame.origin + frame.z * surface.singular_v()[0]?, DVec2::ZERO)),
        _ => return None,
    };
    Some(places(chart, unrolled, extra))
}

impl Chart {
    /// The place of the (unrolled) parameters `uv`.
    fn place(&self, uv: DVec2) -> DVec2 {
        match self {
            Self::Plane(_) | Self::Stereographic { .. } => uv,
            Self::Unrolled { origin, scale, .. } => (uv - *origin) * *scale,
            Self::Developed { surface, middle_u } => {
                let (slant, sin) = slant(surface, uv.y);
                // Height turns the way a right-handed angle does not: the angle is counted from y to x.
                let (x, y) = ((uv.x - middle_u) * sin).sin_cos();
                DVec2::new(x, y) * slant
            }
            Self::Annulus { surface, angular, sign, rate, origin } => {
                let radius = if matches!(surface, Surface::Cone { .. }) {
                    (slant(surface, uv.y).0 / slant(surface, *origin).0).max(0.0).powf(*rate)
                } else {
                    (rate * (uv[1 - angular] - origin)).exp()
                };
                DVec2::from_angle(sign * uv[*angular]) * radius
            }
        }
    }

    /// The parameters of a place (not those of a plane or a sphere, which have none here).
    fn parameters(&self, place: DVec2) -> DVec2 {
        match self {
            Self::Plane(_) | Self::Stereographic { .. } => place,
            Self::Unrolled { origin, scale, .. } => place / *scale + *origin,
            Self::Developed { surface, middle_u } => {
                let (_, sin) = slant(surface, 0.0);
                let angle = place.x.atan2(place.y);
                DVec2::new(angle / sin + middle_u, height(surface, place.length()))
            }
            Self::Annulus { surface, angular, sign, rate, origin } => {
                let angle = sign * place.y.atan2(place.x);
                let along = if matches!(surface, Surface::Cone { .. }) {
                    height(surface, slant(surface, *origin).0 * place.length().powf(rate.recip()))
                } else {
                    place.length().ln() / rate + origin
                };
                if *angular == 0 { DVec2::new(angle, along) } else { DVec2::new(along, angle) }
            }
        }
    }

    /// The point of the surface at a place.
    pub(super) fn point(&self, place: DVec2) -> DVec3 {
        match self {
            Self::Plane(frame) => frame.world_from_plane(place),
            Self::Stereographic { frame, radius } => {
                let d = place.length_squared();
                let local = DVec3::new(2.0 * place.x, 2.0 * place.y, 1.0 - d) / (1.0 + d);
                frame.world_from_local(local * *radius)
            }
            Self::Unrolled { surface, .. } | Self::Developed { surface, .. } | Self::Annulus { surface, .. } => {
                surface.point(self.parameters(place))
            }
        }
    }

    /// A place between two others: the middle on the surface where that is easily told.
    pub(super) fn middle(&self, a: DVec2, b: DVec2) -> DVec2 {
        match self {
            Self::Annulus { angular, .. } if a != DVec2::ZERO && b != DVec2::ZERO => {
                let p = self.parameters(a);
                let mut q = self.parameters(b);
                q[*angular] = lift(q[*angular], p[*angular]);
                self.place((p + q) * 0.5)
            }
            Self::Stereographic { frame, radius } => {
                let sum = (self.point(a) - frame.origin + self.point(b) - frame.origin) / *radius;
                match sum.try_normalize() {
                    Some(d) if d.dot(frame.z) > -0.999 => {
                        let q = DVec2::new(d.dot(frame.x), d.dot(frame.y));
                        q / (1.0 + d.dot(frame.z))
                    }
                    _ => (a + b) * 0.5,
                }
            }
            _ => (a + b) * 0.5,
        }
    }
}

/// The distance from a cone's apex at height `v`, and the sine of its half angle.
fn slant(surface: &Surface, v: f64) -> (f64, f64) {
    match *surface {
        Surface::Cone { radius, half_angle_rad, .. } => {
            let (sin, cos) = half_angle_rad.sin_cos();
            // Both terms grow towards the wide end; the apex is where they cancel.
            ((radius / sin + v / cos).max(0.0), sin)
        }
        _ => (v, 1.0),
    }
}

/// The height of a cone's point at distance `slant` from the apex.
fn height(surface: &Surface, slant: f64) -> f64 {
    match *surface {
        Surface::Cone { radius, half_angle_rad, .. } => {
            let (sin, cos) = half_angle_rad.sin_cos();
            (slant - radius / sin) * cos
        }
        _ => slant,
    }
}

/// A direction from the sphere's centre to a point well off the face bounded by `wires`.
fn point_off_the_face(frame: &Frame, radius: f64, wires: &[Vec<DVec3>], circles: &[Curve]) -> Option<DVec3> {
    let wires: Vec<Vec<DVec3>> =
        wires.iter().map(|w| w.iter().chain(w.first()).map(|p| (*p - frame.origin) / radius).collect()).collect();
    let mut candidates: Vec<DVec3> = Vec::new();
    for circle in circles {
        if let Curve::Circle { frame, .. } = circle {
            candidates.extend([frame.z, -frame.z]);
        }
    }
    for wire in &wires {
        let middle = wire.iter().sum::<DVec3>();
        candidates.extend(middle.try_normalize().into_iter().flat_map(|m| [m, -m]));
    }
    // Beside the wires on the side away from the face, which may leave out no more than a narrow part.
    for wire in &wires {
        let size = wire.iter().map(|p| p.distance(wire[0])).fold(0.0, f64::max);
        let step = wire.len().div_ceil(24).max(1);
        for w in wire.windows(2).step_by(step) {
            let middle = w[0].midpoint(w[1]);
            let Some(right) = (w[1] - w[0]).cross(middle).try_normalize() else { continue };
            let beside = [0.3, 0.1, 0.03, 0.01].map(|part| (middle + right * (part * size)).normalize_or_zero());
            candidates.extend(beside);
        }
    }
    for i in 0..40 {
        // A spiral spreads points evenly over the sphere.
        let z = 1.0 - (2.0 * f64::from(i) + 1.0) / 40.0;
        let turn = 2.399_963_229_728_653 * f64::from(i);
        candidates.push(DVec3::new(turn.cos(), turn.sin(), 0.0) * (1.0 - z * z).sqrt() + DVec3::Z * z);
    }
    let clearance = |c: DVec3| wires.iter().flatten().map(|p| p.distance_squared(c)).fold(f64::INFINITY, f64::min);
    let off =
        |c: &DVec3| !crate::contains::left_of_nearest(wires.iter().map(|w| (w.as_slice(), DVec3::ZERO)), *c, |q| q);
    candidates.into_iter().filter(off).max_by(|a, b| clearance(*a).total_cmp(&clearance(*b)))
}
