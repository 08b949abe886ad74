//! Parts as people model them: a base, and what is added to and cut from its sides; turned parts.
//!
//! The programs of DeepCAD (arXiv 2105.09492) and of the Fusion 360 Gallery have what CAD-Recode's lack: extrusions to
//! both sides, cuts, and (Fusion) revolutions.

use glam::{DVec2, DVec3};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::curve::Region;
use super::draft::{Draft, DraftBody, DraftSweep, Rounding, in_plane};
use super::outline::{self, disc, polygon, rectangle, slot};
use super::program::{Join, Plane};
use super::random::{between, chance, one_of, weighted};

/// A random part; `None` where the dice leave nothing. As in [`super::cad_recode`], the numbers of `structure` say what kind
/// of part it is.
pub(super) fn draft(structure: &mut ChaCha8Rng, random: &mut ChaCha8Rng, simple: bool) -> Option<Draft> {
    let turned = chance(structure, 0.22);
    let counts: &[(usize, f64)] = match (simple, turned) {
        (true, _) => &[(0, 0.4), (1, 0.6)],
        (false, true) => &[(0, 0.5), (1, 0.35), (2, 0.15)],
        (false, false) => &[(0, 0.2), (1, 0.38), (2, 0.28), (3, 0.14)],
    };
    let features = weighted(structure, counts)?;
    let plane = one_of(random, &Plane::ALL)?;
    let mut draft = Draft { workplanes: vec![(plane, 0.0)], bodies: Vec::new(), rounding: Rounding::Levels };
    draft.bodies.push(if turned { turned_base(random, simple, features == 0)? } else { base(random)? });
    for _ in 0..features {
        if turned { turned_feature(random, &mut draft)? } else { feature(random, &mut draft)? }
    }
    Some(draft)
}

fn body(workplane: usize, join: Join, regions: Vec<Region>, distance: f64, both: bool) -> DraftBody {
    DraftBody { workplane, join, regions, sweep: DraftSweep::Extrude { distance, both } }
}

/// What all else is added to or cut from.
fn base(random: &mut ChaCha8Rng) -> Option<DraftBody> {
    let half = DVec2::new(between(random, 0.25, 1.0), between(random, 0.25, 1.0));
    let region = outline::random(random, DVec2::ZERO, half)?;
    let both = chance(random, 0.4);
    let length = between(random, 0.08, 1.1) * if both { 0.5 } else { 1.0 };
    let distance = if !both && chance(random, 0.4) { -length } else { length };
    Some(body(0, Join::Union, vec![region], distance, both))
}

/// A profile of steps on the axis, revolved; some steps are tapered where nothing is cut from them, for holes through many
/// cones take a second.
fn turned_base(random: &mut ChaCha8Rng, simple: bool, tapers: bool) -> Option<DraftBody> {
    let steps =
        weighted(random, if simple { &[(1, 0.6), (2, 0.4)] } else { &[(1, 0.25), (2, 0.4), (3, 0.25), (4, 0.1)] })?;
    let bore = if chance(random, 0.45) { between(random, 0.05, 0.35) } else { 0.0 };
    let mut corners = Vec::new();
    let mut height = 0.0;
    corners.push(DVec2::new(bore, 0.0));
    for _ in 0..steps {
        let radius = bore + between(random, 0.12, 0.8);
        let top =
            if tapers && chance(random, 0.3) { bore + (radius - bore) * between(random, 0.3, 0.95) } else { radius };
        let from = height;
        height += between(random, 0.12, 0.8);
        corners.extend([DVec2::new(radius, from), DVec2::new(top, height)]);
    }
    corners.push(DVec2::new(bore, height));
    let about_up: bool = random.random();
    if !about_up {
        // Mirrored about the diagonal, and so the other way around.
        corners = corners.iter().rev().map(|p| DVec2::new(p.y, p.x)).collect();
    }
    let degrees = weighted(random, &[(360, 0.8), (180, 0.1), (270, 0.05), (90, 0.05)])?;
    Some(DraftBody {
        workplane: 0,
        join: Join::Union,
        regions: vec![polygon(&corners)?],
        sweep: DraftSweep::Revolve { degrees, about_up, at: 0.0 },
    })
}

