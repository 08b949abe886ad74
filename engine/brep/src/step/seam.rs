//! Where a reader will cut a face that goes round an axis.
//!
//! Readers that need seams (OpenCASCADE) cut such a face along the generator at `u = 0`. Where that generator runs through
//! a notch or a hole of the face, the cut would divide it in two; so the surface is written with its x axis turned to where
//! a cut meets the boundary only twice.

use std::f64::consts::{PI, TAU};

use crate::contains::unrolled;
use crate::measure::loops;
use crate::topology::Face;
use crate::{Frame, Surface};

/// The surface of `face`, turned about its axis where a cut at `u = 0` would divide the face.
pub(super) fn seamless(face: &Face) -> Surface {
    let surface = face.surface();
    if !matches!(surface, Surface::Cylinder { .. } | Surface::Cone { .. }) {
        return surface;
    }
    let wires: Vec<_> = loops::of_face(face).iter().map(|w| unrolled(&surface, w)).collect();
    let goes_round = wires.iter().any(|(_, turn)| turn.x.abs() > PI);
    if !goes_round {
        return surface;
    }
    let crossings = |u: f64| -> usize {
        let side = |x: f64| ((x - u) / TAU).floor();
        wires.iter().flat_map(|(points, _)| points.windows(2)).filter(|w| side(w[0].x) != side(w[1].x)).count()
    };
    // Every way out of the face crosses its boundary: twice, or once where an apex ends it.
    let least = wires.iter().filter(|(_, turn)| turn.x.abs() > PI).count();
    if crossings(0.0) <= least {
        return surface;
    }
    let mut angles: Vec<f64> = wires.iter().flat_map(|(p, _)| p.iter().map(|q| q.x.rem_euclid(TAU))).collect();
    angles.sort_by(f64::total_cmp);
    // The middle of the widest stretch between samples without a needless crossing keeps clear of all vertices.
    let next = angles.iter().skip(1).copied().chain(angles.first().map(|a| a + TAU));
    let best = angles
        .iter()
        .zip(next)
        .map(|(&a, b)| (0.5 * (a + b), b - a))
        .filter(|&(_, width)| width > 1e-6)
        .min_by(|a, b| crossings(a.0).cmp(&crossings(b.0)).then(b.1.total_cmp(&a.1)));
    let Some((turn, _)) = best.filter(|&(u, _)| crossings(u) < crossings(0.0)) else { return surface };
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
