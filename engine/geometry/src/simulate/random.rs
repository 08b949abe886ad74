//! How directions and errors scatter.

use std::f64::consts::{PI, TAU};

use glam::{DQuat, DVec3};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::Similarity;

/// A number of the standard normal distribution (Box and Muller, 1958).
pub(super) fn normal(random: &mut ChaCha8Rng) -> f64 {
    // The first must not be zero.
    let (radius, angle): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
    (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
}

/// A direction, all equally likely.
pub(super) fn direction(random: &mut ChaCha8Rng) -> DVec3 {
    let (height, angle) = (2.0 * random.random::<f64>() - 1.0, TAU * random.random::<f64>());
    let across = (1.0 - height * height).max(0.0).sqrt();
    DVec3::new(across * angle.cos(), across * angle.sin(), height)
}

/// `count` directions spread evenly over the sphere, or over the half around `side`, turned at random about the pole.
///
/// A spiral of equal areas by the golden angle (Vogel, 1979, on the sphere).
pub(super) fn spread(count: usize, side: Option<DVec3>, random: &mut ChaCha8Rng) -> Vec<DVec3> {
    let golden = PI * (3.0 - 5f64.sqrt());
    let start = TAU * random.random::<f64>();
    let upright = DQuat::from_rotation_arc(DVec3::Z, side.and_then(DVec3::try_normalize).unwrap_or(DVec3::Z));
    let heights = if side.is_some() { 1.0 } else { 2.0 };
    (0..count)
        .map(|i| {
            let height: f64 = 1.0 - heights * (i as f64 + 0.5) / count as f64;
            let across = (1.0 - height * height).max(0.0).sqrt();
            let angle = start + golden * i as f64;
            upright * DVec3::new(across * angle.cos(), across * angle.sin(), height)
        })
        .collect()
}

/// A rigid motion that moves no point of the ball around `center` by more than `most`.
pub(super) fn small_motion(center: DVec3, radius: f64, most: f64, random: &mut ChaCha8Rng) -> Similarity {
    let share = random.random::<f64>();
    // A turn by an angle moves nothing by more than the angle times the radius.
    let angle = share * most / radius;
    let rotation = DQuat::from_axis_angle(direction(random), angle);
    let shift = (1.0 - share) * most * direction(random);
    Similarity { scale: 1.0, rotation, translation: center + shift - rotation * center }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn normal_numbers_have_mean_zero_and_variance_one() {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let numbers: Vec<f64> = (0..20_000).map(|_| normal(&mut random)).collect();
        let mean = numbers.iter().sum::<f64>() / 20_000.0;
        let variance = numbers.iter().map(|x| x * x).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }

    #[test]
    fn views_are_spread_and_keep_to_their_side() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let all = spread(50, None, &mut random);
        assert!(all.iter().sum::<DVec3>().length() / 50.0 < 0.05);
        assert!(all.iter().all(|d| (d.length() - 1.0).abs() < 1e-12));
        let side = DVec3::new(1.0, 2.0, -2.0);
        assert!(spread(9, Some(side), &mut random).iter().all(|d| d.dot(side) > 0.0));
    }

    #[test]
    fn small_motions_are_small() {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let center = DVec3::new(5.0, -3.0, 100.0);
        for _ in 0..200 {
            let motion = small_motion(center, 2.0, 0.1, &mut random);
            let p = center + 2.0 * direction(&mut random);
            assert!(motion.point(p).distance(p) <= 0.1 + 1e-9);
        }
    }
}
