//! What is drawn, made from scans and parts on any thread.

use glam::DVec3;
use partwright_geometry::{Bounds, Geometry, PointCloud, TriMesh};

use super::{EdgeVertex, MOVING_TRIANGLES, PointVertex, SurfaceVertex, detail};
use crate::document::Part;

/// The vertices of a shape, relative to its own origin: coordinates far from zero keep their digits in f32.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapeData {
    /// The shape's origin in the scan's coordinates: the middle of its box.
    pub origin: DVec3,
    /// Half the diagonal of its box.
    pub radius: f64,
    /// Vertices of the surface.
    pub surface: Vec<SurfaceVertex>,
    /// Corners of its triangles, three by three.
    pub triangles: Vec<u32>,
    /// The sides of its triangles, corner by corner, if they are to be drawn.
    pub wires: Vec<u32>,
    /// Corners of fewer and fewer triangles, for a large surface in motion; empty when it needs none.
    pub coarse_triangles: Vec<Vec<u32>>,
    /// Their sides, if these are to be drawn.
    pub coarse_wires: Vec<Vec<u32>>,
    /// Its edges.
    pub edges: Vec<EdgeVertex>,
    /// Its points.
    pub points: Vec<PointVertex>,
    /// Number of its words of `face_marks`: one for every face, then one for every edge.
    pub marks: u32,
    /// Whether its surface is closed and faces outwards: then its inside is seen only through a section.
    pub is_closed: bool,
}

impl ShapeData {
    /// A scan; `deviations` is one value per vertex or point, if there are any.
    pub fn of_geometry(geometry: &Geometry, deviations: Option<&[f32]>) -> Self {
        match geometry {
            Geometry::Mesh(mesh) => Self::of_mesh(mesh, deviations),
            Geometry::Cloud(cloud) => Self::of_cloud(cloud, deviations),
        }
    }

    /// A mesh, shaded flat.
    pub fn of_mesh(mesh: &TriMesh, deviations: Option<&[f32]>) -> Self {
        let mut data = Self::about(Bounds::of_mesh(mesh));
        let value = |i: usize| deviations.and_then(|values| values.get(i)).copied().unwrap_or(0.0);
        let vertices = mesh.positions.iter().enumerate();
        data.surface = vertices
            .map(|(i, p)| SurfaceVertex { in_shape: data.local(*p), value: value(i), ..SurfaceVertex::default() })
            .collect();
        let points = mesh.positions.len() as u32;
        let sound = mesh.triangles.iter().filter(|t| t.iter().all(|v| *v < points));
        data.triangles = sound.flatten().copied().collect();
        data.marks = 1;
        data
    }

    /// A point cloud.
    pub fn of_cloud(cloud: &PointCloud, deviations: Option<&[f32]>) -> Self {
        let mut data = Self::about(Bounds::of_points(cloud.positions.iter().copied()));
        let normal = |i: usize| {
            let n = cloud.normals.as_ref().and_then(|normals| normals.get(i)).copied().unwrap_or(DVec3::ZERO);
            let [x, y, z] = (n.clamp_length_max(1.0) * 127.0).as_vec3().to_array().map(|c| c as i8);
            [x, y, z, 0]
        };
        let color = |i: usize| {
            let color = cloud.colors.as_ref().and_then(|colors| colors.get(i));
            color.map_or([0; 4], |[r, g, b]| [*r, *g, *b, 255])
        };
        let value = |i: usize| deviations.and_then(|values| values.get(i)).copied().unwrap_or(0.0);
        let points = cloud.positions.iter().enumerate().filter(|(_, p)| p.is_finite());
        data.points = points
            .map(|(i, p)| PointVertex { in_shape: data.local(*p), value: value(i), normal: normal(i), color: color(i) })
            .collect();
        data.marks = 1;
        data
    }

    /// A part: every face shaded by its own surface, with the B-Rep's edges.
    pub fn of_part(part: &Part) -> Self {
        let mut data = Self::about(Some(part.bounds()));
        let mesh = &part.mesh.mesh;
        let corners = mesh.triangles.iter().zip(&part.mesh.triangle_faces);
        for (triangle, &face) in corners {
            let surface = part.faces.get(face as usize).map(|face| face.surface);
            let flat = flat_normal(mesh, *triangle);
            for &v in triangle {
                let p = mesh.positions[v as usize];
                let natural = surface.map_or(flat, |surface| surface.normal_at(p));
                let normal = if natural.dot(flat) < 0.0 { -natural } else { natural };
                data.triangles.push(data.surface.len() as u32);
                data.surface.push(SurfaceVertex {
                    in_shape: data.local(p),
                    normal: normal.as_vec3().to_array(),
                    value: 0.0,
                    face,
                });
            }
        }
        let faces = part.faces.len() as u32;
        for (own, edge) in (faces..).zip(&part.mesh.edges) {
            for ends in edge.points.windows(2) {
                let [from, to] = [ends[0], ends[1]].map(|point| data.local(mesh.positions[point as usize]));
                data.edges.push(EdgeVertex {
                    from_in_shape: from,
                    to_in_shape: to,
                    marks: [edge.faces[0], edge.faces[1], own],
                });
            }
        }
        data.marks = faces + part.mesh.edges.len() as u32;
        data.is_closed = part.properties.valid && part.properties.watertight;
        data
    }

    /// Prepares it to be drawn coarser while it moves: a large surface gets fewer triangles, and the points of a large cloud
    /// an order of which every beginning is spread over the whole.
    #[must_use]
    pub fn with_coarse_detail(mut self) -> Self {
        self.coarse_triangles = detail::coarse_levels(&self.surface, &self.triangles);
        if MOVING_TRIANGLES.iter().any(|most| self.points.len() > *most as usize) {
            detail::shuffle(&mut self.points);
        }
        self
    }

    /// Adds the sides of all triangles; comes after [`Self::with_coarse_detail`].
    #[must_use]
    pub fn with_wires(mut self) -> Self {
        self.wires = detail::sides(&self.triangles);
        self.coarse_wires = self.coarse_triangles.iter().map(|level| detail::sides(level)).collect();
        self
    }

    fn about(bounds: Option<Bounds>) -> Self {
        let (origin, radius) = bounds.map_or((DVec3::ZERO, 0.0), |b| (b.center(), b.diagonal() * 0.5));
        Self { origin, radius, ..Self::default() }
    }

    fn local(&self, p: DVec3) -> [f32; 3] {
        (p - self.origin).as_vec3().to_array()
    }
}

fn flat_normal(mesh: &TriMesh, triangle: [u32; 3]) -> DVec3 {
    mesh.corners(triangle).map_or(DVec3::ZERO, |[a, b, c]| (b - a).cross(c - a).normalize_or_zero())
}
