//! Where a reader will cut a face that goes round an axis.
//!
//! Readers that need seams (`OpenCASCADE`) cut such a face along the generator at `u = 0`. Where that generator runs through
//! a notch or a hole of the face, the cut would divide it in two; so the surface is written with its x axis turned to where
//! a cut meets the boundary only twice.

use std::f64::consts::{PI, TAU};

use crate::contains::unrolled;
use crate::measure::loops;
use crate::topology::Face;
use crate::{Frame, Surface};

/// Samples of an edge per quarter turn or spline piece.
const PARTS: usize = 8;

/// The surface of `face`, turned about its axis where a cut at `u = 0` would divide the face.
pub(super) fn seamless(face: &Face) -> Surface {
    let surface = face.surface();
    if !matches!(surface, Surface::Cylinder { .. } | Surface::Cone { .. }) {
        return surface;
    }
    let wires = loops::of_face(face);
    let lines: Vec<_> = wires.iter().map(|w| unrolled(&surface, w, PARTS)).collect();
    // Every cut from end to end crosses each wire that goes round; more crossings are needless.
    let least = lines.iter().filter(|(_, turn)| turn.x.abs() > PI).count();
    if least == 0 {
        return surface;
    }
    let crossings = |u: f64| -> usize {
        let side = |x: f64| ((x - u) / TAU).floor() as i64;
        lines.iter().flat_map(|(points, _)| points.windows(2)).filter(|w| side(w[0].x) != side(w[1].x)).count()
    };
    // A wire that is one circle is crossed once wherever the cut is.
    let mut corners: Vec<f64> = wires
        .iter()
        .filter(|w| w.len() > 1)
        .flatten()
        .map(|c| surface.parameters(c.start()).x.rem_euclid(TAU))
        .collect();
    corners.sort_by(f64::total_cmp);
    let next = corners.iter().skip(1).copied().chain(corners.first().map(|a| a + TAU));
    let gaps: Vec<(f64, f64, usize)> = corners
        .iter()
        .zip(next)
        .filter(|(a, b)| b - **a > 1e-6)
        .map(|(a, b)| (0.5 * (a + b), b - a, crossings(0.5 * (a + b))))
        .collect();
    if gaps.iter().all(|gap| gap.2 <= least) {
        return surface;
    }
    // The middle of the widest gap is farthest from what a cut could divide.
    let best = gaps.into_iter().filter(|gap| gap.2 <= least).max_by(|a, b| a.1.total_cmp(&b.1));
    let Some((turn, _, _)) = best else { return surface };
    let frame = *surface.frame();
    let x = frame.x * turn.cos() + frame.y * turn.sin();
    Frame::from_normal(frame.origin, frame.z, x).map_or(surface, |frame| surface.with_frame(frame))
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::samples::{self, Build};
    use crate::{Curve, Span};

    /// A cylinder from z = 0 up, its upper wire with a notch about `u = 0`.
    fn notched() -> Face {
        let mut b = Build::default();
        let frame = Frame::WORLD;
        let at = |u: f64, z: f64| DVec3::new(2.0 * u.cos(), 2.0 * u.sin(), z);
        let v = [at(0.3, 5.0), at(-0.3, 5.0), at(-0.3, 3.0), at(0.3, 3.0)].map(|p| b.vertex(p));
        let circle = |z: f64| Curve::Circle { frame: frame.at(DVec3::Z * z), radius: 2.0 };
        let bottom = b.circle(frame, 2.0);
        let rest = b.edge(v[0], v[1], circle(5.0));
        let down = b.line(v[1], v[2]);
        let floor = b.edge(v[2], v[3], circle(3.0));
        let up = b.line(v[3], v[0]);
        let hole = {
            let (p, q) = (b.vertex(at(-0.1, 1.0)), b.vertex(at(0.1, 1.0)));
            let (r, s) = (b.vertex(at(0.1, 2.0)), b.vertex(at(-0.1, 2.0)));
            let (e, f) = (b.edge(p, q, circle(1.0)), b.line(q, r));
            let (g, h) = (b.edge(s, r, circle(2.0)), b.line(s, p));
            [-h, g, -f, -e]
        };
        b.face(Surface::Cylinder { frame, radius: 2.0 }, true, &[&[bottom], &[-up, -floor, -down, -rest], &hole]);
        b.shell()[0].clone()
    }

    #[test]
    fn the_cut_keeps_clear_of_holes() {
        let face = notched();
        let turned = seamless(&face);
        let x = turned.frame().x;
        assert!(x.dot(DVec3::X) < 0.29_f64.cos(), "{x}");
        // It is the same surface.
        for edge in face.absolute_boundaries().iter().flat_map(|w| w.iter()) {
            let span = Span::of_edge(edge);
            assert!(turned.signed_distance(span.point(span.range()[0])).abs() < 1e-12);
        }
    }

    #[test]
    fn faces_that_a_cut_does_not_divide_keep_their_frame() {
        for s in samples::all() {
            for face in s.solid.face_iter() {
                assert_eq!(seamless(face), face.surface(), "{}", s.name);
            }
        }
    }
}
