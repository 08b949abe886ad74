//! Whether an outline crosses itself or runs twice along itself: exact for lines and arcs, blind to mere touching.
//!
//! The kernel would take such an outline by winding, `OpenCASCADE` builds an invalid face or an arbitrary one; an error at
//! the call that drew it serves the user better. Slivers are let through: of 53 crossing outlines in 1,637 programs
//! written by networks, those that `CadQuery` calls valid and measures as the kernel does are mostly slivers.

use std::f64::consts::TAU;

use glam::{DVec2, DVec3};
use partwright_brep::{Loop, PathEdge};

use super::edge::arc_circle;

/// Nearer to an edge's end than this share of the outline's size is at the end.
const AT_END: f64 = 1e-6;

/// A crossing that cuts off a smaller share of the area is a sliver left by rounding: half a percent is one unit in the
/// 200 of the frame that programs are written in.
const SLIVER: f64 = 0.005;

/// Two edges that meet at a smaller sine touch.
const TOUCHING_SINE: f64 = 1e-4;

/// How an outline meets itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Meeting {
    /// Two edges cross here, and both loops they close are more than slivers.
    Crosses(DVec2),
    /// Two edges run along one another here, in the same direction, and both loops they close are more than slivers.
    Repeats(DVec2),
}

/// Where an outline crosses or repeats itself, if it does.
pub(crate) fn meeting(of: &Loop) -> Option<Meeting> {
    let Loop::Path { start, edges } = of else { return None };
    let mut from = *start;
    let mut pieces = Vec::with_capacity(edges.len());
    for edge in edges {
        let piece = Piece::new(from, edge);
        from = piece.end;
        pieces.push(piece);
    }
    let low = pieces.iter().map(|piece| piece.low).reduce(DVec2::min)?;
    let high = pieces.iter().map(|piece| piece.high).reduce(DVec2::max)?;
    let near = AT_END * (high - low).length();
    // Areas swept from the start up to every edge, so that the area of any stretch is a difference.
    let mut swept = vec![0.0];
    for piece in &pieces {
        swept.push(swept[swept.len() - 1] + piece.swept(piece.start, piece.end));
    }
    let whole = swept[pieces.len()];
    for (first, a) in pieces.iter().enumerate() {
        for (second, b) in pieces.iter().enumerate().skip(first + 1) {
            if a.low.cmpgt(b.high + near).any() || b.low.cmpgt(a.high + near).any() {
                continue;
            }
            // The loop that leaves the meeting point along `a` and comes back along `b`, and the rest.
            let more_than_sliver = |at: DVec2| {
                let cut_off = a.swept(at, a.end) + swept[second] - swept[first + 1] + b.swept(b.start, at);
                let (one, other) = (cut_off.abs(), (whole - cut_off).abs());
                one.min(other) > SLIVER * one.max(other)
            };
            if let Some(at) = a.repeated_by(b, near).filter(|at| more_than_sliver(*at)) {
                return Some(Meeting::Repeats(at));
            }
            if let Some(at) = a.crossings(b, near).into_iter().find(|at| more_than_sliver(*at)) {
                return Some(Meeting::Crosses(at));
            }
        }
    }
    None
}

#[derive(Clone, Copy)]
struct Piece {
    start: DVec2,
    end: DVec2,
    /// The circle and a point of the arc, where it is one.
    arc: Option<(DVec2, f64, DVec2)>,
    low: DVec2,
    high: DVec2,
}

impl Piece {
    fn new(start: DVec2, edge: &PathEdge) -> Self {
        let lift = |p: DVec2| -> DVec3 { p.extend(0.0) };
        match *edge {
            PathEdge::Line { end } => Self { start, end, arc: None, low: start.min(end), high: start.max(end) },
            PathEdge::Arc { mid, end } => {
                let arc = arc_circle(lift(start), lift(mid), lift(end));
                let arc = arc.map(|arc| (arc.frame.origin.truncate(), arc.radius, mid));
                let (low, high) = match arc {
                    Some((center, radius, _)) => (center - radius, center + radius),
                    None => (start.min(end), start.max(end)),
                };
                Self { start, end, arc, low, high }
            }
        }
    }

    /// The signed area between the origin and the part of the edge from `from` to `to`.
    fn swept(&self, from: DVec2, to: DVec2) -> f64 {
        let triangle = from.perp_dot(to) / 2.0;
        let Some((center, radius, mid)) = self.arc else { return triangle };
        let clockwise = self.clockwise(mid);
        let (u, v) = (from - center, to - center);
        let turn = u.perp_dot(v).atan2(u.dot(v));
        let turn = if clockwise { (-turn).rem_euclid(TAU) } else { turn.rem_euclid(TAU) };
        let segment = radius * radius / 2.0 * (turn - turn.sin());
        triangle + if clockwise { -segment } else { segment }
    }

