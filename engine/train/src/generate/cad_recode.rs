//! Parts as CAD-Recode's generator makes them.
//!
//! The paper tells the steps but no numbers. The shares below were chosen so that the programs' statistics come near those
//! of 1,461 programs and outputs of CAD-Recode that are public: how many planes, bodies, faces, holes and edges there are.

use std::f64::consts::FRAC_PI_2;

use glam::DVec2;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::compose::{Operation, compose};
use super::curve::Region;
use super::draft::{Draft, DraftBody, DraftSweep, Rounding};
use super::primitive::Primitive;
use super::program::{Join, Plane};
use super::random::{between, chance, in_square, one_of, weighted};

/// A random part; `None` where the dice leave nothing. The numbers of `structure` say of how many planes and bodies, those
/// of `random` all the rest.
pub(super) fn draft(structure: &mut ChaCha8Rng, random: &mut ChaCha8Rng, simple: bool) -> Option<Draft> {
    let two_planes = !simple && chance(structure, 0.29);
    let first_bodies: &[(usize, f64)] = match (simple, two_planes) {
        (true, _) => &[(1, 0.65), (2, 0.35)],
        (false, false) => &[(1, 0.39), (2, 0.52), (3, 0.09)],
        (false, true) => &[(1, 0.45), (2, 0.46), (3, 0.09)],
    };
    let plane = one_of(random, &Plane::ALL)?;
    let mut workplanes = vec![(plane, between(random, -1.0, 1.0))];
    let first_count = weighted(structure, first_bodies)?;
    let mut bodies = on_plane(random, 0, first_count, simple)?;
    if two_planes {
        workplanes.push((one_of(random, &Plane::ALL)?, between(random, -1.0, 1.0)));
        bodies.extend(on_plane(random, 1, 1, simple)?);
    }
    Some(Draft { workplanes, bodies, rounding: Rounding::Each })
}

/// Bodies on one workplane, those that go deepest first.
fn on_plane(random: &mut ChaCha8Rng, workplane: usize, count: usize, simple: bool) -> Option<Vec<DraftBody>> {
    let mut bodies = Vec::with_capacity(count);
    let mut pieces: Vec<Region> = Vec::new();
    for _ in 0..count {
        let mut regions = if pieces.is_empty() { sketch(random, simple)? } else { vec![pieces.pop()?] };
        // The pieces of one sketch may be extruded each on its own.
        if regions.len() > 1 && bodies.len() + 1 < count && chance(random, 0.7) {
            pieces = regions.split_off(1);
            pieces.truncate(count - bodies.len() - 1);
        }
        let sign = if random.random() { 1.0 } else { -1.0 };
        let distance = sign * weighted_length(random);
        bodies.push(DraftBody {
            workplane,
            join: Join::Union,
            regions,
            sweep: DraftSweep::Extrude { distance, both: false },
        });
    }
    let distance = |body: &DraftBody| match body.sweep {
        DraftSweep::Extrude { distance, .. } => distance,
        DraftSweep::Revolve { .. } => 0.0,
    };
    bodies.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    Some(bodies)
}

/// How far a sketch is extruded.
fn weighted_length(random: &mut ChaCha8Rng) -> f64 {
    between(random, 0.03, 1.0) * between(random, 0.5, 1.5)
}

/// The faces of a random sketch.
fn sketch(random: &mut ChaCha8Rng, simple: bool) -> Option<Vec<Region>> {
    let counts: &[(usize, f64)] =
        if simple { &[(1, 0.75), (2, 0.25)] } else { &[(1, 0.37), (2, 0.25), (3, 0.18), (4, 0.12), (5, 0.08)] };
    let count = weighted(random, counts)?;
    let middle = in_square(random, 0.64);
    let mut steps = vec![(Operation::Unite, primitive(random, middle))];
    while steps.len() < count {
        let (_, other) = steps[random.random_range(0..steps.len())];
        let relation =
            weighted(random, &[(Relation::Concentric, 0.62), (Relation::On, 0.3), (Relation::Beside, 0.08)])?;
        let center = match relation {
            Relation::Concentric => other.center(),
            Relation::On => other.center() + in_square(random, 0.5),
            Relation::Beside => in_square(random, 0.9),
        };
        let operation = if chance(random, 0.76) { Operation::Unite } else { Operation::Cut };
        let own = primitive(random, center);
        steps.push((operation, aligned(random, own, other)));
    }
    let holes: &[(usize, f64)] =
        if count == 1 { &[(0, 0.62), (1, 0.34), (2, 0.04)] } else { &[(0, 0.22), (1, 0.5), (2, 0.2), (3, 0.08)] };
    for _ in 0..weighted(random, holes)? {
        let (_, other) = steps[random.random_range(0..steps.len())];
        let center =
            if chance(random, 0.3) { other.center() } else { other.center() + in_square(random, 0.9 * other.reach()) };
        steps.push((Operation::Cut, hole(random, center)));
    }
    compose(&steps).filter(|regions| !regions.is_empty())
}

/// Where a primitive stands beside another.
#[derive(Clone, Copy)]
enum Relation {
    Concentric,
    On,
    Beside,
}

fn primitive(random: &mut ChaCha8Rng, center: DVec2) -> Primitive {
    let size = |random: &mut ChaCha8Rng| between(random, 0.01, 0.56);
    if chance(random, 0.53) {
        return Primitive::Disc { center, radius: size(random) };
    }
    let half = DVec2::new(size(random), size(random));
    Primitive::Rectangle { center, half, angle_rad: turned(random, 0.2) }
}

/// A rectangle with the centre of another mostly has its directions, too.
fn aligned(random: &mut ChaCha8Rng, own: Primitive, other: Primitive) -> Primitive {
    match (own, other) {
        (Primitive::Rectangle { center, half, .. }, Primitive::Rectangle { center: shared, angle_rad, .. })
            if center == shared && chance(random, 0.7) =>
        {
            Primitive::Rectangle { center, half, angle_rad }
        }
        _ => own,
    }
}

/// Something small to be cut out: tiny holes are as frequent as large ones.
fn hole(random: &mut ChaCha8Rng, center: DVec2) -> Primitive {
    let size = |random: &mut ChaCha8Rng| 0.42 * 24_f64.powf(-random.random::<f64>());
    if chance(random, 0.53) {
        return Primitive::Disc { center, radius: size(random) };
    }
    let half = DVec2::new(size(random), size(random));
    Primitive::Rectangle { center, half, angle_rad: turned(random, 0.15) }
}

/// Most rectangles lie along the axes; a share does not.
fn turned(random: &mut ChaCha8Rng, share: f64) -> f64 {
    if chance(random, share) { between(random, 0.0, FRAC_PI_2) } else { 0.0 }
}
