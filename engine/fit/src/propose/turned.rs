//! Loops that are circles about one axis through a whole layer, but of changing size: chamfered and countersunk holes,
//! cones, domes. Turning their meridian makes them exactly, where steps only come near.

use glam::DVec2;

use crate::part::{Feature, FeatureKind, Outline, Region, SketchPlane, Sweep};
use crate::profile::{fit_circle, fit_outline};
use crate::progress::Deadline;
use crate::section::{Area, Polygon, signed_area};
use crate::understand::Tolerances;

/// A loop that is a circle about one axis at every height of a layer.
#[derive(Clone, Debug)]
pub struct Turned {
    /// Where the axis crosses the plane.
    pub center: DVec2,
    /// Height and radius, from the layer's lower end to its upper one.
    pub meridian: Vec<DVec2>,
    /// The loop half way up.
    pub middle: Polygon,
    /// Smallest and largest radius.
    reach: [f64; 2],
    /// How far circles of one axis may lie apart.
    near: f64,
    /// Whether it is the outer boundary of a piece.
    outer: bool,
}

/// Heights at which a loop has to be a circle, as shares of the layer's.
const SAMPLES: usize = 17;
/// How far the first and last sample lie inside the layer.
const END_SHARE: f64 = 2e-4;
/// A loop counts as round when it strays from its circle by at most this share of the radius.
const ROUND: f64 = 0.012;

struct Round {
    center: DVec2,
    radius: f64,
    outer: bool,
    polygon: Polygon,
}

/// The turned loops of the layer between `from` and `to`.
pub(super) fn turned_loops(
    section: &dyn Fn(f64) -> Area,
    from: f64,
    to: f64,
    tolerances: &Tolerances,
    deadline: &Deadline,
) -> Vec<Turned> {
    let share = |i: usize| END_SHARE + (1.0 - 2.0 * END_SHARE) * i as f64 / (SAMPLES - 1) as f64;
    let at = |i: usize| from + (to - from) * share(i);
    let mut middle = rounds(&section(at(SAMPLES / 2)), tolerances);
    if middle.is_empty() {
        return Vec::new();
    }
    let mut tracks: Vec<Vec<(usize, f64)>> = middle.iter().map(|m| vec![(SAMPLES / 2, m.radius)]).collect();
    let mut alive = vec![true; middle.len()];
    // The ends first: most loops that do not last are found out there.
    let order = [0, SAMPLES - 1].into_iter().chain((1..SAMPLES - 1).filter(|i| *i != SAMPLES / 2));
    for i in order {
        if deadline.reached() || !alive.contains(&true) {
            return Vec::new();
        }
        let here = rounds(&section(at(i)), tolerances);
        for (k, own) in middle.iter().enumerate().filter(|(k, _)| alive[*k]).collect::<Vec<_>>() {
            let near = near(own.radius, tolerances);
            let found = here.iter().filter(|r| r.outer == own.outer && r.center.distance(own.center) <= near);
            match found.min_by(|a, b| (a.radius - own.radius).abs().total_cmp(&(b.radius - own.radius).abs())) {
                Some(r) => tracks[k].push((i, r.radius)),
                // At its very end a cone or a dome is a point.
                None if i == 0 || i == SAMPLES - 1 => {}
                None => alive[k] = false,
            }
        }
    }
    let mut found = Vec::new();
    for (k, own) in middle.drain(..).enumerate().filter(|(k, _)| alive[*k]) {
        let mut track = std::mem::take(&mut tracks[k]);
        track.sort_by_key(|t| t.0);
        let reach = track.iter().fold([own.radius; 2], |[l, h], t| [l.min(t.1), h.max(t.1)]);
        if reach[1] - reach[0] <= tolerances.sliver.max(ROUND * reach[0]) {
            continue;
        }
        let Some(meridian) = meridian(&track, from, to, &at, tolerances) else { continue };
        let near = near(own.radius, tolerances);
        found.push(Turned { center: own.center, meridian, middle: own.polygon, reach, near, outer: own.outer });
    }
    found
}

fn near(radius: f64, tolerances: &Tolerances) -> f64 {
    (4.0 * tolerances.vertex).max(2e-3 * radius)
}

