//! A point cloud in the frame it is fitted in.

use glam::{DMat3, DVec3};
use partwright_geometry::nearest::NearestPoints;
use rayon::prelude::*;

use super::{Direction, Tolerances, directions_of_normals, part_frame};
use crate::profile::ProfileTolerance;

/// Points with unsigned normals, turned so that their dominant directions are the coordinate axes.
pub struct CloudTarget {
    /// Points in part coordinates, thinned.
    pub points: Vec<DVec3>,
    /// Unit normals, of unknown sign; zero where the neighbourhood has no plane.
    pub normals: Vec<DVec3>,
    /// Rotation from part to scan coordinates.
    pub scan_from_part: DMat3,
    /// Longest side of the box of all but the outermost points.
    pub size: f64,
    /// Edge of the cells that points are gathered in, no finer than the points lie.
    pub cell: f64,
    /// Lengths below which nothing counts.
    pub tolerances: Tolerances,
    /// Dominant directions in part coordinates, heaviest first.
    pub directions: Vec<Direction>,
}

/// Points kept; more do not change what is found at the resolution used.
const MOST_POINTS: usize = 20_000;
/// Neighbours a normal is estimated from.
const NEIGHBOURS: usize = 14;
/// A frame turned by less than this (about 1.5 degrees) is not turned.
const UPRIGHT_RAD: f64 = 0.026;
/// A neighbourhood is flat when its thickness is below this share of its width.
const FLAT: f64 = 0.35;

impl CloudTarget {
    /// Understands the finite points among `positions`. `None` when there are too few or they have no extent.
    pub fn new(positions: &[DVec3]) -> Option<Self> {
        let step = (positions.len() / MOST_POINTS).max(1);
        let points: Vec<DVec3> = positions.iter().step_by(step).copied().filter(|p| p.is_finite()).collect();
        if points.len() < 50 {
            return None;
        }
        let tree = NearestPoints::new(&points);
        let found: Vec<(DVec3, f64)> = points.par_iter().map(|&p| normal_at(p, &points, &tree)).collect();
        let mut spacings: Vec<f64> = found.iter().map(|f| f.1).collect();
        spacings.sort_unstable_by(f64::total_cmp);
        let spacing = spacings[spacings.len() / 2];
        let normals: Vec<DVec3> = found.into_iter().map(|f| f.0).collect();
        let flat: Vec<DVec3> = normals.iter().copied().filter(|n| *n != DVec3::ZERO).collect();
        let frame = part_frame(&directions_of_normals(&flat, 0.06, 6));
        // Normals of a noisy scan are no better than this; a part so nearly upright is taken as upright.
        let upright = frame.abs_diff_eq(DMat3::IDENTITY, UPRIGHT_RAD);
        let scan_from_part = if upright { DMat3::IDENTITY } else { frame };
        let part_from_scan = scan_from_part.transpose();
        let points: Vec<DVec3> = points.into_iter().map(|p| part_from_scan * p).collect();
        let normals: Vec<DVec3> = normals.into_iter().map(|n| part_from_scan * n).collect();
        let flat: Vec<DVec3> = normals.iter().copied().filter(|n| *n != DVec3::ZERO).collect();
        let directions = directions_of_normals(&flat, 0.06, 6);
        let size = [0, 1, 2].map(|a| spread(points.iter().map(|p| p[a]).collect())).into_iter().fold(0.0, f64::max);
        if !size.is_finite() || size <= 0.0 {
            return None;
        }
        let cell = (1.5 * spacing).clamp(size / 120.0, size / 30.0);
        let noise = 0.004 * size;
        let tolerances = Tolerances {
            vertex: noise,
            flatness: 2.0 * noise,
            sliver: 2.0 * cell,
            profile: ProfileTolerance { vertex: 0.9 * cell, loosest: 1.6 * cell },
        };
        Some(Self { points, normals, scan_from_part, size, cell, tolerances, directions })
    }
}

/// Extent of values without the outermost two thousandths on either side.
fn spread(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let cut = values.len() / 500;
    values[values.len() - 1 - cut] - values[cut]
}

/// The direction of least spread among a point's neighbours, zero where they are not flat, and the neighbours' spacing.
fn normal_at(p: DVec3, points: &[DVec3], tree: &NearestPoints) -> (DVec3, f64) {
    let near = tree.nearest_n(p, NEIGHBOURS);
    let reach = near.iter().map(|n| n.1).fold(0.0, f64::max);
    // Of n points in a disc of radius r, neighbours lie about r * sqrt(pi / n) apart.
    let spacing = reach * (std::f64::consts::PI / near.len().max(1) as f64).sqrt();
    let mean = near.iter().map(|n| points[n.0]).sum::<DVec3>() / near.len().max(1) as f64;
    let mut covariance = DMat3::ZERO;
    for n in &near {
        let d = points[n.0] - mean;
        covariance += DMat3::from_cols(d * d.x, d * d.y, d * d.z);
    }
    let trace = covariance.x_axis.x + covariance.y_axis.y + covariance.z_axis.z;
    if trace <= 0.0 {
        return (DVec3::ZERO, spacing);
    }
    // The adjugate of (C - s I) with s below the smallest eigenvalue points along that eigenvector; power iteration on
    // the inverse finds it in a few steps.
    let shifted = covariance + DMat3::IDENTITY * (1e-6 * trace);
    let inverse = shifted.inverse();
    let mut normal = DVec3::new(0.36, 0.48, 0.8);
    for _ in 0..24 {
        normal = (inverse * normal).normalize_or(normal);
    }
    let thickness = normal.dot(covariance * normal).max(0.0);
    let width = (trace - thickness) / 2.0;
    let flat = normal.is_finite() && thickness.sqrt() < FLAT * width.sqrt();
    (if flat { normal } else { DVec3::ZERO }, spacing)
}
