//! A point cloud in the frame it is fitted in.

use glam::{DMat3, DVec3};
use partwright_geometry::PointCloud;
use partwright_geometry::cloud::{Scatter, thinned};
use partwright_geometry::nearest::NearestPoints;
use rayon::prelude::*;

use super::coplanar::{Facets, facets};
use super::directions::{directions_of_cloud, scan_frame, settled};
use super::orientation::outward;
use super::{Direction, Tolerances};
use crate::profile::ProfileTolerance;

/// Points with unit normals, turned so that their dominant directions are the coordinate axes.
pub struct CloudTarget {
    /// Points in part coordinates, thinned, without outliers.
    pub points: Vec<DVec3>,
    /// Unit normals, one for each point, out of the material as far as that can be told.
    pub normals: Vec<DVec3>,
    /// For each point, how surely its normal's sign is known: 1 where the scanner gave it, else by how much more of the
    /// surroundings is open on that side than on the other (0 to 1).
    pub certainty: Vec<f64>,
    /// The points, to find those near a place.
    pub tree: NearestPoints,
    /// Rotation from part to scan coordinates.
    pub scan_from_part: DMat3,
    /// Lower and upper corner of the box of all but the outermost points.
    pub bounds: [DVec3; 2],
    /// Longest side of that box.
    pub size: f64,
    /// Median distance between neighbouring points.
    pub spacing: f64,
    /// Standard deviation of the points from the surface they were taken from.
    pub noise: f64,
    /// Edge of the cells that points are gathered in, no finer than the points lie.
    pub cell: f64,
    /// Lengths below which nothing counts.
    pub tolerances: Tolerances,
    /// Dominant directions in part coordinates, heaviest first.
    pub directions: Vec<Direction>,
    /// The planes that points lie in exactly, where the cloud was taken from a model without noise.
    pub facets: Option<Facets>,
}

/// Points kept; more do not change what is found at the resolution used.
const MOST_POINTS: usize = 16_000;
/// Neighbours by which points far from all others are told.
const OUTLIER_NEIGHBOURS: usize = 10;
/// A point is an outlier when its neighbours are on average this many times as far as usual: views that overlap, or look
/// aslant, differ in density by less than its square.
const OUTLIER_DISTANCE: f64 = 3.0;
/// Neighbours that the noise is estimated from: a disc several spacings wide, still small against the part.
const NOISE_NEIGHBOURS: usize = 40;
/// Least and most neighbours a normal is estimated from.
const NEIGHBOURS: [usize; 2] = [14, 120];
/// A normal's neighbourhood reaches this many standard deviations of the noise, where there are enough points for it.
const REACH_IN_NOISE: f64 = 5.0;

impl CloudTarget {
    /// Understands a cloud. `None` when there are too few finite points or they have no extent.
    pub fn new(cloud: &PointCloud) -> Option<Self> {
        let chosen = thinned(&cloud.positions, MOST_POINTS);
        let thinned: Vec<DVec3> = chosen.iter().map(|&i| cloud.positions[i]).collect();
        let kept = without_outliers(&thinned);
        let points: Vec<DVec3> = kept.iter().map(|&k| thinned[k]).collect();
        let given: Option<Vec<DVec3>> = cloud
            .normals
            .as_ref()
            .filter(|n| n.len() == cloud.positions.len())
            .map(|normals| kept.iter().map(|&k| normals[chosen[k]].normalize_or_zero()).collect());
        if points.len() < 50 {
            return None;
        }
        let tree = NearestPoints::new(&points);
        let surveyed: Vec<(DVec3, f64, f64)> =
            points.par_iter().with_min_len(256).map(|&p| normal_at(p, &points, &tree, NOISE_NEIGHBOURS)).collect();
        let facets = facets(&points, extent(&points)).filter(|f| f.density > 0.0);
        let spacing = facets
            .as_ref()
            .map_or_else(|| median(surveyed.iter().map(|s| s.2).collect()), |f| (1.0 / f.density).sqrt());
        let noise = if facets.is_some() { 0.0 } else { median(surveyed.iter().map(|s| s.1).collect()) };
        let wanted = std::f64::consts::PI * (REACH_IN_NOISE * noise / spacing.max(f64::MIN_POSITIVE)).powi(2);
        let neighbours = (wanted.ceil() as usize).clamp(NEIGHBOURS[0], NEIGHBOURS[1]);
        let mut normals: Vec<DVec3> =
            points.par_iter().with_min_len(256).map(|&p| normal_at(p, &points, &tree, neighbours).0).collect();
        if let Some(facets) = &facets {
            exact_normals(&points, facets, &mut normals);
        }
        let certainty = match given {
            Some(given) => {
                for (n, g) in normals.iter_mut().zip(&given) {
                    *n = if *g == DVec3::ZERO { *n } else { *g };
                }
                vec![1.0; points.len()]
            }
            None => outward(&points, &mut normals, &tree, [spacing, noise]),
        };
        let votes = |normals: &[DVec3], points: &[DVec3], tree: &NearestPoints| {
            directions_of_cloud(points, normals, tree, 8.0 * spacing, 8)
        };
        let frame = facets.as_ref().and_then(Facets::frame).unwrap_or_else(|| {
            settled(scan_frame(&votes(&normals, &points, &tree), &normals), &points, &normals, noise)
        });
        let part_from_scan = frame.transpose();
        let points: Vec<DVec3> = points.into_iter().map(|p| part_from_scan * p).collect();
        let normals: Vec<DVec3> = normals.into_iter().map(|n| part_from_scan * n).collect();
        let facets = facets.map(|f| f.rotated(part_from_scan, &points));
        let tree = NearestPoints::new(&points);
        let directions = votes(&normals, &points, &tree);
        let [low, high] = [0, 1, 2]
            .map(|a| spread(points.iter().map(|p| p[a]).collect()))
            .into_iter()
            .enumerate()
            .fold([DVec3::ZERO; 2], |[mut low, mut high], (a, (l, h))| {
                (low[a], high[a]) = (l, h);
                [low, high]
            });
        let size = (high - low).max_element();
        if !size.is_finite() || size <= 0.0 {
            return None;
        }
        let cell = (1.5 * spacing).clamp(size / 120.0, size / 30.0);
        let flat = 0.004 * size;
        let tolerances = Tolerances {
            vertex: flat,
            flatness: 2.0 * flat,
            sliver: 2.0 * cell,
            profile: ProfileTolerance { vertex: 0.9 * cell, loosest: 1.6 * cell },
        };
        let (scan_from_part, bounds) = (frame, [low, high]);
        Some(Self {
            points,
            normals,
            certainty,
            tree,
            scan_from_part,
            bounds,
            size,
            spacing,
            noise,
            cell,
            tolerances,
            directions,
            facets,
        })
    }

