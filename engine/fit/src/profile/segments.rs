//! Splits a closed polyline into the cheapest sequence of straight edges and arcs, by dynamic programming.

use glam::DVec2;

use super::polyline::distance_to_segment;
use crate::part::PathEdge;

/// What a straight edge costs.
const LINE_PRICE: f64 = 1.0;
/// What an arc costs: more than a line, less than the two lines that could stand for a shallow one.
const ARC_PRICE: f64 = 1.6;
/// The largest angle one chord of an arc may span. Tessellators stay below 30 degrees; a hexagon or an octagon, whose
/// corners lie on a circle too, spans more.
pub(super) const MOST_CHORD_ANGLE: f64 = 0.7;
/// An arc turns less than this; what turns further is a circle or two arcs.
const MOST_SWEEP: f64 = 5.8;

/// The start point and edges of the cheapest path through vertices of `polygon` that leaves no vertex farther than
/// `tolerance` from it. With `exact`, an arc's vertices are taken as points of the true arc, and straight runs as
/// already merged.
pub(super) fn split(polygon: &[DVec2], tolerance: f64, exact: bool) -> (DVec2, Vec<PathEdge>) {
    let n = polygon.len();
    let start = starting_vertex(polygon);
    let points: Vec<DVec2> = (0..=n).map(|i| polygon[(start + i) % n]).collect();
    let mut best = vec![f64::INFINITY; n + 1];
    let mut from: Vec<(usize, Option<DVec2>)> = vec![(0, None); n + 1];
    best[0] = 0.0;
    for i in 0..n {
        let mut line_holds = true;
        let mut misses = 0;
        for j in i + 1..=n {
            if line_holds {
                let deviation =
                    points[i + 1..j].iter().map(|&p| distance_to_segment(p, points[i], points[j])).fold(0.0, f64::max);
                // A run that bends back may fit again further on, but far from it never does.
                line_holds = deviation <= 4.0 * tolerance;
                if deviation <= tolerance && (j - i < n) {
                    let price = best[i] + LINE_PRICE + 0.1 * deviation / tolerance;
                    if price < best[j] {
                        best[j] = price;
                        from[j] = (i, None);
                    }
                }
            }
            if j - i >= 3 && (j - i < n || n > 8) {
                match arc(&points[i..=j], tolerance, exact) {
                    Some((mid, deviation)) => {
                        misses = 0;
                        let price = best[i] + ARC_PRICE + 0.1 * deviation / tolerance;
                        if price < best[j] {
                            best[j] = price;
                            from[j] = (i, Some(mid));
                        }
                    }
                    None => misses += 1,
                }
            }
            if !line_holds && misses > if exact { 0 } else { 3 } {
                break;
            }
        }
    }
    let mut edges = Vec::new();
    let mut at = n;
    while at > 0 {
        let (previous, mid) = from[at];
        let end = points[at];
        edges.push(mid.map_or(PathEdge::Line { end }, |mid| PathEdge::Arc { mid, end }));
        at = previous;
    }
    edges.reverse();
    (points[0], edges)
}

/// A vertex that is surely an end of an edge: the sharpest corner, or where nothing is sharp the end of the longest
/// straight run.
fn starting_vertex(polygon: &[DVec2]) -> usize {
    let n = polygon.len();
    let turn = |i: usize| {
        let (a, b, c) = (polygon[(i + n - 1) % n], polygon[i], polygon[(i + 1) % n]);
        (b - a).angle_to(c - b).abs()
    };
    let sharpest = (0..n).fold(0, |best, i| if turn(i) > turn(best) + 1e-9 { i } else { best });
    if turn(sharpest) > MOST_CHORD_ANGLE {
        return sharpest;
    }
    let length = |i: usize| polygon[i].distance(polygon[(i + 1) % n]);
    (0..n).fold(0, |best, i| if length(i) > length(best) * (1.0 + 1e-9) { i } else { best })
}

