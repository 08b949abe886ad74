//! Shapes selected from bodies: their parts, what selectors see of them, and the methods of `cq.Shape`.

mod face;
pub(crate) mod make;
pub(crate) mod measure;
mod parts;

pub(crate) use measure::bounds_of;
pub(crate) use parts::{Part, candidate, parts_of};
