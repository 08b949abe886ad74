//! Equal features in regular places: on a circle, in a row, or in the crossings of a grid.
//!
//! Features are round faces all round: holes, bosses, countersinks, balls. Those alike in kind, radius, direction and
//! length are seen along their direction as points of a plane, in which regular places are sought, the larger pattern first.

use std::f64::consts::TAU;

use glam::{DMat3, DVec2, DVec3};

use super::{Segment, Surface};

/// How features are placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arrangement {
    /// On a whole circle, in equal steps.
    Polar {
        /// Centre of the circle.
        center: DVec3,
        /// The direction it is seen along.
        axis: DVec3,
        /// Its radius.
        radius: f64,
    },
    /// In a row, in equal steps.
    Row {
        /// From each feature to the next.
        step: DVec3,
    },
    /// In the crossings of equal steps in two directions.
    Grid {
        /// From each feature to the next one in its row.
        step: DVec3,
        /// From each row to the next.
        across: DVec3,
        /// Features in a row, and rows.
        counts: [usize; 2],
    },
}

impl Arrangement {
    /// The places in other coordinates, turned about the origin.
    #[must_use]
    pub fn turned(self, rotation: DMat3) -> Self {
        match self {
            Self::Polar { center, axis, radius } => {
                Self::Polar { center: rotation * center, axis: rotation * axis, radius }
            }
            Self::Row { step } => Self::Row { step: rotation * step },
            Self::Grid { step, across, counts } => {
                Self::Grid { step: rotation * step, across: rotation * across, counts }
            }
        }
    }
}

/// Features alike in regular places.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The segments, in the order of their places.
    pub members: Vec<usize>,
    /// Their places.
    pub arrangement: Arrangement,
    /// Root mean square of the distances of features from their places, a length.
    pub residual: f64,
}

/// Features of one kind looked at, at most: beyond that pairs become many.
const MOST: usize = 120;
/// Radii and lengths agree to this share, or to the slack.
const SAME: f64 = 0.02;

/// A feature seen along the direction of its kind.
#[derive(Clone, Copy)]
struct Seen {
    segment: usize,
    at: DVec2,
}

/// Patterns among segments; features lie within `slack` of their places.
pub(super) fn patterns(segments: &[Segment], slack: f64) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for (axis, members) in kinds(segments, slack) {
        let u = axis.any_orthonormal_vector();
        let v = axis.cross(u);
        let middle = |s: usize| segments[s].extent.middle;
        let height = members.iter().map(|s| middle(*s).dot(axis)).sum::<f64>() / members.len() as f64;
        let world = |p: DVec2| u * p.x + v * p.y + axis * height;
        let flat = |d: DVec2| u * d.x + v * d.y;
        let mut left: Vec<Seen> = members
            .iter()
            .take(MOST)
            .map(|&segment| Seen { segment, at: DVec2::new(middle(segment).dot(u), middle(segment).dot(v)) })
            .collect();
        // Circles about other axes are meant more than circles by chance.
        let axes: Vec<DVec2> = segments
            .iter()
            .filter_map(|s| s.surface.axis())
            .filter(|(_, a)| a.dot(axis).abs() > 0.9999)
            .map(|(p, _)| DVec2::new(p.dot(u), p.dot(v)))
            .collect();
        while left.len() >= 3 {
            let circle = polar(&left, &axes, slack).map(|(members, center, radius, residual)| {
                (members, Arrangement::Polar { center: world(center), axis, radius }, residual)
            });
            let grid = grid(&left, slack).map(|(members, [a, b], counts, residual)| {
                let arrangement = if counts[1] > 1 {
                    Arrangement::Grid { step: flat(a), across: flat(b), counts }
                } else {
                    Arrangement::Row { step: flat(a) }
                };
                (members, arrangement, residual)
            });
            // Four in a square are a grid rather than a circle, unless something else turns about its middle.
            let best = match (circle, grid) {
                (Some(c), Some(g)) => {
                    let about_axis = matches!(c.1, Arrangement::Polar { center, .. } if axes.iter().any(|a| world(*a).distance(center) <= slack));
                    let prefers_circle =
                        if g.0.len() == c.0.len() { about_axis || c.0.len() > 4 } else { c.0.len() > g.0.len() };
                    Some(if prefers_circle { c } else { g })
                }
                (c, g) => c.or(g),
            };
            let Some((members, arrangement, residual)) = best else { break };
            left.retain(|s| !members.contains(&s.segment));
            patterns.push(Pattern { members, arrangement, residual });
        }
    }
    patterns.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then(a.members.cmp(&b.members)));
    patterns
}

