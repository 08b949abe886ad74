//! Round cuts that are holes drilled from one of the part's ends: plain, counterbored or countersunk.
//!
//! A stack of slabs knows a counterbored hole as two cylinders, one upon the other, and a countersunk one as a cylinder
//! under a cone. Here they become what a machinist calls them, all of one size together.

use glam::{DVec2, DVec3};

use super::canonical::{Body, Step, across};
use super::role::bounds;
use crate::part::{FeatureKind, Outline, PathEdge, Region};

/// How holes are drilled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Drill {
    /// The axis they run along.
    pub(super) axis: usize,
    /// Whether they are drilled from the part's upper end along it, or from the lower one.
    pub(super) from_top: bool,
    /// Where they begin and end along the axis.
    pub(super) low: f64,
    pub(super) high: f64,
    /// Whether they run through all of the part.
    pub(super) through: bool,
    pub(super) mouth: Mouth,
}

/// What a hole widens to where the drill goes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mouth {
    Plain,
    /// A flat-bottomed recess.
    Counterbore {
        radius: f64,
        depth: f64,
    },
    /// A cone; the angle is that between its sides.
    Countersink {
        radius: f64,
        angle_degrees: f64,
    },
}

/// With more holes in one call the kernel cuts too many times.
const MOST_HOLES: usize = 40;
/// What is wider than this share of the part and does not run through is hollowed, not drilled.
const WIDEST: f64 = 0.6;
/// Lengths that differ by less than this share of the part's size are the same.
const SAME: f64 = 1e-9;

/// The steps with holes in place of round cuts, as far as these begin at an end of the part.
pub(super) fn drilled(steps: Vec<Step>) -> Vec<Step> {
    let mut steps = steps;
    widened(&mut steps);
    for i in 0..steps.len() {
        let Some(ends) = made(&steps[..i]) else { continue };
        if let Some(drill) = plain(&steps[i], ends) {
            steps[i].body = Body::Drilled(drill);
        }
    }
    steps
}

/// The box of what the steps add.
fn made(steps: &[Step]) -> Option<[DVec3; 2]> {
    let added = steps.iter().filter(|s| s.kind == FeatureKind::Add).filter_map(bounds);
    added.reduce(|[l, h], [p, q]| [l.min(p), h.max(q)])
}

/// A step of equal circles that begins at an end of the part.
fn plain(step: &Step, [from, to]: [DVec3; 2]) -> Option<Drill> {
    let Body::Prism { axis, low, high } = step.body else { return None };
    let radius = circle(step.regions.first()?)?.1;
    let tolerance = SAME * (to - from).max_element();
    let alike = |r: &Region| circle(r).is_some_and(|c| (c.1 - radius).abs() <= tolerance);
    if step.kind != FeatureKind::Cut || step.regions.len() > MOST_HOLES || !step.regions.iter().all(alike) {
        return None;
    }
    let (above, below) = (high >= to[axis] - tolerance, low <= from[axis] + tolerance);
    let [u, v] = across(axis).map(|a| to[a] - from[a]);
    if above != below && 2.0 * radius > WIDEST * u.min(v) {
        return None;
    }
    (above || below).then_some(Drill {
        axis,
        from_top: above,
        low: low.max(from[axis]),
        high: high.min(to[axis]),
        through: above && below,
        mouth: Mouth::Plain,
    })
}

/// A widening at an end of the part: which step and region it is, where its centre lies and what it looks like.
struct Widening {
    step: usize,
    region: usize,
    axis: usize,
    from_top: bool,
    center: DVec2,
    mouth: Mouth,
    /// Where the drill goes on, and, where the step has that in it, the radius and the end there.
    bottom: f64,
    narrow: Option<(f64, f64)>,
}

