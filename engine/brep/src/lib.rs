//! The analytic kernel: bodies, booleans, topology, checks, tessellation and STEP.
//!
//! Topology comes from a robust mesh boolean whose facets remember their surface; geometry comes from the surfaces.
//! Facets never reach a STEP file. Knows nothing of Python or networks.

mod boolean;
mod canonical;
pub mod contains;
pub mod curve;
pub mod error;
pub mod evaluate;
mod facet;
pub mod frame;
mod plan;
pub mod measure;
pub mod profile;
mod rebuild;
pub mod shape;
pub mod span;
pub mod step;
pub mod surface;
pub mod topology;
pub mod transform;

pub use curve::Curve;
pub use error::{BrepCause, BrepError};
pub use evaluate::{Body, EdgeId, EdgeInfo, FaceId, FaceInfo};
pub use frame::Frame;
pub use profile::{Loop, PathEdge, Profile, Region};
pub use shape::{BooleanKind, CallId, Node, Primitive, Shape};
pub use span::Span;
pub use surface::Surface;
pub use transform::Isometry;

#[cfg(test)]
mod samples;
