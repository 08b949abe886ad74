//! Round gaps in planes: mouths of holes whose walls were hardly seen.

use std::collections::VecDeque;

use glam::DVec2;

use super::Plane;
use crate::part::SketchPlane;
use crate::profile::{Circle, fit_circle};
use crate::understand::CloudTarget;

/// A round place on a plane without points, with points all about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// A plane through the origin, parallel to the gap's; `circle` lies in it.
    pub plane: SketchPlane,
    /// The gap's edge.
    pub circle: Circle,
    /// Height of the gap over `plane`.
    pub height: f64,
}

/// Edge of the cells that points are gathered in, as a multiple of the spacing: few are empty by chance.
const CELL: f64 = 1.35;
/// Least empty cells of a gap; fewer are empty by chance.
const LEAST_CELLS: usize = 6;
/// Directions about the gap's middle in which there have to be points.
const AROUND: usize = 16;
/// Most deviation from a circle, by the radius.
const ROUND: f64 = 0.13;

/// The round gaps in a plane square to a coordinate axis.
pub fn round_gaps(target: &CloudTarget, found: &Plane) -> Vec<Gap> {
    let axis = found.normal.abs();
    if axis.max_element() < 1.0 - 1e-9 || found.inliers.len() < 150 {
        return Vec::new();
    }
    let plane = SketchPlane::through(glam::DVec3::ZERO, axis);
    let points: Vec<DVec2> = found.inliers.iter().map(|&i| plane.local(target.points[i as usize]).truncate()).collect();
    let edge = CELL * target.spacing;
    let low = points.iter().copied().fold(DVec2::INFINITY, DVec2::min) - edge;
    let high = points.iter().copied().fold(DVec2::NEG_INFINITY, DVec2::max) + edge;
    let [columns, rows] = ((high - low) / edge).ceil().to_array().map(|v| v as usize + 1);
    let mut held = vec![false; columns * rows];
    for p in &points {
        let c = (*p - low) / edge;
        held[c.x as usize * rows + c.y as usize] = true;
    }
    let place = |i: usize| low + edge * (DVec2::new((i / rows) as f64, (i % rows) as f64) + 0.5);
    let height = found.offset * found.normal.dot(axis);
    let empty = pieces(&held, columns, rows).into_iter().filter(|piece| piece.len() >= LEAST_CELLS);
    empty
        .filter_map(|piece| {
            let middle = piece.iter().map(|&i| place(i)).sum::<DVec2>() / piece.len() as f64;
            let circle = innermost(&points, middle)?;
            // The innermost points lie about a quarter of the spacing behind the edge.
            let circle = Circle { radius: circle.radius - 0.25 * target.spacing, ..circle };
            (circle.radius > 1.5 * target.spacing).then_some(Gap { plane, circle, height })
        })
        .collect()
}

/// Connected empty cells that do not reach the border.
fn pieces(held: &[bool], columns: usize, rows: usize) -> Vec<Vec<usize>> {
    let mut seen = held.to_vec();
    let mut found = Vec::new();
    for start in 0..held.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut queue = VecDeque::from([start]);
        let (mut piece, mut open) = (Vec::new(), false);
        while let Some(i) = queue.pop_front() {
            piece.push(i);
            let (x, y) = (i / rows, i % rows);
            if x == 0 || y == 0 || x + 1 == columns || y + 1 == rows {
                open = true;
                continue;
            }
            for next in [i - rows, i + rows, i - 1, i + 1] {
                if !seen[next] {
                    seen[next] = true;
                    queue.push_back(next);
                }
            }
        }
        if !open {
            found.push(piece);
        }
    }
    found
}

/// The circle through the points nearest to `middle` in every direction; `None` where they lie on none.
fn innermost(points: &[DVec2], middle: DVec2) -> Option<Circle> {
    let mut nearest: [Option<(f64, DVec2)>; AROUND] = [None; AROUND];
    for p in points {
        let d = *p - middle;
        let turn = d.to_angle() / std::f64::consts::TAU + 0.5;
        let slot = &mut nearest[((turn * AROUND as f64) as usize).min(AROUND - 1)];
        if slot.is_none_or(|(n, _)| d.length() < n) {
            *slot = Some((d.length(), *p));
        }
    }
    let ring: Vec<DVec2> = nearest.iter().filter_map(|n| n.map(|n| n.1)).collect();
    let circle = (ring.len() == AROUND).then(|| fit_circle(&ring)).flatten()?;
    (circle.rms(&ring) < ROUND * circle.radius && circle.center.distance(middle) < 0.5 * circle.radius)
        .then_some(circle)
}
