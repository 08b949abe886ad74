//! A body's facet mesh and the table that says what every facet is.

use glam::{DVec2, DVec3};
use manifold_rust::linalg::Vec2;
use manifold_rust::polygon::triangulate_idx;
use manifold_rust::types::PolyVert;

use crate::CallId;
use crate::canonical::{SurfaceId, SurfaceTable, natural_normal};

/// One face of one body, before any boolean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyFace {
    /// The call that made the body.
    pub(crate) call: CallId,
    /// The surface the face lies on.
    pub(crate) surface: SurfaceId,
}

/// A planar piece of a [`BodyFace`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facet {
    /// Index into [`FacetTable::faces`].
    pub(crate) face: u32,
    /// Whether the body's outward normal is the surface's natural normal.
    pub(crate) natural: bool,
}

/// All facets of one evaluation; the index of a facet is its face id in the mesh boolean.
#[derive(Debug, Default)]
pub(crate) struct FacetTable {
    /// Facets of all bodies.
    pub(crate) facets: Vec<Facet>,
    /// Faces of all bodies.
    pub(crate) faces: Vec<BodyFace>,
}

impl FacetTable {
    /// A new face made by `call` on `surface`.
    pub(crate) fn face(&mut self, call: CallId, surface: SurfaceId) -> u32 {
        self.faces.push(BodyFace { call, surface });
        self.faces.len() as u32 - 1
    }
}

/// A closed facet mesh.
#[derive(Clone, Debug, Default)]
pub(crate) struct FacetMesh {
    /// Corners.
    pub(crate) positions: Vec<DVec3>,
    /// Corner indices, counter-clockwise from outside.
    pub(crate) triangles: Vec<[u32; 3]>,
    /// The facet every triangle belongs to; index into [`FacetTable::facets`].
    pub(crate) facets: Vec<u32>,
}

impl FacetMesh {
    /// Adds one planar facet of the given triangles to `face`; its orientation is read off its largest triangle.
    pub(crate) fn facet(
        &mut self,
        table: &mut FacetTable,
        surfaces: &SurfaceTable,
        face: u32,
        triangles: impl IntoIterator<Item = [u32; 3]>,
    ) {
        let id = table.facets.len() as u32;
        let mut largest = (0.0, true);
        let surface = surfaces.surface(table.faces[face as usize].surface);
        for triangle in triangles {
            let [a, b, c] = triangle;
            if a == b || b == c || c == a {
                continue;
            }
            let [p, q, r] = triangle.map(|i| self.positions[i as usize]);
            let normal = (q - p).cross(r - p);
            let size = normal.length_squared();
            if size > largest.0 {
                largest = (size, natural_normal(surface, (p + q + r) / 3.0).dot(normal) > 0.0);
            }
            self.triangles.push(triangle);
            self.facets.push(id);
        }
        table.facets.push(Facet { face, natural: largest.1 });
    }
}

/// Triangles of the area between closed polygons (the outer one counter-clockwise, holes clockwise), as indices into the
/// concatenated points. Uses the given points alone.
pub(crate) fn triangulate(polygons: &[Vec<DVec2>], epsilon: f64) -> Vec<[u32; 3]> {
    let mut next = 0;
    let indexed = polygons
        .iter()
        .map(|polygon| {
            let numbered = polygon.iter().zip(next..).map(|(p, idx)| PolyVert { pos: Vec2::new(p.x, p.y), idx });
            let points: Vec<PolyVert> = numbered.collect();
            next += polygon.len() as i32;
            points
        })
        .collect();
    triangulate_idx(&indexed, epsilon, true).into_iter().map(|t| [t.x as u32, t.y as u32, t.z as u32]).collect()
}
