//! Cleaning point clouds: thinned evenly, outliers away, normals estimated and turned to one side, principal directions.

mod noise;
mod normals;
mod outliers;
mod scatter;
mod thinning;

pub use noise::Sampling;
pub use normals::{estimate_normals, with_normals};
pub use outliers::{radius_inliers, select, statistical_inliers};
pub use scatter::Scatter;
pub use thinning::thinned;
