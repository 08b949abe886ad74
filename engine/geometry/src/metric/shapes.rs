//! Meshes of known volume for the tests.

use std::f64::consts::{PI, TAU};

use glam::DVec3;

use crate::TriMesh;

/// A box with outward faces.
pub(crate) fn cuboid(min: DVec3, max: DVec3) -> TriMesh {
    let corner = |i: u32| {
        let pick = |axis: usize| if i >> axis & 1 == 1 { max[axis] } else { min[axis] };
        DVec3::new(pick(0), pick(1), pick(2))
    };
    let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    TriMesh {
        positions: (0..8).map(corner).collect(),
        triangles: quads.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect(),
    }
}

/// A sphere of `around` x `up` facets with outward faces.
pub(crate) fn sphere(center: DVec3, radius: f64, around: u32, up: u32) -> TriMesh {
    let mut positions = vec![center - radius * DVec3::Z];
    for ring in 1..up {
        let (sin, cos) = (PI * f64::from(ring) / f64::from(up)).sin_cos();
        positions.extend((0..around).map(|i| {
            let (y, x) = (TAU * f64::from(i) / f64::from(around)).sin_cos();
            center + radius * DVec3::new(sin * x, sin * y, -cos)
        }));
    }
    positions.push(center + radius * DVec3::Z);
    let at = |ring: u32, i: u32| 1 + (ring - 1) * around + i % around;
    let top = positions.len() as u32 - 1;
    let mut triangles = Vec::new();
    for i in 0..around {
        triangles.push([0, at(1, i + 1), at(1, i)]);
        triangles.push([top, at(up - 1, i), at(up - 1, i + 1)]);
        for ring in 1..up - 1 {
            triangles.push([at(ring, i), at(ring, i + 1), at(ring + 1, i)]);
            triangles.push([at(ring, i + 1), at(ring + 1, i + 1), at(ring + 1, i)]);
        }
    }
    TriMesh { positions, triangles }
}

/// Several meshes in one, as they are.
pub(crate) fn together(parts: &[TriMesh]) -> TriMesh {
    TriMesh::joined(parts)
}

/// The same surface with its inside out.
pub(crate) fn inside_out(mut mesh: TriMesh) -> TriMesh {
    mesh.triangles.iter_mut().for_each(|t| t.swap(0, 1));
    mesh
}