/// The meridian through the samples, reaching both ends of the layer.
fn meridian(
    track: &[(usize, f64)],
    from: f64,
    to: f64,
    at: &dyn Fn(usize) -> f64,
    tolerances: &Tolerances,
) -> Option<Vec<DVec2>> {
    let (first, last) = (*track.first()?, *track.last()?);
    let mut points: Vec<DVec2> = track.iter().map(|&(i, r)| DVec2::new(at(i), r)).collect();
    for (present, end) in [(first.0 == 0, from), (last.0 == SAMPLES - 1, to)] {
        let n = points.len();
        let (own, next) = if end < at(SAMPLES / 2) { (0, 1) } else { (n - 1, n - 2) };
        if present {
            points[own].x = end;
            if points[own].y < 2.0 * tolerances.sliver {
                points[own].y = 0.0;
            }
        } else {
            // The loop has to be about to vanish there.
            let slope = (points[own].y - points[next].y) / (points[own].x - points[next].x);
            let left = points[own].y + slope * (end - points[own].x);
            if left > 0.5 * points[own].y {
                return None;
            }
            let tip = DVec2::new(end, 0.0);
            if own == 0 { points.insert(0, tip) } else { points.push(tip) }
        }
    }
    Some(points)
}

/// The round loops of a section.
fn rounds(area: &Area, tolerances: &Tolerances) -> Vec<Round> {
    let own = |polygon: &Polygon, outer: bool| {
        if polygon.len() < 10 {
            return None;
        }
        let circle = fit_circle(polygon)?;
        let (most, sum) = circle.steps(polygon);
        let round = circle.rms(polygon) <= ROUND * circle.radius + tolerances.vertex
            && (sum.abs() - std::f64::consts::TAU).abs() < 1e-6
            && most < 0.75;
        // Facets' corners lie on the true circle.
        let radius = (signed_area(polygon).abs() / std::f64::consts::PI).sqrt().max(circle.radius);
        round.then(|| Round { center: circle.center, radius, outer, polygon: polygon.clone() })
    };
    area.shapes
        .iter()
        .flat_map(|s| std::iter::once((&s.outer, true)).chain(s.holes.iter().map(|h| (h, false))))
        .filter_map(|(polygon, outer)| own(polygon, outer))
        .collect()
}

impl Turned {
    /// The heights it begins and ends at.
    pub(super) fn heights(&self) -> [f64; 2] {
        [self.meridian.first(), self.meridian.last()].map(|p| p.map_or(0.0, |p| p.x))
    }

    /// Whether it is the very same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.center == other.center && self.meridian == other.meridian && self.outer == other.outer
    }

    /// Whether a loop of a section in the layer is this one.
    pub(super) fn is(&self, polygon: &Polygon) -> bool {
        if polygon.len() < 8 || (signed_area(polygon) > 0.0) != self.outer {
            return false;
        }
        fit_circle(polygon).is_some_and(|circle| {
            circle.center.distance(self.center) <= 2.0 * self.near
                && circle.radius > 0.95 * self.reach[0] - self.near
                && circle.radius < 1.05 * self.reach[1] + self.near
                && circle.rms(polygon) <= 2.0 * ROUND * circle.radius + self.near
        })
    }

    /// The feature that turning the meridian makes, and its loop. `plane` passes through the origin of heights.
    pub(super) fn feature(
        &self,
        plane: SketchPlane,
        kind: FeatureKind,
        tolerances: &Tolerances,
    ) -> Option<(Feature, Polygon)> {
        let (first, last) = (self.meridian.first()?, self.meridian.last()?);
        let mut polygon: Polygon = self.meridian.iter().map(|p| DVec2::new(p.y.max(0.0), p.x - first.x)).collect();
        polygon.push(DVec2::new(0.0, last.x - first.x));
        polygon.push(DVec2::ZERO);
        polygon.dedup_by(|a, b| a.distance(*b) <= 1e-12);
        if signed_area(&polygon) < 0.0 {
            polygon.reverse();
        }
        let outline: Outline = fit_outline(&polygon, tolerances.profile)?
            .map(1.0, |p| if p.x < tolerances.vertex { DVec2::new(0.0, p.y) } else { p });
        let x = SketchPlane::through(glam::DVec3::ZERO, plane.normal).x;
        let own = SketchPlane { origin: plane.world(self.center, first.x), x, normal: x.cross(plane.normal) };
        let regions = vec![Region { outer: outline, holes: Vec::new() }];
        Some((Feature { kind, plane: own, regions, sweep: Sweep::Revolve }, polygon))
    }
}
