//! Where outlines meet themselves and one another: exact tests on lines and arcs.

use std::f64::consts::TAU;

use glam::DVec2;

use super::{Outline, Segment, SegmentKind};

/// The largest share of a loop's area that it may cut off where it meets itself: rounded coordinates make edges that are
/// meant to touch cross by so little. Taken the wrong way round, the part cut off counts twice.
const SLIVER: f64 = 2.5e-3;

/// Points two segments have in common within `tolerance`: at most two, and for overlapping pieces one of them.
pub(crate) fn contacts(a: &Segment, b: &Segment, tolerance: f64) -> Vec<DVec2> {
    let ([low, high], [l, h]) = (a.bounds(), b.bounds());
    if (low - tolerance).cmpgt(h).any() || (l - tolerance).cmpgt(high).any() {
        return Vec::new();
    }
    let mut points = match (a.kind, b.kind) {
        (SegmentKind::Line, SegmentKind::Line) => lines(a, b, tolerance),
        (SegmentKind::Line, SegmentKind::Arc { center, radius, .. }) => line_circle(a, center, radius, tolerance),
        (SegmentKind::Arc { center, radius, .. }, SegmentKind::Line) => line_circle(b, center, radius, tolerance),
        (SegmentKind::Arc { center: c, radius: r, .. }, SegmentKind::Arc { center: d, radius: s, .. }) => {
            circles(c, r, d, s, tolerance)
        }
    };
    points.extend([a.start, a.end, b.start, b.end]);
    points.retain(|p| distance(a, *p) <= tolerance && distance(b, *p) <= tolerance);
    points
}

/// Distance of a point from a segment.
fn distance(segment: &Segment, p: DVec2) -> f64 {
    let ends = segment.start.distance(p).min(segment.end.distance(p));
    match segment.kind {
        SegmentKind::Line => {
            let along = segment.end - segment.start;
            let t = (p - segment.start).dot(along) / along.length_squared();
            if t > 0.0 && t < 1.0 { segment.start.lerp(segment.end, t).distance(p) } else { ends }
        }
        SegmentKind::Arc { center, radius, sweep } => {
            let full = sweep.abs() >= TAU;
            if full || segment.covers_angle((p - center).to_angle()) {
                (p.distance(center) - radius).abs()
            } else {
                ends
            }
        }
    }
}

fn lines(a: &Segment, b: &Segment, tolerance: f64) -> Vec<DVec2> {
    let (u, v) = (a.end - a.start, b.end - b.start);
    let cross = u.perp_dot(v);
    if cross.abs() <= tolerance * u.length().min(v.length()) * 1e-3 {
        return Vec::new();
    }
    vec![a.start + u * ((b.start - a.start).perp_dot(v) / cross)]
}

fn line_circle(line: &Segment, center: DVec2, radius: f64, tolerance: f64) -> Vec<DVec2> {
    let along = (line.end - line.start).normalize_or_zero();
    let foot = line.start + along * (center - line.start).dot(along);
    let off = foot.distance(center);
    if off > radius + tolerance {
        return Vec::new();
    }
    let half = (radius * radius - off * off).max(0.0).sqrt();
    vec![foot - along * half, foot, foot + along * half]
}

fn circles(c: DVec2, r: f64, d: DVec2, s: f64, tolerance: f64) -> Vec<DVec2> {
    let apart = c.distance(d);
    if apart <= tolerance || apart > r + s + tolerance || apart < (r - s).abs() - tolerance {
        return Vec::new();
    }
    let along = (d - c) / apart;
    let reach = (apart * apart + r * r - s * s) / (2.0 * apart);
    let half = (r * r - reach * reach).max(0.0).sqrt();
    // The tangent point too: rounding may leave the two crossings beside it.
    let nearest = c + along * r * reach.signum();
    let foot = c + along * reach;
    vec![foot + along.perp() * half, foot - along.perp() * half, nearest]
}

