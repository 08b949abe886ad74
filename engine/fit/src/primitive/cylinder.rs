//! Cylinders along a direction: circles that points with normals show when seen along it.

use glam::DVec2;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::part::SketchPlane;
use crate::profile::{Circle, fit_circle};
use crate::understand::CloudTarget;

/// A round wall.
#[derive(Clone, Debug, PartialEq)]
pub struct Cylinder {
    /// A plane through the origin square to the axis; `circle` lies in it.
    pub plane: SketchPlane,
    /// Where the axis meets the plane, and the radius.
    pub circle: Circle,
    /// Whether the material is within (a boss) rather than about it (a hole).
    pub solid: bool,
    /// Lowest and highest point along the axis of each piece of wall.
    pub spans: Vec<[f64; 2]>,
    /// Indices of the points it explains.
    pub inliers: Vec<u32>,
}

/// Points whose normals are farther than this (20 degrees) from square to the axis do not lie on a wall along it.
const SIDEWAYS: f64 = 0.35;
/// A point's normal has to point to or from the axis within this (30 degrees).
const RADIAL: f64 = 0.866;
/// The mean of the normals in a bin has to do so within this (9 degrees): noise averages out, a flat wall's slant does not.
const MEAN_RADIAL_RAD: f64 = 0.16;
/// Pairs of points tried for each scale of distance, and the scales as multiples of the spacing.
const TRIES: usize = 500;
const SCALES: [f64; 6] = [3.0, 6.0, 12.0, 24.0, 48.0, 96.0];
/// Directions about the axis are counted in bins of 10 degrees: so many have to hold points, and so many in a row, which
/// neither the four walls of a box nor the fillet between two reach.
const BINS: usize = 36;
const LEAST_BINS: u32 = 13;
const LEAST_RUN: usize = 8;
/// Least number of points.
const LEAST: usize = 18;
/// Share of the points that the seen part of the wall would hold at the usual spacing.
const LEAST_DENSITY: f64 = 0.3;

struct Side {
    index: u32,
    at: DVec2,
    normal: DVec2,
    height: f64,
}

/// Cylinders along the plane's normal among the points that are `free`, those with most points first; their points are not
/// free afterwards.
pub fn cylinders_along(target: &CloudTarget, plane: SketchPlane, free: &mut [bool]) -> Vec<Cylinder> {
    let sides: Vec<Side> = (0..target.points.len())
        .filter(|&i| free[i] && target.normals[i].dot(plane.normal).abs() < SIDEWAYS)
        .map(|i| {
            let local = plane.local(target.points[i]);
            let n = target.normals[i];
            let normal = DVec2::new(n.dot(plane.x), n.dot(plane.y())).normalize_or(DVec2::X);
            Side { index: i as u32, at: local.truncate(), normal, height: local.z }
        })
        .collect();
    if sides.len() < LEAST {
        return Vec::new();
    }
    let tolerance = target.tolerance();
    let mut proposed: Vec<(usize, Circle)> = proposals(target, &plane, &sides, tolerance)
        .into_par_iter()
        .with_min_len(16)
        .filter_map(|c| {
            let on: Vec<usize> = explained(&sides, &c, tolerance, &|_| true);
            (on.len() >= LEAST && goes_round(&sides, &on, &c)).then_some((on.len(), c))
        })
        .collect();
    proposed.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.radius.total_cmp(&b.1.radius)));
    let mut found: Vec<Cylinder> = Vec::new();
    for (before, circle) in proposed {
        let left = |s: &Side| free[s.index as usize];
        let on = explained(&sides, &circle, tolerance, &left);
        if on.len() < LEAST || on.len() * 10 < before * 6 {
            continue;
        }
        let mut circle = circle;
        let mut on = on;
        for _ in 0..4 {
            let points: Vec<DVec2> = on.iter().map(|&k| sides[k].at).collect();
            let Some(better) = fit_circle(&points) else { break };
            let reached = explained(&sides, &better, tolerance, &left);
            if reached.len() * 10 < on.len() * 9 {
                break;
            }
            (circle, on) = (better, reached);
        }
        let spans = spans(&sides, &on, target);
        let length: f64 = spans.iter().map(|s| s[1] - s[0]).sum();
        let arc =
            f64::from(bins(&sides, &on, &circle).count_ones()) / BINS as f64 * std::f64::consts::TAU * circle.radius;
        let full = arc * length.max(target.spacing) / target.spacing.powi(2);
        if !goes_round(&sides, &on, &circle) || (on.len() as f64) < LEAST_DENSITY * full {
            continue;
        }
        let outward: f64 = on
            .iter()
            .map(|&k| {
                let s = &sides[k];
                s.normal.dot(s.at - circle.center).signum() * target.certainty[s.index as usize].max(1e-3)
            })
            .sum();
        for &k in &explained(&sides, &circle, 1.4 * tolerance, &left) {
            free[sides[k].index as usize] = false;
        }
        let inliers = on.iter().map(|&k| sides[k].index).collect();
        found.push(Cylinder { plane, circle, solid: outward > 0.0, spans, inliers });
    }
    found
}

