//! Fewer points that still show everything: of dense places some, of sparse places most.
//!
//! Points are put in order along a space-filling curve (G. M. Morton, 1966), which keeps neighbours together, and taken at
//! random from equal stretches of it. Nothing is averaged: what is left are points that were measured, so that coplanar
//! points stay so.

use glam::DVec3;
use rayon::prelude::*;

/// Bits of a cell's place along each axis: a thousandth of the size is finer than the cells asked for.
const BITS: u32 = 10;
/// Points that the box is taken from, and the share of them beyond each of its sides: strays must not set the cells' size.
const ASKED: usize = 20_000;
const BEYOND: usize = 500;
/// Points kept in a cell, on average: few, so that cells are small, and so are the features that have cells of their own.
const IN_CELL: usize = 2;
/// A cell keeps in proportion to this power of its points' number. One would keep the cloud's own density, nought would
/// make the grazed cells at edges dense; with a third a place a hundred times as sparse as others is five times as sparse
/// in the end, and still a surface rather than strays.
const EVENNESS: f64 = 1.0 / 3.0;

/// Indices, increasing, of at most `most` of the finite points: all of them where there are no more. Takes O(n log n) and
/// eight bytes for each point. Clouds have fewer than 2^32 points; of more, only the first 2^32 are looked at.
#[must_use]
pub fn thinned(points: &[DVec3], most: usize) -> Vec<usize> {
    let finite = || (0u32..=u32::MAX).zip(points).filter(|(_, p)| p.is_finite());
    let count = finite().count();
    if count <= most {
        return finite().map(|(i, _)| i as usize).collect();
    }
    let (low, scale) = frame(points, count);
    let mut order: Vec<u64> = finite().map(|(i, p)| (morton((*p - low) * scale) << 32) | u64::from(i)).collect();
    order.par_sort_unstable();
    let cells = cells(&order, most / IN_CELL);
    let quotas = quotas(&cells, most);
    let mut kept = Vec::with_capacity(most);
    let (mut from, mut owed, mut given) = (0, 0.0, 0.0);
    for (&count, quota) in cells.iter().zip(quotas) {
        // What rounding leaves is carried on to the next cell.
        owed += quota;
        let own = ((owed - given).round() as usize).min(count);
        given += own as f64;
        for k in 0..own {
            let place = (k as f64 + share(order[from])) * count as f64 / own as f64;
            let at = from + (place as usize).min(count - 1);
            kept.push((order[at] & u64::from(u32::MAX)) as usize);
        }
        from += count;
    }
    kept.sort_unstable();
    kept.dedup();
    kept.truncate(most);
    kept
}

/// The corner and the scale that make cells of the box of the points, as far as it is not much larger than that of nearly all.
fn frame(points: &[DVec3], count: usize) -> (DVec3, f64) {
    let every = (count / ASKED).max(1);
    let asked: Vec<DVec3> = points.iter().step_by(every).filter(|p| p.is_finite()).copied().collect();
    let ends = [0, 1, 2].map(|axis| {
        let mut along: Vec<f64> = asked.iter().map(|p| p[axis]).collect();
        along.sort_unstable_by(f64::total_cmp);
        let cut = along.len() / BEYOND;
        along.get(cut).copied().zip(along.get(along.len().saturating_sub(1 + cut)).copied()).unwrap_or_default()
    });
    let [low, high] = [ends.map(|e| e.0), ends.map(|e| e.1)].map(DVec3::from);
    let room = (high - low).max_element();
    let finite = || points.iter().copied().filter(|p| p.is_finite());
    let low = (low - room).max(finite().fold(DVec3::INFINITY, DVec3::min));
    let high = (high + room).min(finite().fold(DVec3::NEG_INFINITY, DVec3::max));
    let side = (high - low).max_element().max(f64::MIN_POSITIVE);
    (low, f64::from(1u32 << BITS) / side)
}

/// A cell's place on the curve: the bits of its coordinates, interleaved. What lies outside counts to the outermost cells.
fn morton(p: DVec3) -> u64 {
    let last = f64::from((1u32 << BITS) - 1);
    let cell = p.clamp(DVec3::ZERO, DVec3::splat(last)).to_array().map(|c| c as u64);
    (0..BITS).fold(0, |code, bit| (0..3).fold(code, |code, a| code | (cell[a] >> bit & 1) << (3 * bit + a as u32)))
}

/// Numbers of points in the cells, in order, of the finest division that has at most `most` of them.
fn cells(order: &[u64], most: usize) -> Vec<usize> {
    let mut found = vec![order.len()];
    for level in 1..=BITS {
        let cell = |code: &u64| code >> (32 + 3 * (BITS - level));
        let finer: Vec<usize> = order.chunk_by(|a, b| cell(a) == cell(b)).map(<[u64]>::len).collect();
        if finer.len() > most {
            break;
        }
        found = finer;
    }
    found
}

