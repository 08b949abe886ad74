//! Making triangles face outwards.

use glam::DVec3;

use super::inspect::signed_volume;
use crate::edges::Edges;
use crate::query::WindingTree;
use crate::{Bounds, TriMesh};

/// What orienting a mesh found.
pub(super) struct Oriented {
    /// Whether each triangle must be turned.
    pub(super) turned: Vec<bool>,
    /// Edges at which two triangles cannot agree, as on a Moebius strip.
    pub(super) contradictions: usize,
}

/// Finds the triangles to turn.
///
/// Within a connected piece all triangles are made to agree with the majority. Then closed pieces that face inwards are
/// turned, together with the closed pieces inside them: a part stored inside out has its cavities inside out too. A closed
/// piece inside another is left as it is, since a cavity must face inwards. Open pieces have no outside; the majority
/// decides alone.
pub(super) fn orient(mesh: &TriMesh) -> Oriented {
    let edges = Edges::of(&mesh.triangles);
    let mut sets = ParitySets::new(mesh.triangles.len());
    let mut contradictions = 0;
    for sides in edges.groups() {
        if let [a, b] = sides {
            let agree = a.is_forward() != b.is_forward();
            contradictions += usize::from(!sets.join(a.triangle(), b.triangle(), !agree));
        }
    }
    let (piece_of, mut turned) = sets.pieces();
    let mut pieces = pieces_of(&piece_of);
    for piece in &pieces {
        let minority = piece.triangles.iter().filter(|&&triangle| turned[triangle]).count();
        if 2 * minority > piece.triangles.len() {
            for &triangle in &piece.triangles {
                turned[triangle] ^= true;
            }
        }
    }
    mark_open_pieces(&edges, &piece_of, &turned, &mut pieces);
    turn_inward_pieces(mesh, &pieces, &mut turned);
    Oriented { turned, contradictions }
}

/// A connected piece of the surface.
struct Piece {
    triangles: Vec<usize>,
    is_closed: bool,
}

fn pieces_of(piece_of: &[u32]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (triangle, &piece) in piece_of.iter().enumerate() {
        let piece = piece as usize;
        if piece == pieces.len() {
            pieces.push(Piece { triangles: Vec::new(), is_closed: true });
        }
        pieces[piece].triangles.push(triangle);
    }
    pieces
}

/// A piece is open where its sides at an edge do not run in both directions equally often.
fn mark_open_pieces(edges: &Edges, piece_of: &[u32], turned: &[bool], pieces: &mut [Piece]) {
    for sides in edges.groups() {
        let mut balances: Vec<(u32, i32)> = Vec::new();
        for side in sides {
            let piece = piece_of[side.triangle()];
            let direction = if side.is_forward() == turned[side.triangle()] { -1 } else { 1 };
            match balances.iter_mut().find(|(of, _)| *of == piece) {
                Some((_, balance)) => *balance += direction,
                None => balances.push((piece, direction)),
            }
        }
        for (piece, balance) in balances {
            pieces[piece as usize].is_closed &= balance == 0;
        }
    }
}

