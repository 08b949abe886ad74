//! Every edge of a shell has exactly two uses.

use glam::DVec3;
use rustc_hash::FxHashMap;

use crate::Span;
use crate::topology::{Face, Solid};

/// An edge used once, or more than twice, by a shell.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("a {curve} near {near} in shell {shell} is used by {uses} face(s) instead of two: the shell is not closed")]
pub struct EdgeUses {
    /// Index of the shell.
    pub shell: usize,
    /// Kind of curve.
    pub curve: &'static str,
    /// A point of the edge.
    pub near: DVec3,
    /// How often it is used.
    pub uses: usize,
}

/// Finds the edges that are not used twice.
pub fn check_closed_shell(solid: &Solid) -> Vec<EdgeUses> {
    let mut out = Vec::new();
    for (shell, faces) in solid.boundaries().iter().enumerate() {
        let mut uses: FxHashMap<_, usize> = FxHashMap::default();
        let edges: Vec<_> = faces.iter().flat_map(Face::absolute_boundaries).flat_map(|w| w.iter()).collect();
        for edge in &edges {
            *uses.entry(edge.id()).or_default() += 1;
        }
        for edge in edges {
            if let Some(count) = uses.remove(&edge.id()).filter(|&n| n != 2) {
                let span = Span::of_edge(edge);
                let near = span.point(span.range()[0]);
                out.push(EdgeUses { shell, curve: span.curve().kind(), near, uses: count });
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
    fn a_closed_shell_is_valid() {
        assert_eq!(check_closed_shell(&samples::plate().solid), []);
    }

    #[test]
    fn a_missing_face_leaves_its_edges_used_once() {
        let mut shell = samples::cuboid().solid.boundaries()[0].clone();
        shell.pop();
        let found = check_closed_shell(&Solid::new_unchecked(vec![shell]));
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|e| e.uses == 1 && e.curve == "line"));
    }
}
