//! From section polygons to outlines of lines, arcs and circles.

mod circle;
mod outline_fit;
mod polyline;
mod segments;
mod snap;

pub use circle::{Circle, fit_circle};
pub use outline_fit::{ProfileTolerance, fit_outline};
pub use polyline::simplified;
