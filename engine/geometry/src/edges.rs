//! The edges of a mesh, each with the triangles that run along it.

use crate::{TriMesh, repair::weld_exact};

/// One side of a triangle, seen from its edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Side {
    /// The edge's larger vertex; sides are stored by the smaller one.
    larger: u32,
    triangle: u32,
    is_forward: bool,
}

impl Side {
    /// The triangle's number.
    pub(crate) fn triangle(self) -> usize {
        self.triangle as usize
    }

    /// The smaller and the larger vertex of the edge; `triangles` are those the edges were made of.
    pub(crate) fn ends(self, triangles: &[[u32; 3]]) -> [u32; 2] {
        let [a, b, c] = triangles[self.triangle()];
        let sides = [(a, b), (b, c), (c, a)];
        // A triangle has one side between its corners and the larger vertex that runs this way.
        let (from, to) = if self.is_forward {
            sides.into_iter().find(|&(from, to)| to == self.larger && from < to)
        } else {
            sides.into_iter().find(|&(from, to)| from == self.larger && to < from)
        }
        .unwrap_or_default();
        [from.min(to), from.max(to)]
    }

    /// Whether the triangle runs from the smaller to the larger vertex number.
    pub(crate) fn is_forward(self) -> bool {
        self.is_forward
    }
}

/// All sides of the triangles that have three different corners, in order of edge and triangle.
pub(crate) struct Edges {
    /// Where the sides of each smaller vertex begin; one more entry than vertices.
    starts: Vec<usize>,
    sides: Vec<Side>,
}

impl Edges {
    /// Sorts the sides into buckets by their smaller vertex, then each bucket: linear in the number of triangles, but for
    /// the few sides at one vertex.
    pub(crate) fn of(triangles: &[[u32; 3]]) -> Self {
        let vertex_count = triangles.iter().flatten().max().map_or(0, |&last| last as usize + 1);
        let mut starts = vec![0; vertex_count + 1];
        for side in sides_of(triangles) {
            starts[side.0 as usize + 1] += 1;
        }
        for vertex in 0..vertex_count {
            starts[vertex + 1] += starts[vertex];
        }
        let mut next = starts.clone();
        let mut sides = vec![Side::default(); starts[vertex_count]];
        for (smaller, side) in sides_of(triangles) {
            let slot = &mut next[smaller as usize];
            sides[*slot] = side;
            *slot += 1;
        }
        for bucket in starts.windows(2) {
            sides[bucket[0]..bucket[1]].sort_unstable();
        }
        Self { starts, sides }
    }

    /// The sides grouped by edge, in order of edge and triangle.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &[Side]> {
        let buckets = self.starts.windows(2).map(|bucket| &self.sides[bucket[0]..bucket[1]]);
        buckets.flat_map(|bucket| bucket.chunk_by(|a, b| a.larger == b.larger))
    }

    /// Counts the triangles with the same three corners as an earlier one, whichever way round.
    pub(crate) fn duplicate_triangles(&self, triangles: &[[u32; 3]]) -> usize {
        let mut thirds = Vec::new();
        let mut count = 0;
        for sides in self.groups().filter(|sides| sides.len() > 1) {
            thirds.clear();
            // Of a triangle's three edges only the one between its two smallest corners counts.
            let largest = |side: &Side| triangles[side.triangle()].into_iter().max().unwrap_or_default();
            thirds.extend(sides.iter().filter(|side| largest(side) != side.larger).map(largest));
            thirds.sort_unstable();
            count += thirds.windows(2).filter(|pair| pair[0] == pair[1]).count();
        }
        count
    }
}

/// Every side with its smaller vertex.
fn sides_of(triangles: &[[u32; 3]]) -> impl Iterator<Item = (u32, Side)> {
    let whole = (0_u32..).zip(triangles).filter(|(_, [a, b, c])| a != b && b != c && c != a);
    whole.flat_map(|(triangle, &[a, b, c])| {
        [(a, b), (b, c), (c, a)]
            .map(|(from, to)| (from.min(to), Side { larger: from.max(to), triangle, is_forward: from < to }))
    })
}