impl Outline {
    /// A point where the outline meets itself other than from one segment to the next.
    pub(crate) fn self_contact(&self, tolerance: f64) -> Option<DVec2> {
        let count = self.segments.len();
        for i in 0..count {
            for j in i + 1..count {
                let (a, b) = (&self.segments[i], &self.segments[j]);
                for p in contacts(a, b, tolerance) {
                    // Edges that are almost tangent where they meet may cross once more close by, by nothing that counts.
                    let close = 2e-3 * (a.end - a.start).length().min((b.end - b.start).length());
                    let joint = |p: DVec2, q: DVec2| p.distance(q) <= close.max(100.0 * tolerance);
                    let follows = (j == i + 1 && joint(p, a.end)) || (i == 0 && j + 1 == count && joint(p, a.start));
                    if !follows && self.share_cut_off(i, j, p) > SLIVER {
                        return Some(p);
                    }
                }
            }
        }
        None
    }

    /// The share of the area that the smaller of the two loops has into which a meeting of segments `i < j` at `p` cuts
    /// the outline.
    fn share_cut_off(&self, i: usize, j: usize, p: DVec2) -> f64 {
        let mut segments = vec![self.segments[i].split(p)[1]];
        segments.extend(&self.segments[i + 1..j]);
        segments.push(self.segments[j].split(p)[0]);
        let (whole, part) = (self.signed_area(), Self { segments }.signed_area());
        part.abs().min((whole - part).abs()) / whole.abs()
    }

    /// A point this outline shares with another.
    pub(crate) fn contact(&self, other: &Self, tolerance: f64) -> Option<DVec2> {
        let ([low, high], [l, h]) = (self.bounds(), other.bounds());
        if (low - tolerance).cmpgt(h).any() || (l - tolerance).cmpgt(high).any() {
            return None;
        }
        self.segments
            .iter()
            .find_map(|a| other.segments.iter().find_map(|b| contacts(a, b, tolerance).first().copied()))
    }

    /// Whether a point that is not on the outline lies inside it.
    pub(crate) fn encloses(&self, p: DVec2) -> bool {
        let turned: f64 = self.segments.iter().map(|s| angle_seen(s, p)).sum();
        (turned / TAU).round() != 0.0
    }
}