/// Features alike, three at least, with their direction.
fn kinds(segments: &[Segment], slack: f64) -> Vec<(DVec3, Vec<usize>)> {
    let mut kinds: Vec<(DVec3, Vec<usize>)> = Vec::new();
    for (i, segment) in segments.iter().enumerate() {
        if matches!(segment.surface, Surface::Plane { .. }) || !segment.is_full_turn() {
            continue;
        }
        let alike = |j: usize| {
            let other = &segments[j];
            let radii = [other, segment].map(|s| s.surface.radius().unwrap_or(0.0));
            let lengths = [other, segment].map(|s| s.extent.length);
            let close = |[a, b]: [f64; 2], loose: f64| (a - b).abs() <= (SAME * b).max(loose);
            other.surface.kind() == segment.surface.kind()
                && other.hollow == segment.hollow
                && close(radii, slack)
                // Where points are sparse a wall's last ring is not seen on each.
                && close(lengths, 4.0 * slack)
        };
        let sphere = matches!(segment.surface, Surface::Sphere { .. });
        let along = |axis: DVec3| sphere || axis.dot(segment.extent.along).abs() > 0.9995;
        match kinds.iter_mut().find(|(axis, members)| along(*axis) && alike(members[0])) {
            Some((_, members)) => members.push(i),
            None => kinds.push((segment.extent.along, vec![i])),
        }
    }
    kinds.retain(|(_, members)| members.len() >= 3);
    kinds
}

/// The largest set on one circle in equal steps all round: members in order, centre, radius, residual.
fn polar(seen: &[Seen], axes: &[DVec2], slack: f64) -> Option<(Vec<usize>, DVec2, f64, f64)> {
    let mut centers: Vec<DVec2> = axes.to_vec();
    let few = seen.len().min(14);
    for i in 0..few {
        for j in i + 1..few {
            for k in j + 1..few {
                centers.extend(crate::part::circle_through(seen[i].at, seen[j].at, seen[k].at).map(|c| c.0));
            }
        }
    }
    let mut best: Option<(Vec<usize>, DVec2, f64, f64)> = None;
    for center in centers {
        let mut away: Vec<(f64, usize)> = seen.iter().enumerate().map(|(k, s)| (s.at.distance(center), k)).collect();
        away.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for ring in away.chunk_by(|a, b| b.0 - a.0 <= 2.0 * slack) {
            let radius = ring.iter().map(|r| r.0).sum::<f64>() / ring.len() as f64;
            if ring.len() < 3 || radius < 4.0 * slack || best.as_ref().is_some_and(|b| b.0.len() >= ring.len()) {
                continue;
            }
            let mut angles: Vec<(f64, usize)> =
                ring.iter().map(|r| ((seen[r.1].at - center).to_angle(), r.1)).collect();
            angles.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let step = TAU / angles.len() as f64;
            let start =
                angles.iter().enumerate().map(|(k, a)| a.0 - k as f64 * step).sum::<f64>() / angles.len() as f64;
            let off = angles
                .iter()
                .enumerate()
                .map(|(k, a)| (seen[a.1].at - center).distance(DVec2::from_angle(start + k as f64 * step) * radius));
            let off: Vec<f64> = off.collect();
            if off.iter().all(|o| *o <= 2.0 * slack) {
                let residual = (off.iter().map(|o| o * o).sum::<f64>() / off.len() as f64).sqrt();
                best = Some((angles.iter().map(|a| seen[a.1].segment).collect(), center, radius, residual));
            }
        }
    }
    best
}

