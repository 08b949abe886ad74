//! Validity of solids: one rule per file, each with its error, its check, a valid and an invalid case.
//!
//! [`check`] runs them all, the topological ones first. What is not looked for: two faces of a shell that pass through
//! one another away from their edges (the mesh boolean that solids come from cannot make such).

mod closed_shell;
mod edges_on_surfaces;
mod oriented;
mod outward;
mod simple_loops;
mod solid;
mod vertices_on_curves;
mod voids_inside;
mod wires_closed;

pub use closed_shell::{EdgeUses, check_closed_shell};
pub use edges_on_surfaces::{EdgeOffSurface, check_edges_on_surfaces};
pub use oriented::{EdgeRunTwice, check_oriented};
pub use outward::{InsideOut, check_outward};
pub use simple_loops::{LoopCrosses, check_simple_loops};
pub use solid::{Rule, Violation, check};
pub use vertices_on_curves::{VertexOffCurve, check_vertices_on_curves};
pub use voids_inside::{VoidMisplaced, check_voids_inside};
pub use wires_closed::{WireNotClosed, check_wires_closed};
