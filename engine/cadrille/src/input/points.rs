//! A scan as the networks read it: 256 points (a small network may read fewer) that cover it evenly, in -1..1.
//!
//! As cadrille and CAD-Recode do it: 8192 points uniform on the surface, furthest point sampling to 256 beginning with the
//! first, coordinates in the program's frame (-100..100) divided by 100. The order of the points matters to the network, so
//! it is that of the sampling.

use candle_core::{Device, Tensor};
use glam::DVec3;
use partwright_geometry::furthest::furthest_points;
use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;
use partwright_geometry::{Bounds, Geometry, sample};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// Points on the surface, of which the network sees some.
pub const SAMPLES: usize = 8192;

/// Points the published networks see.
pub const POINTS: usize = 256;

/// Why a scan gives no points for the network.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PointsError {
    /// Nothing to sample.
    #[error("the scan has no surface and no finite point, so there is nothing for the network to look at")]
    NothingThere,
    /// The scan is in another frame, for which the network gives nonsense.
    #[error(
        "the scan's longest side is {longest_side}, but the network reads scans in the program's frame, where it is 200; \
         bring the scan there first"
    )]
    NotInProgramFrame {
        /// The longest side of the scan's box.
        longest_side: f64,
    },
}

/// The points the network sees.
#[derive(Clone, Debug, PartialEq)]
pub struct PointInput {
    /// As many points as were asked for, in -1..1 for a scan that fills the program's frame.
    pub points: Vec<[f32; 3]>,
}

impl PointInput {
    /// The 256 points of a mesh or a cloud in the program's frame; see [`Self::of_scan_with`].
    ///
    /// # Errors
    /// As there.
    pub fn of_scan(scan_in_program_frame: &Geometry, seed: u64) -> Result<Self, PointsError> {
        Self::of_scan_with(scan_in_program_frame, POINTS, seed)
    }

    /// So many points (a checkpoint's `num_points`) of a mesh or a cloud in the program's frame; another seed gives other
    /// points of the same shape.
    ///
    /// Of a cloud with more than 8192 points as many are drawn; one with fewer is taken whole, and where there are fewer
    /// than asked for the sampling begins again, so that every place of the prompt is filled.
    ///
    /// # Errors
    /// A scan without points, or one that lies in another frame. The frame is judged loosely (half to twice its size),
    /// because a few strays of a scan may lie outside.
    pub fn of_scan_with(scan_in_program_frame: &Geometry, count: usize, seed: u64) -> Result<Self, PointsError> {
        let bounds = Bounds::of_geometry(scan_in_program_frame).ok_or(PointsError::NothingThere)?;
        let longest_side = bounds.longest_side();
        if !(PROGRAM_FRAME_SIDE / 2.0..=PROGRAM_FRAME_SIDE * 2.0).contains(&longest_side) {
            return Err(PointsError::NotInProgramFrame { longest_side });
        }
        let samples = match scan_in_program_frame {
            Geometry::Mesh(mesh) => sample::surface(mesh, SAMPLES, seed).positions,
            Geometry::Cloud(cloud) => drawn(&cloud.positions, seed),
        };
        let chosen = furthest_points(&samples, count, 0);
        if chosen.is_empty() {
            return Err(PointsError::NothingThere);
        }
        let scaled = |index: usize| (samples[index] / (PROGRAM_FRAME_SIDE / 2.0)).as_vec3().to_array();
        Ok(Self { points: chosen.iter().cycle().take(count).map(|index| scaled(*index)).collect() })
    }

    /// The points as a tensor (count, 3) of f32.
    ///
    /// # Errors
    /// A device that cannot take them.
    pub fn tensor(&self, device: &Device) -> candle_core::Result<Tensor> {
        Tensor::from_slice(self.points.as_flattened(), (self.points.len(), 3), device)
    }
}