/// The arc from the first to the last point that fits those between best: its middle and the largest deviation.
/// `None` when it fits worse than `tolerance` or is no plausible arc.
fn arc(points: &[DVec2], tolerance: f64, exact: bool) -> Option<(DVec2, f64)> {
    let (a, b) = (points[0], points[points.len() - 1]);
    let chord = b - a;
    let half = chord.length() / 2.0;
    if half <= tolerance {
        return None;
    }
    let middle = (a + b) / 2.0;
    let normal = chord.perp() / chord.length();
    // |p - c|^2 = r^2 with c = middle + t * normal gives |q|^2 - half^2 = 2 t (q . normal), q = p - middle.
    let (mut above, mut below) = (0.0, 0.0);
    for p in &points[1..points.len() - 1] {
        let q = *p - middle;
        let w = q.dot(normal);
        above += (q.length_squared() - half * half) * w;
        below += 2.0 * w * w;
    }
    if below <= f64::MIN_POSITIVE {
        return None;
    }
    let t = above / below;
    let center = middle + normal * t;
    let radius = half.hypot(t);
    // A nearly straight arc is a line badly measured.
    if !radius.is_finite() || radius > 200.0 * half {
        return None;
    }
    let mut deviation = 0.0_f64;
    let mut swept = 0.0;
    let mut sign = 0.0;
    for pair in points.windows(2) {
        deviation = deviation.max((pair[1].distance(center) - radius).abs());
        if deviation > tolerance {
            return None;
        }
        let step = (pair[0] - center).angle_to(pair[1] - center);
        if step.abs() > MOST_CHORD_ANGLE {
            return None;
        }
        if exact {
            if sign * step < 0.0 {
                return None;
            }
            sign = step;
        } else {
            // Between noisy points the chord, too, has to stay close to the arc.
            let sagitta = radius * (1.0 - (step / 2.0).cos());
            if sagitta > 2.0 * tolerance {
                return None;
            }
        }
        swept += step;
    }
    if swept.abs() > MOST_SWEEP || swept.abs() < 1e-3 {
        return None;
    }
    let mid = center + DVec2::from_angle(swept / 2.0).rotate(a - center);
    // An arc that never leaves its chord by more than the tolerance is a line.
    (mid.distance(middle) > tolerance).then_some((mid, deviation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_circle(center: (f64, f64), radius: f64, from: f64, to: f64, n: usize) -> Vec<DVec2> {
        (0..=n)
            .map(|i| {
                DVec2::from(center)
                    + radius * DVec2::from_angle((from + (to - from) * i as f64 / n as f64).to_radians())
            })
            .collect()
    }

    fn kinds(polygon: &[DVec2]) -> String {
        let (_, edges) = split(polygon, 1e-6, true);
        edges.iter().map(|e| if matches!(e, PathEdge::Line { .. }) { 'L' } else { 'A' }).collect()
    }

    fn check_multiset(polygon: &[DVec2], lines: usize, arcs: usize) {
        let found = kinds(polygon);
        assert_eq!((found.matches('L').count(), found.matches('A').count()), (lines, arcs), "{found}");
    }

    #[test]
    fn slot_rounded_rectangle_and_half_disc() {
        let mut slot = on_circle((2.0, 0.0), 1.0, -90.0, 90.0, 12);
        slot.extend(on_circle((-2.0, 0.0), 1.0, 90.0, 270.0, 12));
        check_multiset(&slot, 2, 2);
        let mut rounded = on_circle((2.0, 1.0), 0.5, 0.0, 90.0, 6);
        rounded.extend(on_circle((-2.0, 1.0), 0.5, 90.0, 180.0, 6));
        rounded.extend(on_circle((-2.0, -1.0), 0.5, 180.0, 270.0, 6));
        rounded.extend(on_circle((2.0, -1.0), 0.5, 270.0, 360.0, 6));
        check_multiset(&rounded, 4, 4);
        check_multiset(&on_circle((0.0, 0.0), 3.0, 0.0, 180.0, 16), 1, 1);
        check_multiset(&on_circle((0.0, 0.0), 3.0, 0.0, 300.0, 5), 6, 0);
    }

    #[test]
    fn corners_between_arcs_are_kept() {
        // A lens: two arcs of different centres meeting in two corners.
        let mut lens = on_circle((0.0, -1.0), 2.0, 30.0, 150.0, 12);
        lens.extend(on_circle((0.0, 1.0), 2.0, 210.0, 330.0, 12));
        lens.dedup_by(|a, b| a.distance(*b) < 1e-9);
        lens.pop();
        check_multiset(&lens, 0, 2);
    }
}
