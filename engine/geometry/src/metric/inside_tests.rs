//! Intersection over union by asking points: the fallback where a mesh is no solid.

use glam::DVec3;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::{
    Bounds,
    query::{InsideRule, MeshQuery},
};

/// How many points lay where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InsideCount {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) both: usize,
    pub(super) points: usize,
}

impl InsideCount {
    /// `None` when no point lay in either.
    pub(super) fn iou(self) -> Option<f64> {
        let either = self.a + self.b - self.both;
        (either > 0).then(|| self.both as f64 / either as f64)
    }
}

/// Asks about `points` points over the box of both meshes, one at random in each cell of a grid (stratified, so the error
/// falls faster than that of independent points). Cells are as near to cubes as their number allows.
///
/// A block of cells that a surface stays clear of lies on one side of it, so one question answers for all its cells; blocks near
/// a surface are halved. That leaves about as many questions as cells on the surfaces.
pub(super) fn count_inside(a: &MeshQuery, b: &MeshQuery, points: usize, seed: u64) -> InsideCount {
    let bounds = a.bounds().union(b.bounds());
    let cells = grid(bounds.size(), points);
    let grid = Grid { a, b, min: bounds.min, cell: bounds.size() / DVec3::from(cells.map(|n| n as f64)), cells, seed };
    // Counted in slabs of eight layers, in parallel. Each cell's point depends on the seed and the cell alone.
    let slabs: Vec<InsideCount> = (0..cells[2].div_ceil(8))
        .into_par_iter()
        .map(|slab| {
            let mut count = InsideCount { points: 0, ..InsideCount::default() };
            let block = Block { low: [0, 0, 8 * slab], high: [cells[0], cells[1], (8 * slab + 8).min(cells[2])] };
            grid.count(block, None, None, &mut count);
            count
        })
        .collect();
    slabs.iter().fold(InsideCount::default(), |sum, slab| InsideCount {
        a: sum.a + slab.a,
        b: sum.b + slab.b,
        both: sum.both + slab.both,
        points: sum.points + slab.points,
    })
}

struct Grid<'a> {
    a: &'a MeshQuery,
    b: &'a MeshQuery,
    min: DVec3,
    cell: DVec3,
    cells: [usize; 3],
    seed: u64,
}

/// Cells from `low` up to, not including, `high`.
#[derive(Clone, Copy)]
struct Block {
    low: [usize; 3],
    high: [usize; 3],
}

impl Block {
    fn cells(self) -> usize {
        (0..3).map(|axis| self.high[axis] - self.low[axis]).product()
    }
}

impl Grid<'_> {
    /// Counts a block; `in_a` and `in_b` are given where the answer is known for the whole of it.
    fn count(&self, block: Block, in_a: Option<bool>, in_b: Option<bool>, count: &mut InsideCount) {
        let in_a = in_a.or_else(|| self.side_of(self.a, block));
        let in_b = in_b.or_else(|| self.side_of(self.b, block));
        let cells = block.cells();
        if let (Some(in_a), Some(in_b)) = (in_a, in_b) {
            count.points += cells;
            count.a += cells * usize::from(in_a);
            count.b += cells * usize::from(in_b);
            count.both += cells * usize::from(in_a && in_b);
        } else if cells == 1 {
            let point = self.point_in(block.low);
            let (in_a, in_b) =
                (in_a.unwrap_or_else(|| self.a.contains(point)), in_b.unwrap_or_else(|| self.b.contains(point)));
            count.points += 1;
            count.a += usize::from(in_a);
            count.b += usize::from(in_b);
            count.both += usize::from(in_a && in_b);
        } else {
            let extent = self.cell * DVec3::from([0, 1, 2].map(|i| (block.high[i] - block.low[i]) as f64));
            let splittable = DVec3::from([0, 1, 2].map(|i| f64::from(u8::from(block.high[i] - block.low[i] > 1))));
            let axis = (extent * splittable).max_position();
            let middle = usize::midpoint(block.low[axis], block.high[axis]);
            let (mut lower, mut upper) = (block, block);
            lower.high[axis] = middle;
            upper.low[axis] = middle;
            self.count(lower, in_a, in_b, count);
            self.count(upper, in_a, in_b, count);
        }
    }

    /// Whether the whole block lies inside `mesh` or outside it; nothing when the surface, or a hole in it, is too near to say.
    fn side_of(&self, mesh: &MeshQuery, block: Block) -> Option<bool> {
        let corner = |cell: [usize; 3]| self.min + self.cell * DVec3::from(cell.map(|i| i as f64));
        let (low, high) = (corner(block.low), corner(block.high));
        if mesh.bounds().intersection(Bounds { min: low, max: high }).is_none() {
            return Some(false);
        }
        if block.cells() == 1 {
            return None;
        }
        let (center, radius) = (0.5 * (low + high), 0.5 * (high - low).length());
        if mesh.distance(center) <= radius {
            return None;
        }
        match mesh.inside_rule() {
            // Clear of the surface the number changes slowly. Well away from one half, it does not pass it within the block.
            InsideRule::WindingNumber => {
                let winding = mesh.winding_number(center).abs();
                ((winding - 0.5).abs() > 0.3).then_some(winding > 0.5)
            }
            InsideRule::RayVote => Some(mesh.contains(center)),
        }
    }

    /// The random point of a cell.
    fn point_in(&self, cell: [usize; 3]) -> DVec3 {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(((cell[2] * self.cells[1] + cell[1]) * self.cells[0] + cell[0]) as u64);
        let jitter = DVec3::new(random.random(), random.random(), random.random());
        self.min + self.cell * (DVec3::from(cell.map(|i| i as f64)) + jitter)
    }
}

