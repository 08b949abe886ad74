//! No loop of a face crosses or touches itself or another loop of the face, and together they bound it.

use std::f64::consts::PI;

use crate::tessellate::{TessellateError, Tolerance, check_boundary};
use crate::topology::Solid;

/// Loops of a face that do not bound it as they should.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the loops of a face are not simple: {cause}")]
pub struct LoopCrosses {
    /// Index of the face in its solid.
    pub face: usize,
    /// What is wrong, and where.
    pub cause: TessellateError,
}

/// Finds the faces whose loops, sampled finely, cross or do not separate an inside from an outside.
pub fn check_simple_loops(solid: &Solid) -> Vec<LoopCrosses> {
    /// Sampled at five degrees at first; where loops seem to cross, up to five times finer by half.
    const ANGLE_RAD: f64 = PI / 36.0;
    let Some(tolerance) = Tolerance::new(f64::MAX, ANGLE_RAD) else { return Vec::new() };
    solid
        .face_iter()
        .enumerate()
        .filter_map(|(face, f)| check_boundary(f, face, tolerance).err().map(|cause| LoopCrosses { face, cause }))
        .collect()
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::samples::{self, Build};

    #[test]
    fn loops_apart_are_valid() {
        for s in [samples::plate(), samples::bead(), samples::cone(), samples::elbow()] {
            assert_eq!(check_simple_loops(&s.solid), [], "{}", s.name);
        }
    }

    fn plate(corners: &[[f64; 2]], hole: Option<(DVec3, f64)>) -> Solid {
        let mut b = Build::default();
        let v: Vec<usize> = corners.iter().map(|c| b.vertex(DVec3::new(c[0], c[1], 0.0))).collect();
        let wire: Vec<isize> = (0..v.len()).map(|i| b.line(v[i], v[(i + 1) % v.len()])).collect();
        let hole = hole.map(|(center, radius)| [-b.circle(samples::frame(center, DVec3::Z), radius)]);
        let wires: Vec<&[isize]> =
            std::iter::once(wire.as_slice()).chain(hole.as_ref().map(<[isize; 1]>::as_slice)).collect();
        b.plane(DVec3::ZERO, DVec3::Z, &wires);
        b.solid()
    }

    #[test]
    fn a_bow_tie_crosses_itself() {
        let found = check_simple_loops(&plate(&[[0., 0.], [4., 4.], [4., 0.], [0., 4.]], None));
        assert!(matches!(found[..], [LoopCrosses { cause: TessellateError::BoundaryCrosses { .. }, .. }]), "{found:?}");
    }

    #[test]
    fn a_hole_over_the_rim_crosses_it_and_one_beside_the_face_bounds_nothing() {
        let square = [[0., 0.], [4., 0.], [4., 4.], [0., 4.]];
        assert_eq!(check_simple_loops(&plate(&square, Some((DVec3::new(2.0, 2.0, 0.0), 1.0)))), []);
        let over = check_simple_loops(&plate(&square, Some((DVec3::new(4.0, 2.0, 0.0), 1.0))));
        assert!(matches!(over[..], [LoopCrosses { cause: TessellateError::BoundaryCrosses { .. }, .. }]), "{over:?}");
        let beside = check_simple_loops(&plate(&square, Some((DVec3::new(9.0, 2.0, 0.0), 1.0))));
        assert!(matches!(beside[..], [LoopCrosses { cause: TessellateError::NotBounded { .. }, .. }]), "{beside:?}");
    }
}