/// How many points each cell keeps: in proportion to the power of its points, but no more than it has, `most` altogether.
fn quotas(cells: &[usize], most: usize) -> Vec<f64> {
    let kept = |scale: f64| cells.iter().map(move |&n| (scale * (n as f64).powf(EVENNESS)).min(n as f64));
    // Between a scale that keeps nothing and one that keeps all.
    let (mut low, mut high) = (0.0, cells.iter().copied().max().unwrap_or(0) as f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if kept(middle).sum::<f64>() > most as f64 { high = middle } else { low = middle }
    }
    kept(low).collect()
}

/// A number in 0..1 that follows from `seed` alone (splitmix64): where in its stretch a point is taken, lest the stretches
/// beat with a raster.
fn share(seed: u64) -> f64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{metric::shapes, sample};

    fn cuboid(count: usize, low: f64, size: DVec3) -> Vec<DVec3> {
        sample::surface(&shapes::cuboid(DVec3::splat(low), DVec3::splat(low) + size), count, 3).positions
    }

    #[test]
    fn few_points_are_all_kept() {
        let check = |points: &[DVec3], most: usize, expected: &[usize]| assert_eq!(thinned(points, most), expected);
        check(&[], 4, &[]);
        check(&[DVec3::X, DVec3::NAN, DVec3::Y], 2, &[0, 2]);
        check(&[DVec3::X, DVec3::NAN, DVec3::Y], 0, &[]);
    }

    #[test]
    fn points_all_in_one_place_are_thinned_too() {
        let same = thinned(&vec![DVec3::ONE; 1000], 100);
        assert!(same.len() > 60 && same.len() <= 100, "{}", same.len());
    }

    #[test]
    fn an_even_cloud_stays_even() {
        let points = cuboid(200_000, 0.0, DVec3::ONE);
        let kept = thinned(&points, 10_000);
        assert!((9_500..=10_000).contains(&kept.len()), "{}", kept.len());
        assert!(kept.is_sorted());
        let on_top = kept.iter().filter(|&&i| points[i].z > 1.0 - 1e-9).count() as f64 / kept.len() as f64;
        assert!((on_top - 1.0 / 6.0).abs() < 0.01, "{on_top}");
        // Every square of a tenth of the top has its points, none many times as many as others.
        let mut squares = [0usize; 100];
        for p in kept.iter().map(|&i| points[i]).filter(|p| p.z > 1.0 - 1e-9) {
            squares[(p.x * 10.0).min(9.0) as usize * 10 + (p.y * 10.0).min(9.0) as usize] += 1;
        }
        let (least, greatest) = (squares.iter().min().unwrap(), squares.iter().max().unwrap());
        assert!(*least >= 5 && *greatest <= 50, "{least} {greatest}");
    }

    #[test]
    fn sparse_places_and_small_features_keep_their_points() {
        // A block scanned densely, another at a hundredth of the density, and a pin that its share of the points would leave two.
        let mut points = cuboid(300_000, 0.0, DVec3::ONE);
        points.extend(cuboid(3000, 2.0, DVec3::ONE));
        points.extend(cuboid(40, 4.0, DVec3::new(0.05, 0.05, 0.3)));
        let kept = thinned(&points, 16_000);
        let within = |range: std::ops::Range<usize>| kept.iter().filter(|i| range.contains(*i)).count();
        let (dense, sparse, pin) = (within(0..300_000), within(300_000..303_000), within(303_000..303_040));
        assert!(sparse > 1500 && pin >= 13, "{dense} {sparse} {pin}");
        assert!(dense + sparse + pin <= 16_000 && dense > 10_000, "{dense}");
    }

    #[test]
    fn strays_far_away_do_not_make_cells_coarse() {
        let mut points = cuboid(100_000, 0.0, DVec3::ONE);
        points.extend([DVec3::splat(1e9), DVec3::splat(-1e9)]);
        let kept = thinned(&points, 5000);
        let on_top = kept.iter().filter(|&&i| (points[i].z - 1.0).abs() < 1e-9).count() as f64 / kept.len() as f64;
        assert!((on_top - 1.0 / 6.0).abs() < 0.02, "{on_top}");
    }

    #[test]
    fn the_order_of_points_hardly_matters_and_a_raster_keeps_no_stripes() {
        let raster: Vec<DVec3> =
            (0..160_000).map(|i| DVec3::new(f64::from(i % 400), f64::from(i / 400), 0.0)).collect();
        let kept = thinned(&raster, 8000);
        let columns: std::collections::BTreeSet<usize> = kept.iter().map(|i| i % 400).collect();
        assert!(columns.len() > 390, "{}", columns.len());
        assert_eq!(kept, thinned(&raster, 8000));
    }
}
