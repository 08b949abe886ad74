//! Fewer triangles and points, for large shapes in motion on a slow adapter.
//!
//! Which level is drawn is decided by [`Pace`](super::Pace), from how long pictures take.

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::SurfaceVertex;

/// How finely shapes may be drawn while they move, finest first: every level has half the triangles (or points) of the one
/// before. The finest is more than two cores of llvmpipe draw in time, the coarsest still shows what is turned.
pub const MOVING_TRIANGLES: [u32; 6] = [200_000, 100_000, 50_000, 25_000, 12_500, 6_250];

/// Cells along the longest side at first; a closed body of common shape then keeps about the triangles of the finest level.
const CELLS: f32 = 256.0;

/// Every level of [`MOVING_TRIANGLES`] that has fewer triangles than the surface: corners of its triangles.
pub(super) fn coarse_levels(vertices: &[SurfaceVertex], triangles: &[u32]) -> Vec<Vec<u32>> {
    let mut low = [f32::INFINITY; 3];
    let mut high = [f32::NEG_INFINITY; 3];
    for p in vertices.iter().map(|v| v.in_shape).filter(|p| p.iter().all(|c| c.is_finite())) {
        for axis in 0..3 {
            low[axis] = low[axis].min(p[axis]);
            high[axis] = high[axis].max(p[axis]);
        }
    }
    let longest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
    let mut levels: Vec<Vec<u32>> = Vec::new();
    let mut cells = CELLS;
    for most in MOVING_TRIANGLES.map(|most| most as usize * 3) {
        let finer = levels.last().map_or(triangles, Vec::as_slice);
        if finer.len() <= most {
            continue;
        }
        let mut coarse = clustered(vertices, finer, low, longest / cells);
        // The number of triangles grows with the square of the cells, so the second try nearly always fits.
        for _ in 0..4 {
            if coarse.len() <= most {
                break;
            }
            cells *= 0.95 * (most as f32 / coarse.len() as f32).sqrt();
            coarse = clustered(vertices, finer, low, longest / cells);
        }
        cells *= 0.5f32.sqrt();
        levels.push(coarse);
    }
    levels
}

/// Triangles between clusters of vertices: all vertices of a cell of a grid become the first of them, and triangles that lose
/// an edge go (Rossignac and Borrel 1993).
fn clustered(vertices: &[SurfaceVertex], triangles: &[u32], low: [f32; 3], cell: f32) -> Vec<u32> {
    let cell = cell.max(f32::MIN_POSITIVE);
    let mut first: FxHashMap<[u16; 3], u32> = FxHashMap::with_capacity_and_hasher(1 << 16, FxBuildHasher);
    // Only the vertices that are used are looked at: coarser levels use few of them.
    let mut of = vec![u32::MAX; vertices.len()];
    let mut kept: Vec<[u32; 3]> = triangles
        .chunks_exact(3)
        .filter_map(|t| {
            let [a, b, c] = [t[0], t[1], t[2]].map(|v| {
                let v = v as usize;
                if of[v] == u32::MAX {
                    let key = std::array::from_fn(|axis| ((vertices[v].in_shape[axis] - low[axis]) / cell) as u16);
                    of[v] = *first.entry(key).or_insert(v as u32);
                }
                of[v]
            });
            // The smallest corner first, in the same sense of turn: equal triangles become equal numbers.
            let turned = if a <= b && a <= c {
                [a, b, c]
            } else if b <= c {
                [b, c, a]
            } else {
                [c, a, b]
            };
            (a != b && b != c && c != a).then_some(turned)
        })
        .collect();
    kept.sort_unstable();
    kept.dedup();
    kept.into_flattened()
}

/// The sides of triangles, each once, as pairs of corners.
pub(super) fn sides(triangles: &[u32]) -> Vec<u32> {
    let of_triangle = |t: &[u32]| [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])].map(|(a, b)| [a.min(b), a.max(b)]);
    let mut sides: Vec<[u32; 2]> = triangles.par_chunks_exact(3).flat_map_iter(of_triangle).collect();
    sides.par_sort_unstable();
    sides.dedup();
    sides.into_flattened()
}

/// Puts things in a random order that is always the same (Fisher and Yates, with `SplitMix64`).
pub(super) fn shuffle<T>(things: &mut [T]) {
    let mut state = 0x5eed_u64;
    for last in (1..things.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        things.swap(last, (z % (last as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square of `n` by `n` cells in the xy plane.
    fn square(n: u32) -> (Vec<SurfaceVertex>, Vec<u32>) {
        let at = |i: u32| i as f32 / n as f32;
        let vertex = |x, y| SurfaceVertex { in_shape: [at(x), at(y), 0.0], ..SurfaceVertex::default() };
        let vertices = (0..=n).flat_map(|y| (0..=n).map(move |x| vertex(x, y))).collect();
        let corner = |x: u32, y: u32| y * (n + 1) + x;
        let cell = |x, y| {
            let [a, b, c, d] = [corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1)];
            [a, b, c, a, c, d]
        };
        (vertices, (0..n).flat_map(|y| (0..n).flat_map(move |x| cell(x, y))).collect())
    }

    #[test]
    fn a_small_surface_stays_and_a_large_one_gets_levels() {
        let (vertices, triangles) = square(20);
        assert!(coarse_levels(&vertices, &triangles).is_empty());
        let (vertices, triangles) = square(400);
        let levels = coarse_levels(&vertices, &triangles);
        assert_eq!(levels.len(), MOVING_TRIANGLES.len());
        for (level, most) in levels.iter().zip(MOVING_TRIANGLES) {
            let area: f32 = level
                .chunks_exact(3)
                .map(|t| {
                    let [a, b, c] = [t[0], t[1], t[2]].map(|v| vertices[v as usize].in_shape);
                    0.5 * ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
                })
                .sum();
            let count = level.len() as u32 / 3;
            assert!((most / 5..=most).contains(&count), "{count} of {most}");
            assert!((0.9..=1.001).contains(&area), "the square stays covered: {area}");
        }
    }

    #[test]
    fn every_side_is_there_once() {
        let (_, triangles) = square(2);
        assert_eq!(sides(&triangles).len() / 2, 16);
    }

    #[test]
    fn shuffling_keeps_everything_and_is_the_same_each_time() {
        let sorted: Vec<u32> = (0..1000).collect();
        let mut one = sorted.clone();
        shuffle(&mut one);
        let mut other = sorted.clone();
        shuffle(&mut other);
        assert_eq!(one, other);
        assert_ne!(one, sorted);
        one.sort_unstable();
        assert_eq!(one, sorted);
    }
}
