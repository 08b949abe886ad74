//! Points that do not belong to the surface.

use rayon::prelude::*;

use crate::{PointCloud, nearest::NearestPoints};

/// Indices, in order, of the points whose mean distance to their `neighbours` nearest is at most the cloud's mean of that plus
/// `deviations` standard deviations (Rusu et al., 2008). 16 and 2 suit most scans.
///
/// Removes stray points and small far clusters. Points that are not finite are never kept. A cloud with fewer than two
/// finite points, or `neighbours` 0, keeps all its finite points.
pub fn statistical_inliers(cloud: &PointCloud, neighbours: usize, deviations: f64) -> Vec<usize> {
    let tree = NearestPoints::new(&cloud.positions);
    let mean_distance: Vec<f64> = cloud
        .positions
        .par_iter()
        .with_min_len(256)
        .map(|&p| {
            // One more, because the nearest is the point itself.
            let near = tree.nearest_n(p, neighbours + 1);
            near.iter().skip(1).map(|(_, d)| d).sum::<f64>() / near.len().saturating_sub(1).max(1) as f64
        })
        .collect();
    let finite: Vec<usize> = (0..cloud.positions.len()).filter(|&i| cloud.positions[i].is_finite()).collect();
    let count = finite.len().max(1) as f64;
    let mean = finite.iter().map(|&i| mean_distance[i]).sum::<f64>() / count;
    let variance = finite.iter().map(|&i| (mean_distance[i] - mean).powi(2)).sum::<f64>() / count;
    // A hair of slack, so that an evenly spaced cloud does not lose points to rounding.
    let limit = (mean + deviations * variance.sqrt()) * (1.0 + 1e-9);
    finite.into_iter().filter(|&i| mean_distance[i] <= limit).collect()
}

/// Indices, in order, of the points with at least `neighbours` others within `radius` (in the cloud's unit).
pub fn radius_inliers(cloud: &PointCloud, radius: f64, neighbours: usize) -> Vec<usize> {
    let tree = NearestPoints::new(&cloud.positions);
    (0..cloud.positions.len())
        .into_par_iter()
        .with_min_len(256)
        // The point itself is among those found; one that is not finite finds nothing, itself included.
        .filter(|&i| tree.within(cloud.positions[i], radius).len() > neighbours)
        .collect()
}

/// The points at `indices`, with the normals and colours they have. Indices out of range are left out.
#[must_use]
pub fn select(cloud: &PointCloud, indices: &[usize]) -> PointCloud {
    fn pick<T: Copy>(values: &[T], indices: &[usize]) -> Vec<T> {
        indices.iter().filter_map(|&i| values.get(i).copied()).collect()
    }
    PointCloud {
        positions: pick(&cloud.positions, indices),
        normals: cloud.normals.as_ref().map(|normals| pick(normals, indices)),
        colors: cloud.colors.as_ref().map(|colors| pick(colors, indices)),
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::{metric::shapes, sample};

    /// A sampled sphere, then three stray points and one that is no number.
    fn sphere_with_strays() -> PointCloud {
        let mut positions = sample::surface(&shapes::sphere(DVec3::ZERO, 1.0, 48, 24), 3000, 4).positions;
        positions.extend([DVec3::splat(2.0), DVec3::new(-3.0, 0.0, 1.0), DVec3::ZERO, DVec3::NAN]);
        PointCloud { positions, ..PointCloud::default() }
    }

    #[test]
    fn strays_go_and_the_surface_stays() {
        let cloud = sphere_with_strays();
        for kept in [statistical_inliers(&cloud, 16, 3.0), radius_inliers(&cloud, 0.2, 4)] {
            assert!(kept.iter().all(|&i| i < 3000), "{:?}", kept.iter().max());
            assert!(kept.len() > 2940, "{}", kept.len());
            assert!(kept.is_sorted());
        }
    }

    #[test]
    fn small_clouds_keep_their_points() {
        let cloud = |positions: &[DVec3]| PointCloud { positions: positions.to_vec(), ..PointCloud::default() };
        assert!(statistical_inliers(&cloud(&[]), 8, 2.0).is_empty());
        assert_eq!(statistical_inliers(&cloud(&[DVec3::X, DVec3::NAN]), 8, 2.0), [0]);
        assert_eq!(statistical_inliers(&cloud(&[DVec3::X, DVec3::Y]), 8, 0.0), [0, 1]);
        assert!(radius_inliers(&cloud(&[DVec3::X]), 1.0, 1).is_empty());
    }

    #[test]
    fn selecting_takes_everything_along() {
        let cloud = PointCloud {
            positions: vec![DVec3::X, DVec3::Y, DVec3::Z],
            normals: Some(vec![DVec3::X, DVec3::Y, DVec3::Z]),
            colors: Some(vec![[1; 3], [2; 3], [3; 3]]),
        };
        let picked = select(&cloud, &[2, 0, 9]);
        assert_eq!(picked.positions, [DVec3::Z, DVec3::X]);
        assert_eq!(picked.normals.unwrap(), [DVec3::Z, DVec3::X]);
        assert_eq!(picked.colors.unwrap(), [[3; 3], [1; 3]]);
    }
}
