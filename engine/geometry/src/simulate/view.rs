//! What one view sees.

use glam::DVec3;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::ScannerConfig;
use super::random::normal;
use crate::query::MeshQuery;

/// The scanner stands so many radii of the shape away: near enough that perspective shows, far enough to see into holes.
const DISTANCE: f64 = 3.0;
/// From this share of the angle at which nothing comes back any more, points begin to be lost.
const LOSING: f64 = 0.75;
/// Standard deviation of the tilt of normals, as of normals estimated from neighbours.
const TILT_RAD: f64 = 0.05;
/// Range noise does not grow beyond that of a surface seen under this cosine.
const FLATTEST: f64 = 0.2;

/// A place to look from.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    pub(super) eye: DVec3,
    pub(super) center: DVec3,
    right: DVec3,
    up: DVec3,
    /// Half the side of the picture, at the centre.
    half: f64,
}

/// A point that came back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Row and column in the picture.
    pub(super) cell: [u32; 2],
    pub(super) point: DVec3,
    pub(super) normal: DVec3,
    /// From the eye to the point, of unit length.
    pub(super) ray: DVec3,
}

impl View {
    /// Looks from `direction` at the ball of `radius` around `center`.
    pub(super) fn new(center: DVec3, radius: f64, direction: DVec3) -> Self {
        let direction = direction.try_normalize().unwrap_or(DVec3::Z);
        let (right, up) = direction.any_orthonormal_pair();
        // What touches the ball's sides meets the plane through its centre this far out.
        let half = radius * DISTANCE / (DISTANCE * DISTANCE - 1.0).sqrt();
        Self { eye: center + DISTANCE * radius * direction, center, right, up, half }
    }

    /// Side of a cell at the centre of a picture of `side` by `side` cells.
    pub(super) fn cell(&self, side: u32) -> f64 {
        2.0 * self.half / f64::from(side)
    }

    /// What comes back through the cells of a picture of `side` by `side`, one ray at a random place in each, with noise.
    /// `stream` tells the views of one scan apart.
    pub(super) fn look(&self, query: &MeshQuery, config: &ScannerConfig, side: u32, stream: u64) -> Vec<Seen> {
        let rows: Vec<Vec<Seen>> =
            (0..side).into_par_iter().map(|row| self.row(query, config, side, row, stream)).collect();
        rows.concat()
    }

    fn row(&self, query: &MeshQuery, config: &ScannerConfig, side: u32, row: u32, stream: u64) -> Vec<Seen> {
        let mut random = ChaCha8Rng::seed_from_u64(config.seed);
        // Every row has numbers of its own, so that threads change nothing. Stream 0 is the scan's.
        random.set_stream(((stream + 1) << 32) | u64::from(row));
        let (nothing, losing) = (config.grazing_rad.cos(), (LOSING * config.grazing_rad).cos());
        let place = |index: u32, jitter: f64| 2.0 * (f64::from(index) + jitter) / f64::from(side) - 1.0;
        let mut seen = Vec::new();
        for column in 0..side {
            let [x, y, kept]: [f64; 3] = random.random();
            let (error, tilts) = (normal(&mut random), [normal(&mut random), normal(&mut random)]);
            let target = self.center + self.half * (place(column, x) * self.right + place(row, y) * self.up);
            let Some(hit) = query.ray(self.eye, target - self.eye) else { continue };
            let ray = (target - self.eye).normalize_or_zero();
            // The side of the surface that looks at the eye.
            let normal = if hit.normal.dot(ray) > 0.0 { -hit.normal } else { hit.normal };
            let cosine = -normal.dot(ray);
            if cosine <= nothing || kept > (cosine - nothing) / (losing - nothing) {
                continue;
            }
            // An error along the ray shows on the surface by the cosine: this way the surface's noise is what was asked.
            let point = hit.point + config.noise * error / cosine.max(FLATTEST) * ray;
            let (a, b) = normal.any_orthonormal_pair();
            let normal = (normal + TILT_RAD * (tilts[0] * a + tilts[1] * b)).normalize_or(normal);
            seen.push(Seen { cell: [row, column], point, normal, ray });
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes::cuboid;

    #[test]
    fn only_what_faces_the_view_is_seen() {
        let query = MeshQuery::new(&cuboid(DVec3::splat(-1.0), DVec3::splat(1.0))).unwrap();
        let view = View::new(DVec3::ZERO, 3f64.sqrt(), DVec3::new(0.0, 1.0, 1.0));
        let seen = view.look(&query, &ScannerConfig::default(), 60, 0);
        assert!(seen.len() > 400);
        for hit in &seen {
            let on_top = (hit.point.z - 1.0).abs() < 1e-9;
            let behind = (hit.point.y - 1.0).abs() < 1e-9;
            assert!(on_top || behind, "{hit:?}");
            assert!(hit.normal.dot(hit.ray) < 0.0);
        }
    }

    #[test]
    fn the_sides_of_a_straight_view_are_too_flat() {
        let query = MeshQuery::new(&cuboid(DVec3::splat(-1.0), DVec3::splat(1.0))).unwrap();
        let view = View::new(DVec3::ZERO, 3f64.sqrt(), DVec3::Z);
        let seen = view.look(&query, &ScannerConfig::default(), 40, 0);
        assert!(seen.iter().all(|hit| (hit.point.z - 1.0).abs() < 1e-9));
        // The square of the top in the picture, in perspective.
        let share = (3.0 * 3f64.sqrt() / (3.0 * 3f64.sqrt() - 1.0) / view.half).powi(2);
        assert!((seen.len() as f64 / 1600.0 - share).abs() < 0.06, "{} {share}", seen.len());
    }
}
