//! The Chamfer distance as cadrille's evaluation counts it: the mean squared distance to the nearest sample of the other
//! surface, both ways, added up. No square root, no halving.

use glam::DVec3;
use rayon::prelude::*;

use crate::{TriMesh, nearest::NearestPoints, sample};

/// Points sampled on each surface by cadrille's evaluation.
pub const CHAMFER_SAMPLES: usize = 8192;

/// The Chamfer distance of two surfaces by `samples` points on each, in the meshes' unit squared.
///
/// The two surfaces are sampled independently, so equal meshes give the small positive floor of the published tables,
/// not zero. Infinite when either mesh has no area.
pub fn chamfer(a: &TriMesh, b: &TriMesh, samples: usize, seed: u64) -> f64 {
    let on_a = sample::surface(a, samples, seed).positions;
    let on_b = sample::surface(b, samples, other_seed(seed)).positions;
    chamfer_of_points(&on_a, &NearestPoints::new(&on_a), &on_b, &NearestPoints::new(&on_b))
}

/// The Chamfer distance of two clouds whose trees exist already. Infinite when either is empty.
pub fn chamfer_of_points(a: &[DVec3], tree_a: &NearestPoints, b: &[DVec3], tree_b: &NearestPoints) -> f64 {
    mean_squared_distance(a, tree_b) + mean_squared_distance(b, tree_a)
}

/// The seed of the second surface: any fixed function other than the identity will do.
pub(super) fn other_seed(seed: u64) -> u64 {
    seed ^ 0x9E37_79B9_7F4A_7C15
}

fn mean_squared_distance(points: &[DVec3], to: &NearestPoints) -> f64 {
    // Collected before it is summed: the order of a sum decides its last digits.
    let squared: Vec<f64> = points
        .par_iter()
        .with_min_len(512)
        .filter_map(|&p| to.nearest(p))
        .map(|(_, distance)| distance * distance)
        .collect();
    if squared.is_empty() { f64::INFINITY } else { squared.iter().sum::<f64>() / squared.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes;

    #[test]
    fn clouds_by_hand() {
        let (a, b) = ([DVec3::ZERO, DVec3::X], [DVec3::ZERO, 3.0 * DVec3::X, DVec3::Y]);
        // a -> b: 0 and 1; b -> a: 0, 4 and 1.
        let found = chamfer_of_points(&a, &NearestPoints::new(&a), &b, &NearestPoints::new(&b));
        assert!((found - (0.5 + 5.0 / 3.0)).abs() < 1e-12);
    }

    #[test]
    fn shifted_planes_and_the_floor() {
        let cube = shapes::cuboid(DVec3::ZERO, DVec3::ONE);
        let floor = chamfer(&cube, &cube, CHAMFER_SAMPLES, 1);
        // Poisson samples of density d: mean squared distance to the nearest is 1 / (pi d), here twice with d = 8192 / 6.
        let expected = 2.0 * 6.0 / (std::f64::consts::PI * 8192.0);
        assert!((floor / expected - 1.0).abs() < 0.05, "{floor} {expected}");
        assert_eq!(floor.to_bits(), chamfer(&cube, &cube, CHAMFER_SAMPLES, 1).to_bits());
        // Spheres of radius 1 and 1.5: 0.25 each way, apart from the floor.
        let (small, large) = (shapes::sphere(DVec3::ZERO, 1.0, 96, 48), shapes::sphere(DVec3::ZERO, 1.5, 96, 48));
        assert!((chamfer(&small, &large, CHAMFER_SAMPLES, 1) - 0.5).abs() < 0.01);
        assert!(chamfer(&small, &TriMesh::default(), 100, 1).is_infinite());
    }
}