/// Edges counted by how many triangles use them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EdgeCount {
    /// One triangle.
    pub(crate) boundary: usize,
    /// Two triangles.
    pub(crate) manifold: usize,
    /// Three or more triangles.
    pub(crate) crowded: usize,
    /// Two or more triangles that do not pair up in opposite directions.
    pub(crate) inconsistent: usize,
}

impl EdgeCount {
    /// Counts the edges of a mesh whose indices are in range, with vertices at exactly the same place taken as one.
    pub(crate) fn of(mesh: &TriMesh) -> Self {
        Self::in_each(&Edges::of(&weld_exact(mesh).triangles))
    }

    /// Counts edges by vertex numbers.
    pub(crate) fn in_each(edges: &Edges) -> Self {
        let mut count = Self::default();
        for sides in edges.groups() {
            let forward = sides.iter().filter(|side| side.is_forward()).count();
            match sides.len() {
                1 => count.boundary += 1,
                2 => count.manifold += 1,
                _ => count.crowded += 1,
            }
            count.inconsistent += usize::from(sides.len() > 1 && forward * 2 != sides.len());
        }
        count
    }

    /// Whether every edge has two triangles, one running each way: the surface closes and has two sides.
    pub(crate) fn is_closed(self) -> bool {
        self.boundary == 0 && self.crowded == 0 && self.inconsistent == 0
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::metric::shapes::cuboid;

    #[test]
    fn kinds_of_edges() {
        let check = |triangles: &[[u32; 3]], boundary, crowded, inconsistent| {
            let found = EdgeCount::in_each(&Edges::of(triangles));
            let rest = [found.boundary, found.crowded, found.inconsistent];
            assert_eq!(rest, [boundary, crowded, inconsistent], "{triangles:?}");
        };
        check(&[], 0, 0, 0);
        check(&[[0, 1, 2]], 3, 0, 0);
        check(&[[0, 1, 2], [2, 1, 3]], 4, 0, 0);
        check(&[[0, 1, 2], [1, 2, 3]], 4, 0, 1);
        check(&[[0, 1, 2], [1, 0, 3], [0, 1, 4]], 6, 1, 1);
        check(&[[0, 1, 1]], 0, 0, 0);
        check(&[[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], 0, 0, 0);
    }

    #[test]
    fn duplicates_by_corners() {
        let check = |triangles: &[[u32; 3]], expected| {
            assert_eq!(Edges::of(triangles).duplicate_triangles(triangles), expected, "{triangles:?}");
        };
        check(&[], 0);
        check(&[[0, 1, 2], [2, 1, 3]], 0);
        check(&[[0, 1, 2], [1, 2, 0], [0, 2, 1]], 2);
        check(&[[5, 3, 4], [0, 1, 2], [4, 3, 5], [3, 4, 9]], 1);
        check(&[[0, 0, 1], [0, 0, 1]], 0);
    }

    #[test]
    fn a_box_in_several_states() {
        let mut mesh = cuboid(DVec3::ZERO, DVec3::ONE);
        assert_eq!(EdgeCount::of(&mesh), EdgeCount { manifold: 18, ..EdgeCount::default() });
        mesh.triangles[0].swap(0, 1);
        assert_eq!(EdgeCount::of(&mesh).inconsistent, 3);
        mesh.triangles.remove(0);
        assert_eq!(EdgeCount::of(&mesh), EdgeCount { boundary: 3, manifold: 15, ..EdgeCount::default() });
        mesh.triangles.push(mesh.triangles[5]);
        mesh.triangles.push([1, 1, 2]);
        assert_eq!(EdgeCount::of(&mesh).crowded, 3);
    }
}
