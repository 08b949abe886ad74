//! Proposals for a point cloud: a first, simple way.
//!
//! Seen along a direction, every column of the part is taken as solid from the lowest to the highest flat face that
//! points show there; where only one side was scanned, to the part's outermost level on the other. That is what a part
//! without undercuts looks like from both sides, and all that partial scans allow without guessing. The columns are cut
//! at the levels of the flat faces, and the layers' outlines are fitted like any other section.

use std::collections::VecDeque;

use glam::{DVec2, DVec3};

use super::slab::slabs;
use super::stack::{Changing, stack};
use super::{Origin, Proposal, ProposeConfig, grouped, propose_from_primitives};
use crate::part::{FeatureKind, Part, SketchPlane};
use crate::progress::{Deadline, Progress};
use crate::refine::{Precision, rounded};
use crate::section::{Area, Polygon};
use crate::understand::CloudTarget;

/// Proposals for a cloud, those along the heaviest directions first. Their `estimate` is the direction's weight: a cloud
/// has no volume to compare with.
pub fn propose_for_cloud(
    target: &CloudTarget,
    config: &ProposeConfig,
    progress: &dyn Progress,
    deadline: &Deadline,
) -> Vec<Proposal> {
    let precision = config.precision.unwrap_or_else(|| Precision::within(target.cell * 0.05));
    let mut axes: Vec<(DVec3, f64)> = target.directions.iter().take(3).map(|d| (d.axis, d.weight)).collect();
    for axis in [DVec3::Z, DVec3::Y, DVec3::X] {
        if axes.iter().all(|a| a.0.dot(axis).abs() < 0.9) {
            axes.push((axis, 0.0));
        }
    }
    let mut proposals: Vec<Proposal> = propose_from_primitives(target, config, progress, deadline);
    for (i, &(axis, weight)) in axes.iter().enumerate() {
        progress.report("sections", i as f64 / axes.len() as f64);
        if deadline.reached() && !proposals.is_empty() {
            break;
        }
        let plane = SketchPlane::through(DVec3::ZERO, axis);
        let Some(columns) = Columns::new(target, plane) else { continue };
        let section = |height: f64| columns.section(height);
        let layers = slabs(&section, &columns.levels, &target.tolerances, deadline);
        let drafts = stack(
            &layers,
            &section,
            plane,
            Changing::Middle,
            FeatureKind::Add,
            target.size,
            &target.tolerances,
            deadline,
        );
        let features = grouped(drafts).into_iter().map(|d| d.feature).collect();
        let part = rounded(&Part { features }, precision);
        let origin = Origin::Stack { direction: target.scan_from_part * axis, changing: Changing::Middle };
        proposals.extend(Proposal::of(part, target.scan_from_part, precision, origin, weight));
    }
    proposals
}

/// What is known of the part over every cell of a plane.
struct Columns {
    low: DVec2,
    cell: f64,
    shape: [usize; 2],
    /// Heights of flat faces, increasing.
    levels: Vec<f64>,
    /// For each cell, indices into `levels` of its lowest and highest face; `None` where nothing is.
    solid: Vec<Option<(usize, usize)>>,
}

/// A level needs this share of all points.
const LEVEL_SHARE: f64 = 0.012;
/// Gaps of this many cells between points are closed.
const CLOSED_CELLS: usize = 2;

impl Columns {
    fn new(target: &CloudTarget, plane: SketchPlane) -> Option<Self> {
        let local: Vec<DVec3> = target.points.iter().map(|&p| plane.local(p)).collect();
        let facing: Vec<bool> = target.normals.iter().map(|n| n.dot(plane.normal).abs() > 0.9).collect();
        let levels = levels(&local, &facing, target.tolerances.flatness);
        if levels.len() < 2 {
            return None;
        }
        let low = local.iter().fold(DVec2::INFINITY, |l, p| l.min(p.truncate()));
        let high = local.iter().fold(DVec2::NEG_INFINITY, |h, p| h.max(p.truncate()));
        let cell = target.cell;
        let margin = (CLOSED_CELLS + 1) as f64 * cell;
        let low = low - margin;
        let shape = ((high + margin - low) / cell).ceil().to_array().map(|v| v as usize + 1);
        if shape[0] * shape[1] > 4_000_000 {
            return None;
        }
        let index = |p: DVec3| {
            let c = ((p.truncate() - low) / cell).floor();
            (c.x as usize).min(shape[0] - 1) * shape[1] + (c.y as usize).min(shape[1] - 1)
        };
        // Where each level's faces were seen, gaps closed.
        let mut seen = vec![vec![false; shape[0] * shape[1]]; levels.len()];
        for (p, &faces) in local.iter().zip(&facing) {
            let nearest =
                (0..levels.len()).min_by(|&a, &b| (levels[a] - p.z).abs().total_cmp(&(levels[b] - p.z).abs()))?;
            if faces && (levels[nearest] - p.z).abs() <= 2.0 * target.tolerances.flatness {
                seen[nearest][index(*p)] = true;
            }
        }
        let seen: Vec<Vec<bool>> = seen.into_iter().map(|mask| closed(&mask, shape)).collect();
        let last = levels.len() - 1;
        let solid = (0..shape[0] * shape[1])
            .map(|c| {
                let bottom = (0..levels.len()).find(|&l| seen[l][c])?;
                let top = (0..levels.len()).rev().find(|&l| seen[l][c])?;
                Some(match (bottom == top, top > last / 2 || last == 1 && top == last) {
                    (false, _) => (bottom, top),
                    (true, true) => (0, top),
                    (true, false) => (bottom, last),
                })
            })
            .collect();
        Some(Self { low, cell, shape, levels, solid })
    }