/// The angle a segment sweeps seen from a point off it.
fn angle_seen(segment: &Segment, p: DVec2) -> f64 {
    let (a, b) = (segment.start - p, segment.end - p);
    let chord = a.perp_dot(b).atan2(a.dot(b));
    let SegmentKind::Arc { center, radius, sweep } = segment.kind else { return chord };
    let inside = p.distance(center) < radius;
    if sweep.abs() >= TAU {
        return if inside { sweep } else { 0.0 };
    }
    // Seen from inside its circle an arc turns its own way all along, also where the chord has the point on its other
    // side or, at half a turn, on itself.
    let against = if sweep > 0.0 { chord < 0.0 } else { chord > 0.0 };
    if inside && against { chord + TAU * sweep.signum() } else { chord }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loop, PathEdge};

    fn circle(x: f64, y: f64, radius: f64) -> Outline {
        Outline::from_loop(&Loop::Circle { center: DVec2::new(x, y), radius }, 1e-7).expect("a circle")
    }

    fn polygon(points: &[[f64; 2]]) -> Outline {
        let edges = points.iter().cycle().skip(1).take(points.len()).map(|p| PathEdge::Line { end: (*p).into() });
        let outline = Loop::Path { start: points[0].into(), edges: edges.collect() };
        Outline::from_loop(&outline, 1e-7).expect("a polygon")
    }

    #[track_caller]
    fn check_contact(a: &Outline, b: &Outline, expected: bool) {
        assert_eq!(a.contact(b, 1e-7).is_some(), expected);
        assert_eq!(b.contact(a, 1e-7).is_some(), expected);
    }

    #[test]
    fn outlines_meet_or_not() {
        let square = polygon(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]]);
        check_contact(&square, &circle(5.0, 5.0, 4.9), false);
        check_contact(&square, &circle(5.0, 5.0, 5.0), true);
        check_contact(&square, &circle(5.0, 5.0, 6.0), true);
        check_contact(&square, &circle(5.0, 5.0, 9.0), false);
        check_contact(&square, &circle(15.0, 5.0, 5.0), true);
        check_contact(&square, &circle(15.001, 5.0, 5.0), false);
        check_contact(&circle(0.0, 0.0, 5.0), &circle(2.0, 0.0, 3.0), true);
        check_contact(&circle(0.0, 0.0, 5.0), &circle(8.0, 0.0, 3.0), true);
        check_contact(&circle(0.0, 0.0, 5.0), &circle(1.0, 0.0, 3.0), false);
        check_contact(&circle(0.0, 0.0, 5.0), &circle(4.0, 0.0, 3.0), true);
        check_contact(&square, &polygon(&[[10.0, 2.0], [15.0, 2.0], [15.0, 4.0], [10.0, 4.0]]), true);
        check_contact(&square, &polygon(&[[10.0, 10.0], [15.0, 10.0], [15.0, 14.0]]), true);
    }

    #[track_caller]
    fn check_self(outline: &Outline, expected: bool) {
        assert_eq!(outline.self_contact(1e-7).is_some(), expected);
    }

    #[test]
    fn outlines_meet_themselves_or_not() {
        check_self(&polygon(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]]), false);
        check_self(&polygon(&[[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 20.0]]), true);
        check_self(&polygon(&[[0.0, 0.0], [5.0, 5.0], [10.0, 0.0], [10.0, 20.0], [5.0, 5.0], [0.0, 10.0]]), true);
        check_self(&polygon(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [5.0, 0.0], [0.0, 10.0]]), true);
        check_self(&circle(0.0, 0.0, 1.0), false);
        // A corner that reaches a little below the side beside it.
        let low = |x: f64, y: f64| polygon(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 1.0], [x, y]]);
        check_self(&low(0.5, -0.01), false);
        check_self(&low(5.0, -1.0), true);
    }

    #[test]
    fn inside_and_outside_of_arcs() {
        let edges = vec![
            PathEdge::Arc { mid: DVec2::new(0.0, 1.0), end: DVec2::new(-1.0, 0.0) },
            PathEdge::Line { end: DVec2::new(1.0, 0.0) },
        ];
        let half = Outline::from_loop(&Loop::Path { start: DVec2::X, edges }, 1e-7).expect("a half disc");
        for (p, inside) in [([0.0, 0.5], true), ([0.7, 0.7], true), ([0.72, 0.72], false), ([0.0, -0.1], false)] {
            assert_eq!(half.encloses(p.into()), inside, "{p:?}");
        }
        // Points on an arc's chord, for all directions of the chord and both ways round.
        for step in 0..64 {
            let turn = DVec2::from_angle(f64::from(step) * TAU / 64.0);
            let at = |x: f64, y: f64| turn.rotate(DVec2::new(x, y)) + DVec2::new(0.3, -0.7);
            let edges = vec![
                PathEdge::Line { end: at(4.0, 0.0) },
                PathEdge::Line { end: at(4.0, 3.0) },
                PathEdge::Line { end: at(-4.0, 3.0) },
                PathEdge::Line { end: at(-4.0, 0.0) },
                PathEdge::Line { end: at(-2.0, 0.0) },
                PathEdge::Arc { mid: at(0.0, -1.0), end: at(2.0, 0.0) },
            ];
            let outline = Loop::Path { start: at(2.0, 0.0), edges };
            let outline = Outline::from_loop(&outline, 1e-7).expect("a box with a belly");
            for outline in [outline.clone().oriented(true), outline.oriented(false)] {
                for x in [-1.5, -0.7, 0.0, 0.3, 1.1] {
                    assert!(outline.encloses(at(x, 0.0)), "{step} {x}");
                }
                assert!(!outline.encloses(at(5.0, 0.0)) && !outline.encloses(at(-4.5, 0.0)), "{step}");
            }
        }
        assert!(circle(3.0, 3.0, 2.0).encloses(DVec2::new(3.0, 4.9)));
        assert!(!circle(3.0, 3.0, 2.0).encloses(DVec2::new(3.0, 5.1)));
    }
}