type Lattice = (Vec<usize>, [DVec2; 2], [usize; 2], f64);

/// The largest full grid or row: members row by row, steps, counts, residual.
fn grid(seen: &[Seen], slack: f64) -> Option<Lattice> {
    let at = |p: DVec2| {
        seen.iter()
            .enumerate()
            .map(|(k, s)| (s.at.distance(p), k))
            .filter(|s| s.0 <= 2.0 * slack)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|s| s.1)
    };
    // Runs of equal steps from each feature by the step to each other one.
    let run = |from: usize, step: DVec2| {
        let mut row = vec![from];
        while let Some(next) = at(seen[from].at + step * row.len() as f64).filter(|n| !row.contains(n)) {
            row.push(next);
        }
        row
    };
    let mut best: Option<Lattice> = None;
    for from in 0..seen.len() {
        for to in 0..seen.len() {
            let step = seen[to].at - seen[from].at;
            // Each row is met from its other end, too.
            if to == from
                || (step.x, step.y) < (0.0, 0.0)
                || step.length() < 4.0 * slack
                || at(seen[from].at - step).is_some()
            {
                continue;
            }
            let row = run(from, step);
            for side in 0..seen.len() {
                let across = seen[side].at - seen[from].at;
                let square =
                    across.dot(step).abs() <= 2.0 * slack * step.length() / 2.0 + 2.0 * slack * across.length();
                let is_row = side == from;
                if !is_row
                    && (row.contains(&side) || !square || across.length() < 4.0 * slack || step.perp_dot(across) < 0.0)
                {
                    continue;
                }
                let mut rows = vec![row.clone()];
                let row_at = |n: usize| -> Option<Vec<usize>> {
                    row.iter().map(|k| at(seen[*k].at + across * n as f64)).collect()
                };
                // Rows of a grid are as long as the first; a step of nothing leads to no further row.
                if !is_row {
                    while let Some(next) = row_at(rows.len()) {
                        rows.push(next);
                    }
                }
                let count = rows.len() * row.len();
                let least = if rows.len() > 1 && row.len() > 1 { 4 } else { 3 };
                if count < least
                    || row.len() < 2
                    || (rows.len() == 2 && row.len() == 1)
                    || best.as_ref().is_some_and(|b| b.0.len() >= count)
                {
                    continue;
                }
                best = Some(settled(seen, &rows, [step, across]));
            }
        }
    }
    best
}

/// A grid's steps as the means of all, with what is left.
fn settled(seen: &[Seen], rows: &[Vec<usize>], [mut step, mut across]: [DVec2; 2]) -> Lattice {
    let (n, m) = (rows[0].len(), rows.len());
    let mean = |values: Vec<DVec2>| values.iter().sum::<DVec2>() / values.len().max(1) as f64;
    if n > 1 {
        step = mean(rows.iter().map(|row| (seen[row[n - 1]].at - seen[row[0]].at) / (n - 1) as f64).collect());
    }
    if m > 1 {
        across = mean((0..n).map(|k| (seen[rows[m - 1][k]].at - seen[rows[0][k]].at) / (m - 1) as f64).collect());
    }
    let places = rows
        .iter()
        .enumerate()
        .flat_map(|(j, row)| row.iter().enumerate().map(move |(i, k)| (*k, step * i as f64 + across * j as f64)));
    let places: Vec<(usize, DVec2)> = places.collect();
    let shift = mean(places.iter().map(|(k, p)| seen[*k].at - *p).collect());
    let squares: f64 = places.iter().map(|(k, p)| seen[*k].at.distance_squared(*p + shift)).sum();
    let residual = (squares / places.len() as f64).sqrt();
    (places.iter().map(|p| seen[p.0].segment).collect(), [step, across], [n, m], residual)
}
