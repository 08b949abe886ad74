//! What is wrong with a mesh, and putting right what can be.
//!
//! [`inspect`] reports and changes nothing; [`weld`] joins vertices; [`repair`] runs the repairs in their order. Absent on
//! purpose: filling holes and cutting self-intersections. Both invent surface, which a scan's reader must not do unasked.

mod duplicate;
mod inspect;
mod orient;
#[cfg(test)]
mod shapes;
mod steps;
mod weld;

pub use inspect::{MeshReport, inspect};
pub use steps::{RepairConfig, RepairReport, repair};
pub use weld::{weld, weld_exact};
