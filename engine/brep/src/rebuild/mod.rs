//! From facets back to analytic faces: topology from the mesh, geometry from the surfaces.
//!
//! Stages, each in its file: [`pairing`] makes a manifold of the triangles, [`regions`] groups them to faces,
//! [`chains`] finds edges and corners, [`snap`] moves vertices onto their surfaces, [`curves`] finds every edge's curve,
//! [`assemble`] builds the topology, [`slivers`] finds what facets left of faces that are none.

mod assemble;
mod chains;
mod curves;
mod pairing;
mod regions;
mod slivers;
mod snap;

pub(crate) use assemble::{Rebuilt, rebuild};
pub(crate) use pairing::HalfedgeMesh;
