//! Proposals for a point cloud from the planes and cylinders found in it.
//!
//! Along each direction the cloud becomes blocks ([`crate::complex`]), these a stack of slabs like any other section, and
//! cylinders that run across become cuts and bosses of their own.

use glam::{DVec2, DVec3};

use super::stack::{Changing, slabs, stack};
use super::{Draft, Origin, Proposal, ProposeConfig, grouped};
use crate::complex::{Blocks, Curve, Evidence};
use crate::emit::{is_writable, program};
use crate::part::{Feature, FeatureKind, Outline, Part, Region, SketchPlane, Sweep};
use crate::primitive::{Cylinder, Primitives, detect};
use crate::profile::ProfileTolerance;
use crate::progress::{Deadline, Progress};
use crate::refine::{Precision, rounded};
use crate::section::Area;
use crate::understand::{CloudTarget, Tolerances};

/// Most lines, circles and levels used, largest support first.
const MOST_LINES: usize = 28;
const MOST_CIRCLES: usize = 24;
const MOST_LEVELS: usize = 14;

/// Proposals by blocks, one along each direction. Their `estimate` is zero: a cloud has no volume to compare with.
pub fn propose_from_primitives(
    target: &CloudTarget,
    config: &ProposeConfig,
    progress: &dyn Progress,
    deadline: &Deadline,
) -> Vec<Proposal> {
    progress.report("surfaces", 0.0);
    let found = detect(target, deadline);
    let evidence = Evidence::new(target);
    let precision = config.precision.unwrap_or_else(|| Precision::within(0.1 * target.tolerance()));
    let mut proposals = Vec::new();
    for (i, &axis) in found.axes.iter().enumerate() {
        progress.report("blocks", i as f64 / found.axes.len() as f64);
        if deadline.reached() {
            break;
        }
        let Some(drafts) = along(target, &found, &evidence, axis, deadline) else { continue };
        let features = grouped(drafts).into_iter().map(|d| d.feature).collect();
        let part = rounded(&Part { features }, precision);
        if !is_writable(&part) {
            continue;
        }
        let text = program(&part, target.scan_from_part, precision);
        let origin = Origin::Blocks { direction: target.scan_from_part * axis };
        proposals.push(Proposal { part, source: text.source, features: text.features, origin, estimate: 0.0 });
    }
    proposals
}

/// The model along `axis`.
fn along(
    target: &CloudTarget,
    found: &Primitives,
    evidence: &Evidence<'_>,
    axis: DVec3,
    deadline: &Deadline,
) -> Option<Vec<Draft>> {
    let plane = SketchPlane::through(DVec3::ZERO, axis);
    let levels = levels(target, found, axis);
    let (curves, corners) = curves(target, found, plane);
    let blocks = Blocks::new(target, evidence, plane, &curves, &levels, corners, deadline)?;
    let sections = blocks.sections();
    let section = |height: f64| -> Area {
        let layer = levels.partition_point(|l| *l <= height);
        layer.checked_sub(1).and_then(|l| sections.get(l)).cloned().unwrap_or_default()
    };
    // The sections are exact but for the chords of circles.
    let fine = 1e-6 * target.size;
    let tolerances = Tolerances {
        vertex: fine,
        flatness: fine,
        sliver: 20.0 * fine,
        profile: ProfileTolerance { vertex: fine, loosest: 10.0 * fine },
    };
    let layers = slabs(&section, &levels, &tolerances, deadline);
    let mut drafts =
        stack(&layers, &section, plane, Changing::Middle, FeatureKind::Add, target.size, &tolerances, deadline);
    drafts.extend(crossing(target, found, axis));
    Some(drafts)
}

/// Heights of the planes square to `axis` and of the cloud's ends, increasing.
fn levels(target: &CloudTarget, found: &Primitives, axis: DVec3) -> Vec<f64> {
    let tolerance = target.tolerance();
    let mut square: Vec<(usize, f64)> = found
        .planes
        .iter()
        .filter(|p| p.normal.dot(axis).abs() > 0.998)
        .map(|p| (p.inliers.len(), p.offset * p.normal.dot(axis).signum()))
        .collect();
    square.sort_by(|a, b| b.0.cmp(&a.0));
    let mut levels: Vec<f64> = Vec::new();
    for (_, height) in square.into_iter().take(MOST_LEVELS) {
        if levels.iter().all(|l| (l - height).abs() > tolerance) {
            levels.push(height);
        }
    }
    for end in ends(target, axis) {
        if levels.iter().all(|l| (l - end).abs() > 3.0 * tolerance) {
            levels.push(end);
        }
    }
    levels.sort_unstable_by(f64::total_cmp);
    levels
}

