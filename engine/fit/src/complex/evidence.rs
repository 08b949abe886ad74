//! What the points say about a place in space.

use glam::DVec3;

use crate::understand::CloudTarget;

/// Asks a cloud.
pub struct Evidence<'a> {
    target: &'a CloudTarget,
    /// Places and area vectors of a thinned cloud.
    dipoles: Vec<(DVec3, DVec3)>,
    reach: f64,
    depth: f64,
}

/// Points that the winding number is summed over.
const MOST_DIPOLES: usize = 4000;
/// Neighbours that the area a point stands for is measured by.
const AREA_NEIGHBOURS: usize = 9;

impl<'a> Evidence<'a> {
    /// Prepares the sums.
    pub fn new(target: &'a CloudTarget) -> Self {
        let step = target.points.len().div_ceil(MOST_DIPOLES);
        let usual = target.spacing * target.spacing;
        let dipoles = (0..target.points.len())
            .step_by(step)
            .map(|i| {
                let (p, n) = (target.points[i], target.normals[i]);
                let near = target.tree.nearest_n(p, AREA_NEIGHBOURS);
                let reach = near.iter().map(|n| n.1).fold(0.0, f64::max);
                // A point alone does not stand for the empty space about it.
                let area = (std::f64::consts::PI * reach * reach / AREA_NEIGHBOURS as f64).min(9.0 * usual);
                (p, n * (area * step as f64 * (2.0 * target.certainty[i]).min(1.0)))
            })
            .collect();
        let tolerance = target.tolerance();
        Self { target, dipoles, reach: (1.8 * target.spacing).max(tolerance), depth: 1.3 * tolerance }
    }

    /// About 1 inside the scanned surface and 0 outside; in between where the surface has gaps.
    pub fn winding(&self, q: DVec3) -> f64 {
        let softened = self.target.spacing * self.target.spacing;
        let sum: f64 = self
            .dipoles
            .iter()
            .map(|(p, a)| {
                let d = *p - q;
                let square = d.length_squared() + softened;
                a.dot(d) / (square * square.sqrt())
            })
            .sum();
        sum / (2.0 * std::f64::consts::TAU)
    }

    /// How far points confirm a surface at `at`, with the material behind `normal` and with the material ahead of it; each 0
    /// to 1, together at most 1. Only points that `counts` holds for speak.
    pub fn confirmed(&self, at: DVec3, normal: DVec3, counts: impl Fn(usize) -> bool) -> [f64; 2] {
        let (mut behind, mut ahead) = (0.0, 0.0);
        for (i, _) in self.target.tree.within(at, self.reach.hypot(self.depth)) {
            if (self.target.points[i] - at).dot(normal).abs() > self.depth || !counts(i) {
                continue;
            }
            let along = self.target.normals[i].dot(normal);
            let weight = self.target.certainty[i].max(0.05);
            if along > 0.7 {
                behind += weight;
            } else if along < -0.7 {
                ahead += weight;
            }
        }
        let sum = behind + ahead;
        if sum > 0.0 { [behind / sum, ahead / sum] } else { [0.0; 2] }
    }
}
