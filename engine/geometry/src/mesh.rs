//! Triangle meshes and point clouds as plain values in f64.

use glam::DVec3;

/// An indexed triangle mesh. Faces are counter-clockwise seen from outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TriMesh {
    /// Vertex positions, in the mesh's own length unit.
    pub positions: Vec<DVec3>,
    /// Corner indices into `positions`, three per triangle.
    pub triangles: Vec<[u32; 3]>,
}

impl TriMesh {
    /// The three corners of a triangle; `None` when an index is out of range.
    pub fn corners(&self, triangle: [u32; 3]) -> Option<[DVec3; 3]> {
        let corner = |v: u32| self.positions.get(v as usize).copied();
        Some([corner(triangle[0])?, corner(triangle[1])?, corner(triangle[2])?])
    }

    /// Several meshes in one, as they are: nothing is united or merged.
    #[must_use]
    pub fn joined<'a>(meshes: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for mesh in meshes {
            let offset = all.positions.len() as u32;
            all.positions.extend(&mesh.positions);
            all.triangles.extend(mesh.triangles.iter().map(|t| t.map(|v| v + offset)));
        }
        all
    }
}

/// A point cloud; `normals` and `colors`, where present, have one entry per point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointCloud {
    /// Point positions, in the cloud's own length unit.
    pub positions: Vec<DVec3>,
    /// Unit normals, one per point.
    pub normals: Option<Vec<DVec3>>,
    /// sRGB colours, one per point.
    pub colors: Option<Vec<[u8; 3]>>,
}

/// What a scanner hands over: a surface or bare points.
#[derive(Clone, Debug, PartialEq)]
pub enum Geometry {
    /// A triangle mesh.
    Mesh(TriMesh),
    /// A point cloud.
    Cloud(PointCloud),
}