    /// A point well inside both edges, where they run along one another in one direction.
    fn repeated_by(&self, other: &Self, near: f64) -> Option<DVec2> {
        match (self.arc, other.arc) {
            (None, None) => {
                let (u, v) = (self.end - self.start, other.end - other.start);
                let along = u.normalize();
                let off = |p: DVec2| along.perp_dot(p - self.start).abs();
                if u.dot(v) <= 0.0 || off(other.start) > near || off(other.end) > near {
                    return None;
                }
                let at = |p: DVec2| (p - self.start).dot(along);
                let (low, high) = (at(other.start).max(0.0), at(other.end).min(u.length()));
                (high - low > 10.0 * near).then(|| self.start + along * low.midpoint(high))
            }
            (Some((c, r, mid)), Some((d, s, other_mid))) => {
                let same_circle = c.distance(d) <= near && (r - s).abs() <= near;
                let same_way = self.clockwise(mid) == other.clockwise(other_mid);
                let shared =
                    [mid, other_mid].into_iter().find(|p| self.has_inside(*p, near) && other.has_inside(*p, near));
                shared.filter(|_| same_circle && same_way)
            }
            _ => None,
        }
    }

    fn clockwise(&self, mid: DVec2) -> bool {
        (self.end - self.start).perp_dot(mid - self.start) > 0.0
    }

    fn crossings(&self, other: &Self, near: f64) -> Vec<DVec2> {
        let mut points = match (self.arc, other.arc) {
            (None, None) => lines_meet(self, other).into_iter().collect(),
            (Some((center, radius, _)), None) => line_meets_circle(other, center, radius),
            (None, Some((center, radius, _))) => line_meets_circle(self, center, radius),
            (Some((c, r, _)), Some((d, s, _))) => circles_meet(c, r, d, s),
        };
        points.retain(|p| self.has_inside(*p, near) && other.has_inside(*p, near));
        points
    }

    /// Whether a point of the edge's line or circle lies on the edge, away from its ends.
    fn has_inside(&self, p: DVec2, near: f64) -> bool {
        if p.distance(self.start) <= near || p.distance(self.end) <= near {
            return false;
        }
        let along = self.end - self.start;
        match self.arc {
            None => (0.0..=1.0).contains(&((p - self.start).dot(along) / along.length_squared())),
            Some((_, _, mid)) => {
                let side = |q: DVec2| along.perp_dot(q - self.start) > 0.0;
                side(p) == side(mid)
            }
        }
    }
}

fn lines_meet(a: &Piece, b: &Piece) -> Option<DVec2> {
    let (u, v) = (a.end - a.start, b.end - b.start);
    let cross = u.perp_dot(v);
    if cross.abs() <= TOUCHING_SINE * u.length() * v.length() {
        return None;
    }
    Some(a.start + u * ((b.start - a.start).perp_dot(v) / cross))
}

fn line_meets_circle(line: &Piece, center: DVec2, radius: f64) -> Vec<DVec2> {
    let Some(along) = (line.end - line.start).try_normalize() else { return Vec::new() };
    let foot = line.start + along * (center - line.start).dot(along);
    meet_about(foot, along, radius, foot.distance(center))
}

fn circles_meet(c: DVec2, r: f64, d: DVec2, s: f64) -> Vec<DVec2> {
    let between = c.distance(d);
    let Some(toward) = (d - c).try_normalize().filter(|_| between > 1e-9 * r.max(s)) else { return Vec::new() };
    let to_chord = (between * between + r * r - s * s) / (2.0 * between);
    // The chord is short against the smaller circle where the circles touch.
    let half = (r * r - to_chord * to_chord).max(0.0).sqrt();
    if half <= TOUCHING_SINE * r.min(s) {
        return Vec::new();
    }
    meet_about(c + toward * to_chord, toward.perp(), r, to_chord.abs())
}

