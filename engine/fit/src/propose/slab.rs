//! Layers between neighbouring levels, and how their sections change.

use super::turned::{Turned, turned_loops};
use crate::progress::Deadline;
use crate::section::Area;
use crate::understand::Tolerances;

/// A layer between two levels with its sections.
#[derive(Clone, Debug)]
pub struct Slab {
    /// Lower height.
    pub from: f64,
    /// Upper height.
    pub to: f64,
    /// Section half way up.
    pub middle: Area,
    /// Union of the sections at several heights; the middle one where the section does not change.
    pub hull: Area,
    /// Intersection of the sections at several heights; the middle one where the section does not change.
    pub core: Area,
    /// Whether all sections agree but for slivers, loops that are turned apart.
    pub constant: bool,
    /// Loops that are circles about one axis at all heights, of a radius that changes. In the sections above they have
    /// their size half way up.
    pub turned: Vec<Turned>,
}

/// Heights, as shares of a slab's, that tell whether its section changes; the first one besides the middle is the lowest.
const SHARES: [f64; 4] = [0.07, 0.93, 0.29, 0.71];

/// Cuts the layers between `levels` by `section`.
pub fn slabs(section: &dyn Fn(f64) -> Area, levels: &[f64], tolerances: &Tolerances, deadline: &Deadline) -> Vec<Slab> {
    let mut found = Vec::new();
    for pair in levels.windows(2) {
        if pair[1] - pair[0] <= tolerances.flatness || deadline.reached() {
            continue;
        }
        found.push(slab(section, pair[0], pair[1], tolerances, deadline));
    }
    found
}

/// The layers with those that change cut at `breaks`, where that leaves layers that do not change.
pub(super) fn refined(
    section: &dyn Fn(f64) -> Area,
    layers: &[Slab],
    breaks: &[f64],
    tolerances: &Tolerances,
    deadline: &Deadline,
) -> Vec<Slab> {
    let mut found = Vec::new();
    for layer in layers {
        let least = tolerances.flatness.max(0.01 * (layer.to - layer.from));
        let inside = breaks.iter().copied().filter(|h| *h > layer.from + least && *h < layer.to - least);
        let cuts: Vec<f64> = [layer.from].into_iter().chain(inside).chain([layer.to]).collect();
        if layer.constant || cuts.len() == 2 || deadline.reached() {
            found.push(layer.clone());
            continue;
        }
        // Runs of pieces that change are one piece, unless what is in them differs in kind.
        let mut pieces: Vec<Slab> = Vec::new();
        let mut merged = Vec::new();
        for pair in cuts.windows(2).filter(|pair| pair[1] - pair[0] > tolerances.flatness) {
            let piece = slab(section, pair[0], pair[1], tolerances, deadline);
            let kind = |s: &Slab| (s.middle.shapes.len(), s.middle.shapes.iter().map(|s| s.holes.len()).sum::<usize>());
            match pieces.last_mut() {
                Some(last) if !last.constant && !piece.constant && kind(last) == kind(&piece) => {
                    last.to = piece.to;
                    if let Some(changed) = merged.last_mut() {
                        *changed = true;
                    }
                }
                _ => {
                    pieces.push(piece);
                    merged.push(false);
                }
            }
        }
        if pieces.len() < 2 {
            found.push(layer.clone());
            continue;
        }
        for (piece, merged) in pieces.into_iter().zip(merged) {
            found.push(if merged { slab(section, piece.from, piece.to, tolerances, deadline) } else { piece });
        }
    }
    found
}

fn slab(section: &dyn Fn(f64) -> Area, from: f64, to: f64, tolerances: &Tolerances, deadline: &Deadline) -> Slab {
    let at = |t: f64| section(from + (to - from) * t).without_slivers(tolerances.sliver);
    let mut middle = at(0.5);
    let mut others: Vec<Area> = Vec::new();
    let mut constant = true;
    for t in SHARES {
        if deadline.reached() {
            constant = false;
            break;
        }
        let other = at(t);
        constant &= same(&middle, &other, tolerances.sliver);
        others.push(other);
        if t > 0.9 && constant {
            break;
        }
    }
    let mut turned = Vec::new();
    if !constant && !deadline.reached() {
        turned = turned_loops(section, from, to, tolerances, deadline);
        if !turned.is_empty() {
            middle = with_loops_still(&middle, &turned);
            for other in &mut others {
                *other = with_loops_still(other, &turned);
            }
            constant = others.iter().all(|other| same(&middle, other, tolerances.sliver));
        }
    }
    let (mut hull, mut core) = (middle.clone(), middle.clone());
    if !constant {
        for other in others.iter().filter(|other| !same(&middle, other, tolerances.sliver)) {
            hull = hull.union(other);
            core = core.intersection(other);
        }
    }
    Slab { from, to, middle, hull, core, constant, turned }
}

/// The area with every turned loop at the size it has half way up.
pub(super) fn with_loops_still(area: &Area, turned: &[Turned]) -> Area {
    let mut area = area.clone();
    for shape in &mut area.shapes {
        for polygon in std::iter::once(&mut shape.outer).chain(&mut shape.holes) {
            if let Some(own) = turned.iter().find(|t| t.is(polygon)) {
                polygon.clone_from(&own.middle);
            }
        }
    }
    area
}

/// Whether two areas agree but for slivers.
pub(super) fn same(a: &Area, b: &Area, sliver: f64) -> bool {
    let (ma, mb) = (a.measure(), b.measure());
    if (ma - mb).abs() > 0.02 * ma.max(mb) {
        return false;
    }
    let rest = a.difference_of_both(b).without_slivers(sliver).measure();
    rest <= 1e-4 * ma.max(mb)
}