/// Something on a side of the box that the part fills so far.
fn feature(random: &mut ChaCha8Rng, draft: &mut Draft) -> Option<()> {
    let [low, high] = draft.bounds()?;
    let (first_plane, first_offset) = *draft.workplanes.first()?;
    let symmetric = matches!(draft.bodies.first()?.sweep, DraftSweep::Extrude { both: true, .. });
    let plane = if chance(random, 0.6) { first_plane } else { one_of(random, &Plane::ALL)? };
    let (low, high) = (in_plane(plane, low), in_plane(plane, high));
    let (center, half) = (0.5 * (low + high).truncate(), 0.5 * (high - low).truncate());
    let depth = high.z - low.z;
    let cut = chance(random, 0.6);
    let regions = if cut { cut_faces(random, center, half)? } else { boss_faces(random, center, half)? };
    let join = if cut { Join::Cut } else { Join::Union };
    // Symmetric parts are mostly continued from their middle.
    if symmetric && plane == first_plane && chance(random, 0.7) {
        let reach = if cut { 0.5 * depth } else { depth * between(random, 0.55, 1.2) };
        draft.bodies.push(body(0, join, regions, reach, true));
        return Some(());
    }
    let top: bool = random.random();
    let (side, outward) = if top { (high.z, 1.0) } else { (low.z, -1.0) };
    let distance = match (cut, chance(random, 0.55)) {
        (true, true) => -outward * depth,
        (true, false) => -outward * depth * between(random, 0.15, 0.8),
        (false, _) => outward * between(random, 0.08, 0.7),
    };
    let offset = if (side - first_offset).abs() < 1e-9 && plane == first_plane { first_offset } else { side };
    let workplane = placed(draft, plane, offset);
    draft.bodies.push(body(workplane, join, regions, distance, false));
    Some(())
}

/// The index of a workplane, which is added where it is not there yet.
fn placed(draft: &mut Draft, plane: Plane, offset: f64) -> usize {
    let known = draft.workplanes.iter().position(|known| *known == (plane, offset));
    known.unwrap_or_else(|| {
        draft.workplanes.push((plane, offset));
        draft.workplanes.len() - 1
    })
}

#[derive(Clone, Copy)]
enum Cut {
    Hole,
    Pair,
    Corners,
    Pocket,
    Slot,
    Edge,
}

/// What is cut from a side whose box has the half sides `half`.
fn cut_faces(random: &mut ChaCha8Rng, center: DVec2, half: DVec2) -> Option<Vec<Region>> {
    let least = half.min_element();
    let v = DVec2::new;
    let kind = weighted(
        random,
        &[
            (Cut::Hole, 0.3),
            (Cut::Pair, 0.12),
            (Cut::Corners, 0.16),
            (Cut::Pocket, 0.2),
            (Cut::Slot, 0.08),
            (Cut::Edge, 0.14),
        ],
    )?;
    let radius = least * between(random, 0.07, 0.25);
    Some(match kind {
        Cut::Hole => {
            let radius = least * between(random, 0.1, 0.65);
            let off = if chance(random, 0.5) { DVec2::ZERO } else { off_center(random, half - DVec2::splat(radius)) };
            vec![disc(center + off, radius)]
        }
        Cut::Pair => {
            let apart = between(random, 0.4, 0.75);
            let off = if half.x >= half.y { v(apart * half.x, 0.0) } else { v(0.0, apart * half.y) };
            vec![disc(center - off, radius), disc(center + off, radius)]
        }
        Cut::Corners => {
            let off = half - DVec2::splat(radius * between(random, 1.6, 2.6));
            [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)]
                .map(|(x, y)| disc(center + off * v(x, y), radius))
                .to_vec()
        }
        Cut::Pocket => {
            let size = half * v(between(random, 0.25, 0.85), between(random, 0.25, 0.85));
            let off = if chance(random, 0.6) { DVec2::ZERO } else { off_center(random, half - size) };
            vec![outline::random(random, center + off, size)?]
        }
        Cut::Slot => {
            let size = half * v(between(random, 0.2, 0.8), between(random, 0.1, 0.4));
            vec![slot(center, size)]
        }
        Cut::Edge => {
            // Beyond the side, so that it is open there.
            let size = half * v(between(random, 0.15, 0.6), between(random, 0.15, 0.6));
            let direction =
                one_of(random, &[DVec2::X, DVec2::NEG_X, DVec2::Y, DVec2::NEG_Y, v(1.0, 1.0), v(-1.0, 1.0)])?;
            vec![rectangle(center + half * direction, size)?]
        }
    })
}

