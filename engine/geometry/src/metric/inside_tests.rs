//! Intersection over union by asking points: the fallback where a mesh is no solid.

use glam::DVec3;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::query::MeshQuery;

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
pub(super) fn count_inside(a: &MeshQuery, b: &MeshQuery, points: usize, seed: u64) -> InsideCount {
    let bounds = a.bounds().union(b.bounds());
    let cells = grid(bounds.size(), points);
    let cell = bounds.size() / DVec3::from(cells.map(|n| n as f64));
    // One stream of random numbers per layer keeps the result the same however many threads there are.
    let layers: Vec<InsideCount> = (0..cells[2])
        .into_par_iter()
        .map(|z| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(z as u64);
            let mut count = InsideCount { points: cells[0] * cells[1], ..InsideCount::default() };
            for (y, x) in (0..cells[1]).flat_map(|y| (0..cells[0]).map(move |x| (y, x))) {
                let jitter = DVec3::new(random.random(), random.random(), random.random());
                let point = bounds.min + cell * (DVec3::new(x as f64, y as f64, z as f64) + jitter);
                let (in_a, in_b) = (a.contains(point), b.contains(point));
                count.a += usize::from(in_a);
                count.b += usize::from(in_b);
                count.both += usize::from(in_a && in_b);
            }
            count
        })
        .collect();
    layers.iter().fold(InsideCount::default(), |sum, layer| InsideCount {
        a: sum.a + layer.a,
        b: sum.b + layer.b,
        both: sum.both + layer.both,
        points: sum.points + layer.points,
    })
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
    use crate::metric::shapes::cuboid;

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
    }
}
