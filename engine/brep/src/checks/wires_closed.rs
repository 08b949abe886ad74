//! Every wire is a closed chain of edges.

use glam::DVec3;

use crate::span::position;
use crate::topology::Solid;

/// A wire with a gap, or without edges.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("wire {wire} of face {face} is not closed near {near}: the next edge starts at another vertex")]
pub struct WireNotClosed {
    /// Index of the face in its solid.
    pub face: usize,
    /// Index of the wire in its face.
    pub wire: usize,
    /// Where the gap is (the origin for a wire without edges).
    pub near: DVec3,
}

/// Finds the wires that do not close.
pub fn check_wires_closed(solid: &Solid) -> Vec<WireNotClosed> {
    let mut out = Vec::new();
    for (face, f) in solid.face_iter().enumerate() {
        for (wire, edges) in f.absolute_boundaries().iter().enumerate() {
            if edges.is_empty() {
                out.push(WireNotClosed { face, wire, near: DVec3::ZERO });
            }
            let gap = (0..edges.len()).find(|&i| edges[i].back() != edges[(i + 1) % edges.len()].front());
            if let Some(i) = gap {
                out.push(WireNotClosed { face, wire, near: position(edges[i].back()) });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use crate::topology::{Face, Shell};

    #[test]
    fn closed_wires_are_valid() {
        assert_eq!(check_wires_closed(&samples::cylinder(true).solid), []);
    }

    #[test]
    fn a_wire_without_one_of_its_edges_has_a_gap() {
        let solid = samples::cuboid().solid;
        let mut shell: Shell = solid.boundaries()[0].clone();
        let mut wire = shell[0].absolute_boundaries()[0].clone();
        wire.pop_back();
        let end = wire.back_vertex().map(position).expect("three edges are left");
        shell[0] = Face::new_unchecked(vec![wire], shell[0].surface());
        let found = check_wires_closed(&Solid::new_unchecked(vec![shell]));
        assert_eq!(found, [WireNotClosed { face: 0, wire: 0, near: end }]);
    }
}
