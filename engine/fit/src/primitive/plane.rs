//! Planes square to a direction: heights at which many points lie.

use glam::DVec3;

use crate::understand::CloudTarget;

/// A plane of the surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Unit normal out of the material.
    pub normal: DVec3,
    /// Height of the plane along its normal.
    pub offset: f64,
    /// Indices of the points it explains.
    pub inliers: Vec<u32>,
}

/// Points whose normals are farther than this (25 degrees) from the direction do not lie on a plane square to it.
const FACING: f64 = 0.9;
/// The share of the points below which a plane is not taken, and their least number.
const LEAST_SHARE: f64 = 0.006;
const LEAST: usize = 24;

/// Planes square to `axis` among the points that are `free`, largest first; their points are not free afterwards.
pub fn planes_along(target: &CloudTarget, axis: DVec3, free: &mut [bool]) -> Vec<Plane> {
    let tolerance = target.tolerance();
    let mut heights: Vec<(f64, u32)> = (0..target.points.len())
        .filter(|&i| free[i] && target.normals[i].dot(axis).abs() > FACING)
        .map(|i| (target.points[i].dot(axis), i as u32))
        .collect();
    heights.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let least = ((LEAST_SHARE * target.points.len() as f64) as usize).max(LEAST);
    let mut planes = Vec::new();
    while let Some(window) = densest(&heights, 2.0 * tolerance).filter(|w| w.len() >= least) {
        let mut mean = mean_height(&heights[window]);
        for _ in 0..3 {
            let near: Vec<(f64, u32)> = heights.iter().copied().filter(|h| (h.0 - mean).abs() <= tolerance).collect();
            mean = mean_height(&near);
        }
        let own: Vec<u32> = heights.iter().filter(|h| (h.0 - mean).abs() <= 1.3 * tolerance).map(|h| h.1).collect();
        heights.retain(|h| (h.0 - mean).abs() > 1.3 * tolerance);
        for &i in &own {
            free[i as usize] = false;
        }
        planes.extend(sides(target, axis, own, least));
    }
    planes
}

/// The range of at least one height within `width` that holds most.
fn densest(heights: &[(f64, u32)], width: f64) -> Option<std::ops::Range<usize>> {
    let mut best: Option<std::ops::Range<usize>> = None;
    let mut end = 0;
    for start in 0..heights.len() {
        while end < heights.len() && heights[end].0 - heights[start].0 <= width {
            end += 1;
        }
        if best.as_ref().is_none_or(|b| end - start > b.len()) {
            best = Some(start..end);
        }
    }
    best
}

fn mean_height(heights: &[(f64, u32)]) -> f64 {
    heights.iter().map(|h| h.0).sum::<f64>() / heights.len().max(1) as f64
}

/// One plane looking the way most of its points do; two where both sides of a sheet thinner than the tolerance were seen.
fn sides(target: &CloudTarget, axis: DVec3, own: Vec<u32>, least: usize) -> Vec<Plane> {
    let ahead = |i: &u32| target.normals[*i as usize].dot(axis) > 0.0;
    let weight = |i: &u32| target.certainty[*i as usize].max(1e-3);
    let height = |list: &[u32]| {
        list.iter().map(|&i| target.points[i as usize].dot(axis)).sum::<f64>() / list.len().max(1) as f64
    };
    let plane = |up: bool, inliers: Vec<u32>| {
        let offset = height(&inliers);
        let (normal, offset) = if up { (axis, offset) } else { (-axis, -offset) };
        Plane { normal, offset, inliers }
    };
    let (up, down): (Vec<u32>, Vec<u32>) = own.iter().partition(|i| ahead(i));
    let (heavy_up, heavy_down) = (up.iter().map(weight).sum::<f64>(), down.iter().map(weight).sum::<f64>());
    let both = up.len() >= least && down.len() >= least && heavy_up.min(heavy_down) > 0.3 * heavy_up.max(heavy_down);
    // The two sides' means have to differ by more than chance.
    let apart = 4.0 * target.noise * (1.0 / up.len().max(1) as f64 + 1.0 / down.len().max(1) as f64).sqrt();
    if both && height(&up) - height(&down) > apart {
        return vec![plane(true, up), plane(false, down)];
    }
    vec![plane(heavy_up >= heavy_down, own)]
}
