//! A closed mesh seen along one axis: over every place of the plane across the axis stands a column, in which the
//! triangles above and below it mark where the material begins and ends.
//!
//! Two questions are answered by counting along columns, with no decision about topology and hence nothing to go wrong
//! where faces coincide:
//!
//! - The winding number about a point is the signed count of the triangles above it.
//! - The volume two meshes share: "inside" is the signed count of the triangles above for one mesh, of those below for the
//!   other, so the product of both is a sum over pairs of triangles, each a prism between the two where they overlap. The
//!   sum is exact but for rounding and changes steadily with every corner.

use std::sync::OnceLock;

use glam::DVec3;
use parry3d_f64::{
    bounding_volume::Aabb,
    partitioning::{Bvh, BvhBuildStrategy},
};
use rayon::prelude::*;

use super::overlay::prism_between;
use crate::{Bounds, TriMesh};

/// Triangles per task: small enough to share the work among the cores, large enough not to be felt.
const TASK: usize = 64;

/// The columns of a closed mesh whose triangles are wound alike.
pub(crate) struct Columns {
    axis: usize,
    pieces: Vec<Piece>,
    tree: OnceLock<Bvh>,
}

/// A triangle seen along the axis: `x` and `y` across it, `z` along it. Its corners run counter-clockwise.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) corners: [DVec3; 3],
    /// How `z` changes with `x` and `y`; no meaning for a triangle that has no area here.
    pub(super) slope: [f64; 2],
    pub(super) low: DVec3,
    pub(super) high: DVec3,
    /// 1 where the outer side looks along the axis, -1 where against it, 0 where it has no area.
    facing: f64,
}

impl Columns {
    /// The columns of a valid mesh along `axis` (0 to 2).
    pub(crate) fn new(mesh: &TriMesh, axis: usize) -> Self {
        let pieces = mesh.triangles.iter().filter_map(|&t| mesh.corners(t)).map(|c| Piece::new(c, axis)).collect();
        Self { axis, pieces, tree: OnceLock::new() }
    }

    /// How often the surface goes around `point`.
    pub(crate) fn winding_number(&self, point: DVec3) -> i32 {
        let p = across(point, self.axis);
        let above = self.tree().leaves(|node| {
            let (low, high) = (node.mins(), node.maxs());
            low.x <= p.x && p.x <= high.x && low.y <= p.y && p.y <= high.y && p.z <= high.z
        });
        above
            .map(|piece| &self.pieces[piece as usize])
            .filter(|piece| piece.height_at(p) > p.z)
            .map(|q| q.around(p))
            .sum()
    }

    /// The volume inside both; both must look along the same axis. The trees are those of `self`.
    pub(crate) fn shared_volume(&self, other: &Self) -> f64 {
        let tree = self.tree();
        let with_one = |above: &Piece| -> f64 {
            let (low, high) = (above.low, above.high);
            let below = tree.leaves(|node| {
                let (from, to) = (node.mins(), node.maxs());
                from.x < high.x && low.x < to.x && from.y < high.y && low.y < to.y && from.z < high.z
            });
            let below = below.map(|piece| &self.pieces[piece as usize]).filter(|piece| piece.facing != 0.0);
            below.map(|below| -above.facing * below.facing * prism_between(above, below)).sum()
        };
        let tasks = other.pieces.par_chunks(TASK);
        let sums: Vec<f64> =
            tasks.map(|task| task.iter().filter(|piece| piece.facing != 0.0).map(with_one).sum()).collect();
        sums.iter().sum()
    }

    fn tree(&self) -> &Bvh {
        self.tree.get_or_init(|| {
            let boxes: Vec<Aabb> = self.pieces.iter().map(|piece| Aabb::new(piece.low, piece.high)).collect();
            Bvh::from_leaves(BvhBuildStrategy::Binned, &boxes)
        })
    }
}

impl Piece {
    fn new(corners: [DVec3; 3], axis: usize) -> Self {
        let [a, b, c] = corners.map(|corner| across(corner, axis));
        let normal = (b - a).cross(c - a);
        let facing = if normal.z == 0.0 { 0.0 } else { normal.z.signum() };
        Self {
            corners: if facing < 0.0 { [a, c, b] } else { [a, b, c] },
            slope: [-normal.x / normal.z, -normal.y / normal.z],
            low: a.min(b).min(c),
            high: a.max(b).max(c),
            facing,
        }
    }

    /// The triangle's height over the place of `p`.
    pub(super) fn height_at(&self, p: DVec3) -> f64 {
        if self.facing == 0.0 {
            return f64::midpoint(self.low.z, self.high.z);
        }
        let from = self.corners[0];
        // A triangle almost along the axis has a slope without end; its height has not.
        (from.z + self.slope[0] * (p.x - from.x) + self.slope[1] * (p.y - from.y)).clamp(self.low.z, self.high.z)
    }

