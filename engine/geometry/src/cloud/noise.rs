//! How dense points lie on a surface and how far they scatter about it, from the points alone.

use glam::DVec3;
use rayon::prelude::*;

use super::Scatter;
use crate::nearest::NearestPoints;

/// Density and noise of points on a surface.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sampling {
    /// The side of the square of surface that one point stands for, as the median over the points.
    pub spacing: f64,
    /// The standard deviation of the points' distances from the surface. Of points without noise what is left is the
    /// surface's own curvature over the neighbourhood, which is small.
    pub noise: f64,
    /// The same in the flattest third of all places, where hardly anything is left of the curvature.
    pub flat_noise: f64,
}

/// The rank of the place that tells the noise of flat ones, as a share, and what its noise lacks to that of the others: it is
/// one of those where the points happen to scatter little.
const FLAT: f64 = 0.3;
const FLAT_LACKS: f64 = 1.1;
/// Neighbours looked at: enough for a plane in noise, few enough to stay on one face.
const NEIGHBOURS: usize = 24;
/// Points asked, evenly chosen: the medians of so many are within a few percent.
const ASKED: usize = 600;

impl Sampling {
    /// Of points that lie anywhere on a surface, from the plane through each one's neighbours; nothing of fewer than four.
    pub fn of(points: &[DVec3], tree: &NearestPoints) -> Self {
        if tree.len() < 4 {
            return Self::default();
        }
        let step = points.len().div_ceil(ASKED).max(1);
        let asked: Vec<DVec3> = points.iter().copied().step_by(step).filter(|p| p.is_finite()).collect();
        let found: Vec<(f64, f64)> = asked.par_iter().with_min_len(32).filter_map(|&p| at(p, points, tree)).collect();
        let ranked = |mut values: Vec<f64>, share: f64| {
            values.sort_by(f64::total_cmp);
            values.get((values.len() as f64 * share) as usize).copied().unwrap_or(0.0)
        };
        let noises = || found.iter().map(|f| f.1).collect();
        Self {
            spacing: ranked(found.iter().map(|f| f.0).collect(), 0.5),
            noise: ranked(noises(), 0.5),
            flat_noise: FLAT_LACKS * ranked(noises(), FLAT),
        }
    }
}

/// Spacing and noise around one point.
fn at(point: DVec3, points: &[DVec3], tree: &NearestPoints) -> Option<(f64, f64)> {
    let near = tree.nearest_n(point, NEIGHBOURS);
    let reach = near.last()?.1;
    let count = near.len() as f64;
    let scatter = Scatter::of(near.iter().map(|&(i, _)| points[i]))?;
    // The plane itself takes three degrees of freedom.
    let noise = (scatter.variances[0] * count / (count - 3.0)).sqrt();
    // `count` points on a disc of radius `reach`.
    Some(((std::f64::consts::PI / count).sqrt() * reach, noise))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{metric::shapes, sample};

    #[test]
    fn spacing_and_noise_are_found() {
        let check = |noise: f64| {
            // A number of about the standard normal distribution for every point.
            let number = |i: usize| {
                let z = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let sum: f64 = (z ^ (z >> 27)).to_le_bytes().iter().map(|b| f64::from(*b)).sum();
                (sum - 8.0 * 127.5) / (8.0f64 * 5461.25).sqrt()
            };
            let samples = sample::surface(&shapes::cuboid(DVec3::ZERO, DVec3::splat(2.0)), 9600, 4);
            let points: Vec<DVec3> =
                (0..9600).map(|i| samples.positions[i] + noise * number(i) * samples.normals[i]).collect();
            let found = Sampling::of(&points, &NearestPoints::new(&points));
            // 24 of area by 9600 points.
            assert!((found.spacing / 0.05 - 1.0).abs() < 0.2, "{found:?}");
            assert!((found.noise - noise).abs() < 0.2 * noise + 1e-6, "{found:?} {noise}");
            assert!((found.flat_noise - noise).abs() < 0.2 * noise + 1e-6, "{found:?} {noise}");
        };
        check(0.0);
        check(0.01);
        check(0.03);
        assert_eq!(Sampling::of(&[], &NearestPoints::new(&[])), Sampling::default());
    }
}
