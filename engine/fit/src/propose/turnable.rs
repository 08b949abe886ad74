//! Profiles of bodies of revolution that a kernel can turn.
//!
//! An arc whose centre lies across the axis would sweep the inner half of a spindle torus, which no kernel makes. Nearly
//! always it is meant to be a sphere whose centre was measured slightly off the axis; else chords stand for it.

use glam::DVec2;

use crate::part::{Outline, Part, PathEdge, Region, Sweep, arc_angles, circle_through};

/// An arc that turns less than this is drawn as a straight edge: three points so close do not tell its centre.
const LEAST_SWEEP_RAD: f64 = 0.1;

/// The part with every arc of a revolved profile centred on its axis or on the profile's side of it. An arc may be moved
/// by `tolerance` for that; one that would have to be moved farther becomes chords that stray from it by a quarter of it.
#[must_use]
pub fn turnable(part: &Part, tolerance: f64) -> Part {
    let features = part.features.iter().map(|feature| {
        let mut feature = feature.clone();
        if feature.sweep == Sweep::Revolve {
            let own = |outline: &Outline| turnable_outline(outline, tolerance);
            feature.regions = feature
                .regions
                .iter()
                .map(|r| Region { outer: own(&r.outer), holes: r.holes.iter().map(own).collect() })
                .collect();
        }
        feature
    });
    Part { features: features.collect() }
}

fn turnable_outline(outline: &Outline, tolerance: f64) -> Outline {
    let Outline::Path { start, edges } = outline else { return outline.clone() };
    let mut from = *start;
    let mut made = Vec::with_capacity(edges.len());
    for edge in edges {
        match *edge {
            PathEdge::Arc { mid, end } => made.extend(turnable_arc(from, mid, end, tolerance)),
            PathEdge::Line { .. } => made.push(*edge),
        }
        from = edge.end();
    }
    Outline::Path { start: *start, edges: made }
}

fn turnable_arc(from: DVec2, mid: DVec2, end: DVec2, tolerance: f64) -> Vec<PathEdge> {
    let arc = PathEdge::Arc { mid, end };
    let Some((center, radius)) = circle_through(from, mid, end) else { return vec![PathEdge::Line { end }] };
    let sweep = arc_angles(center, from, mid, end).1;
    // Between its ends an arc may swing across the axis, too.
    let reaches_across = mid.x < 0.0;
    if center.x > tolerance && !reaches_across {
        return vec![arc];
    }
    if sweep.abs() >= LEAST_SWEEP_RAD
        && let Some(mid) = on_axis(from, mid, end, tolerance)
    {
        return vec![PathEdge::Arc { mid, end }];
    }
    if center.x > 0.0 && !reaches_across {
        return vec![arc];
    }
    let cosine = (1.0 - 0.25 * tolerance / radius).clamp(-1.0, 1.0);
    let count = (sweep.abs() / (2.0 * cosine.acos()).max(0.05)).ceil().max(1.0) as usize;
    let turned = |i: usize| center + DVec2::from_angle(sweep * i as f64 / count as f64).rotate(from - center);
    (1..count)
        .map(|i| PathEdge::Line { end: turned(i).max(DVec2::new(0.0, f64::NEG_INFINITY)) })
        .chain([PathEdge::Line { end }])
        .collect()
}

/// The middle of the arc between the same ends that is centred on the axis, where it strays by at most `tolerance`.
fn on_axis(from: DVec2, mid: DVec2, end: DVec2, tolerance: f64) -> Option<DVec2> {
    let rise = end.y - from.y;
    if rise.abs() <= 4.0 * tolerance {
        return None;
    }
    let center = DVec2::new(0.0, (end.length_squared() - from.length_squared()) / (2.0 * rise));
    let radius = center.distance(from);
    let middle = center + radius * (mid - center).try_normalize()?;
    (middle.distance(mid) <= tolerance && middle.x > 0.0).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(points: [(f64, f64); 3], tolerance: f64, arcs: usize, edges: usize) {
        let [from, mid, end] = points.map(DVec2::from);
        let made = turnable_arc(from, mid, end, tolerance);
        let mut start = from;
        for edge in &made {
            if let PathEdge::Arc { mid, end } = *edge {
                let (center, _) = circle_through(start, mid, end).expect("an arc has a centre");
                assert!(center.x > -1e-9, "{center}");
            }
            assert!(edge.end().x >= 0.0);
            start = edge.end();
        }
        assert!((start - end).length() < 1e-12);
        assert_eq!(made.iter().filter(|e| matches!(e, PathEdge::Arc { .. })).count(), arcs, "{made:?}");
        assert_eq!(made.len(), edges, "{made:?}");
    }

    #[test]
    fn spheres_are_centred_and_spindles_become_chords() {
        let quarter = |off: f64| {
            let at = |degrees: f64| {
                let p = DVec2::new(-off, 0.0) + 10.0 * DVec2::from_angle(degrees.to_radians());
                (p.x.max(0.0), p.y)
            };
            [at(0.0), at(45.0), at(85.0)]
        };
        check(quarter(0.001), 0.02, 1, 1);
        check(quarter(-0.001), 0.02, 1, 1);
        check(quarter(-3.0), 0.02, 1, 1);
        let [from, mid, end] = quarter(2.0);
        let chords = turnable_arc(from.into(), mid.into(), end.into(), 0.02);
        assert!(chords.len() > 10 && chords.iter().all(|e| matches!(e, PathEdge::Line { .. })), "{chords:?}");
        check([(1.0, 0.0), (1.000_01, 0.5), (1.0, 1.0)], 0.01, 0, 1);
    }
}
