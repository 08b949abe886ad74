//! The two uses of an edge run in opposite directions, so that all faces look to the same side.

use glam::DVec3;
use rustc_hash::FxHashMap;

use crate::Span;
use crate::topology::{Face, Solid};

/// An edge that two faces run along in the same direction.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "two faces of shell {shell} run along a {curve} near {near} in the same direction: one of them looks the wrong way"
)]
pub struct EdgeRunTwice {
    /// Index of the shell.
    pub shell: usize,
    /// Kind of curve.
    pub curve: &'static str,
    /// A point of the edge.
    pub near: DVec3,
}

/// Finds the edges run along twice in the same direction.
pub fn check_oriented(solid: &Solid) -> Vec<EdgeRunTwice> {
    let mut out = Vec::new();
    for (shell, faces) in solid.boundaries().iter().enumerate() {
        let mut along: FxHashMap<_, usize> = FxHashMap::default();
        for wire in faces.iter().flat_map(Face::boundaries) {
            for edge in &wire {
                let count = along.entry((edge.id(), edge.orientation())).or_default();
                *count += 1;
                if *count == 2 {
                    let span = Span::of_edge(edge);
                    let near = span.point(span.range()[0]);
                    out.push(EdgeRunTwice { shell, curve: span.curve().kind(), near });
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn faces_that_look_outward_are_valid() {
        assert_eq!(check_oriented(&samples::hollow().solid), []);
    }

    #[test]
    fn a_face_turned_over_runs_along_its_edges_as_its_neighbours_do() {
        let mut shell = samples::cuboid().solid.boundaries()[0].clone();
        shell[2] = shell[2].inverse();
        assert_eq!(check_oriented(&Solid::new_unchecked(vec![shell])).len(), 4);
    }
}