    /// How often the outline goes around the place of `p`, by the edges that a ray along `x` crosses. Whether an edge is
    /// crossed is found alike for both triangles at it, so a closed mesh has neither cracks nor double counts.
    fn around(&self, p: DVec3) -> i32 {
        let [a, b, c] = self.corners;
        let crossings = [(a, b), (b, c), (c, a)].map(|(from, to)| {
            let rises = from.y <= p.y;
            if rises == (to.y <= p.y) {
                return 0;
            }
            let (low, high) = if rises { (from, to) } else { (to, from) };
            let right_of_p = (high.x - low.x) * (p.y - low.y) < (high.y - low.y) * (p.x - low.x);
            if right_of_p {
                0
            } else if rises {
                1
            } else {
                -1
            }
        });
        crossings.iter().sum::<i32>() * if self.facing < 0.0 { -1 } else { 1 }
    }
}

/// The axis along which a mesh's triangles cover least of the plane: where columns are quickest to ask.
pub(crate) fn best_axis(footprints: [f64; 3]) -> usize {
    (0..3).min_by(|&i, &j| footprints[i].total_cmp(&footprints[j])).unwrap_or(0)
}

/// For each axis, how often the boxes of the triangles cover the box of the mesh on average.
pub(crate) fn footprints(mesh: &TriMesh, bounds: Bounds) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for [a, b, c] in mesh.triangles.iter().filter_map(|&t| mesh.corners(t)) {
        let size = a.max(b).max(c) - a.min(b).min(c);
        sums = [sums[0] + size.y * size.z, sums[1] + size.z * size.x, sums[2] + size.x * size.y];
    }
    let size = bounds.size();
    let areas = [size.y * size.z, size.z * size.x, size.x * size.y];
    [0, 1, 2].map(|axis| sums[axis] / areas[axis].max(f64::MIN_POSITIVE))
}

/// The coordinates turned in a circle until `axis` is the last.
fn across(p: DVec3, axis: usize) -> DVec3 {
    match axis {
        0 => DVec3::new(p.y, p.z, p.x),
        1 => DVec3::new(p.z, p.x, p.y),
        _ => p,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        metric::shapes::{cuboid, inside_out, sphere, together},
        query::{MeshQuery, triangle_solid_angle},
    };

    fn shared(a: &TriMesh, b: &TriMesh) -> [f64; 3] {
        [0, 1, 2].map(|axis| Columns::new(a, axis).shared_volume(&Columns::new(b, axis)))
    }

    fn check(a: &TriMesh, b: &TriMesh, expected: f64) {
        for found in shared(a, b).into_iter().chain(shared(b, a)) {
            assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
        }
    }

    #[test]
    fn boxes_share_what_they_share() {
        let boxed = |min: f64, max: f64| cuboid(DVec3::splat(min), DVec3::splat(max));
        check(&boxed(0.0, 1.0), &boxed(0.0, 1.0), 1.0);
        check(&boxed(0.0, 1.0), &boxed(1.0, 2.0), 0.0);
        check(&boxed(0.0, 2.0), &boxed(1.0, 3.0), 1.0);
        let hollow = together(&[boxed(0.0, 3.0), inside_out(boxed(1.0, 2.0))]);
        check(&hollow, &boxed(0.0, 3.0), 26.0);
        check(&hollow, &boxed(1.0, 2.0), 0.0);
        check(&hollow, &hollow, 26.0);
        check(&hollow, &cuboid(DVec3::ZERO, DVec3::new(3.0, 3.0, 1.5)), 13.0);
    }

    #[test]
    fn slopes_and_tips() {
        let ball = sphere(DVec3::ZERO, 1.0, 40, 20);
        let volume = crate::metric::signed_volume(&ball);
        check(&ball, &ball, volume);
        check(&ball, &cuboid(DVec3::splat(-2.0), DVec3::splat(2.0)), volume);
        // Halves and eighths by symmetry.
        check(&ball, &cuboid(DVec3::new(-2.0, -2.0, 0.0), DVec3::splat(2.0)), volume / 2.0);
        check(&ball, &cuboid(DVec3::ZERO, DVec3::splat(2.0)), volume / 8.0);
    }

    proptest! {
        #[test]
        fn winding_numbers_are_the_sums_of_angles(x in -1.5..1.5f64, y in -1.5..1.5f64, z in -1.5..1.5f64, on_grid: bool) {
            // Two bodies that overlap, one wound inside out, so that numbers from -1 to 1 occur, and edges everywhere.
            let mesh = together(&[
                sphere(DVec3::ZERO, 1.0, 12, 6),
                inside_out(cuboid(DVec3::splat(-0.25), DVec3::splat(1.25))),
            ]);
            let p = DVec3::new(x, y, z);
            // Grid points lie over edges and corners of the box.
            let p = if on_grid { (p * 4.0).round() / 4.0 } else { p };
            prop_assume!(MeshQuery::new(&mesh).unwrap().distance(p) > 1e-9);
            let angle: f64 = mesh.triangles.iter().map(|&t| triangle_solid_angle(mesh.corners(t).unwrap(), p)).sum();
            let expected = angle / (4.0 * std::f64::consts::PI);
            prop_assert!((expected - expected.round()).abs() < 1e-9);
            for axis in 0..3 {
                prop_assert_eq!(Columns::new(&mesh, axis).winding_number(p), expected.round() as i32, "axis {}", axis);
            }
        }
    }
}
