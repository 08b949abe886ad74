//! Small meshes for the tests of this folder.

use glam::DVec3;

use crate::TriMesh;

/// A unit cube with its smallest corner at `origin`, facing outwards.
pub(super) fn cube(origin: DVec3) -> TriMesh {
    let corner = |i: u32| origin + DVec3::new(f64::from(i & 1), f64::from(i >> 1 & 1), f64::from(i >> 2));
    let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let triangles = quads.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
    TriMesh { positions: (0..8).map(corner).collect(), triangles }
}

/// All meshes in one, without joining vertices.
pub(super) fn joined(parts: &[TriMesh]) -> TriMesh {
    let mut all = TriMesh::default();
    for part in parts {
        let first = all.positions.len() as u32;
        all.positions.extend(&part.positions);
        all.triangles.extend(part.triangles.iter().map(|corners| corners.map(|corner| corner + first)));
    }
    all
}

/// The mesh inside out.
pub(super) fn flipped(mut mesh: TriMesh) -> TriMesh {
    for corners in &mut mesh.triangles {
        corners.swap(1, 2);
    }
    mesh
}

/// The unit cube at the origin, scaled about its own centre.
pub(super) fn scaled(mut mesh: TriMesh, factor: f64) -> TriMesh {
    let center = DVec3::splat(0.5);
    for point in &mut mesh.positions {
        *point = center + (*point - center) * factor;
    }
    mesh
}

/// Every triangle with corners of its own.
pub(super) fn soup(mesh: &TriMesh) -> TriMesh {
    TriMesh {
        positions: mesh.triangles.iter().flatten().map(|&corner| mesh.positions[corner as usize]).collect(),
        triangles: (0..mesh.triangles.len() as u32).map(|i| [3 * i, 3 * i + 1, 3 * i + 2]).collect(),
    }
}
