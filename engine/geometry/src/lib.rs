//! Meshes and point clouds: formats, repair, sampling, nearest neighbours, queries, normalisation and the one
//! implementation of the metrics.
//!
//! Knows nothing of B-Reps, Python or networks.

pub mod mesh;
pub mod units;

pub use mesh::{Geometry, PointCloud, TriMesh};
pub use units::LengthUnit;
