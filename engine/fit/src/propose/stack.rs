//! A part as a stack of slabs: between two neighbouring levels a prismatic part has one section.
//!
//! Loops that are the same in neighbouring slabs become one feature over both, so that a hole through a plate and its boss
//! is one hole. Outer loops add, holes cut, islands in holes add again.

use std::cell::OnceCell;

use glam::DVec2;

use super::slab::{same, with_loops_still};
use super::terraces::terraces;
use super::turned::Turned;
use super::{Draft, Slab};
use crate::part::{Feature, FeatureKind, Outline, Region, SketchPlane, Sweep};
use crate::profile::fit_outline;
use crate::progress::Deadline;
use crate::section::{Area, Polygon, signed_area};
use crate::understand::Tolerances;

/// What to take for a slab whose section changes over its height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changing {
    /// The section half way up.
    Middle,
    /// Everything that is inside somewhere; what is too much is to be cut from other directions.
    Hull,
    /// What is inside everywhere; what is missing is to be added from other directions.
    Core,
    /// Steps where the section changes most.
    Terraces,
}

/// The share of the volume that a step has to set right: what a statement of some lines costs when programs are ranked.
const STEP_PRICE: f64 = 2e-3;

/// The features of a stack in order. `plane` passes through the origin of heights; outer loops are of the kind `outer`.
#[expect(clippy::too_many_arguments, reason = "each is a thing of its own; callers have them apart")]
pub fn stack(
    slabs: &[Slab],
    section: &dyn Fn(f64) -> Area,
    plane: SketchPlane,
    changing: Changing,
    outer: FeatureKind,
    size: f64,
    tolerances: &Tolerances,
    deadline: &Deadline,
) -> Vec<Draft> {
    let mut tracks: Vec<Track> = Vec::new();
    let volume: f64 = slabs.iter().map(|s| s.middle.measure() * (s.to - s.from)).sum();
    // Neighbouring layers share the very number of the level between them.
    let touch = |a: f64, b: f64| a.total_cmp(&b).is_eq();
    let mut layer = |from: f64, to: f64, area: &Area, sure: bool, turned: &[Turned]| {
        for (polygon, depth) in loops_with_depth(area) {
            if deadline.reached() {
                return;
            }
            if let Some(own) = turned.iter().find(|t| t.is(&polygon)) {
                let known = tracks.iter().any(|t| t.turned.as_ref().is_some_and(|t| t.is_same(own)));
                if !known {
                    tracks.push(Track::turned(own, polygon, depth));
                }
                continue;
            }
            let newcomer = Newcomer { measure: signed_area(&polygon).abs(), polygon, outline: OnceCell::new() };
            let own =
                tracks.iter_mut().find(|t| t.depth == depth && touch(t.to, from) && t.matches(&newcomer, tolerances));
            match own {
                Some(track) => {
                    track.to = to;
                    track.sure &= sure;
                }
                None => {
                    if let Some(outline) = newcomer.outline(tolerances).cloned() {
                        let Newcomer { polygon, measure, .. } = newcomer;
                        tracks.push(Track { polygon, measure, outline, depth, from, to, sure, turned: None });
                    }
                }
            }
        }
    };
    for slab in slabs {
        if deadline.reached() {
            break;
        }
        match changing {
            _ if slab.constant => layer(slab.from, slab.to, &slab.middle, true, &slab.turned),
            Changing::Middle => layer(slab.from, slab.to, &slab.middle, false, &slab.turned),
            Changing::Hull => layer(slab.from, slab.to, &slab.hull, false, &slab.turned),
            Changing::Core => layer(slab.from, slab.to, &slab.core, false, &slab.turned),
            Changing::Terraces => {
                let own = |h: f64| with_loops_still(&section(h).without_slivers(tolerances.sliver), &slab.turned);
                for step in terraces(&own, slab.from, slab.to, size, STEP_PRICE * volume, deadline) {
                    layer(step.from, step.to, &step.area, false, &slab.turned);
                }
            }
        }
    }
    assembled(tracks, plane, outer, tolerances)
}

/// One loop over the heights in which it stays the same.
struct Track {
    polygon: Polygon,
    measure: f64,
    outline: Outline,
    depth: usize,
    from: f64,
    to: f64,
    sure: bool,
    /// The meridian where the loop is turned rather than extruded.
    turned: Option<Turned>,
}

