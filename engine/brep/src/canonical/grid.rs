//! Angular grids: where the facets of round surfaces break.
//!
//! Every axis has one grid (regular steps plus the ends of every arc about it plus the angles at which something else is
//! tangent to a surface about it), and every sphere and torus a second one along its meridians. Where bodies share a wall,
//! the wall breaks at the ends of each of them.

use std::f64::consts::TAU;

use glam::DVec3;
use rustc_hash::FxHashMap;

use super::{AxisId, SurfaceId};

/// How finely round surfaces are faceted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Resolution {
    /// Steps of a full turn on the largest surfaces; smaller ones get fewer. A multiple of 8.
    pub(crate) segments: u32,
    /// Turn of the regular steps, as a part of one step in [0, 1).
    pub(crate) phase: f64,
}

impl Resolution {
    /// Steps of a full turn about an axis whose largest radius is `radius` in a part of half size `extent`.
    fn steps(&self, radius: f64, extent: f64) -> u32 {
        let share = radius / extent;
        let steps = if share < 0.08 {
            self.segments / 3
        } else if share < 0.25 {
            self.segments * 2 / 3
        } else {
            self.segments
        };
        steps.next_multiple_of(8).max(16)
    }
}

/// The wanted angles of all axes and meridians of one evaluation, and the grids made from them.
#[derive(Debug, Default)]
pub(crate) struct Grids {
    axes: FxHashMap<AxisId, Wanted>,
    meridians: FxHashMap<SurfaceId, Wanted>,
    levels: FxHashMap<SurfaceId, Vec<f64>>,
}

/// A direction or its opposite, whichever all bodies agree on.
pub(crate) fn canonical_direction(v: DVec3) -> DVec3 {
    // No direction that occurs in practice is perpendicular to this one.
    if v.dot(DVec3::new(0.871_3, 0.423_1, 0.249_7)) < 0.0 { -v } else { v }
}

#[derive(Debug, Default)]
struct Wanted {
    /// Angles that must be grid points, radians.
    angles: Vec<f64>,
    /// Largest radius about this axis.
    radius: f64,
    /// Angles beside which to break further, and how often on each side.
    fans: Vec<(f64, u32)>,
    /// The finished grid.
    grid: Vec<f64>,
}

impl Grids {
    /// Notes a surface of `radius` about `axis`.
    pub(crate) fn want_radius(&mut self, axis: AxisId, radius: f64) {
        let wanted = self.axes.entry(axis).or_default();
        wanted.radius = wanted.radius.max(radius);
    }

    /// Notes that `angle_rad` must be a grid point about `axis`.
    pub(crate) fn want_angle(&mut self, axis: AxisId, angle_rad: f64) {
        self.axes.entry(axis).or_default().angles.push(angle_rad.rem_euclid(TAU));
    }

    /// Notes that the grid about `axis` is to break `level` times more on each side of `angle_rad`, ever nearer to it.
    pub(crate) fn want_fan(&mut self, axis: AxisId, angle_rad: f64, level: u32) {
        self.axes.entry(axis).or_default().fans.push((angle_rad.rem_euclid(TAU), level));
    }

    /// Notes that two axes are to have equally many steps.
    pub(crate) fn want_equal_steps(&mut self, a: AxisId, b: AxisId) {
        let [r, s] = [a, b].map(|axis| self.axes.get(&axis).map_or(0.0, |w| w.radius));
        for axis in [a, b] {
            self.want_radius(axis, r.max(s));
        }
    }

    /// Notes a meridian circle of `radius` on `surface` with a grid point at `angle_rad`.
    pub(crate) fn want_meridian(&mut self, surface: SurfaceId, radius: f64, angle_rad: f64) {
        let wanted = self.meridians.entry(surface).or_default();
        wanted.radius = wanted.radius.max(radius);
        wanted.angles.push(angle_rad.rem_euclid(TAU));
    }

    /// Notes that a body's wall on `surface` ends at `p`, seen along `direction`.
    pub(crate) fn want_level(&mut self, surface: SurfaceId, direction: DVec3, p: DVec3) {
        self.levels.entry(surface).or_default().push(canonical_direction(direction).dot(p));
    }

    /// Where walls on `surface` break strictly between the points `from` and `to` of a line along it, as parts of the way,
    /// increasing.
    pub(crate) fn levels(&self, surface: SurfaceId, from: DVec3, to: DVec3, tolerance: f64) -> Vec<f64> {
        let Some(levels) = self.levels.get(&surface) else { return Vec::new() };
        let way = to - from;
        let direction = canonical_direction(way.normalize_or_zero());
        let (start, rate) = (direction.dot(from), direction.dot(way));
        let near = tolerance / rate.abs();
        let parts = levels.iter().map(|level| (level - start) / rate);
        let mut parts: Vec<f64> = parts.filter(|t| *t > near && *t < 1.0 - near).collect();
        parts.sort_unstable_by(f64::total_cmp);
        parts
    }

