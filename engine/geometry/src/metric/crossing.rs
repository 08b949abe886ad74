//! Whether a surface passes through itself, touching aside.
//!
//! The kernel's own scan is exact, which makes it slower than the boolean it guards, and strict: it also reports faces that
//! merely touch and the crossings by rounding that every exported mesh has. Neither harms a volume.

use glam::DVec3;
use parry3d_f64::{
    bounding_volume::Aabb,
    partitioning::{Bvh, BvhBuildStrategy},
};

use crate::TriMesh;

/// Whether two triangles of a valid mesh overlap by more than `depth` in every direction.
///
/// Triangles that share an edge, lie in one plane or touch in a point or line overlap by nothing in some direction. A surface
/// that passes through itself nowhere but along edges of its triangles is therefore not found.
pub(super) fn crosses_itself(mesh: &TriMesh, depth: f64) -> bool {
    let triangles: Vec<[DVec3; 3]> = mesh.triangles.iter().filter_map(|&t| mesh.corners(t)).collect();
    // Boxes smaller by the depth leave out neighbours in walls that are aligned with the axes.
    let boxes: Vec<Aabb> = triangles
        .iter()
        .map(|&[a, b, c]| Aabb::new(a.min(b).min(c) + 0.5 * depth, a.max(b).max(c) - 0.5 * depth))
        .collect();
    let tree = Bvh::from_leaves(BvhBuildStrategy::Binned, &boxes);
    (0u32..).zip(&boxes).any(|(i, aabb)| {
        tree.intersect_aabb(aabb)
            .any(|j| i < j && overlap_by_more_than(triangles[i as usize], triangles[j as usize], depth))
    })
}

/// The separating axis test for two triangles, with a margin.
fn overlap_by_more_than(p: [DVec3; 3], q: [DVec3; 3], depth: f64) -> bool {
    let edges = |[a, b, c]: [DVec3; 3]| [b - a, c - b, a - c];
    let (of_p, of_q) = (edges(p), edges(q));
    let along_all = |axis: DVec3| {
        // An axis of no length (parallel edges, a triangle without area) separates nothing.
        let Some(axis) = axis.try_normalize() else { return true };
        let range = |corners: [DVec3; 3]| {
            let [a, b, c] = corners.map(|corner| axis.dot(corner - p[0]));
            (a.min(b).min(c), a.max(b).max(c))
        };
        let ((p_low, p_high), (q_low, q_high)) = (range(p), range(q));
        p_high - q_low > depth && q_high - p_low > depth
    };
    along_all(of_p[0].cross(of_p[1]))
        && along_all(of_q[0].cross(of_q[1]))
        && of_p.iter().all(|u| of_q.iter().all(|v| along_all(u.cross(*v))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metric::shapes::{cuboid, sphere, together};

    fn check(parts: &[TriMesh], expected: bool) {
        assert_eq!(crosses_itself(&together(parts), 1e-9), expected);
    }

    #[test]
    fn crossing_and_touching() {
        let boxed = |min: f64, max: f64| cuboid(DVec3::splat(min), DVec3::splat(max));
        check(&[sphere(DVec3::ZERO, 1.0, 40, 20)], false);
        check(&[boxed(0.0, 1.0), boxed(2.0, 3.0)], false);
        check(&[boxed(0.0, 3.0), boxed(1.0, 2.0)], false);
        check(&[boxed(0.0, 1.0), boxed(1.0, 2.0)], false);
        check(&[boxed(0.0, 1.0), cuboid(DVec3::X, DVec3::new(2.0, 1.0, 1.0))], false);
        check(&[boxed(0.0, 1.0), boxed(0.0, 1.0)], false);
        check(&[boxed(0.0, 2.0), boxed(1.0, 3.0)], true);
        check(&[boxed(0.0, 1.0), sphere(DVec3::splat(0.1), 0.8, 12, 6)], true);
        // The known blind spot: here every edge of the sphere lies in a face of the box or clear of it.
        check(&[boxed(0.0, 1.0), sphere(DVec3::ZERO, 0.8, 12, 6)], false);
    }

    proptest! {
        #[test]
        fn agrees_with_edges_piercing_faces(c in prop::collection::vec(-1.0..1.0f64, 18)) {
            let corner = |i: usize| DVec3::new(c[3 * i], c[3 * i + 1], c[3 * i + 2]);
            let (p, q) = ([corner(0), corner(1), corner(2)], [corner(3), corner(4), corner(5)]);
            // Two triangles cross where an edge of one pierces the other.
            let volume = |a: DVec3, b: DVec3, c: DVec3, d: DVec3| (b - a).dot((c - a).cross(d - a)) > 0.0;
            let pierces = |[a, b, c]: [DVec3; 3], [u, v, w]: [DVec3; 3]| [(a, b), (b, c), (c, a)].iter().any(|&(s, t)| {
                let sides = [volume(s, t, u, v), volume(s, t, v, w), volume(s, t, w, u)];
                volume(s, u, v, w) != volume(t, u, v, w) && sides.iter().all(|side| *side == sides[0])
            });
            prop_assert_eq!(overlap_by_more_than(p, q, 1e-12), pierces(p, q) || pierces(q, p));
        }
    }
}