impl Track {
    fn turned(turned: &Turned, polygon: Polygon, depth: usize) -> Self {
        let outline = Outline::Circle { center: turned.center, radius: 0.0 };
        let [from, to] = turned.heights();
        let measure = signed_area(&polygon).abs();
        Self { polygon, measure, outline, depth, from, to, sure: true, turned: Some(turned.clone()) }
    }

    fn matches(&self, newcomer: &Newcomer, tolerances: &Tolerances) -> bool {
        let larger = self.measure.max(newcomer.measure);
        if self.turned.is_some() || (self.measure - newcomer.measure).abs() > 0.02 * larger {
            return false;
        }
        let near = |a: DVec2, b: DVec2| a.distance(b) <= tolerances.flatness;
        if let Outline::Circle { center, radius } = &self.outline
            && let Some(Outline::Circle { center: c, radius: r }) = newcomer.outline(tolerances)
        {
            return near(*center, *c) && (radius - r).abs() <= tolerances.flatness;
        }
        let alone = |polygon: &Polygon| Area::enclosed(std::slice::from_ref(polygon), false);
        same(&alone(&self.polygon), &alone(&newcomer.polygon), tolerances.sliver)
    }
}

/// A loop that is looking for its track; its outline is fitted at most once, and only when somebody asks.
struct Newcomer {
    polygon: Polygon,
    measure: f64,
    outline: OnceCell<Option<Outline>>,
}

impl Newcomer {
    fn outline(&self, tolerances: &Tolerances) -> Option<&Outline> {
        self.outline.get_or_init(|| fit_outline(&self.polygon, tolerances.profile)).as_ref()
    }
}

/// The loops of an area with the number of loops around each.
fn loops_with_depth(area: &Area) -> Vec<(Polygon, usize)> {
    let holes: Vec<&Polygon> = area.shapes.iter().flat_map(|s| &s.holes).collect();
    let mut found = Vec::new();
    for shape in &area.shapes {
        let around = holes.iter().filter(|h| shape.outer.first().is_some_and(|&p| encloses(h, p))).count();
        found.push((shape.outer.clone(), 2 * around));
        found.extend(shape.holes.iter().map(|h| (h.clone(), 2 * around + 1)));
    }
    found
}

/// Whether `p` lies in `polygon` (by parity).
pub(super) fn encloses(polygon: &[DVec2], p: DVec2) -> bool {
    let Some(mut a) = polygon.last().copied() else { return false };
    let mut inside = false;
    for &b in polygon {
        if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
            inside = !inside;
        }
        a = b;
    }
    inside
}

/// Joins each outer loop with the holes that run as far as it does, and orders features by nesting.
fn assembled(mut tracks: Vec<Track>, plane: SketchPlane, outer: FeatureKind, tolerances: &Tolerances) -> Vec<Draft> {
    tracks.sort_by(|a, b| a.depth.cmp(&b.depth).then(a.from.total_cmp(&b.from)).then(b.to.total_cmp(&a.to)));
    let mut taken = vec![false; tracks.len()];
    let mut drafts = Vec::new();
    for i in 0..tracks.len() {
        if taken[i] {
            continue;
        }
        taken[i] = true;
        let track = &tracks[i];
        let adds = track.depth.is_multiple_of(2) == (outer == FeatureKind::Add);
        let kind = if adds { FeatureKind::Add } else { FeatureKind::Cut };
        if let Some(turned) = &track.turned {
            let made = turned.feature(plane, kind, tolerances);
            drafts.extend(made.map(|(feature, polygon)| Draft { feature, polygons: vec![vec![polygon]], sure: true }));
            continue;
        }
        let mut holes = Vec::new();
        let mut polygons = vec![track.polygon.clone()];
        let mut sure = track.sure;
        if track.depth.is_multiple_of(2) {
            for (j, hole) in tracks.iter().enumerate() {
                let inside = !taken[j]
                    && hole.turned.is_none()
                    && hole.depth == track.depth + 1
                    && hole.from.total_cmp(&track.from).is_eq()
                    && hole.to.total_cmp(&track.to).is_eq()
                    && hole.polygon.first().is_some_and(|&p| encloses(&track.polygon, p));
                if inside {
                    taken[j] = true;
                    sure &= hole.sure;
                    polygons.push(hole.polygon.clone());
                    holes.push(hole.outline.clone());
                }
            }
        }
        let feature = Feature {
            kind,
            plane: plane.at(plane.origin + plane.normal * track.from),
            regions: vec![Region { outer: track.outline.clone(), holes }],
            sweep: Sweep::Extrude { depth: track.to - track.from },
        };
        drafts.push(Draft { feature, polygons: vec![polygons], sure });
    }
    drafts
}
