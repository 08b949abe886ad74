//! Plane sections of meshes and of features, and set operations on the areas they bound.

mod area;
mod prism;
mod slice;

pub use area::{Area, AreaShape, Polygon, signed_area};
pub use prism::section_of_prism;
pub use slice::MeshSlicer;