fn turn_inward_pieces(mesh: &TriMesh, pieces: &[Piece], turned: &mut [bool]) {
    let corners = |triangle: usize, turned: &[bool]| {
        let [a, b, c] = mesh.triangles[triangle].map(|corner| mesh.positions[corner as usize]);
        if turned[triangle] { [a, c, b] } else { [a, b, c] }
    };
    let middle = Bounds::of_mesh(mesh).map_or(DVec3::ZERO, Bounds::center);
    let volume = |piece: &Piece| -> f64 {
        piece
            .triangles
            .iter()
            .map(|&triangle| signed_volume(corners(triangle, turned).map(|point| point - middle)))
            .sum()
    };
    let volumes: Vec<f64> = pieces.iter().map(|piece| if piece.is_closed { volume(piece) } else { 0.0 }).collect();
    if volumes.iter().all(|&volume| volume >= 0.0) {
        return;
    }
    let boxes: Vec<_> = pieces.iter().map(|piece| piece_bounds(mesh, piece)).collect();
    let lies_in_box = |inner: usize, outer: usize| match (boxes[inner], boxes[outer]) {
        (Some(inner), Some(outer)) => outer.contains(inner.min) && outer.contains(inner.max),
        _ => false,
    };
    let closed: Vec<usize> = (0..pieces.len()).filter(|&piece| volumes[piece] != 0.0).collect();
    // For each piece around others: which it holds. Asked only where an inward piece takes part.
    let mut is_inside_another = vec![false; pieces.len()];
    let mut held_by: Vec<(usize, Vec<usize>)> = Vec::new();
    for &outer in &closed {
        let candidates: Vec<usize> = closed
            .iter()
            .copied()
            .filter(|&inner| inner != outer && lies_in_box(inner, outer))
            .filter(|&inner| volumes[inner] < 0.0 || volumes[outer] < 0.0)
            .collect();
        if candidates.is_empty() {
            continue;
        }
        let tree = WindingTree::new(&piece_mesh(mesh, &pieces[outer], turned));
        let is_held = |&inner: &usize| {
            let [a, b, c] = corners(pieces[inner].triangles[0], turned);
            tree.number((a + b + c) / 3.0).abs() >= 0.5
        };
        let held: Vec<usize> = candidates.into_iter().filter(is_held).collect();
        for &inner in &held {
            is_inside_another[inner] = true;
        }
        held_by.push((outer, held));
    }
    let mut turn = vec![false; pieces.len()];
    for &piece in closed.iter().filter(|&&piece| volumes[piece] < 0.0 && !is_inside_another[piece]) {
        turn[piece] = true;
        for &inner in held_by.iter().filter(|(outer, _)| *outer == piece).flat_map(|(_, held)| held) {
            turn[inner] = true;
        }
    }
    for (piece, _) in pieces.iter().zip(turn).filter(|(_, turn)| *turn) {
        for &triangle in &piece.triangles {
            turned[triangle] ^= true;
        }
    }
}

fn piece_bounds(mesh: &TriMesh, piece: &Piece) -> Option<Bounds> {
    let corners = piece.triangles.iter().flat_map(|&triangle| mesh.triangles[triangle]);
    Bounds::of_points(corners.map(|corner| mesh.positions[corner as usize]))
}

/// The piece alone, with triangles turned, over the positions it uses.
fn piece_mesh(mesh: &TriMesh, piece: &Piece, turned: &[bool]) -> TriMesh {
    let mut positions = Vec::with_capacity(piece.triangles.len() * 3);
    let mut triangles = Vec::with_capacity(piece.triangles.len());
    for &triangle in &piece.triangles {
        let first = positions.len() as u32;
        positions.extend(mesh.triangles[triangle].map(|corner| mesh.positions[corner as usize]));
        triangles.push(if turned[triangle] { [first, first + 2, first + 1] } else { [first, first + 1, first + 2] });
    }
    TriMesh { positions, triangles }
}

/// Sets of triangles in which each is known to agree with its leader or to be turned against it.
struct ParitySets {
    parent: Vec<u32>,
    is_against_parent: Vec<bool>,
}

impl ParitySets {
    fn new(count: usize) -> Self {
        Self { parent: (0..count as u32).collect(), is_against_parent: vec![false; count] }
    }

    /// The leader, and whether the triangle is turned against it. Halves the path on the way.
    fn find(&mut self, mut triangle: usize) -> (usize, bool) {
        let mut is_against = false;
        loop {
            let parent = self.parent[triangle] as usize;
            if parent == triangle {
                return (triangle, is_against);
            }
            let grandparent = self.parent[parent];
            // A leader is never against itself, so this also holds when the parent leads.
            self.is_against_parent[triangle] ^= self.is_against_parent[parent];
            self.parent[triangle] = grandparent;
            is_against ^= self.is_against_parent[triangle];
            triangle = grandparent as usize;
        }
    }

