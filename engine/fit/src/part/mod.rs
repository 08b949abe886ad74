//! The typed feature model a proposal consists of: what is drawn, where, how it is swept, and whether it adds or cuts.
//!
//! It is deliberately smaller than CadQuery: everything in it is written as one readable statement by [`crate::emit`].

mod feature;
mod outline;
mod plane;

pub use feature::{Feature, FeatureKind, Part, Region, Sweep};
pub use outline::{Outline, PathEdge, arc_angles, circle_through};
pub use plane::SketchPlane;
