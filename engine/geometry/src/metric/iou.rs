//! Intersection over union of two volumes.

use super::{PreparedReference, Solid};
use crate::TriMesh;

/// By which way an IoU was found, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IouMethod {
    /// By the exact volume of the boolean intersection of two meshes.
    Boolean,
    /// By asking points whether they are inside, because a mesh bounds no volume.
    InsideTests {
        /// Number of points asked.
        points: usize,
        /// Why there is no exact volume.
        reason: String,
    },
    /// There is no IoU.
    Undefined {
        /// Why not.
        reason: String,
    },
}

/// An IoU with its method.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// Volume shared over volume covered, in 0..=1; `None` when no volumes could be compared.
    pub iou: Option<f64>,
    /// How it was found.
    pub method: IouMethod,
}

/// The IoU of two meshes: [`overlap`] of each read as a [`Solid`], or by `points` inside tests where one is none.
pub fn iou(a: &TriMesh, b: &TriMesh, points: usize, seed: u64) -> Overlap {
    let config = super::CompareConfig { inside_points: points, seed, ..super::CompareConfig::default() };
    PreparedReference::new(a, config).overlap(b)
}

/// The IoU of two solids by the exact volume they share, always in 0..=1.
///
/// The shared volume is summed up over the pairs of triangles that lie over each other (see `query/columns.rs`). No mesh of
/// the intersection is made, so faces that coincide, or almost do, are no special case.
pub fn overlap(a: &Solid, b: &Solid) -> f64 {
    let shared = a.shared_volume(b);
    shared / (a.volume() + b.volume() - shared)
}

#[cfg(test)]
mod tests {
    use glam::{DQuat, DVec3};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Similarity,
        metric::shapes::{cuboid, inside_out, sphere, together},
    };

    fn boxed(min: f64, max: f64) -> TriMesh {
        cuboid(DVec3::splat(min), DVec3::splat(max))
    }

    fn check(a: &TriMesh, b: &TriMesh, expected: f64) {
        for (a, b) in [(a, b), (b, a)] {
            let found = iou(a, b, 4096, 0);
            assert_eq!(found.method, IouMethod::Boolean);
            let found = found.iou.unwrap();
            assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
        }
    }

    #[test]
    fn boxes() {
        check(&boxed(0.0, 1.0), &boxed(0.0, 1.0), 1.0);
        check(&boxed(0.0, 1.0), &boxed(2.0, 3.0), 0.0);
        // Flush on one side, and touching only.
        check(&boxed(0.0, 1.0), &boxed(0.0, 2.0), 0.125);
        check(&boxed(0.0, 1.0), &boxed(1.0, 2.0), 0.0);
        check(&boxed(0.0, 2.0), &boxed(1.0, 3.0), 1.0 / 15.0);
    }

    #[test]
    fn never_above_one_where_bodies_overlap_or_nest() {
        let whole = boxed(0.0, 2.0);
        let unit = |x: f64| cuboid(DVec3::new(x, 0.0, 0.0), DVec3::new(x + 1.0, 2.0, 2.0));
        // The public evaluator sums over bodies and finds 3.
        check(&together(&[whole.clone(), whole.clone(), whole.clone()]), &whole, 1.0);
        check(&together(&[unit(0.0), unit(1.0)]), &whole, 1.0);
        check(&together(&[unit(0.0), unit(0.5), unit(1.0)]), &whole, 1.0);
        check(&together(&[whole.clone(), boxed(0.5, 1.5)]), &whole, 1.0);
        let hollow = together(&[whole.clone(), inside_out(boxed(0.5, 1.5))]);
        check(&hollow, &whole, 7.0 / 8.0);
        check(&hollow, &boxed(0.5, 1.5), 0.0);
        check(&hollow, &hollow, 1.0);
        // A body within a larger one, touching its wall in one corner.
        let corner =
            together(&[cuboid(DVec3::ZERO, DVec3::ONE), cuboid(DVec3::new(0.0, -1.0, 0.0), DVec3::new(3.0, 1.5, 3.0))]);
        check(&corner, &cuboid(DVec3::new(0.0, -1.0, 0.0), DVec3::new(3.0, 1.5, 3.0)), 1.0);
        check(&together(&[boxed(0.0, 1.0), boxed(0.0, 2.0)]), &whole, 1.0);
        check(&inside_out(hollow), &whole, 7.0 / 8.0);
    }

    #[test]
    fn open_meshes_are_asked_by_points() {
        let whole = sphere(DVec3::ZERO, 1.0, 48, 24);
        let mut open = whole.clone();
        open.triangles.truncate(open.triangles.len() - 8);
        let found = iou(&open, &whole, 40_000, 0);
        let IouMethod::InsideTests { points, reason } = &found.method else { panic!("{found:?}") };
        assert!(*points >= 30_000 && reason.contains("not closed"), "{reason}");
        assert!((found.iou.unwrap() - 1.0).abs() < 0.005, "{found:?}");
        let nothing = iou(&TriMesh::default(), &whole, 100, 0);
        assert!(matches!(nothing, Overlap { iou: None, method: IouMethod::Undefined { .. } }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn properties(boxes in prop::collection::vec((0..4i32, 0..4i32, 0..4i32, 1..4i32, 1..4i32, 1..4i32), 2..6), split in 1usize..5, turn in 0.0..3.0f64) {
            // Boxes on a coarse grid: flush faces, shared edges, overlaps and nestings of every kind.
            let cut = split.min(boxes.len() - 1);
            let mesh = |boxes: &[(i32, i32, i32, i32, i32, i32)]| together(&boxes.iter().map(|&(x, y, z, w, d, h)| {
                let min = DVec3::new(f64::from(x), f64::from(y), f64::from(z));
                cuboid(min, min + DVec3::new(f64::from(w), f64::from(d), f64::from(h)))
            }).collect::<Vec<_>>());
            let (a, b) = (mesh(&boxes[..cut]), mesh(&boxes[cut..]));
            let cells = |boxes: &[(i32, i32, i32, i32, i32, i32)]| -> Vec<bool> {
                (0..512).map(|i| {
                    let (x, y, z) = (i % 8, i / 8 % 8, i / 64);
                    boxes.iter().any(|&(bx, by, bz, w, d, h)| (bx..bx + w).contains(&x) && (by..by + d).contains(&y) && (bz..bz + h).contains(&z))
                }).collect()
            };
            let (in_a, in_b) = (cells(&boxes[..cut]), cells(&boxes[cut..]));
            let both = in_a.iter().zip(&in_b).filter(|(a, b)| **a && **b).count() as f64;
            let either = in_a.iter().zip(&in_b).filter(|(a, b)| **a || **b).count() as f64;
            let found = iou(&a, &b, 4096, 0);
            prop_assert_eq!(&found.method, &IouMethod::Boolean);
            prop_assert!((found.iou.unwrap() - both / either).abs() < 1e-6, "{:?} {}", found, both / either);
            // A turn of both changes nothing, though no face is aligned any more.
            let turned = Similarity { rotation: DQuat::from_scaled_axis(turn * DVec3::new(0.3, 0.5, 0.8)), scale: 0.1, translation: DVec3::ONE };
            let found = iou(&turned.mesh(&a), &turned.mesh(&b), 4096, 0);
            prop_assert_eq!(&found.method, &IouMethod::Boolean);
            prop_assert!((found.iou.unwrap() - both / either).abs() < 1e-6, "{:?} {}", found, both / either);
        }
    }
}
