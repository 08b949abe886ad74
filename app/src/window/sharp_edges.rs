//! The edges along which a mesh turns sharply: what makes a small picture of it clear.

use glam::DVec3;
use partwright_geometry::TriMesh;
use rustc_hash::FxHashMap;

use crate::render::EdgeVertex;

/// The turn of the surface above which an edge is drawn, as the cosine of 35 degrees: facets of a round wall turn less,
/// edges of machined parts more.
const SHARP_EDGE_COS: f64 = 0.819;

/// The sharp edges and rims of a mesh whose triangles share vertices, about `origin`.
pub(super) fn sharp_edges(mesh: &TriMesh, origin: DVec3) -> Vec<EdgeVertex> {
    // An edge with one side or many is drawn as well.
    let mut sides: FxHashMap<(u32, u32), Vec<DVec3>> = FxHashMap::default();
    for triangle in &mesh.triangles {
        let Some([a, b, c]) = mesh.corners(*triangle) else { continue };
        let normal = (b - a).cross(c - a).normalize_or_zero();
        let [a, b, c] = *triangle;
        for (from, to) in [(a, b), (b, c), (c, a)] {
            sides.entry((from.min(to), from.max(to))).or_default().push(normal);
        }
    }
    let is_sharp = |normals: &[DVec3]| match normals {
        [one, other] => one.dot(*other) < SHARP_EDGE_COS,
        _ => true,
    };
    let mut sharp: Vec<(u32, u32)> =
        sides.into_iter().filter(|(_, normals)| is_sharp(normals)).map(|(edge, _)| edge).collect();
    // The order of a hash is not the same everywhere.
    sharp.sort_unstable();
    let local = |vertex: u32| mesh.positions.get(vertex as usize).map(|p| (*p - origin).as_vec3().to_array());
    let ends = sharp.into_iter().filter_map(|(from, to)| Some((local(from)?, local(to)?)));
    ends.map(|(from_in_shape, to_in_shape)| EdgeVertex { from_in_shape, to_in_shape, ..EdgeVertex::default() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fold_is_sharp_and_a_flat_diagonal_is_not() {
        let positions = [[0.0; 3], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 1.0]];
        let positions = positions.map(DVec3::from).to_vec();
        let flat = vec![[0, 1, 2], [0, 2, 3]];
        assert_eq!(
            sharp_edges(&TriMesh { positions: positions.clone(), triangles: flat.clone() }, DVec3::ZERO).len(),
            4
        );
        let folded = [flat, vec![[1, 0, 4], [1, 4, 5]]].concat();
        let found = sharp_edges(&TriMesh { positions, triangles: folded }, DVec3::X);
        assert_eq!(found.len(), 7, "the rim of two squares and the fold");
        assert_eq!((found[0].from_in_shape, found[0].to_in_shape), ([-1.0, 0.0, 0.0], [0.0; 3]));
    }
}