/// Joins widenings with the holes under them; holes of one size become one step.
fn widened(steps: &mut Vec<Step>) {
    let mut gone: Vec<(usize, usize)> = Vec::new();
    let mut holes: Vec<(usize, Drill, Region)> = Vec::new();
    for i in 1..steps.len() {
        let Some(ends) = made(&steps[..i]) else { continue };
        let tolerance = SAME * (ends[1] - ends[0]).max_element();
        for widening in widenings(steps, i, ends, tolerance) {
            let under = match widening.narrow {
                Some((radius, end)) => Some(Under { at: None, radius, end }),
                None => under(steps, &widening, &gone, tolerance),
            };
            let Some(Under { at: other, radius, end }) = under else { continue };
            gone.extend([(widening.step, widening.region)].into_iter().chain(other));
            let Widening { axis, from_top, mouth, center, .. } = widening;
            let face = if from_top { ends[1][axis] } else { ends[0][axis] };
            let (low, high) = (face.min(end), face.max(end));
            let through = low <= ends[0][axis] + tolerance && high >= ends[1][axis] - tolerance;
            let drill = Drill { axis, from_top, low, high, through, mouth };
            let region = Region { outer: Outline::Circle { center, radius }, holes: Vec::new() };
            holes.push((other.map_or(i, |o| o.0.max(i)), drill, region));
        }
    }
    let mut made: Vec<(usize, Step)> = Vec::new();
    for (at, drill, region) in holes {
        let radius = circle(&region).map_or(0.0, |c| c.1);
        let own = made.iter_mut().find(|(_, step)| {
            let same = matches!(step.body, Body::Drilled(known) if is_same(&known, &drill));
            let first = step.regions.first().and_then(circle).map_or(0.0, |c| c.1);
            same && (first - radius).abs() <= SAME * radius && step.regions.len() < MOST_HOLES
        });
        match own {
            Some((_, step)) => step.regions.push(region),
            None => {
                made.push((at, Step { kind: FeatureKind::Cut, body: Body::Drilled(drill), regions: vec![region] }));
            }
        }
    }
    let mut rebuilt = Vec::with_capacity(steps.len());
    for (i, mut step) in std::mem::take(steps).into_iter().enumerate() {
        let mut region = 0;
        step.regions.retain(|_| {
            region += 1;
            !gone.contains(&(i, region - 1))
        });
        if !step.regions.is_empty() {
            rebuilt.push(step);
        }
        rebuilt.extend(made.iter().filter(|m| m.0 == i).map(|m| m.1.clone()));
    }
    *steps = rebuilt;
}

fn is_same(a: &Drill, b: &Drill) -> bool {
    let close = |x: f64, y: f64| (x - y).abs() <= SAME * (x.abs() + y.abs() + (a.high - a.low));
    let mouths = match (a.mouth, b.mouth) {
        (Mouth::Plain, Mouth::Plain) => true,
        (Mouth::Counterbore { radius, depth }, Mouth::Counterbore { radius: r, depth: d }) => {
            close(radius, r) && close(depth, d)
        }
        (Mouth::Countersink { radius, angle_degrees }, Mouth::Countersink { radius: r, angle_degrees: degrees }) => {
            close(radius, r) && (angle_degrees - degrees).abs() < 1e-6
        }
        _ => false,
    };
    (a.axis, a.from_top, a.through) == (b.axis, b.from_top, b.through)
        && close(a.low, b.low)
        && close(a.high, b.high)
        && mouths
}

/// The widenings that a step may be.
fn widenings(steps: &[Step], i: usize, [from, to]: [DVec3; 2], tolerance: f64) -> Vec<Widening> {
    let step = &steps[i];
    if step.kind != FeatureKind::Cut {
        return Vec::new();
    }
    match step.body {
        Body::Prism { axis, low, high } => {
            let (above, below) = (high >= to[axis] - tolerance, low <= from[axis] + tolerance);
            if above == below {
                return Vec::new();
            }
            let bottom = if above { low } else { high };
            let depth = if above { to[axis] - low } else { high - from[axis] };
            let regions = step.regions.iter().enumerate();
            let made = regions.filter_map(|(region, r)| {
                let (center, radius) = circle(r)?;
                let mouth = Mouth::Counterbore { radius, depth };
                Some(Widening { step: i, region, axis, from_top: above, center, mouth, bottom, narrow: None })
            });
            made.collect()
        }
        Body::Turned { normal, origin } => {
            let axis = across(normal)[1];
            let [u, v] = across(axis);
            let center = DVec2::new(origin[u], origin[v]);
            let [region] = &step.regions[..] else { return Vec::new() };
            let Some(profile) = cone(region, tolerance) else { return Vec::new() };
            let (from_top, face) = if profile.wide.y > profile.shoulder.y { (true, to) } else { (false, from) };
            if (profile.wide.y - face[axis]).abs() > tolerance {
                return Vec::new();
            }
            let slope = (profile.wide.x - profile.shoulder.x) / (profile.wide.y - profile.shoulder.y).abs();
            let angle = 2.0 * slope.atan().to_degrees();
            let whole = (angle * 2.0).round() / 2.0;
            let angle_degrees = if (angle - whole).abs() < 1e-7 { whole } else { angle };
            let mouth = Mouth::Countersink { radius: profile.wide.x, angle_degrees };
            let narrow = profile.end.map(|end| (profile.shoulder.x, end));
            vec![Widening { step: i, region: 0, axis, from_top, center, mouth, bottom: profile.shoulder.y, narrow }]
        }
        Body::Drilled(_) | Body::Oblique { .. } => Vec::new(),
    }
}

