//! No loop of a face crosses itself or another loop of the face, and together they bound it.

use glam::{DVec2, DVec3};

use super::solid::Allowed;
use crate::span::position;
use crate::tessellate::{Boundary, Piece, TessellateError, lay_out};
use crate::topology::{Face, Solid};

/// Loops of a face that do not bound it as they should.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the loops of a face are not simple: {cause}")]
pub struct LoopCrosses {
    /// Index of the face in its solid.
    pub face: usize,
    /// What is wrong, and where.
    pub cause: TessellateError,
}

/// Every quarter turn of an edge is cut into so many chords (five degrees each); a crossing less deep than their height
/// (a thousandth of the radius) may be missed.
const PARTS: usize = 18;

/// Finds the faces whose loops cross, or do not separate an inside from an outside. Loops may touch: a hole may meet the
/// rim in a vertex or along a common tangent, as it may in any modeller.
pub fn check_simple_loops(solid: &Solid) -> Vec<LoopCrosses> {
    let allowed = Allowed::of(solid);
    let check = |(face, f): (usize, &Face)| fault(f, face, &allowed).map(|cause| LoopCrosses { face, cause });
    solid.face_iter().enumerate().filter_map(check).collect()
}

fn fault(face: &Face, number: usize, allowed: &Allowed) -> Option<TessellateError> {
    let surface = face.surface().kind();
    let unbounded = || {
        let near = face.vertex_iter().next().map_or(face.surface().frame().origin, |v| position(&v));
        TessellateError::NotBounded { face: number, surface, near }
    };
    // Coarse chords may turn a narrow part of a face inside out: finer ones decide.
    for parts in [PARTS, 4 * PARTS, 16 * PARTS] {
        let Some(boundary) = lay_out(face, parts) else { continue };
        if let Some(near) = crossing(&boundary, allowed) {
            return Some(TessellateError::BoundaryCrosses { face: number, surface, near });
        }
        if boundary.wires.iter().all(|wire| lies_left(wire, &boundary)) {
            return None;
        }
    }
    Some(unbounded())
}

/// A point where two edges of the boundary cross at an angle, away from their ends.
fn crossing(boundary: &Boundary, allowed: &Allowed) -> Option<DVec3> {
    let box_of = |piece: &Piece| (piece.ends[0].min(piece.ends[1]), piece.ends[0].max(piece.ends[1]));
    let mut pieces: Vec<(DVec2, DVec2, &Piece)> =
        boundary.wires.iter().flatten().map(|p| (box_of(p).0, box_of(p).1, p)).collect();
    pieces.sort_by(|a, b| a.0.x.total_cmp(&b.0.x));
    for (i, (low, high, piece)) in pieces.iter().enumerate() {
        for (other_low, other_high, other) in pieces[i + 1..].iter().take_while(|(other_low, ..)| other_low.x <= high.x)
        {
            let apart = other_low.y > high.y || other_high.y < low.y || piece.span == other.span;
            if !apart
                && chords_cross(piece.ends, other.ends)
                && let Some(at) = curves_cross(boundary, [piece, other], allowed)
            {
                return Some(at);
            }
        }
    }
    None
}

/// Whether two chords have a point in common.
fn chords_cross([a, b]: [DVec2; 2], [c, d]: [DVec2; 2]) -> bool {
    let side = |p: DVec2, q: DVec2, r: DVec2| (q - p).perp_dot(r - p);
    side(a, b, c) * side(a, b, d) <= 0.0 && side(c, d, a) * side(c, d, b) <= 0.0
}

/// Where the edges of two chords that cross do so themselves, if they do.
fn curves_cross(boundary: &Boundary, pieces: [&Piece; 2], allowed: &Allowed) -> Option<DVec3> {
    /// Newton's method doubles the number of right digits with every step.
    const STEPS: usize = 12;
    /// Edges that meet at a smaller angle touch: they are deeper in one another by less than a millionth of their radius.
    const ANGLE: f64 = 1e-3;
    let [a, b] = pieces.map(|piece| &boundary.spans[piece.span]);
    let near = 4.0 * allowed.on(a.curve()).max(allowed.on(b.curve()));
    let [mut s, mut t] = pieces.map(|piece| 0.5 * (piece.range[0] + piece.range[1]));
    for _ in 0..STEPS {
        let ([p, dp, _], [q, dq, _]) = (a.jet(s), b.jet(t));
        let gap = q - p;
        // The least squares solution of p + x dp = q + y dq.
        let (pp, pq, qq) = (dp.length_squared(), dp.dot(dq), dq.length_squared());
        let determinant = pp * qq - pq * pq;
        if determinant <= (ANGLE * ANGLE) * pp * qq {
            return None;
        }
        s = (s + (gap.dot(dp) * qq - gap.dot(dq) * pq) / determinant).clamp(a.range()[0], a.range()[1]);
        t = (t + (gap.dot(dp) * pq - gap.dot(dq) * pp) / determinant).clamp(b.range()[0], b.range()[1]);
    }
    let (p, q) = (a.point(s), b.point(t));
    let ends = [a, b].into_iter().flat_map(|span| span.range().map(|end| span.point(end)));
    let at_an_end = ends.into_iter().any(|end| end.distance(p) <= near);
    (p.distance(q) <= near && !at_an_end).then_some(p)
}