/// Cells per axis: about `points` in all, at least 8 along the shortest side, so that a thin plate is met.
fn grid(size: DVec3, points: usize) -> [usize; 3] {
    // Only the proportions matter; a side of nothing would divide by it.
    let longest = size.max_element();
    let size = if longest > 0.0 { (size / longest).max(DVec3::splat(1e-9)) } else { DVec3::ONE };
    let mut cells = [0.0; 3];
    let mut order = [0, 1, 2];
    order.sort_by(|&i, &j| size[i].total_cmp(&size[j]));
    let (mut left, mut volume) = (points.max(1) as f64, size.element_product());
    for (done, axis) in order.into_iter().enumerate() {
        let edge = (volume / left).powf(1.0 / (3 - done) as f64);
        cells[axis] = (size[axis] / edge).round().max(8.0);
        left = (left / cells[axis]).max(1.0);
        volume /= size[axis];
    }
    cells.map(|n| n as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes::{cuboid, sphere};

    #[test]
    fn grids_meet_their_number() {
        for (size, points) in [([1.0, 1.0, 1.0], 4096), ([1.0, 10.0, 100.0], 65536), ([1.0, 1.0, 0.001], 65536)] {
            let [x, y, z] = grid(DVec3::from(size), points);
            let ratio = (x * y * z) as f64 / points as f64;
            assert!((0.8..1.25).contains(&ratio), "{x} {y} {z}");
        }
        assert_eq!(grid(DVec3::ZERO, 1), [8, 8, 8]);
        assert_eq!(grid(DVec3::X, 4096)[1..], [8, 8]);
    }

    #[test]
    fn boxes_by_points() {
        let query = |min: DVec3, max: DVec3| MeshQuery::new(&cuboid(min, max)).unwrap();
        let a = query(DVec3::ZERO, DVec3::new(2.0, 1.0, 0.01));
        let b = query(DVec3::new(0.5, 0.0, 0.0), DVec3::new(2.5, 1.0, 0.01));
        let count = count_inside(&a, &b, 65536, 5);
        assert!((count.iou().unwrap() - 0.6).abs() < 0.005, "{count:?}");
        assert_eq!(count, count_inside(&a, &b, 65536, 5));
        assert_eq!(count.points, grid(DVec3::new(2.5, 1.0, 0.01), 65536).iter().product::<usize>());
    }

    #[test]
    fn blocks_answer_as_their_cells_would() {
        let mut open = sphere(DVec3::ZERO, 1.0, 48, 24);
        open.triangles.retain(|t| t.iter().any(|&v| open.positions[v as usize].z < 0.8));
        let (a, b) =
            (MeshQuery::new(&open).unwrap(), MeshQuery::new(&cuboid(DVec3::splat(-0.6), DVec3::splat(0.9))).unwrap());
        let count = count_inside(&a, &b, 8000, 5);
        let bounds = a.bounds().union(b.bounds());
        let cells = grid(bounds.size(), 8000);
        let all = Grid {
            a: &a,
            b: &b,
            min: bounds.min,
            cell: bounds.size() / DVec3::from(cells.map(|n| n as f64)),
            cells,
            seed: 5,
        };
        let mut expected = InsideCount::default();
        for (z, y, x) in
            (0..cells[2]).flat_map(|z| (0..cells[1]).flat_map(move |y| (0..cells[0]).map(move |x| (z, y, x))))
        {
            all.count(Block { low: [x, y, z], high: [x + 1, y + 1, z + 1] }, None, None, &mut expected);
        }
        assert_eq!(count, expected);
    }
}