    /// The area of the columns that are solid at `height`.
    fn section(&self, height: f64) -> Area {
        let mut runs: Vec<Polygon> = Vec::new();
        for x in 0..self.shape[0] {
            let inside = |y: usize| {
                self.solid[x * self.shape[1] + y]
                    .is_some_and(|(bottom, top)| self.levels[bottom] < height && height < self.levels[top])
            };
            let mut y = 0;
            while y < self.shape[1] {
                if !inside(y) {
                    y += 1;
                    continue;
                }
                let start = y;
                while y < self.shape[1] && inside(y) {
                    y += 1;
                }
                let corner = |i: usize, j: usize| self.low + self.cell * DVec2::new(i as f64, j as f64);
                runs.push(vec![corner(x, start), corner(x + 1, start), corner(x + 1, y), corner(x, y)]);
            }
        }
        Area::enclosed(&runs, true)
    }
}

/// Heights at which many facing points lie, with the outermost heights of the cloud.
fn levels(local: &[DVec3], facing: &[bool], flatness: f64) -> Vec<f64> {
    let mut all: Vec<f64> = local.iter().map(|p| p.z).collect();
    all.sort_unstable_by(f64::total_cmp);
    let cut = all.len() / 500;
    let (low, high) = (all[cut], all[all.len() - 1 - cut]);
    let mut heights: Vec<f64> = local.iter().zip(facing).filter_map(|(p, &f)| f.then_some(p.z)).collect();
    heights.sort_unstable_by(f64::total_cmp);
    let least = (LEVEL_SHARE * local.len() as f64).max(8.0) as usize;
    // The densest window first; points within twice the flatness of a level found belong to it.
    let mut found: Vec<f64> = Vec::new();
    loop {
        let mut best: Option<(usize, usize, usize)> = None;
        let mut end = 0;
        for start in 0..heights.len() {
            end = end.max(start);
            while end < heights.len() && heights[end] - heights[start] <= 2.0 * flatness {
                end += 1;
            }
            if best.is_none_or(|b| end - start > b.0) {
                best = Some((end - start, start, end));
            }
        }
        let Some((count, start, end)) = best else { break };
        if count < least || found.len() >= 12 {
            break;
        }
        let level = heights[start..end].iter().sum::<f64>() / count as f64;
        found.push(level);
        heights.retain(|h| (h - level).abs() > 2.5 * flatness);
    }
    for edge in [low, high] {
        if found.iter().all(|l| (l - edge).abs() > 3.0 * flatness) {
            found.push(edge);
        }
    }
    found.sort_unstable_by(f64::total_cmp);
    found
}

/// The mask with gaps of a few cells closed: grown by [`CLOSED_CELLS`], then shrunk again.
fn closed(mask: &[bool], shape: [usize; 2]) -> Vec<bool> {
    let grown: Vec<bool> = distances(mask, shape, true).into_iter().map(|d| d <= CLOSED_CELLS).collect();
    distances(&grown, shape, false).into_iter().map(|d| d > CLOSED_CELLS).collect()
}

/// Steps (in eight directions) from every cell to the next one that is `value`.
fn distances(mask: &[bool], shape: [usize; 2], value: bool) -> Vec<usize> {
    let mut distance = vec![usize::MAX; mask.len()];
    let mut queue = VecDeque::new();
    for (i, &m) in mask.iter().enumerate() {
        if m == value {
            distance[i] = 0;
            queue.push_back(i);
        }
    }
    while let Some(i) = queue.pop_front() {
        let (x, y) = (i / shape[1], i % shape[1]);
        for nx in x.saturating_sub(1)..(x + 2).min(shape[0]) {
            for ny in y.saturating_sub(1)..(y + 2).min(shape[1]) {
                let j = nx * shape[1] + ny;
                if distance[j] == usize::MAX {
                    distance[j] = distance[i] + 1;
                    queue.push_back(j);
                }
            }
        }
    }
    distance
}