/// The points at both sides of a foot where a line at `distance` from the centre leaves the circle.
fn meet_about(foot: DVec2, along: DVec2, radius: f64, distance: f64) -> Vec<DVec2> {
    let half = (radius * radius - distance * distance).max(0.0).sqrt();
    if half <= TOUCHING_SINE * radius { Vec::new() } else { vec![foot + along * half, foot - along * half] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(x: f64, y: f64) -> DVec2 {
        DVec2::new(x, y)
    }

    fn line(x: f64, y: f64) -> PathEdge {
        PathEdge::Line { end: p(x, y) }
    }

    fn arc(mx: f64, my: f64, x: f64, y: f64) -> PathEdge {
        PathEdge::Arc { mid: p(mx, my), end: p(x, y) }
    }

    /// The outline through the edges from the origin.
    fn check(edges: Vec<PathEdge>, expected: Option<Meeting>) {
        let outline = Loop::Path { start: DVec2::ZERO, edges };
        let found = meeting(&outline);
        let same = match (found, expected) {
            (Some(Meeting::Crosses(a)), Some(Meeting::Crosses(b)))
            | (Some(Meeting::Repeats(a)), Some(Meeting::Repeats(b))) => a.distance(b) < 1e-9,
            (a, b) => a == b,
        };
        assert!(same, "{outline:?}: {found:?} for {expected:?}");
    }

    #[test]
    fn lines_cross() {
        let bow = vec![line(2.0, 0.0), line(0.0, 2.0), line(2.0, 2.0), line(0.0, 0.0)];
        check(bow, Some(Meeting::Crosses(p(1.0, 1.0))));
        let square = vec![line(2.0, 0.0), line(2.0, 2.0), line(0.0, 2.0), line(0.0, 0.0)];
        check(square, None);
    }

    #[test]
    fn slivers_and_touching_are_let_through() {
        // A tip 0.01 high beyond the crossing of a square of side 10.
        let sliver = vec![
            line(10.0, 0.0),
            line(10.0, 10.0),
            line(5.01, 10.0),
            line(5.0, 10.01),
            line(4.99, 9.99),
            line(5.02, 9.99),
            line(0.0, 10.0),
            line(0.0, 0.0),
        ];
        check(sliver, None);
        let corner_on_edge = vec![line(4.0, 0.0), line(4.0, 2.0), line(2.0, 0.0), line(0.0, 2.0), line(0.0, 0.0)];
        check(corner_on_edge, None);
        let grazing_arc = vec![line(4.0, 0.0), line(4.0, 1.0), arc(2.0, 0.0, 0.0, 1.0), line(0.0, 0.0)];
        check(grazing_arc, None);
        let spike = vec![line(4.0, 0.0), line(6.0, 0.0), line(4.0, 0.0), line(0.0, 3.0), line(0.0, 0.0)];
        check(spike, None);
    }

    #[test]
    fn arcs_cross_lines_and_arcs() {
        let lifted = |p: DVec2| p.extend(0.0);
        let circle = |a, b, c| arc_circle(lifted(a), lifted(b), lifted(c)).unwrap();
        let dip = circle(p(4.0, 1.0), p(2.0, -1.0), p(0.0, 1.0));
        let half = (dip.radius.powi(2) - dip.frame.origin.y.powi(2)).sqrt();
        let edges = vec![line(4.0, 0.0), line(4.0, 1.0), arc(2.0, -1.0, 0.0, 1.0), line(0.0, 0.0)];
        check(edges, Some(Meeting::Crosses(p(2.0 + half, 0.0))));
        let hill = circle(p(0.0, 0.0), p(2.0, 1.0), p(4.0, 0.0));
        let half = (hill.radius.powi(2) - (0.5 - hill.frame.origin.y).powi(2)).sqrt();
        let edges = vec![arc(2.0, 1.0, 4.0, 0.0), line(4.0, 1.0), arc(2.0, 0.0, 0.0, 1.0), line(0.0, 0.0)];
        check(edges, Some(Meeting::Crosses(p(2.0 - half, 0.5))));
    }

    #[test]
    fn running_twice_along_itself_is_found_and_there_and_back_is_not() {
        let twice = vec![
            line(4.0, 0.0),
            line(4.0, 4.0),
            line(1.0, 2.0),
            line(1.0, 0.0),
            line(3.0, 0.0),
            line(3.0, -2.0),
            line(0.0, 0.0),
        ];
        check(twice, Some(Meeting::Repeats(p(2.0, 0.0))));
        let bridge = vec![
            line(4.0, 0.0),
            line(4.0, 2.0),
            line(3.0, 2.0),
            line(3.0, 1.0),
            line(2.0, 1.0),
            line(3.0, 2.0),
            line(4.0, 2.0),
            line(0.0, 4.0),
            line(0.0, 0.0),
        ];
        check(bridge, None);
    }
}
