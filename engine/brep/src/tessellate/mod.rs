//! Watertight triangle meshes of analytic solids, within a tolerance.
//!
//! Every edge is sampled once and its points are shared by the faces on both sides, so the mesh closes by construction.
//! A face's boundary is laid out in a plane by a chart of its surface (for faces that go round an axis an annulus or a
//! disc, for spheres the stereographic projection: no seam is cut), triangulated there by a constrained Delaunay
//! triangulation, and refined with points of the surface until every inner edge is within the tolerance.

mod boundary;
mod chart;
mod closed;
mod domain;
mod edges;
mod error;
mod solid;
mod tolerance;

pub(crate) use boundary::{Boundary, Piece, lay_out};
pub use error::TessellateError;
pub use solid::{Tessellation, tessellate};
pub use tolerance::Tolerance;
