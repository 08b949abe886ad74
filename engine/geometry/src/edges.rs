//! How the triangles of a mesh meet at its edges.

use glam::DVec3;
use rustc_hash::FxHashMap;

use crate::TriMesh;

/// Edges counted by how many triangles use them, with vertices at exactly the same place taken as one.
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
    /// Counts the edges of a mesh whose indices are in range. Triangles with two corners at one place do not count.
    pub(crate) fn of(mesh: &TriMesh) -> Self {
        let mut vertex_at: FxHashMap<[u64; 3], u32> = FxHashMap::default();
        let welded: Vec<u32> = (0u32..)
            .zip(&mesh.positions)
            // Adding zero turns -0.0 into 0.0.
            .map(|(i, p)| *vertex_at.entry((*p + DVec3::ZERO).to_array().map(f64::to_bits)).or_insert(i))
            .collect();
        // Per edge: how often it runs up and down by vertex number.
        let mut runs: FxHashMap<(u32, u32), (u32, u32)> = FxHashMap::default();
        for triangle in &mesh.triangles {
            let [a, b, c] = triangle.map(|v| welded[v as usize]);
            if a == b || b == c || c == a {
                continue;
            }
            for (from, to) in [(a, b), (b, c), (c, a)] {
                let run = runs.entry((from.min(to), from.max(to))).or_default();
                *(if from < to { &mut run.0 } else { &mut run.1 }) += 1;
            }
        }
        let mut count = Self::default();
        for (up, down) in runs.into_values() {
            match up + down {
                1 => count.boundary += 1,
                2 => count.manifold += 1,
                _ => count.crowded += 1,
            }
            count.inconsistent += usize::from(up + down > 1 && up != down);
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes::cuboid;

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