/// Lowest and highest point along `axis`, without the outermost.
fn ends(target: &CloudTarget, axis: DVec3) -> [f64; 2] {
    let mut heights: Vec<f64> = target.points.iter().map(|p| p.dot(axis)).collect();
    heights.sort_unstable_by(f64::total_cmp);
    let cut = heights.len() / 500;
    [heights[cut], heights[heights.len() - 1 - cut]]
}

/// The lines and circles seen along the plane's normal, and the corners of the cloud's rectangle.
fn curves(target: &CloudTarget, found: &Primitives, plane: SketchPlane) -> (Vec<Curve>, [DVec2; 2]) {
    let tolerance = target.tolerance();
    let flat = |d: DVec3| DVec2::new(d.dot(plane.x), d.dot(plane.y()));
    let mut walls: Vec<(usize, DVec2, f64)> = found
        .planes
        .iter()
        .filter(|p| p.normal.dot(plane.normal).abs() < 0.06)
        .map(|p| (p.inliers.len(), flat(p.normal).normalize_or(DVec2::X), p.offset))
        .collect();
    walls.sort_by(|a, b| b.0.cmp(&a.0));
    let mut lines: Vec<(DVec2, f64)> = Vec::new();
    for (_, normal, offset) in walls {
        let same = |&(n, o): &(DVec2, f64)| {
            n.dot(normal).abs() > 0.999 && (o * n.dot(normal).signum() - offset).abs() <= tolerance
        };
        if lines.len() < MOST_LINES && !lines.iter().any(same) {
            lines.push((normal, offset));
        }
    }
    let [left, right] = ends(target, plane.x);
    let [bottom, top] = ends(target, plane.y());
    // The rectangle's edges are walls where there are some near.
    let edge = |axis: DVec2, end: f64| {
        let near = lines.iter().filter(|(n, _)| n.dot(axis).abs() > 0.999).map(|(n, o)| o * n.dot(axis).signum());
        near.filter(|o| (o - end).abs() <= 3.0 * tolerance)
            .min_by(|a, b| (a - end).abs().total_cmp(&(b - end).abs()))
            .unwrap_or(end)
    };
    let low = DVec2::new(edge(DVec2::X, left), edge(DVec2::Y, bottom));
    let high = DVec2::new(edge(DVec2::X, right), edge(DVec2::Y, top));
    let mut round: Vec<&Cylinder> =
        found.cylinders.iter().filter(|c| c.plane.normal.dot(plane.normal).abs() > 0.999).collect();
    round.sort_by(|a, b| b.inliers.len().cmp(&a.inliers.len()));
    let circles = round.into_iter().take(MOST_CIRCLES).map(|c| {
        let at = plane.local(c.plane.world(c.circle.center, 0.0)).truncate();
        Curve::Circle { center: at, radius: c.circle.radius }
    });
    let lines = lines.iter().map(|&(normal, offset)| Curve::Line { normal, offset });
    (lines.chain(circles).collect(), [low, high])
}

/// Cylinders that run across `axis`: holes are cut, bosses added, each from end to end of its wall, or to the plane near
/// by that its wall ends at.
fn crossing(target: &CloudTarget, found: &Primitives, axis: DVec3) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for kind in [FeatureKind::Add, FeatureKind::Cut] {
        for cylinder in &found.cylinders {
            if cylinder.plane.normal.dot(axis).abs() > 0.999 || cylinder.solid != (kind == FeatureKind::Add) {
                continue;
            }
            let levels = levels(target, found, cylinder.plane.normal);
            for span in &cylinder.spans {
                let [from, to] = snapped(*span, &levels, target);
                if to - from <= target.tolerance() {
                    continue;
                }
                let circle = Outline::Circle { center: cylinder.circle.center, radius: cylinder.circle.radius };
                let feature = Feature {
                    kind,
                    plane: cylinder.plane.at(cylinder.plane.normal * from),
                    regions: vec![Region { outer: circle, holes: Vec::new() }],
                    sweep: Sweep::Extrude { depth: to - from },
                };
                drafts.push(Draft::of(feature, 1e-3 * target.size));
            }
        }
    }
    drafts
}

/// The span with its ends on the levels near by: walls are seen up to their ends at best.
fn snapped([from, to]: [f64; 2], levels: &[f64], target: &CloudTarget) -> [f64; 2] {
    let reach = (6.0 * target.spacing).max(0.5 * (to - from)).min(0.1 * target.size);
    let near = |end: f64| {
        let best = levels.iter().copied().min_by(|a, b| (a - end).abs().total_cmp(&(b - end).abs()));
        best.filter(|l| (l - end).abs() <= reach).unwrap_or(end)
    };
    let (a, b) = (near(from), near(to));
    if a < b { [a, b] } else { [from, to] }
}
