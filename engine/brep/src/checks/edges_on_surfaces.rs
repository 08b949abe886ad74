//! Every edge lies on the surface of every face that uses it.

use glam::DVec3;

use super::solid::Allowed;
use crate::Span;
use crate::topology::Solid;

/// An edge that leaves a surface it should lie on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("a {curve} of face {face} is {distance:.3e} off its {surface} at {near}")]
pub struct EdgeOffSurface {
    /// Index of the face in its solid.
    pub face: usize,
    /// Kind of curve.
    pub curve: &'static str,
    /// Kind of surface.
    pub surface: &'static str,
    /// Where it is farthest off among the points looked at.
    pub near: DVec3,
    /// How far off.
    pub distance: f64,
}

/// Points looked at per part of an edge that is one polynomial or a quarter turn.
const PARTS: usize = 4;

/// Finds the edges off the surfaces of their faces, by points along them.
pub fn check_edges_on_surfaces(solid: &Solid) -> Vec<EdgeOffSurface> {
    let allowed = Allowed::of(solid);
    let mut out = Vec::new();
    for (face, f) in solid.face_iter().enumerate() {
        let surface = f.surface();
        for edge in f.absolute_boundaries().iter().flat_map(|w| w.iter()) {
            let span = Span::of_edge(edge);
            let breaks = span.breaks();
            let points =
                breaks.windows(2).flat_map(|w| (0..=PARTS).map(|i| w[0] + (w[1] - w[0]) * (i as f64 / PARTS as f64)));
            let worst = points
                .map(|t| span.point(t))
                .map(|p| (p, surface.signed_distance(p).abs()))
                .max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((near, distance)) = worst
                && (distance.is_nan() || distance > allowed.on(span.curve()))
            {
                out.push(EdgeOffSurface { face, curve: span.curve().kind(), surface: surface.kind(), near, distance });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Surface;
    use crate::samples::{self, Build};

    #[test]
    fn edges_on_their_surfaces_are_valid() {
        assert_eq!(check_edges_on_surfaces(&samples::octant().solid), []);
    }

    #[test]
    fn a_chord_leaves_the_cylinder_its_ends_are_on() {
        let mut b = Build::default();
        let frame = crate::Frame::WORLD;
        let (v, w) = (b.vertex(DVec3::X * 2.0), b.vertex(DVec3::Y * 2.0));
        let (there, back) = (b.line(v, w), b.line(w, v));
        b.face(Surface::Cylinder { frame, radius: 2.0 }, true, &[&[there, back]]);
        let found = check_edges_on_surfaces(&b.solid());
        assert_eq!(found.len(), 2);
        assert!((found[0].distance - (2.0 - 2f64.sqrt())).abs() < 1e-12 && found[0].surface == "cylinder");
    }
}
