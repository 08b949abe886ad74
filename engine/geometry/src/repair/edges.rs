//! The edges of a mesh, each with the triangles that run along it.

use rayon::slice::ParallelSliceMut as _;

/// One side of a triangle, seen from its edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Side {
    /// The edge: the smaller vertex in the high half, the larger one in the low half.
    edge: u64,
    /// The triangle's number times two, plus one when it runs from the larger to the smaller vertex.
    triangle_and_direction: u64,
}

impl Side {
    pub(super) fn triangle(self) -> usize {
        (self.triangle_and_direction / 2) as usize
    }

    /// Whether the triangle runs from the smaller to the larger vertex number.
    pub(super) fn is_forward(self) -> bool {
        self.triangle_and_direction % 2 == 0
    }
}

/// All sides of the triangles that have three different corners, sorted by edge.
pub(super) struct Edges {
    sides: Vec<Side>,
}

impl Edges {
    pub(super) fn of(triangles: &[[u32; 3]]) -> Self {
        let mut sides = Vec::with_capacity(triangles.len() * 3);
        for (number, &[a, b, c]) in triangles.iter().enumerate() {
            if a == b || b == c || c == a {
                continue;
            }
            for (from, to) in [(a, b), (b, c), (c, a)] {
                let edge = u64::from(from.min(to)) << 32 | u64::from(from.max(to));
                sides.push(Side { edge, triangle_and_direction: number as u64 * 2 + u64::from(from > to) });
            }
        }
        // The sides differ from one another, so an unstable sort is deterministic too.
        sides.par_sort_unstable();
        Self { sides }
    }

    /// The sides grouped by edge, in order of edge and triangle.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[Side]> {
        self.sides.chunk_by(|a, b| a.edge == b.edge)
    }
}

/// How many edges there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct EdgeCounts {
    pub(super) boundary: usize,
    pub(super) non_manifold: usize,
    pub(super) inconsistent: usize,
}

impl EdgeCounts {
    pub(super) fn of(edges: &Edges) -> Self {
        let mut counts = Self::default();
        for sides in edges.groups() {
            let forward = sides.iter().filter(|side| side.is_forward()).count();
            match sides.len() {
                1 => counts.boundary += 1,
                length => {
                    counts.non_manifold += usize::from(length > 2);
                    counts.inconsistent += usize::from(forward * 2 != length);
                }
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_edges() {
        let check = |triangles: &[[u32; 3]], boundary, non_manifold, inconsistent| {
            let found = EdgeCounts::of(&Edges::of(triangles));
            assert_eq!(found, EdgeCounts { boundary, non_manifold, inconsistent }, "{triangles:?}");
        };
        check(&[], 0, 0, 0);
        check(&[[0, 1, 2]], 3, 0, 0);
        check(&[[0, 1, 2], [2, 1, 3]], 4, 0, 0);
        check(&[[0, 1, 2], [1, 2, 3]], 4, 0, 1);
        check(&[[0, 1, 2], [1, 0, 3], [0, 1, 4]], 6, 1, 1);
        check(&[[0, 1, 1]], 0, 0, 0);
        check(&[[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], 0, 0, 0);
    }
}
