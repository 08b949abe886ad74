//! Whether a point of a face's surface lies on the face.
//!
//! The straight way from the point to the nearest point of the boundary crosses no boundary, so the side of the boundary
//! it arrives on is the side the point is on. On angles "straight" is meant in the plane of unrolled parameters, on a
//! sphere along a great circle; neither seams nor rays through vertices need care.

use std::f64::consts::TAU;

use glam::DVec3;

use crate::Surface;
use crate::measure::loops::{self, Coedge};
use crate::topology::Face;

/// Samples of an edge per quarter turn or spline piece: a point off the boundary by less than 1e-4 of a radius may be
/// taken for one on the other side.
const PARTS: usize = 48;

/// Whether `p`, a point of the surface of `face`, lies on the face. Points nearer to an edge than about 1e-4 of its
/// radius may count either way.
pub fn contains(face: &Face, p: DVec3) -> bool {
    let surface = face.surface();
    let wires = loops::of_face(face);
    if wires.iter().all(Vec::is_empty) {
        return matches!(surface, Surface::Sphere { .. } | Surface::Torus { .. });
    }
    match surface {
        Surface::Sphere { frame, .. } => {
            let points: Vec<Vec<DVec3>> = wires.iter().map(|w| polyline(w, PARTS, |q| q)).collect();
            left_of_nearest(points.iter().map(|w| (w.as_slice(), DVec3::ZERO)), p, |q| q - frame.origin)
        }
        Surface::Cone { frame, .. } if (p - frame.origin).cross(frame.z).length() <= 1e-9 * apex_scale(&wires) => {
            // Only wires round the axis can have the apex inside.
            let turns: f64 = wires.iter().map(|w| unrolled(&surface, w, PARTS).1.x / TAU).sum();
            turns.round() != 0.0
        }
        _ => {
            let unrolled: Vec<(Vec<DVec3>, DVec3)> = wires.iter().map(|w| unrolled(&surface, w, PARTS)).collect();
            let at = surface.parameters(p).extend(0.0);
            let [period_u, period_v] = periods(&surface);
            let range = |period: f64| if period > 0.0 { -2..=2 } else { 0..=0 };
            let copies = unrolled.iter().flat_map(|(points, _)| {
                range(period_u).flat_map(move |i| {
                    range(period_v).map(move |j| {
                        (points.as_slice(), DVec3::new(f64::from(i) * period_u, f64::from(j) * period_v, 0.0))
                    })
                })
            });
            left_of_nearest(copies, at, |_| DVec3::Z)
        }
    }
}

fn apex_scale(wires: &[Vec<Coedge>]) -> f64 {
    let near = wires.iter().flatten().next().map_or(DVec3::ZERO, Coedge::start);
    wires.iter().flatten().map(|c| c.start().distance(near) + c.span.length()).fold(0.0, f64::max)
}

fn periods(surface: &Surface) -> [f64; 2] {
    match surface {
        Surface::Plane { .. } => [0.0, 0.0],
        Surface::Cylinder { .. } | Surface::Cone { .. } | Surface::Sphere { .. } => [TAU, 0.0],
        Surface::Torus { .. } => [TAU, TAU],
    }
}

/// The points of a wire, the first repeated at the end.
fn polyline(wire: &[Coedge], parts: usize, map: impl Fn(DVec3) -> DVec3) -> Vec<DVec3> {
    let mut out = Vec::new();
    for coedge in wire {
        let skip = usize::from(!out.is_empty());
        out.extend(coedge.samples(parts).into_iter().skip(skip).map(|t| map(coedge.span.point(t))));
    }
    out
}

/// The wire in parameters without jumps (z is zero), with `parts` samples per quarter turn or spline piece, and how far
/// it ends from where it began.
pub(crate) fn unrolled(surface: &Surface, wire: &[Coedge], parts: usize) -> (Vec<DVec3>, DVec3) {
    let [period_u, period_v] = periods(surface);
    let mut points = polyline(wire, parts, |p| surface.parameters(p).extend(0.0));
    let size = wire.iter().map(|c| c.start().distance(wire[0].start()) + c.span.length()).fold(0.0, f64::max);
    let legs = loops::turns_at_apex(surface, wire, 1e-6 * size);
    if let (false, Some(apex)) = (legs.is_empty(), surface.singular_v()[0]) {
        return through_apex(points, &legs, apex, 1e-6 * size);
    }
    for i in 1..points.len() {
        let near = points[i - 1];
        if period_u > 0.0 {
            points[i].x = loops::lift(points[i].x, near.x);
        }
        if period_v > 0.0 {
            points[i].y = loops::lift(points[i].y, near.y);
        }
    }
    let turn = points.last().zip(points.first()).map_or(DVec3::ZERO, |(a, b)| *a - *b);
    (points, turn)
}

