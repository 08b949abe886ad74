//! Mirror planes and axes of rotation of the scan.
//!
//! A symmetry leaves the middle of the surface in place, so that a closed scan has to be asked about few planes and axes:
//! through its middle, along the directions its faces have. Partial scans have their middle elsewhere; there the middle of
//! the box and the axes of round faces are tried as well. Each candidate is put to the test with all samples: moved, they
//! have to lie on the scan again. As every motion tried makes a finite group or a circle, that one side implies the other.

use std::f64::consts::TAU;

use glam::{DMat3, DQuat, DVec3};
use partwright_geometry::cloud::Scatter;
use rayon::prelude::*;

use super::Segment;
use crate::progress::Deadline;

/// A motion that leaves the scan as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SymmetryKind {
    /// Reflection in a plane square to `direction`.
    Mirror,
    /// Rotation about the axis by a whole turn's `order`-th part.
    Rotation {
        /// How many times a turn repeats it.
        order: u32,
    },
    /// Rotation by any angle.
    Revolution,
}

/// A symmetry of the scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Symmetry {
    /// Which motion it is.
    pub kind: SymmetryKind,
    /// A point of the plane or axis.
    pub point: DVec3,
    /// The plane's normal or the axis.
    pub direction: DVec3,
    /// Root mean square of the distances of moved samples from the scan, a length.
    pub residual: f64,
    /// The share of the moved samples that lie on the scan: below one where it was not seen from all sides.
    pub share: f64,
}

/// What samples are compared with.
pub(super) struct Compared<'a> {
    /// Samples of the whole surface.
    pub(super) samples: &'a [DVec3],
    /// The distance from the surface of any place.
    pub(super) distance: &'a (dyn Fn(DVec3) -> f64 + Sync),
    /// How far a moved sample may lie from the surface.
    pub(super) within: f64,
    /// What the root mean square of those that do may be: where noise is as large as features, lying near says little.
    pub(super) most_residual: f64,
    /// Directions that differ by less are one.
    pub(super) same_rad: f64,
    /// Highest order of rotation asked for: small turns of a scan with noise hardly differ from none.
    pub(super) most_order: u32,
    /// The share of the samples that have to lie within.
    pub(super) least_share: f64,
    /// Whether the scan is of all sides, so that its middle is the part's.
    pub(super) closed: bool,
}

/// Directions and points tried at most.
const MOST_DIRECTIONS: usize = 16;
const MOST_POINTS: usize = 4;
/// Angles no rotation of a low order has: what stays under both is round.
const ODD_ANGLES_RAD: [f64; 3] = [0.9013, 2.3571, 0.1733];
/// Samples looked at between two checks of what has failed already.
const BATCH: usize = 256;

/// The symmetries that the scan's own samples bear out; at most one axis for each direction and point, of its highest order.
/// `middle` is that of the surface.
/// What an axis of revolution implies is not listed: mirror planes through it, half turns square to it.
pub(super) fn symmetries(
    compared: &Compared<'_>,
    middle: DVec3,
    segments: &[Segment],
    frame: DMat3,
    deadline: &Deadline,
) -> (Vec<Symmetry>, bool) {
    let points = points(compared, middle, segments);
    let directions = directions(compared, segments, frame);
    let tests: Vec<(DVec3, DVec3)> = directions.iter().flat_map(|d| points.iter().map(move |p| (*p, *d))).collect();
    let mut complete = true;
    let mut axes = Vec::new();
    for &(point, direction) in &tests {
        complete &= !deadline.reached();
        axes.extend(if complete { rotation(compared, point, direction) } else { None });
    }
    let mut found = distinct(compared, axes);
    let round: Vec<DVec3> = found.iter().filter(|s| s.kind == SymmetryKind::Revolution).map(|s| s.direction).collect();
    // Half turns about axes square to it are those planes with a mirror square to it.
    found.retain(|s| {
        s.kind == SymmetryKind::Revolution || round.iter().all(|a| a.dot(s.direction).abs() > compared.same_rad)
    });
    let mut mirrors = Vec::new();
    for &(point, direction) in &tests {
        complete &= !deadline.reached();
        // Every plane through an axis of revolution is one.
        if complete && round.iter().all(|axis| axis.dot(direction).abs() > compared.same_rad) {
            mirrors.extend(mirror(compared, point, direction));
        }
    }
    found.extend(distinct(compared, mirrors));
    (found, complete)
}

/// One of each set of candidates that are hardly apart: of the highest order, then of the least residual.
fn distinct(compared: &Compared<'_>, mut candidates: Vec<Symmetry>) -> Vec<Symmetry> {
    let order = |s: &Symmetry| match s.kind {
        SymmetryKind::Revolution => u32::MAX,
        SymmetryKind::Rotation { order } => order,
        SymmetryKind::Mirror => 0,
    };
    // Nearly equal residuals are decided by the order of the directions, the frame's own first.
    let step = (0.1 * compared.most_residual).max(f64::MIN_POSITIVE);
    let rounded = |s: &Symmetry| (s.residual / step).round();
    candidates.sort_by(|a, b| order(b).cmp(&order(a)).then(rounded(a).total_cmp(&rounded(b))));
    let mut distinct: Vec<Symmetry> = Vec::new();
    for candidate in candidates {
        let same = |s: &Symmetry| {
            let off = candidate.point - s.point;
            let apart = match s.kind {
                SymmetryKind::Mirror => off.dot(s.direction).abs(),
                _ => off.reject_from_normalized(s.direction).length(),
            };
            s.direction.cross(candidate.direction).length() < compared.same_rad && apart <= 3.0 * compared.within
        };
        if !distinct.iter().any(same) {
            distinct.push(candidate);
        }
    }
    distinct
}

