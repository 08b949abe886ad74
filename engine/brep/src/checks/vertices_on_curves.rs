//! Every vertex lies on the curves of its edges.

use glam::DVec3;
use rustc_hash::FxHashSet;

use super::solid::Allowed;
use crate::Span;
use crate::span::position;
use crate::topology::{Face, Solid};

/// A vertex off the curve of an edge it bounds.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the vertex at {vertex} is {distance:.3e} off the {curve} it ends")]
pub struct VertexOffCurve {
    /// The vertex.
    pub vertex: DVec3,
    /// Kind of curve.
    pub curve: &'static str,
    /// How far off.
    pub distance: f64,
}

/// Finds the vertices off their curves.
pub fn check_vertices_on_curves(solid: &Solid) -> Vec<VertexOffCurve> {
    let allowed = Allowed::of(solid);
    let mut seen = FxHashSet::default();
    let mut out = Vec::new();
    for edge in solid.face_iter().flat_map(Face::absolute_boundaries).flat_map(|w| w.iter()) {
        if !seen.insert(edge.id()) {
            continue;
        }
        let span = Span::of_edge(edge);
        let [from, to] = span.range();
        for (vertex, t) in [(edge.absolute_front(), from), (edge.absolute_back(), to)] {
            let vertex = position(vertex);
            let distance = span.point(t).distance(vertex);
            if distance.is_nan() || distance > allowed.exact {
                out.push(VertexOffCurve { vertex, curve: span.curve().kind(), distance });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, Build};
    use crate::{Curve, Frame, Surface};

    #[test]
    fn vertices_on_their_curves_are_valid() {
        assert_eq!(check_vertices_on_curves(&samples::oblique_cylinder().solid), []);
    }

    #[test]
    fn a_vertex_inside_its_circle_is_found() {
        let mut b = Build::default();
        let v = b.vertex(DVec3::new(1.9, 0.0, 0.0));
        let e = b.edge(v, v, Curve::Circle { frame: Frame::WORLD, radius: 2.0 });
        b.face(Surface::Plane { frame: Frame::WORLD }, true, &[&[e]]);
        let found = check_vertices_on_curves(&b.solid());
        assert_eq!(found.len(), 2);
        assert!((found[0].distance - 0.1).abs() < 1e-12 && found[0].curve == "circle");
    }
}