/// What is added on a side.
fn boss_faces(random: &mut ChaCha8Rng, center: DVec2, half: DVec2) -> Option<Vec<Region>> {
    let size = half * DVec2::new(between(random, 0.15, 0.9), between(random, 0.15, 0.9));
    if chance(random, 0.12) {
        let off = DVec2::new(half.x - size.x * 0.3, 0.0);
        let size = DVec2::new(size.x * 0.3, size.y);
        return Some(vec![rectangle(center - off, size)?, rectangle(center + off, size)?]);
    }
    let off = if chance(random, 0.5) { DVec2::ZERO } else { off_center(random, half - size) };
    Some(vec![outline::random(random, center + off, size)?])
}

/// A point of a box around the origin; some lie on its axes.
fn off_center(random: &mut ChaCha8Rng, half: DVec2) -> DVec2 {
    let half = half.max(DVec2::ZERO);
    let off = DVec2::new(between(random, -half.x, half.x), between(random, -half.y, half.y));
    match weighted(random, &[(0, 0.4), (1, 0.3), (2, 0.3)]) {
        Some(1) => DVec2::new(off.x, 0.0),
        Some(2) => DVec2::new(0.0, off.y),
        _ => off,
    }
}

/// Holes along the axis of a turned part, or one across it.
fn turned_feature(random: &mut ChaCha8Rng, draft: &mut Draft) -> Option<()> {
    let [low, high] = draft.bounds()?;
    let (first_plane, _) = *draft.workplanes.first()?;
    let DraftSweep::Revolve { about_up, .. } = draft.bodies.first()?.sweep else { return None };
    let [right, up, normal] = first_plane.axes();
    let axis = if about_up { up } else { right };
    let along = chance(random, 0.7);
    let wanted = if along { axis } else { normal };
    let plane = Plane::ALL.into_iter().find(|plane| plane.axes()[2] == wanted)?;
    let radius = 0.5 * (high - low)[normal];
    let (low, high) = (in_plane(plane, low), in_plane(plane, high));
    let (regions, distance, workplane) = if along {
        let count = weighted(random, &[(1, 0.2), (3, 0.15), (4, 0.4), (6, 0.25)])?;
        let (ring, own) = (radius * between(random, 0.45, 0.8), radius * between(random, 0.05, 0.14));
        let first = between(random, 0.0, 1.0).round() * std::f64::consts::FRAC_PI_4;
        let center = in_plane(plane, DVec3::ZERO).truncate();
        let hole = |k: usize| {
            let angle = first + std::f64::consts::TAU * k as f64 / count as f64;
            disc(center + ring * DVec2::from_angle(angle), own)
        };
        ((0..count).map(hole).collect(), low.z - high.z, placed(draft, plane, high.z))
    } else {
        let middle = 0.5 * (low + high).truncate();
        let own = 0.5 * radius * between(random, 0.1, 0.5);
        (vec![disc(middle, own)], high.z, placed(draft, plane, 0.0))
    };
    let both = !along && chance(random, 0.6);
    draft.bodies.push(body(workplane, Join::Cut, regions, distance, both));
    Some(())
}
