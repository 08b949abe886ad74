//! The connected pieces of a mesh's surface.

use crate::edges::Edges;

/// Numbers the pieces of the surface: triangles that share an edge with exactly one other triangle belong together with it.
/// Where more than two triangles meet at an edge the surface parts, so bodies that only touch stay apart.
///
/// Returns each triangle's piece, numbered in order of their first triangles, and the number of pieces. Triangles that are
/// not in `edges` (repeated corners) are pieces of their own.
pub(crate) fn pieces(triangle_count: usize, edges: &Edges) -> (Vec<u32>, usize) {
    let mut parent: Vec<u32> = (0..triangle_count as u32).collect();
    for sides in edges.groups() {
        if let [a, b] = sides {
            let (a, b) = (root(&mut parent, a.triangle()), root(&mut parent, b.triangle()));
            // The smaller number leads, so that a piece is led by its first triangle.
            parent[a.max(b)] = a.min(b) as u32;
        }
    }
    let mut piece_of = vec![0; triangle_count];
    let mut count = 0;
    for triangle in 0..triangle_count {
        let leader = root(&mut parent, triangle);
        piece_of[triangle] = if leader == triangle {
            count += 1;
            count as u32 - 1
        } else {
            piece_of[leader]
        };
    }
    (piece_of, count)
}

/// The leader of a triangle's set; halves the path on the way.
fn root(parent: &mut [u32], mut triangle: usize) -> usize {
    while parent[triangle] as usize != triangle {
        parent[triangle] = parent[parent[triangle] as usize];
        triangle = parent[triangle] as usize;
    }
    triangle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_by_shared_edges() {
        let check = |triangles: &[[u32; 3]], expected: &[u32]| {
            let (found, count) = pieces(triangles.len(), &Edges::of(triangles));
            assert_eq!(found, expected);
            assert_eq!(count as u32, expected.iter().max().map_or(0, |last| last + 1));
        };
        check(&[], &[]);
        check(&[[0, 1, 2], [2, 1, 3]], &[0, 0]);
        check(&[[0, 1, 2], [4, 5, 6], [2, 1, 3]], &[0, 1, 0]);
        // Meeting in a vertex, or three at an edge: not the same piece.
        check(&[[0, 1, 2], [2, 3, 4]], &[0, 1]);
        check(&[[0, 1, 2], [1, 0, 3], [0, 1, 4]], &[0, 1, 2]);
    }
}
