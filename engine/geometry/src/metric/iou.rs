//! Intersection over union of two volumes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use manifold_rust::linalg::Vec3;

use super::{NotSolid, PreparedReference, Solid, solid::checked_boolean};
use crate::TriMesh;

/// By which way an IoU was found, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IouMethod {
    /// By an exact mesh boolean of the two volumes.
    Boolean,
    /// By asking points whether they are inside, because a boolean was not possible.
    InsideTests {
        /// Number of points asked.
        points: usize,
        /// Why there was no boolean.
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

/// By which share of its diagonal one operand is moved, try by try: nothing first, then ever further above the kernel's
/// precision of 1e-12, and never so far that an IoU would show it in six digits.
const NUDGES: [f64; 4] = [0.0, 1e-10, 1e-8, 1e-7];

/// The IoU of two solids by an exact boolean, always in 0..=1.
///
/// The volumes of union and intersection must add up to those of the operands. Where they do not (faces that almost
/// coincide can defeat the kernel), one operand is moved by 1e-10 to 1e-7 of its size and the boolean tried again.
///
/// # Errors
/// [`NotSolid::Kernel`] when no try gave volumes that add up.
pub fn overlap(a: &Solid, b: &Solid) -> Result<f64, NotSolid> {
    if a.bounds().intersection(b.bounds()).is_none() {
        return Ok(0.0);
    }
    let shared = NUDGES.into_iter().find_map(|nudge| shared_volume(a, b, nudge));
    let shared = shared.ok_or(NotSolid::Kernel("the volumes of union and intersection do not add up"))?;
    Ok(shared / (a.volume() + b.volume() - shared))
}

/// The volume of the intersection, or nothing when the kernel failed.
fn shared_volume(a: &Solid, b: &Solid, nudge: f64) -> Option<f64> {
    let nudged = (nudge > 0.0).then(|| {
        // A direction that is no normal of anything.
        let step = nudge * b.bounds().diagonal();
        b.manifold.translate(Vec3::new(0.63 * step, -0.49 * step, 0.60 * step))
    });
    let b_manifold = nudged.as_ref().unwrap_or(&b.manifold);
    let found = catch_unwind(AssertUnwindSafe(|| checked_boolean(&a.manifold, b_manifold))).ok()??;
    Some(found.shared_volume.clamp(0.0, a.volume().min(b.volume())))
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
