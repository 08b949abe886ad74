//! Meshes and point clouds: formats, repair, sampling, nearest neighbours, queries, normalisation and the one
//! implementation of the metrics.
//!
//! Knows nothing of B-Reps, Python or networks.

pub mod units;

pub mod mesh;

pub mod bounds;
mod edges;
pub mod furthest;
pub mod nearest;
pub mod normalize;
mod pieces;
pub mod sample;
pub mod transform;
pub mod valid;

pub mod save;

pub mod format;
pub mod repair;

pub mod cloud;
pub mod metric;
pub mod query;
pub mod simulate;
pub mod view;

pub use bounds::Bounds;
pub use mesh::{Geometry, PointCloud, TriMesh};
pub use transform::Similarity;
pub use units::LengthUnit;
