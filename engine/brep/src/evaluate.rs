//! From a graph of bodies to analytic solids.

use std::sync::Arc;

use glam::DVec3;
use partwright_geometry::TriMesh;

use crate::topology::Solid;
use crate::{BrepError, CallId, Curve, Shape, Surface};

/// Index of a face in [`Body::faces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FaceId(pub u32);

/// Index of an edge in [`Body::edges`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EdgeId(pub u32);

/// One face of an evaluated body.
#[derive(Clone, Debug)]
pub struct FaceInfo {
    /// The surface it lies on.
    pub surface: Surface,
    /// Whether the outward normal is the opposite of the surface's natural normal.
    pub reversed: bool,
    /// The program's call that made it.
    pub call: CallId,
    /// Index of the solid it belongs to.
    pub solid: u32,
    /// Exact area.
    pub area: f64,
    /// Centre of area.
    pub center: DVec3,
    /// Its edges, outer loop first.
    pub loops: Vec<Vec<EdgeId>>,
}

/// One edge of an evaluated body.
#[derive(Clone, Debug)]
pub struct EdgeInfo {
    /// The curve it lies on.
    pub curve: Curve,
    /// First vertex; index into [`Body::vertices`].
    pub start: u32,
    /// Second vertex; equal to `start` for a closed edge.
    pub end: u32,
    /// The faces on its two sides.
    pub faces: [FaceId; 2],
    /// Length.
    pub length: f64,
    /// Centre of length.
    pub center: DVec3,
}

/// An evaluated shape: analytic solids with their topology, and the facets they were rebuilt from.
#[derive(Debug)]
pub struct Body {
    /// The solids (topology with analytic geometry).
    pub solids: Vec<Solid>,
    /// Faces of all solids.
    pub faces: Vec<FaceInfo>,
    /// Edges of all solids.
    pub edges: Vec<EdgeInfo>,
    /// Vertices of all solids.
    pub vertices: Vec<DVec3>,
    /// The watertight facet mesh.
    pub mesh: TriMesh,
    /// The face every triangle of `mesh` belongs to.
    pub mesh_faces: Vec<FaceId>,
    /// Exact volume.
    pub volume: f64,
    /// Exact area.
    pub area: f64,
    /// Exact centre of volume.
    pub center: DVec3,
    /// Exact bounding box, lower and upper corner.
    pub bounds: [DVec3; 2],
}

/// Evaluates a whole graph at once.
pub(crate) fn evaluate(_shape: &Shape) -> Result<Body, BrepError> {
    todo!("brep-core builds this")
}

/// The facet mesh alone, without the rebuild: for IoU and rewards.
///
/// # Errors
/// As for [`Shape::body`].
pub fn facet_mesh(_shape: &Shape) -> Result<Arc<TriMesh>, BrepError> {
    todo!("brep-core builds this")
}
