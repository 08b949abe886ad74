//! Points as scans have them: chosen anew each time, noisy, with parts missing, a little off in scale and place.
//!
//! All of it is small enough that the program stays the right answer.

use std::f32::consts::TAU;

use glam::{DVec3, Vec3};
use partwright_geometry::furthest::furthest_points;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// How much is done to points; coordinates are in -1..1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Augmentation {
    /// Share of samples that are noisy.
    pub noise_share: f64,
    /// The largest deviation of the noise; cadrille trains with 0.01.
    pub noise: f32,
    /// Share of samples with a hole in the scan.
    pub missing_share: f64,
    /// The largest radius of the hole.
    pub missing: f32,
    /// Share of samples that are scaled and moved.
    pub frame_share: f64,
    /// The largest change of scale.
    pub scale: f32,
    /// The largest shift along each axis.
    pub shift: f32,
}

impl Default for Augmentation {
    fn default() -> Self {
        Self {
            noise_share: 0.5,
            noise: 0.01,
            missing_share: 0.2,
            missing: 0.3,
            frame_share: 0.3,
            scale: 0.01,
            shift: 0.01,
        }
    }
}

impl Augmentation {
    /// Nothing is done; points are still chosen anew.
    pub const NONE: Self = Self {
        noise_share: 0.0,
        noise: 0.0,
        missing_share: 0.0,
        missing: 0.0,
        frame_share: 0.0,
        scale: 0.0,
        shift: 0.0,
    };

    /// `count` of the points, evenly spread, as a scan would have them.
    pub fn points(&self, points: &[[f32; 3]], count: usize, random: &mut ChaCha8Rng) -> Vec<[f32; 3]> {
        let mut chosen = subset(points, count, random);
        if happens(self.missing_share, random) {
            without_patch(&mut chosen, self.missing * random.random::<f32>(), count, random);
        }
        if happens(self.noise_share, random) {
            let deviation = self.noise * random.random::<f32>();
            for point in &mut chosen {
                *point += normal(random) * deviation;
            }
        }
        if happens(self.frame_share, random) {
            let mut within = |most: f32| most * (2.0 * random.random::<f32>() - 1.0);
            let scale = 1.0 + within(self.scale);
            let shift = Vec3::new(within(self.shift), within(self.shift), within(self.shift));
            for point in &mut chosen {
                *point = *point * scale + shift;
            }
        }
        let spread: Vec<DVec3> = chosen.iter().map(|point| point.as_dvec3()).collect();
        let first = if chosen.is_empty() { 0 } else { random.random_range(0..chosen.len()) };
        furthest_points(&spread, count, first).iter().cycle().take(count).map(|&i| chosen[i].to_array()).collect()
    }
}

/// Between half and all of the points.
fn subset(points: &[[f32; 3]], count: usize, random: &mut ChaCha8Rng) -> Vec<Vec3> {
    let share = 0.5 + 0.5 * random.random::<f64>();
    let wanted = ((points.len() as f64 * share) as usize).max(count).min(points.len());
    rand::seq::index::sample(random, points.len(), wanted).iter().map(|i| Vec3::from_array(points[i])).collect()
}

/// Takes off what lies about one of the points, unless hardly anything would be left.
fn without_patch(points: &mut Vec<Vec3>, radius: f32, least: usize, random: &mut ChaCha8Rng) {
    let Some(&center) = points.get(random.random_range(0..points.len().max(1))) else { return };
    let far = |point: &Vec3| point.distance_squared(center) > radius * radius;
    if points.iter().filter(|point| far(point)).count() >= least.max(points.len() / 2) {
        points.retain(far);
    }
}

fn happens(share: f64, random: &mut ChaCha8Rng) -> bool {
    random.random::<f64>() < share
}

/// Three normal numbers (Box and Muller).
fn normal(random: &mut ChaCha8Rng) -> Vec3 {
    let mut pair = || {
        let radius = (-2.0 * (1.0 - random.random::<f32>()).ln()).sqrt();
        let (sin, cos) = (TAU * random.random::<f32>()).sin_cos();
        (radius * cos, radius * sin)
    };
    let ((x, y), (z, _)) = (pair(), pair());
    Vec3::new(x, y, z)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    /// A lattice on the square of the whole frame at z = 0.5.
    fn square() -> Vec<[f32; 3]> {
        (0..1024).map(|i| [(i % 32) as f32 / 15.5 - 1.0, (i / 32) as f32 / 15.5 - 1.0, 0.5]).collect()
    }

    #[test]
    fn points_stay_near_the_part_and_cover_it() {
        for seed in 0..50 {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            let points = Augmentation::default().points(&square(), 64, &mut random);
            assert_eq!(points.len(), 64);
            for [x, y, z] in points {
                assert!(x.abs() < 1.08 && y.abs() < 1.08 && (z - 0.5).abs() < 0.08, "{x} {y} {z}");
            }
        }
    }

    #[test]
    fn nothing_moves_points_and_another_draw_takes_others() {
        let (first, second) = (ChaCha8Rng::seed_from_u64(1), ChaCha8Rng::seed_from_u64(2));
        let drawn = |mut random: ChaCha8Rng| Augmentation::NONE.points(&square(), 64, &mut random);
        assert!(drawn(first.clone()).iter().all(|point| square().contains(point)));
        assert_eq!(drawn(first.clone()), drawn(first.clone()));
        assert_ne!(drawn(first.clone()), drawn(second));
        let few = Augmentation::default().points(&square()[..5], 64, &mut first.clone());
        assert_eq!(few.len(), 64);
        assert!(Augmentation::default().points(&[], 64, &mut first.clone()).is_empty());
    }

    #[test]
    fn noise_has_the_deviation_of_its_name() {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let drawn: Vec<Vec3> = (0..20_000).map(|_| normal(&mut random)).collect();
        let mean = drawn.iter().sum::<Vec3>() / 20_000.0;
        let square = drawn.iter().map(|x| x.length_squared()).sum::<f32>() / 60_000.0;
        assert!(mean.length() < 0.03 && (square - 1.0).abs() < 0.03, "{mean} {square}");
    }
}
