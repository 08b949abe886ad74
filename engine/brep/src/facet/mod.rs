//! Bodies as facet meshes: every facet is planar and knows its analytic surface.

mod areas;
mod contact;
mod extrusion;
mod mesh;
mod outline;
mod revolution;

pub(crate) use areas::areas;
pub(crate) use extrusion::Extrusion;
pub(crate) use mesh::{FacetMesh, FacetTable};
pub(crate) use outline::{Area, Outline, Segment, SegmentKind};
pub(crate) use revolution::{Revolution, half_disc};