/// Circles through pairs of points on which both normals agree.
fn proposals(target: &CloudTarget, plane: &SketchPlane, sides: &[Side], tolerance: f64) -> Vec<Circle> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut position = vec![usize::MAX; target.points.len()];
    for (k, s) in sides.iter().enumerate() {
        position[s.index as usize] = k;
    }
    let mut circles = Vec::new();
    for scale in SCALES {
        let reach = scale * target.spacing;
        if reach > target.size {
            break;
        }
        for _ in 0..TRIES {
            let one = &sides[random.random_range(0..sides.len())];
            // Some point about as far as the scale: the one nearest to a random place at that distance.
            let toward = DVec2::from_angle(random.random_range(0.0..std::f64::consts::TAU)) * reach;
            let origin = target.points[one.index as usize];
            let place = origin + plane.x * toward.x + plane.y() * toward.y;
            let Some((near, _)) = target.tree.nearest(place) else { continue };
            let Some(two) = sides.get(position[near]) else { continue };
            circles
                .extend(circle_of(one, two, tolerance).filter(|c| {
                    c.radius > (1.5 * target.spacing).max(1.5 * tolerance) && c.radius < 0.6 * target.size
                }));
        }
    }
    circles
}

fn circle_of(one: &Side, two: &Side, tolerance: f64) -> Option<Circle> {
    let cross = one.normal.perp_dot(two.normal);
    if cross.abs() < 0.25 {
        return None;
    }
    let d = two.at - one.at;
    let t = d.perp_dot(two.normal) / cross;
    let u = d.perp_dot(one.normal) / cross;
    // Signs of normals are not trusted yet: the lines of both have to meet equally far from both points.
    let alike = (t.abs() - u.abs()).abs() <= 0.2 * t.abs() + tolerance;
    let center = one.at + one.normal * t;
    alike.then(|| Circle { center, radius: f64::midpoint(t.abs(), u.abs()) })
}

fn explained(sides: &[Side], circle: &Circle, tolerance: f64, usable: &dyn Fn(&Side) -> bool) -> Vec<usize> {
    let (inner, outer) = ((circle.radius - tolerance).max(0.0).powi(2), (circle.radius + tolerance).powi(2));
    (0..sides.len())
        .filter(|&k| {
            let s = &sides[k];
            let d = s.at - circle.center;
            let square = d.length_squared();
            square >= inner && square <= outer && s.normal.dot(d).abs() >= RADIAL * square.sqrt() && usable(s)
        })
        .collect()
}

/// The bins about the axis in which points lie whose normals, on average, point to or from it. Where a circle only
/// touches a flat wall that holds for the one bin where it does, however wide the strip within the tolerance is.
fn bins(sides: &[Side], on: &[usize], circle: &Circle) -> u64 {
    let mut sums = [(0usize, 0.0_f64); BINS];
    for &k in on {
        let d = sides[k].at - circle.center;
        let turn = d.to_angle() / std::f64::consts::TAU + 0.5;
        let sum = &mut sums[((turn * BINS as f64) as usize).min(BINS - 1)];
        let n = sides[k].normal * sides[k].normal.dot(d).signum();
        sum.0 += 1;
        sum.1 += d.angle_to(n);
    }
    (0..BINS).fold(0, |bins, i| {
        let (count, sum) = sums[i];
        let held = count > 0 && (sum / count as f64).abs() < MEAN_RADIAL_RAD;
        bins | u64::from(held) << i
    })
}

fn goes_round(sides: &[Side], on: &[usize], circle: &Circle) -> bool {
    let held = bins(sides, on, circle);
    let (mut run, mut longest) = (0, 0);
    for i in 0..2 * BINS {
        run = if held >> (i % BINS) & 1 == 1 { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    held.count_ones() >= LEAST_BINS && longest >= LEAST_RUN
}

/// The pieces of wall along the axis: heights without a gap.
fn spans(sides: &[Side], on: &[usize], target: &CloudTarget) -> Vec<[f64; 2]> {
    let gap = (8.0 * target.spacing).max(0.05 * target.size);
    let mut heights: Vec<f64> = on.iter().map(|&k| sides[k].height).collect();
    heights.sort_unstable_by(f64::total_cmp);
    let mut spans: Vec<([f64; 2], usize)> = Vec::new();
    for h in heights {
        match spans.last_mut() {
            Some((span, count)) if h - span[1] <= gap => {
                span[1] = h;
                *count += 1;
            }
            _ => spans.push(([h, h], 1)),
        }
    }
    spans.into_iter().filter(|s| s.1 >= LEAST / 2).map(|s| s.0).collect()
}