    /// Puts two triangles into one set; `false` when they are in one already and contradict it.
    fn join(&mut self, a: usize, b: usize, is_against: bool) -> bool {
        let ((leader_a, against_a), (leader_b, against_b)) = (self.find(a), self.find(b));
        if leader_a == leader_b {
            return against_a ^ against_b == is_against;
        }
        let (first, second) = (leader_a.min(leader_b), leader_a.max(leader_b));
        self.parent[second] = first as u32;
        self.is_against_parent[second] = against_a ^ against_b ^ is_against;
        true
    }

    /// Each triangle's piece, numbered in order of first triangles, and whether it is turned against the first.
    fn pieces(mut self) -> (Vec<u32>, Vec<bool>) {
        let count = self.parent.len();
        let (mut piece_of, mut turned) = (vec![0; count], vec![false; count]);
        let mut pieces = 0;
        for triangle in 0..count {
            let (leader, is_against) = self.find(triangle);
            turned[triangle] = is_against;
            piece_of[triangle] = if leader == triangle {
                pieces += 1;
                pieces - 1
            } else {
                piece_of[leader]
            };
        }
        (piece_of, turned)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::repair::inspect;
    use crate::repair::shapes::{cube, flipped, joined, scaled};

    fn oriented(mut mesh: TriMesh) -> TriMesh {
        let turned = orient(&mesh).turned;
        for (corners, _) in mesh.triangles.iter_mut().zip(turned).filter(|(_, turned)| *turned) {
            corners.swap(1, 2);
        }
        mesh
    }

    #[test]
    fn closed_pieces_face_outwards_and_cavities_inwards() {
        let check = |mesh: TriMesh, volume: f64| {
            let found = inspect(&oriented(mesh)).volume;
            assert!(found.is_some_and(|found| (found - volume).abs() < 1e-9), "{found:?}, expected {volume}");
        };
        let a = cube(DVec3::ZERO);
        let far = cube(DVec3::splat(5.0));
        let hollow = joined(&[a.clone(), flipped(scaled(a.clone(), 0.5))]);
        check(a.clone(), 1.0);
        check(flipped(a.clone()), 1.0);
        check(joined(&[a.clone(), flipped(far.clone())]), 2.0);
        check(hollow.clone(), 0.875);
        check(flipped(hollow.clone()), 0.875);
        check(joined(&[far, flipped(hollow)]), 1.875);
    }

    #[test]
    fn open_pieces_follow_the_majority() {
        let check = |triangles: &[[u32; 3]], expected: &[bool], contradictions: usize| {
            let positions = (0..6).map(|i| DVec3::new(f64::from(i), f64::from(i * i), f64::from(i % 3))).collect();
            let found = orient(&TriMesh { positions, triangles: triangles.to_vec() });
            assert_eq!((found.turned.as_slice(), found.contradictions), (expected, contradictions));
        };
        check(&[[0, 1, 2], [2, 1, 3]], &[false, false], 0);
        check(&[[0, 1, 2], [1, 2, 3], [3, 2, 4]], &[true, false, false], 0);
        check(&[[0, 1, 2], [2, 1, 3], [2, 3, 4], [3, 5, 4]], &[false, false, false, false], 0);
        // Five triangles in a twisted ring.
        check(&[[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 0], [4, 0, 1]], &[false, true, false, false, true], 1);
    }

    proptest! {
        #[test]
        fn any_scrambling_is_undone(turns in prop::collection::vec(any::<bool>(), 12)) {
            let mut mesh = cube(DVec3::new(3.0, 0.0, -7.0));
            for (corners, turn) in mesh.triangles.iter_mut().zip(turns) {
                if turn {
                    corners.swap(0, 2);
                }
            }
            let report = inspect(&oriented(mesh));
            prop_assert_eq!(report.inconsistent_edges, 0);
            prop_assert!((report.volume.unwrap() - 1.0).abs() < 1e-9);
        }
    }
}
