//! What was not seen: open rims of meshes, and places of a cloud's faces where points end though nothing else begins.
//!
//! A face ends where another one begins. Where its points end and no other face's are near, either the scanner did not see
//! on, or the next face is missing; both are places that the scan says nothing of. Deliberately absent: how large the hidden
//! rest is beyond the face's own box, which no scan tells.

use std::collections::BTreeMap;

use glam::{DVec2, DVec3, IVec2};
use partwright_geometry::TriMesh;
use rayon::prelude::*;

use super::fit::tangents;
use super::flats::Seams;
use super::{Segment, Surface};
use crate::progress::Deadline;
use crate::understand::CloudTarget;

/// What a scan lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Missing {
    /// Open rims of a mesh: closed chains of edges with one triangle. None in a cloud.
    pub rims: usize,
    /// The length of all of them.
    pub rim_length: f64,
    /// The area that was not seen on the faces' own surfaces, within their boxes.
    pub unseen_area: f64,
    /// That area by the area of all faces, seen and unseen.
    pub unseen_share: f64,
}

/// Cells are this many spacings wide: an empty one is then no chance.
const CELL_IN_SPACINGS: f64 = 2.5;
/// Spacings within which another face's points end a face.
const NEIGHBOUR_IN_SPACINGS: f64 = 4.0;
/// The share of a gap's border that has to be open for it to count as unseen: the rest may be a hole's wall that was hardly
/// seen itself.
const OPEN_SHARE: f64 = 0.6;
/// Cells of a gap at least.
const LEAST_CELLS: usize = 3;

/// Rims of a mesh, given its edges.
pub(super) fn rims(mesh: &TriMesh, seams: &Seams) -> Missing {
    let mut parent: BTreeMap<u32, u32> = BTreeMap::new();
    let mut rim_length = 0.0;
    for &[a, b] in &seams.open {
        rim_length += mesh.positions[a as usize].distance(mesh.positions[b as usize]);
        for v in [a, b] {
            parent.entry(v).or_insert(v);
        }
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        parent.insert(a.max(b), a.min(b));
    }
    let rims = parent.iter().filter(|(v, up)| v == up).count();
    Missing { rims, rim_length, ..Missing::default() }
}

/// The least vertex of the chain that `v` is known to belong to.
fn root(parent: &mut BTreeMap<u32, u32>, v: u32) -> u32 {
    let mut at = v;
    while let Some(&up) = parent.get(&at).filter(|up| **up != at) {
        at = up;
    }
    parent.insert(v, at);
    at
}

/// Unseen places of a cloud's faces.
pub(super) fn unseen(
    target: &CloudTarget,
    segments: &[Segment],
    of_point: &[Option<u32>],
    deadline: &Deadline,
) -> Missing {
    let each: Vec<[f64; 2]> = segments
        .par_iter()
        .enumerate()
        .map(|(k, segment)| if deadline.reached() { [0.0; 2] } else { unseen_of(target, k, segment, of_point) })
        .collect();
    let unseen_area: f64 = each.iter().map(|e| e[0]).sum();
    let seen: f64 = each.iter().map(|e| e[1]).sum();
    let unseen_share = if unseen_area > 0.0 { unseen_area / (unseen_area + seen) } else { 0.0 };
    Missing { unseen_area, unseen_share, ..Missing::default() }
}

/// A point unrolled onto its surface, in lengths; `None` where the surface has no plane map.
fn unrolled(surface: &Surface, p: DVec3) -> Option<DVec2> {
    let [u, v] = tangents(surface);
    match *surface {
        Surface::Plane { point, .. } => Some(DVec2::new((p - point).dot(u), (p - point).dot(v))),
        Surface::Cylinder { point, axis, radius } => {
            let d = p - point;
            Some(DVec2::new(radius * d.dot(v).atan2(d.dot(u)), d.dot(axis)))
        }
        _ => None,
    }
}

/// The unseen and the seen area of a face, both in cells.
fn unseen_of(target: &CloudTarget, k: usize, segment: &Segment, of_point: &[Option<u32>]) -> [f64; 2] {
    let cell = CELL_IN_SPACINGS * target.spacing;
    let around = match segment.surface {
        // Columns round a cylinder come back to the first.
        Surface::Cylinder { radius, .. } => Some((std::f64::consts::TAU * radius / cell).round().max(1.0) as i32),
        _ => None,
    };
    let wide = around.map_or(cell, |columns| match segment.surface {
        Surface::Cylinder { radius, .. } => std::f64::consts::TAU * radius / f64::from(columns),
        _ => cell,
    });
    let column = |c: i32| around.map_or(c, |columns| c.rem_euclid(columns));
    let key = |flat: DVec2| IVec2::new(column((flat.x / wide).floor() as i32), (flat.y / cell).floor() as i32);
    let own = segment.members.iter();
    // Whether a cell of the face has another face's points near it.
    let mut cells: BTreeMap<(i32, i32), bool> = BTreeMap::new();
    for &i in own {
        let p = target.points[i as usize];
        let Some(flat) = unrolled(&segment.surface, p) else { return [0.0, segment.area] };
        let ended = cells.entry(key(flat).into()).or_insert(false);
        if !*ended {
            let near = target.tree.within(p, NEIGHBOUR_IN_SPACINGS * target.spacing);
            let other = |j: usize| {
                of_point[j] != Some(k as u32)
                    && segment.surface.distance(target.points[j]).abs() > 2.0 * target.tolerance()
            };
            *ended = near.iter().filter(|n| other(n.0)).count() >= 2;
        }
    }
    let rows = cells.keys().fold([i32::MAX, i32::MIN], |[l, h], c| [l.min(c.1), h.max(c.1)]);
    let columns = match around {
        Some(columns) => [0, columns - 1],
        None => cells.keys().fold([i32::MAX, i32::MIN], |[l, h], c| [l.min(c.0), h.max(c.0)]),
    };
    let inside = |c: (i32, i32)| c.1 >= rows[0] && c.1 <= rows[1] && c.0 >= columns[0] && c.0 <= columns[1];
    let beside = |c: (i32, i32)| [(-1, 0), (1, 0), (0, -1), (0, 1)].map(|(x, y)| (column(c.0 + x), c.1 + y));
    let mut seen: std::collections::BTreeSet<(i32, i32)> = std::collections::BTreeSet::new();
    let mut unseen = 0usize;
    for x in columns[0]..=columns[1] {
        for y in rows[0]..=rows[1] {
            if cells.contains_key(&(x, y)) || !seen.insert((x, y)) {
                continue;
            }
            let mut gap = vec![(x, y)];
            let (mut next, mut border, mut open) = (0, 0usize, 0usize);
            while next < gap.len() {
                for c in beside(gap[next]) {
                    match cells.get(&c) {
                        Some(ended) => {
                            border += 1;
                            open += usize::from(!ended);
                        }
                        None if inside(c) && seen.insert(c) => gap.push(c),
                        None => {}
                    }
                }
                next += 1;
            }
            if gap.len() >= LEAST_CELLS && open as f64 >= OPEN_SHARE * border as f64 && border > 0 {
                unseen += gap.len();
            }
        }
    }
    [unseen, cells.len()].map(|count| count as f64 * wide * cell)
}