/// The points of a wire through the apex of a cone, with a leg along the apex from where it comes to where it goes.
fn through_apex(points: Vec<DVec3>, legs: &[[f64; 2]], apex: f64, tolerance: f64) -> (Vec<DVec3>, DVec3) {
    let mut out: Vec<DVec3> = Vec::with_capacity(points.len() + legs.len());
    let mut legs = legs.iter();
    let last = points.len() - 1;
    for (i, p) in points.into_iter().enumerate() {
        if (p.y - apex).abs() > tolerance {
            out.push(DVec3 { x: out.last().map_or(p.x, |near| loops::lift(p.x, near.x)), ..p });
        } else if i == 0 || i < last {
            let Some([from, to]) = legs.next() else { continue };
            let near = out.last().map_or(*from, |near| loops::lift(*from, near.x));
            out.extend([DVec3::new(near, apex, 0.0), DVec3::new(near + (to - from), apex, 0.0)]);
        } else if let (Some(near), Some(first)) = (out.last().copied(), out.first().copied()) {
            // The wire began at the apex: it ends where the leg there starts.
            out.push(DVec3::new(loops::lift(first.x, near.x), apex, 0.0));
        }
    }
    let turn = out.last().zip(out.first()).map_or(DVec3::ZERO, |(a, b)| *a - *b);
    (out, turn)
}

/// Whether `p` is to the left of the nearest of the closed polylines, each given with an offset, seen against what
/// `up_at` says is up at a point of them.
pub(crate) fn left_of_nearest<'a>(
    polylines: impl Iterator<Item = (&'a [DVec3], DVec3)>,
    p: DVec3,
    up_at: impl Fn(DVec3) -> DVec3,
) -> bool {
    let mut best = f64::INFINITY;
    let mut inside = false;
    for (points, offset) in polylines {
        let at = p - offset;
        // Directions of the segments that have one, each with its start.
        let segments: Vec<(DVec3, DVec3)> =
            points.windows(2).map(|w| (w[0], w[1] - w[0])).filter(|(_, d)| d.length_squared() > 0.0).collect();
        for (i, &(start, d)) in segments.iter().enumerate() {
            let t = (at - start).dot(d) / d.length_squared();
            let distance = (start + d * t.clamp(0.0, 1.0)).distance(at);
            if distance >= best {
                continue;
            }
            best = distance;
            let left = |d: DVec3, from: DVec3| d.cross(at - from).dot(up_at(from)) > 0.0;
            inside = if t <= 0.0 || t >= 1.0 {
                // Nearest is a corner: inside the wedge between the two segments that meet there.
                let (before, after) = if t <= 0.0 {
                    (segments[(i + segments.len() - 1) % segments.len()].1, d)
                } else {
                    (d, segments[(i + 1) % segments.len()].1)
                };
                let corner = if t <= 0.0 { start } else { start + d };
                let convex = before.cross(after).dot(up_at(corner)) > 0.0;
                let (a, b) = (left(before, corner), left(after, corner));
                if convex { a && b } else { a || b }
            } else {
                left(d, start)
            };
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    /// Points spread over each face's surface lie on the face just when they lie on the solid's boundary: inside all
    /// the planes and on the kept side of all other surfaces, which is known per sample.
    #[test]
    fn points_of_convex_samples() {
        let convex = [
            samples::cuboid(),
            samples::cylinder(false),
            samples::cylinder(true),
            samples::half_cylinder(),
            samples::oblique_cylinder(),
            samples::cone(),
            samples::frustum(),
            samples::octant(),
            samples::bead(),
        ];
        let mut both = [0, 0];
        for s in &convex {
            let faces: Vec<Face> = s.solid.face_iter().cloned().collect();
            for face in &faces {
                for i in 0..200 {
                    let x = |k: u32| f64::from((i * (2 * k + 1) * 37 + k * 11) % 101) / 101.0;
                    let [low, high] = s.bounds;
                    let p = face.surface().project(low + (high - low) * DVec3::new(x(1), x(2), x(3)));
                    let depth = |f: &Face| {
                        let d = f.surface().signed_distance(p);
                        if f.orientation() { -d } else { d }
                    };
                    let least = faces.iter().filter(|f| !f.is_same(face)).map(depth).fold(f64::INFINITY, f64::min);
                    if least.abs() > 1e-2 {
                        assert_eq!(contains(face, p), least > 0.0, "{} {:?} {p}", s.name, face.surface());
                        both[usize::from(least > 0.0)] += 1;
                    }
                }
            }
        }
        assert!(both[0] > 200 && both[1] > 1000, "{both:?}");
    }
}