/// At most 8192 of the finite points, in random order of the draw.
fn drawn(points: &[DVec3], seed: u64) -> Vec<DVec3> {
    let finite: Vec<DVec3> = points.iter().copied().filter(|point| point.is_finite()).collect();
    if finite.len() <= SAMPLES {
        return finite;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    rand::seq::index::sample(&mut random, finite.len(), SAMPLES).iter().map(|index| finite[index]).collect()
}

#[cfg(test)]
mod tests {
    use partwright_geometry::{PointCloud, TriMesh};

    use super::*;

    fn cloud(positions: Vec<DVec3>) -> Geometry {
        Geometry::Cloud(PointCloud { positions, ..PointCloud::default() })
    }

    /// A flat square of the whole frame at z = 50.
    fn square() -> Geometry {
        let corner = |x: f64, y: f64| DVec3::new(100.0 * x, 100.0 * y, 50.0);
        let positions = vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
        Geometry::Mesh(TriMesh { positions, triangles: vec![[0, 1, 2], [0, 2, 3]] })
    }

    #[test]
    fn a_mesh_is_covered_evenly_and_scaled() {
        let input = PointInput::of_scan(&square(), 3).unwrap();
        assert_eq!(input.points.len(), POINTS);
        let inside = |p: &[f32; 3]| p[0].abs() <= 1.0 && p[1].abs() <= 1.0 && (p[2] - 0.5).abs() < 1e-6;
        assert!(input.points.iter().all(inside));
        // 256 points on a square of side 2 that keep their distance: a lattice would have 2/16 between neighbours.
        let gap = |i: usize, j: usize| {
            let (a, b) = (input.points[i], input.points[j]);
            (0..3).map(|c| (a[c] - b[c]).powi(2)).sum::<f32>().sqrt()
        };
        let closest = (0..POINTS).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| gap(i, j)).fold(9.0, f32::min);
        assert!((0.08..0.15).contains(&closest), "{closest}");
    }

    #[test]
    fn the_seed_decides() {
        let points = |seed| PointInput::of_scan(&square(), seed).unwrap();
        assert_eq!(points(1), points(1));
        assert_ne!(points(1), points(2));
        let many = cloud(sample::surface(&mesh_of(square()), 20_000, 0).positions);
        let points = |seed| PointInput::of_scan(&many, seed).unwrap();
        assert_eq!(points(1), points(1));
        assert_ne!(points(1), points(2));
    }

    fn mesh_of(geometry: Geometry) -> TriMesh {
        match geometry {
            Geometry::Mesh(mesh) => mesh,
            Geometry::Cloud(_) => TriMesh::default(),
        }
    }

    #[test]
    fn small_clouds_fill_every_place() {
        let few = [DVec3::splat(-100.0), DVec3::splat(100.0), DVec3::NAN, DVec3::ZERO];
        let input = PointInput::of_scan(&cloud(few.to_vec()), 0).unwrap();
        assert_eq!(input.points[..4], [[-1.0; 3], [1.0; 3], [0.0; 3], [-1.0; 3]]);
        assert_eq!(input.points.len(), POINTS);
        assert_eq!(input.tensor(&Device::Cpu).unwrap().dims(), [256, 3]);
    }

    #[test]
    fn scans_of_other_frames_and_nothing_are_refused() {
        assert_eq!(PointInput::of_scan(&cloud(vec![DVec3::NAN]), 0), Err(PointsError::NothingThere));
        let unit = cloud(vec![DVec3::ZERO, DVec3::ONE]);
        assert_eq!(PointInput::of_scan(&unit, 0), Err(PointsError::NotInProgramFrame { longest_side: 1.0 }));
        let line = TriMesh { positions: vec![DVec3::ZERO, DVec3::X * 200.0], triangles: vec![[0, 1, 1]] };
        assert_eq!(PointInput::of_scan(&Geometry::Mesh(line), 0), Err(PointsError::NothingThere));
    }
}
