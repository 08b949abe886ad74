//! Set operations on facet meshes: manifold-rust's exact boolean, whose triangles keep the facet they came from.

use std::panic::{AssertUnwindSafe, catch_unwind};

use glam::DVec3;
use manifold_rust::manifold::Manifold;
use manifold_rust::types::{Error, MeshGLP, OpType};

use crate::facet::FacetMesh;
use crate::{BooleanKind, BrepCause};

/// Most triangles an operand may have.
const MAX_TRIANGLES: usize = 4_000_000;

/// Triangles of a result, each with its facet.
#[derive(Clone, Debug, Default)]
pub(crate) struct FacetSoup {
    /// Corners.
    pub(crate) positions: Vec<DVec3>,
    /// Corner indices, counter-clockwise from outside.
    pub(crate) triangles: Vec<[u32; 3]>,
    /// The facet of every triangle.
    pub(crate) facets: Vec<u32>,
    /// Whether the triangle bounds material on the facet's other side (its body was subtracted).
    pub(crate) inverted: Vec<bool>,
}

/// The boolean's operand of a body.
pub(crate) fn operand(mesh: &FacetMesh, tolerance: f64) -> Result<Manifold, BrepCause> {
    let gl = MeshGLP::<f64, u32> {
        num_prop: 3,
        vert_properties: mesh.positions.iter().flat_map(DVec3::to_array).collect(),
        tri_verts: mesh.triangles.iter().flatten().copied().collect(),
        face_id: mesh.facets.clone(),
        tolerance,
        ..MeshGLP::default()
    };
    guarded(|| Manifold::from_mesh_glp(&gl))
}

/// One operation.
pub(crate) fn combine(kind: BooleanKind, left: &Manifold, right: &Manifold) -> Result<Manifold, BrepCause> {
    let triangles = left.num_tri() + right.num_tri();
    if triangles > MAX_TRIANGLES {
        return Err(BrepCause::TooLarge { what: "the number of facets", value: triangles, limit: MAX_TRIANGLES });
    }
    let op = match kind {
        BooleanKind::Union => OpType::Add,
        BooleanKind::Cut => OpType::Subtract,
        BooleanKind::Intersect => OpType::Intersect,
    };
    guarded(|| left.boolean(right, op))
}

/// The triangles of a result.
pub(crate) fn soup(manifold: &Manifold) -> FacetSoup {
    let gl = manifold.get_mesh_glp::<f64, u32>(-1);
    let triangles: Vec<[u32; 3]> = gl.tri_verts.as_chunks().0.to_vec();
    let mut inverted = vec![false; triangles.len()];
    for (run, flags) in gl.run_flags.iter().enumerate() {
        if flags & 1 != 0 {
            inverted[gl.run_index[run] as usize / 3..gl.run_index[run + 1] as usize / 3].fill(true);
        }
    }
    let positions = gl.vert_properties.as_chunks().0.iter().map(|p: &[f64; 3]| DVec3::from(*p)).collect();
    FacetSoup { positions, triangles, facets: gl.face_id, inverted }
}

/// Turns what the boolean reports, by status or by panic, into a cause.
fn guarded(work: impl FnOnce() -> Manifold) -> Result<Manifold, BrepCause> {
    let failed = |reason: String| BrepCause::BooleanFailed { reason };
    let result = catch_unwind(AssertUnwindSafe(work)).map_err(|_| failed("the mesh boolean panicked".into()))?;
    match result.status() {
        Error::NoError => Ok(result),
        error => Err(failed(error.to_string().to_lowercase())),
    }
}
