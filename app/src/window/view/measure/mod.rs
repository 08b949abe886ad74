//! Measuring: between vertices, edges, faces and points of the scan.
//!
//! On the part nothing is read off triangles: `feature` reduces what was clicked to a point, an axis or a plane of the exact
//! body and says what lies between two of them; `edge` knows the exact measures of edges. `tool` is what the user sees.

mod edge;
mod feature;
mod tool;

pub use edge::EdgeGeometry;
pub use feature::{Feature, Measured, between};
pub(in crate::window) use tool::text;
pub use tool::{Element, Measuring, Picked};
pub(super) use tool::{edge_facts, face_facts, show};