/// Whether the face lies left of a wire: asked of several pieces, since close to where wires touch chords may mislead.
fn lies_left(wire: &[Piece], boundary: &Boundary) -> bool {
    const ASKED: usize = 5;
    let step = wire.len().div_ceil(ASKED).max(1);
    let asked: Vec<bool> = wire.iter().step_by(step).map(|piece| has_inside_left(piece, boundary)).collect();
    asked.iter().filter(|left| **left).count() * 2 >= asked.len()
}

/// Whether the ray to the left of a piece's middle leaves the face once more than it enters it.
fn has_inside_left(piece: &Piece, boundary: &Boundary) -> bool {
    let [from, to] = piece.ends;
    let Some(along) = (to - from).try_normalize() else { return true };
    let middle = (from + to) * 0.5;
    let local = |p: DVec2| DVec2::new(along.perp_dot(p - middle), along.dot(p - middle));
    let others = boundary.wires.iter().flatten().filter(|other| !std::ptr::eq(*other, piece));
    let crossed = others.filter(|other| {
        let [a, b] = other.ends.map(local);
        (a.y > 0.0) != (b.y > 0.0) && a.x + (b.x - a.x) * (a.y / (a.y - b.y)) > 0.0
    });
    crossed.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, Build};

    #[test]
    fn loops_apart_are_valid() {
        for s in [samples::plate(), samples::bead(), samples::cone(), samples::elbow()] {
            assert_eq!(check_simple_loops(&s.solid), [], "{}", s.name);
        }
    }

    fn plate(corners: &[[f64; 2]], hole: Option<(DVec3, f64)>) -> Solid {
        let mut b = Build::default();
        let v: Vec<usize> = corners.iter().map(|c| b.vertex(DVec3::new(c[0], c[1], 0.0))).collect();
        let wire: Vec<isize> = (0..v.len()).map(|i| b.line(v[i], v[(i + 1) % v.len()])).collect();
        let hole = hole.map(|(center, radius)| [-b.circle(samples::frame(center, DVec3::Z), radius)]);
        let wires: Vec<&[isize]> =
            std::iter::once(wire.as_slice()).chain(hole.as_ref().map(<[isize; 1]>::as_slice)).collect();
        b.plane(DVec3::ZERO, DVec3::Z, &wires);
        b.solid()
    }

    #[test]
    fn a_hole_may_touch_the_rim() {
        let square = [[0., 0.], [4., 0.], [4., 4.], [0., 4.]];
        for (center, radius) in [((1.0, 2.0), 1.0), ((3.3, 2.0), 0.7), ((2.0, 2.0), 2.0)] {
            let hole = (DVec3::new(center.0, center.1, 0.0), radius);
            assert_eq!(check_simple_loops(&plate(&square, Some(hole))), [], "{hole:?}");
        }
    }

    #[test]
    fn a_shallow_crossing_is_found() {
        let square = [[0., 0.], [4., 0.], [4., 4.], [0., 4.]];
        let hole = (DVec3::new(1.0, 2.0, 0.0), 1.002);
        assert_eq!(check_simple_loops(&plate(&square, Some(hole))).len(), 1);
    }

    #[test]
    fn a_bow_tie_crosses_itself() {
        let found = check_simple_loops(&plate(&[[0., 0.], [4., 4.], [4., 0.], [0., 4.]], None));
        assert!(matches!(found[..], [LoopCrosses { cause: TessellateError::BoundaryCrosses { .. }, .. }]), "{found:?}");
    }

    #[test]
    fn a_hole_over_the_rim_crosses_it_and_one_beside_the_face_bounds_nothing() {
        let square = [[0., 0.], [4., 0.], [4., 4.], [0., 4.]];
        assert_eq!(check_simple_loops(&plate(&square, Some((DVec3::new(2.0, 2.0, 0.0), 1.0)))), []);
        let over = check_simple_loops(&plate(&square, Some((DVec3::new(4.0, 2.0, 0.0), 1.0))));
        assert!(matches!(over[..], [LoopCrosses { cause: TessellateError::BoundaryCrosses { .. }, .. }]), "{over:?}");
        let beside = check_simple_loops(&plate(&square, Some((DVec3::new(9.0, 2.0, 0.0), 1.0))));
        assert!(matches!(beside[..], [LoopCrosses { cause: TessellateError::NotBounded { .. }, .. }]), "{beside:?}");
    }
}