/// The hole under a widening.
struct Under {
    /// Its step and region, where it has one of its own.
    at: Option<(usize, usize)>,
    radius: f64,
    /// Where it ends along its axis.
    end: f64,
}

/// What goes on where a widening ends.
fn under(steps: &[Step], widening: &Widening, gone: &[(usize, usize)], tolerance: f64) -> Option<Under> {
    let mouth = match widening.mouth {
        Mouth::Counterbore { radius, .. } | Mouth::Countersink { radius, .. } => radius,
        Mouth::Plain => return None,
    };
    let adds_between = |k: usize| {
        let (a, b) = (k.min(widening.step), k.max(widening.step));
        steps[a..=b].iter().any(|s| s.kind == FeatureKind::Add)
    };
    let candidates = steps.iter().enumerate().filter(|(k, step)| step.kind == FeatureKind::Cut && !adds_between(*k));
    let found =
        candidates.flat_map(|(k, step)| step.regions.iter().enumerate().map(move |(r, region)| (k, step, r, region)));
    let mut fits = found.filter_map(|(k, step, r, region)| {
        let Body::Prism { axis, low, high } = step.body else { return None };
        let (center, radius) = circle(region)?;
        let (start, end) = if widening.from_top { (high, low) } else { (low, high) };
        // It may begin anywhere inside the widening.
        let meets =
            if widening.from_top { start >= widening.bottom - tolerance } else { start <= widening.bottom + tolerance };
        let longer =
            if widening.from_top { end < widening.bottom - tolerance } else { end > widening.bottom + tolerance };
        let fits = axis == widening.axis
            && !gone.contains(&(k, r))
            && center.distance(widening.center) <= tolerance
            && radius < mouth - tolerance
            && meets
            && longer;
        fits.then_some(Under { at: Some((k, r)), radius, end })
    });
    fits.next()
}

fn circle(region: &Region) -> Option<(DVec2, f64)> {
    match region.outer {
        Outline::Circle { center, radius } if region.holes.is_empty() => Some((center, radius)),
        _ => None,
    }
}

/// The half section of a countersink: distances from the axis and heights.
struct Cone {
    /// At the part's surface.
    wide: DVec2,
    /// Where the drill's cylinder begins.
    shoulder: DVec2,
    /// Where that ends, if it is in the same half section.
    end: Option<f64>,
}

fn cone(region: &Region, tolerance: f64) -> Option<Cone> {
    let Outline::Path { start, edges } = &region.outer else { return None };
    if !region.holes.is_empty() || edges.iter().any(|e| matches!(e, PathEdge::Arc { .. })) {
        return None;
    }
    let mut corners: Vec<DVec2> = std::iter::once(*start).chain(edges.iter().map(PathEdge::end)).collect();
    if corners.first().zip(corners.last()).is_some_and(|(a, b)| a.distance(*b) <= tolerance) {
        corners.pop();
    }
    let on_axis = corners.iter().filter(|p| p.x.abs() <= tolerance).count();
    corners.retain(|p| p.x.abs() > tolerance);
    corners.sort_by(|a, b| a.y.total_cmp(&b.y));
    if on_axis != 2 {
        return None;
    }
    let same = |a: f64, b: f64| (a - b).abs() <= tolerance;
    match corners[..] {
        [a, b] if !same(a.x, b.x) && !same(a.y, b.y) => {
            let (wide, shoulder) = if a.x > b.x { (a, b) } else { (b, a) };
            Some(Cone { wide, shoulder, end: None })
        }
        [a, b, c] if same(a.x, b.x) && c.x > b.x + tolerance && !same(c.y, b.y) => {
            Some(Cone { wide: c, shoulder: b, end: Some(a.y) })
        }
        [a, b, c] if same(b.x, c.x) && a.x > b.x + tolerance && !same(a.y, b.y) => {
            Some(Cone { wide: a, shoulder: b, end: Some(c.y) })
        }
        _ => None,
    }
}
