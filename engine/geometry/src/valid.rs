//! What every mesh algorithm here relies on: triangles exist, their indices are in range, their corners are finite.

use crate::TriMesh;

/// Why a mesh cannot be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MeshFault {
    /// There is no triangle.
    #[error("the mesh has no triangles")]
    NoTriangles,
    /// A triangle names a vertex that does not exist.
    #[error("triangle {triangle} uses vertex {vertex}, but the mesh has only {vertices} vertices")]
    IndexOutOfRange {
        /// Index of the triangle.
        triangle: usize,
        /// The index it uses.
        vertex: u32,
        /// Number of vertices of the mesh.
        vertices: usize,
    },
    /// A used vertex has a coordinate that is NaN or infinite.
    #[error("vertex {vertex} has a coordinate that is not a finite number")]
    NotFinite {
        /// Index of the vertex.
        vertex: u32,
    },
}

/// Checks a mesh in one pass; the first fault found is returned.
///
/// # Errors
/// [`MeshFault`], naming the triangle or vertex.
pub fn check(mesh: &TriMesh) -> Result<(), MeshFault> {
    if mesh.triangles.is_empty() {
        return Err(MeshFault::NoTriangles);
    }
    for (triangle, corners) in mesh.triangles.iter().enumerate() {
        for &vertex in corners {
            match mesh.positions.get(vertex as usize) {
                None => {
                    return Err(MeshFault::IndexOutOfRange { triangle, vertex, vertices: mesh.positions.len() });
                }
                Some(p) if !p.is_finite() => return Err(MeshFault::NotFinite { vertex }),
                Some(_) => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;

    #[test]
    fn each_fault_is_named() {
        let good = TriMesh { positions: vec![DVec3::ZERO, DVec3::X, DVec3::Y], triangles: vec![[0, 1, 2]] };
        assert_eq!(check(&good), Ok(()));
        assert_eq!(check(&TriMesh::default()), Err(MeshFault::NoTriangles));
        let mut far = good.clone();
        far.triangles.push([0, 1, 3]);
        assert_eq!(check(&far), Err(MeshFault::IndexOutOfRange { triangle: 1, vertex: 3, vertices: 3 }));
        let mut nan = good;
        nan.positions[1].y = f64::NAN;
        assert_eq!(check(&nan), Err(MeshFault::NotFinite { vertex: 1 }));
    }
}
