//! Cleaning point clouds: outliers away, normals estimated and turned to one side, principal directions.

mod noise;
mod normals;
mod outliers;
mod scatter;

pub use noise::Sampling;
pub use normals::{estimate_normals, with_normals};
pub use outliers::{radius_inliers, select, statistical_inliers};
pub use scatter::Scatter;