    /// Makes all grids for a part of half size `extent`; wanted angles closer than `tolerance` (a length on the
    /// surface) are one.
    pub(crate) fn finish(&mut self, resolution: Resolution, extent: f64, tolerance: f64) {
        for wanted in self.axes.values_mut() {
            wanted.finish(resolution, extent, tolerance);
        }
        for wanted in self.meridians.values_mut() {
            // A phase would move the poles and equators that symmetric parts meet at.
            wanted.finish(Resolution { phase: 0.0, ..resolution }, extent, tolerance);
        }
        for levels in self.levels.values_mut() {
            levels.sort_unstable_by(f64::total_cmp);
            levels.dedup_by(|a, b| *a - *b <= tolerance);
        }
    }

    /// Grid angles about `axis`, increasing in [0, 2 pi).
    pub(crate) fn axis(&self, axis: AxisId) -> &[f64] {
        self.axes.get(&axis).map_or(&[], |w| &w.grid)
    }

    /// Grid angles along the meridians of `surface`, increasing in [0, 2 pi).
    pub(crate) fn meridian(&self, surface: SurfaceId) -> &[f64] {
        self.meridians.get(&surface).map_or(&[], |w| &w.grid)
    }
}

impl Wanted {
    fn finish(&mut self, resolution: Resolution, extent: f64, tolerance: f64) {
        let near = (tolerance / self.radius.max(tolerance)).min(1e-3);
        let fixed = merge(&mut self.angles, near);
        let steps = resolution.steps(self.radius, extent);
        let step = TAU / f64::from(steps);
        // A regular angle gives way to a wanted one close by: slivers serve nobody.
        let clearance = 0.3 * step;
        let mut grid = fixed.clone();
        for k in 0..steps {
            let angle = step * (f64::from(k) + resolution.phase);
            if distance_to(&fixed, angle) > clearance {
                grid.push(angle);
            }
        }
        grid.sort_unstable_by(f64::total_cmp);
        let further = self.fans.iter().flat_map(|(angle, level)| fan(&grid, *angle, *level)).collect::<Vec<_>>();
        grid.extend(further);
        grid.sort_unstable_by(f64::total_cmp);
        grid.dedup_by(|a, b| *a - *b <= near);
        self.grid = grid;
    }
}

/// Angles between `angle` and its neighbours in the sorted grid: half way, a quarter of the way, and so on.
fn fan(grid: &[f64], angle: f64, level: u32) -> Vec<f64> {
    let Some(at) = (0..grid.len()).min_by(|i, j| (grid[*i] - angle).abs().total_cmp(&(grid[*j] - angle).abs())) else {
        return Vec::new();
    };
    let count = grid.len();
    let after = (grid[(at + 1) % count] - grid[at]).rem_euclid(TAU);
    let before = (grid[(at + count - 1) % count] - grid[at]).rem_euclid(TAU) - TAU;
    let parts = (1..=level).flat_map(|k| [after, before].map(|gap| gap / 2f64.powi(k as i32)));
    parts.map(|part| (grid[at] + part).rem_euclid(TAU)).collect()
}

/// Sorts the angles and leaves one of each cluster.
fn merge(angles: &mut [f64], near: f64) -> Vec<f64> {
    angles.sort_unstable_by(f64::total_cmp);
    let mut merged: Vec<f64> = Vec::new();
    for &angle in angles.iter() {
        if merged.last().is_none_or(|last| angle - last > near) {
            merged.push(angle);
        }
    }
    if merged.len() > 1 && merged[0] + TAU - merged[merged.len() - 1] <= near {
        merged.pop();
    }
    merged
}

/// Distance from `angle` to the nearest of the sorted angles, round the turn.
fn distance_to(sorted: &[f64], angle: f64) -> f64 {
    let at = sorted.partition_point(|a| *a < angle);
    let before = at.checked_sub(1).map_or_else(|| sorted.last().map(|a| a - TAU), |i| Some(sorted[i]));
    let after = sorted.get(at).copied().or_else(|| sorted.first().map(|a| a + TAU));
    [before, after].into_iter().flatten().map(|a| (a - angle).abs()).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Resolution = Resolution { segments: 96, phase: 0.0 };

    #[test]
    fn wanted_angles_are_grid_points_and_regular_ones_keep_clear() {
        let mut grids = Grids::default();
        let axis = AxisId(0);
        grids.want_radius(axis, 50.0);
        grids.want_angle(axis, 1.0);
        grids.want_angle(axis, 1.0 + 1e-13);
        grids.want_angle(axis, -0.001);
        grids.finish(FINE, 100.0, 1e-6);
        let grid = grids.axis(axis);
        assert!(grid.contains(&1.0));
        assert!(grid.windows(2).all(|w| w[1] - w[0] > 0.2 * TAU / 96.0));
        assert!(grid.contains(&(-0.001f64).rem_euclid(TAU)));
        assert!(!grid.contains(&0.0));
    }

    #[test]
    fn a_small_radius_needs_fewer_steps() {
        let mut grids = Grids::default();
        grids.want_radius(AxisId(0), 50.0);
        grids.want_radius(AxisId(1), 2.0);
        grids.finish(FINE, 100.0, 1e-6);
        assert_eq!(grids.axis(AxisId(0)).len(), 96);
        assert_eq!(grids.axis(AxisId(1)).len(), 32);
    }
}