/// Where planes and axes may go through.
fn points(compared: &Compared<'_>, middle: DVec3, segments: &[Segment]) -> Vec<DVec3> {
    let mut points = vec![middle];
    if !compared.closed {
        let low = compared.samples.iter().copied().fold(DVec3::INFINITY, DVec3::min);
        let high = compared.samples.iter().copied().fold(DVec3::NEG_INFINITY, DVec3::max);
        points.push(low.midpoint(high));
        points.extend(segments.iter().filter(|s| s.is_full_turn()).filter_map(|s| s.surface.axis()).map(|a| a.0));
        points.truncate(MOST_POINTS);
    }
    points
}

/// Which directions planes and axes may have: those of the frame and between its axes, of the samples' scatter, of round
/// faces, between round faces alike, and of planes.
fn directions(compared: &Compared<'_>, segments: &[Segment], frame: DMat3) -> Vec<DVec3> {
    let mut directions: Vec<DVec3> = Vec::new();
    let mut add = |direction: DVec3| {
        let direction = direction.normalize_or_zero();
        if direction != DVec3::ZERO
            && directions.len() < MOST_DIRECTIONS
            && directions.iter().all(|d| d.cross(direction).length() > 0.1 * compared.same_rad)
        {
            directions.push(direction);
        }
    };
    let axes = [frame.x_axis, frame.y_axis, frame.z_axis];
    axes.into_iter().for_each(&mut add);
    for [a, b] in [[0, 1], [1, 2], [2, 0]] {
        add(axes[a] + axes[b]);
        add(axes[a] - axes[b]);
    }
    for axis in segments.iter().filter_map(|s| s.surface.axis()).take(4) {
        add(axis.1);
    }
    if let Some(scatter) = Scatter::of(compared.samples.iter().copied()) {
        scatter.directions.into_iter().for_each(&mut add);
    }
    let round: Vec<&Segment> = segments.iter().filter(|s| s.surface.radius().is_some()).take(8).collect();
    for (i, a) in round.iter().enumerate() {
        for b in &round[i + 1..] {
            let alike = a.surface.kind() == b.surface.kind()
                && (a.extent.width - b.extent.width).abs() <= 2.0 * compared.within;
            if alike {
                add((b.extent.middle - a.extent.middle).reject_from_normalized(a.extent.along));
            }
        }
    }
    for plane in segments.iter().filter(|s| matches!(s.surface, super::Surface::Plane { .. })).take(6) {
        add(plane.surface.normal(DVec3::ZERO));
    }
    directions
}

fn mirror(compared: &Compared<'_>, point: DVec3, direction: DVec3) -> Option<Symmetry> {
    let (residual, share) = moved(compared, |p| p - direction * (2.0 * direction.dot(p - point)))?;
    Some(Symmetry { kind: SymmetryKind::Mirror, point, direction, residual, share })
}

/// The rotation of the highest order about an axis, or by any angle.
fn rotation(compared: &Compared<'_>, point: DVec3, direction: DVec3) -> Option<Symmetry> {
    let by = |angle_rad: f64| {
        let turn = DQuat::from_axis_angle(direction, angle_rad);
        moved(compared, |p| point + turn * (p - point))
    };
    let mut all = ODD_ANGLES_RAD.iter().map(|angle| by(*angle));
    let (kind, (residual, share)) = if let Some(first) = all.next()?
        && all.all(|m| m.is_some())
    {
        (SymmetryKind::Revolution, first)
    } else {
        // Where half of the turn leaves the scan as well, the turn is too small to say anything.
        let holds = |n: &u32| by(TAU / f64::from(*n)).is_some() && by(TAU / f64::from(2 * *n)).is_none();
        let order = (2..=compared.most_order).rev().find(holds)?;
        (SymmetryKind::Rotation { order }, by(TAU / f64::from(order))?)
    };
    Some(Symmetry { kind, point, direction, residual, share })
}

/// Residual and share of the samples moved by `motion`; `None` as soon as too few can lie on the scan.
fn moved(compared: &Compared<'_>, motion: impl Fn(DVec3) -> DVec3 + Sync) -> Option<(f64, f64)> {
    let all = compared.samples.len();
    let may_miss = ((1.0 - compared.least_share) * all as f64).floor() as usize;
    let (mut missed, mut squares, mut on) = (0, 0.0, 0usize);
    for batch in compared.samples.chunks(BATCH) {
        let distances: Vec<f64> = batch.par_iter().with_min_len(64).map(|p| (compared.distance)(motion(*p))).collect();
        for distance in distances {
            if distance <= compared.within {
                squares += distance * distance;
                on += 1;
            } else {
                missed += 1;
            }
        }
        if missed > may_miss {
            return None;
        }
    }
    let residual = (squares / on.max(1) as f64).sqrt();
    (on > 0 && residual <= compared.most_residual).then(|| (residual, on as f64 / all as f64))
}