    /// How far a point may lie from the surface it belongs to.
    pub fn tolerance(&self) -> f64 {
        (3.0 * self.noise).max(0.2 * self.spacing).max(1e-3 * self.size)
    }
}

/// Longest side of the box of all points.
fn extent(points: &[DVec3]) -> f64 {
    let low = points.iter().copied().fold(DVec3::INFINITY, DVec3::min);
    let high = points.iter().copied().fold(DVec3::NEG_INFINITY, DVec3::max);
    (high - low).max_element()
}

/// The planes' normals for their points; for others that of neighbours that lie in no plane either.
fn exact_normals(points: &[DVec3], facets: &Facets, normals: &mut [DVec3]) {
    let rest = facets.rest();
    for (n, plane) in normals.iter_mut().zip(&facets.of_point) {
        if let Some(plane) = plane {
            *n = facets.planes[*plane as usize].normal;
        }
    }
    if rest.len() > 3 * NEIGHBOURS[0] {
        let places: Vec<DVec3> = rest.iter().map(|&i| points[i]).collect();
        let tree = NearestPoints::new(&places);
        for &i in &rest {
            normals[i] = normal_at(points[i], &places, &tree, NEIGHBOURS[0]).0;
        }
    }
}

/// Indices of the points that have others about them. Measured by the median, which outliers do not move.
fn without_outliers(points: &[DVec3]) -> Vec<usize> {
    let tree = NearestPoints::new(points);
    let away: Vec<f64> = points
        .par_iter()
        .with_min_len(256)
        .map(|&p| {
            let near = tree.nearest_n(p, OUTLIER_NEIGHBOURS + 1);
            near.iter().map(|n| n.1).sum::<f64>() / OUTLIER_NEIGHBOURS as f64
        })
        .collect();
    let limit = OUTLIER_DISTANCE * median(away.clone());
    (0..points.len()).filter(|&i| away[i] <= limit).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Lowest and highest value without the outermost thousandth on either side.
fn spread(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_unstable_by(f64::total_cmp);
    let cut = values.len() / 1000;
    (values[cut], values[values.len() - 1 - cut])
}

/// The direction of least spread among a point's neighbours, their standard deviation along it, and their spacing.
fn normal_at(p: DVec3, points: &[DVec3], tree: &NearestPoints, neighbours: usize) -> (DVec3, f64, f64) {
    let near = tree.nearest_n(p, neighbours);
    let reach = near.iter().map(|n| n.1).fold(0.0, f64::max);
    // Of n points in a disc of radius r, neighbours lie about r * sqrt(pi / n) apart.
    let spacing = reach * (std::f64::consts::PI / near.len().max(1) as f64).sqrt();
    let Some(scatter) = Scatter::of(near.iter().map(|n| points[n.0])) else { return (DVec3::Z, 0.0, spacing) };
    let normal = scatter.directions[0];
    let mean = near.iter().map(|n| points[n.0]).sum::<DVec3>() / near.len().max(1) as f64;
    let square = near.iter().map(|n| (points[n.0] - mean).dot(normal).powi(2)).sum::<f64>() / near.len().max(1) as f64;
    (normal, square.sqrt(), spacing)
}
