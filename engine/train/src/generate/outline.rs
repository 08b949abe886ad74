//! Faces as people sketch them: plates, slots, profiles.

use std::f64::consts::{FRAC_PI_2, TAU};

use glam::DVec2;
use rand_chacha::ChaCha8Rng;

use super::compose::{Operation, compose};
use super::curve::{Boundary, Curve, Region};
use super::primitive::Primitive;
use super::random::{between, weighted};

/// A disc.
pub(super) fn disc(center: DVec2, radius: f64) -> Region {
    Region { outer: Boundary::Circle { center, radius }, holes: Vec::new() }
}

/// A polygon, its corners counter-clockwise. `None` without corners.
pub(super) fn polygon(corners: &[DVec2]) -> Option<Region> {
    let (start, others) = corners.split_first()?;
    let edges = others.iter().chain([start]).map(|to| Curve::Line { to: *to }).collect();
    Some(Region { outer: Boundary::Path { start: *start, edges }, holes: Vec::new() })
}

/// A rectangle along the axes.
pub(super) fn rectangle(center: DVec2, half: DVec2) -> Option<Region> {
    polygon(&[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y)| center + half * DVec2::new(x, y)))
}

/// A rectangle with round corners.
fn rounded_rectangle(center: DVec2, half: DVec2, radius: f64) -> Region {
    let inner = half - DVec2::splat(radius);
    let mut edges = Vec::new();
    let quarter = |k: usize| f64::from(k as u32) * FRAC_PI_2;
    let corner = |k: usize| {
        let (x, y) = [(1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)][k];
        center + inner * DVec2::new(x, y)
    };
    for k in 0..4 {
        let on = |angle: f64| corner(k) + radius * DVec2::from_angle(angle - FRAC_PI_2);
        edges.push(Curve::Line { to: on(quarter(k)) });
        edges.push(Curve::Arc { mid: on(quarter(k) + 0.5 * FRAC_PI_2), to: on(quarter(k) + FRAC_PI_2) });
    }
    let start = corner(3) + radius * DVec2::from_angle(TAU - FRAC_PI_2);
    Region { outer: Boundary::Path { start, edges }, holes: Vec::new() }
}

/// A rectangle along the axes less another; `None` unless one piece remains.
fn notched(outer: [DVec2; 2], cuts: &[[DVec2; 2]]) -> Option<Region> {
    let step =
        |operation, [center, half]: [DVec2; 2]| (operation, Primitive::Rectangle { center, half, angle_rad: 0.0 });
    let cuts = cuts.iter().map(|cut| step(Operation::Cut, *cut));
    let mut regions = compose(&std::iter::once(step(Operation::Unite, outer)).chain(cuts).collect::<Vec<_>>())?;
    (regions.len() == 1).then(|| regions.pop()).flatten()
}

#[derive(Clone, Copy)]
enum Shape {
    Rectangle,
    Disc,
    Rounded,
    Slot,
    Angle,
    Channel,
    Tee,
    Hexagon,
    Ring,
    Frame,
}

/// A random face in the box of half sides `half` around `center`.
pub(super) fn random(random: &mut ChaCha8Rng, center: DVec2, half: DVec2) -> Option<Region> {
    let shape = weighted(
        random,
        &[
            (Shape::Rectangle, 0.28),
            (Shape::Disc, 0.16),
            (Shape::Rounded, 0.1),
            (Shape::Slot, 0.08),
            (Shape::Angle, 0.09),
            (Shape::Channel, 0.07),
            (Shape::Tee, 0.05),
            (Shape::Hexagon, 0.04),
            (Shape::Ring, 0.07),
            (Shape::Frame, 0.06),
        ],
    )?;
    let least = half.min_element();
    let v = DVec2::new;
    // Wall thicknesses as shares of the half sides.
    let (thick_x, thick_y) = (between(random, 0.15, 0.7), between(random, 0.15, 0.7));
    match shape {
        Shape::Rectangle => rectangle(center, half),
        Shape::Disc => Some(disc(center, least)),
        Shape::Rounded => Some(rounded_rectangle(center, half, least * between(random, 0.15, 0.7))),
        Shape::Slot => Some(slot(center, half)),
        Shape::Angle => {
            let open = half * v(1.0 - thick_x, 1.0 - thick_y);
            let x = if between(random, 0.0, 1.0) < 0.5 { 1.0 } else { -1.0 };
            notched([center, half], &[[center + v(x * (half.x - open.x), half.y - open.y), open * 1.000_001]])
        }
        Shape::Channel => {
            let open = half * v(1.0 - thick_x, 1.0 - 0.5 * thick_y);
            notched([center, half], &[[center + v(0.0, half.y - open.y), v(open.x, open.y * 1.000_001)]])
        }
        Shape::Tee => {
            let open = half * v(0.5 * (1.0 - thick_x), 1.0 - 0.5 * thick_y);
            let low = |x: f64| [center + v(x * (half.x - open.x), open.y - half.y), open * 1.000_001];
            notched([center, half], &[low(1.0), low(-1.0)])
        }
        Shape::Hexagon => {
            polygon(&std::array::from_fn::<_, 6, _>(|k| center + least * DVec2::from_angle(TAU / 6.0 * k as f64)))
        }
        Shape::Ring => {
            let hole = Boundary::Circle { center, radius: least * between(random, 0.3, 0.9) };
            Some(Region { holes: vec![hole], ..disc(center, least) })
        }
        Shape::Frame => {
            let inner = half - DVec2::splat(least * between(random, 0.1, 0.6));
            let hole = rectangle(center, inner)?;
            Some(Region { holes: vec![hole.outer], ..rectangle(center, half)? })
        }
    }
}

/// A rectangle that ends in half circles.
pub(super) fn slot(center: DVec2, half: DVec2) -> Region {
    let radius = half.min_element();
    let along = if half.x >= half.y { DVec2::X } else { DVec2::Y };
    let (to_end, side) = ((half.max_element() - radius) * along, radius * along.perp());
    let (end, start) = (center + to_end, center - to_end);
    let edges = vec![
        Curve::Line { to: end - side },
        Curve::Arc { mid: end + radius * along, to: end + side },
        Curve::Line { to: start + side },
        Curve::Arc { mid: start - radius * along, to: start - side },
    ];
    Region { outer: Boundary::Path { start: start - side, edges }, holes: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::curve::{area, bounds, polygon as points};
    use crate::generate::random::source;

    #[test]
    fn faces_lie_in_their_boxes_and_are_counter_clockwise() {
        let (center, half) = (DVec2::new(3.0, -1.0), DVec2::new(2.0, 1.0));
        for seed in 0..200 {
            let region = random(&mut source(seed, 0, 0), center, half).unwrap();
            let outer = points(&region.outer);
            let [min, max] = bounds(outer.iter().copied()).unwrap();
            assert!((min - center).cmpge(-half - 1e-5).all() && (max - center).cmple(half + 1e-5).all(), "{region:?}");
            assert!(area(&outer) > 0.1, "{region:?}");
        }
        let slot = points(&slot(center, half).outer);
        assert!((area(&slot) - 4.0 - std::f64::consts::PI).abs() < 0.02, "{}", area(&slot));
    }
}
