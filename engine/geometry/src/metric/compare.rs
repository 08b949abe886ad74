//! Two shapes compared in every way at once.

use super::{CHAMFER_SAMPLES, Deviation, IouMethod, PreparedReference};
use crate::{Bounds, TriMesh};

/// How shapes are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompareConfig {
    /// Points sampled on each surface for the Chamfer distance and the deviation.
    pub samples: usize,
    /// Points asked when an IoU cannot be found by a boolean.
    pub inside_points: usize,
    /// Decides all random points.
    pub seed: u64,
}

impl Default for CompareConfig {
    /// cadrille's 8192 samples; 32,768 inside tests, which find the IoU of ordinary parts within about 0.003.
    fn default() -> Self {
        Self { samples: CHAMFER_SAMPLES, inside_points: 32_768, seed: 0 }
    }
}

/// Everything about two shapes `a` and `b`. Lengths are in the shapes' unit (both must have the same).
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Volume shared over volume covered, in 0..=1; `None` when a side has no volume.
    pub iou: Option<f64>,
    /// How `iou` was found, or why it is missing.
    pub iou_method: IouMethod,
    /// Mean squared nearest distance of samples, both ways added; infinite when a side has no surface.
    pub chamfer: f64,
    /// From `a` to the surface of `b`; `None` when a side has no surface.
    pub deviation: Option<Deviation>,
    /// From `b` to the surface of `a`.
    pub deviation_back: Option<Deviation>,
    /// The larger of the two maxima: the Hausdorff distance as far as samples and vertices can tell.
    pub hausdorff: Option<f64>,
    /// The volume of `a`, every point counted once; `None` when it is not a solid.
    pub volume_a: Option<f64>,
    /// The volume of `b`.
    pub volume_b: Option<f64>,
    /// The area of `a`; `None` for a cloud.
    pub area_a: Option<f64>,
    /// The area of `b`.
    pub area_b: Option<f64>,
    /// The box of `a`; `None` without finite points.
    pub bounds_a: Option<Bounds>,
    /// The box of `b`.
    pub bounds_b: Option<Bounds>,
}

/// Compares two meshes as they lie; nothing is moved or scaled (see [`super::normalised_for_evaluation`]).
pub fn compare(a: &TriMesh, b: &TriMesh, config: &CompareConfig) -> Comparison {
    PreparedReference::new(a, *config).compare(b)
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::{
        PointCloud,
        metric::{chamfer, shapes::cuboid},
        sample,
    };

    #[test]
    fn a_box_and_a_longer_box() {
        let a = cuboid(DVec3::ZERO, DVec3::ONE);
        let b = cuboid(DVec3::ZERO, DVec3::new(1.5, 1.0, 1.0));
        let config = CompareConfig::default();
        let found = compare(&a, &b, &config);
        assert!((found.iou.unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(found.iou_method, IouMethod::Boolean);
        assert_eq!(found.chamfer.to_bits(), chamfer(&a, &b, config.samples, config.seed).to_bits());
        // Only the far face of a is off b: it is within b, at most 0.5 deep, and that in its middle where no vertex is.
        assert!((found.deviation.unwrap().max - 0.5).abs() < 0.02);
        assert!((found.hausdorff.unwrap() - 0.5).abs() < 1e-12);
        assert!((found.volume_b.unwrap() - 1.5).abs() < 1e-12 && (found.area_a.unwrap() - 6.0).abs() < 1e-12);
        assert_eq!(found, compare(&a, &b, &config));
    }

    #[test]
    fn a_cloud_has_distances_only() {
        let a = cuboid(DVec3::ZERO, DVec3::ONE);
        let config = CompareConfig::default();
        let cloud = PointCloud { positions: sample::surface(&a, 5000, 9).positions, ..PointCloud::default() };
        let found = PreparedReference::of_cloud(&cloud, config).compare(&a);
        assert_eq!(found.iou, None);
        assert!(found.deviation.unwrap().max < 1e-9);
        // Back, the gaps between the points show.
        assert!((0.001..0.05).contains(&found.deviation_back.unwrap().mean));
        assert!(found.chamfer < 1e-3);
        let empty = PreparedReference::of_cloud(&PointCloud::default(), config).compare(&a);
        assert!(empty.chamfer.is_infinite() && empty.deviation.is_none() && empty.hausdorff.is_none());
    }
}
