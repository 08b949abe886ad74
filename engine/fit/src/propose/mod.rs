//! Competing ways to build a part: stacks of slabs along each direction, bodies of revolution, and what is then missing or
//! too much, taken from other directions.

mod beam;
mod cloud;
mod cloud_turned;
mod crossed;
mod draft;
mod exact;
mod grouping;
mod plainer;
mod proposal;
mod residual;
mod revolve;
mod rings;
mod scanned;
mod slab;
mod stack;
mod terraces;
mod turnable;
mod turned;
mod vertices;

pub use cloud::propose_for_cloud;
pub use draft::{Draft, revolved_mesh, section_of_model};
pub use grouping::grouped;
pub use proposal::{Origin, Proposal, ProposeConfig, propose};
pub use revolve::{Axis, HalfSection, axes_of_revolution, revolved};
pub use scanned::propose_from_primitives;
pub use slab::{Slab, slabs};
pub use stack::{Changing, stack};
pub use turnable::turnable;
pub use turned::Turned;
