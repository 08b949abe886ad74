//! The points a part is fitted to, and those it is checked by.

use glam::DVec3;
use partwright_geometry::{Geometry, sample};
use rand::seq::SliceRandom as _;
use rand::{SeedableRng as _, rngs::StdRng};

use crate::understand::CloudTarget;

/// A point of the scan; its normal where one is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) position: DVec3,
    pub(super) normal: Option<DVec3>,
}

/// Points of a scan in two halves that have nothing to do with each other: one to fit to, one to check by.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub(super) fit: Vec<Sample>,
    pub(super) held_out: Vec<Sample>,
    /// Longest side of the points' box.
    pub(super) size: f64,
    /// Whether the scan is a mesh: only that can be exact.
    pub(super) is_mesh: bool,
}

impl Evidence {
    /// At most `most` points of `scan`, on its surface or from its cloud, chosen and split by `seed`. `None` when there are
    /// too few points or they have no extent.
    pub fn new(scan: &Geometry, most: usize, seed: u64) -> Option<Self> {
        let mut random = StdRng::seed_from_u64(seed);
        let mut samples: Vec<Sample> = match scan {
            Geometry::Mesh(mesh) => {
                let drawn = sample::surface(mesh, most, seed ^ 0x5eed);
                let normals = drawn.normals.into_iter().map(Some);
                drawn.positions.into_iter().zip(normals).map(|(position, normal)| Sample { position, normal }).collect()
            }
            Geometry::Cloud(cloud) => {
                // Normals are estimated where the scan has none: they tell a wall's points from those of the floor it ends at.
                let target = CloudTarget::new(cloud)?;
                let turn = target.scan_from_part;
                let mut chosen: Vec<usize> = (0..target.points.len()).collect();
                let (chosen, _) = chosen.partial_shuffle(&mut random, most);
                let sample = |&mut i: &mut usize| Sample {
                    position: turn * target.points[i],
                    normal: (turn * target.normals[i]).try_normalize(),
                };
                chosen.iter_mut().map(sample).collect()
            }
        };
        let bounds = samples
            .iter()
            .fold([DVec3::INFINITY, DVec3::NEG_INFINITY], |[l, h], s| [l.min(s.position), h.max(s.position)]);
        let size = (bounds[1] - bounds[0]).max_element();
        if !size.is_finite() || size <= 0.0 {
            return None;
        }
        samples.shuffle(&mut random);
        let held_out = samples.split_off(samples.len() * 3 / 5);
        Some(Self { fit: samples, held_out, size, is_mesh: matches!(scan, Geometry::Mesh(_)) })
    }

    /// The points in the frame of a part.
    pub(super) fn turned(&self, part_from_scan: glam::DMat3) -> Self {
        let turn = |samples: &[Sample]| -> Vec<Sample> {
            samples
                .iter()
                .map(|s| Sample { position: part_from_scan * s.position, normal: s.normal.map(|n| part_from_scan * n) })
                .collect()
        };
        Self { fit: turn(&self.fit), held_out: turn(&self.held_out), ..*self }
    }
}
