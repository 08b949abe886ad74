//! A part's constants: fitted to the scan all together, made to meet relations, and put on a decimal grid, so that the
//! program reads well and faces that touch touch exactly.
//!
//! The way of [`refined`]: the part becomes a list of numbers (`view`) with faces that hang on them (`face`), points are
//! given to faces (`association`), all numbers are fitted at once (`least_squares`), and what is then known of them
//! (`gaussian`) says which relations (`relations`, `polar`) and round numbers (`roundness`, `standard_holes`) may be meant
//! (`snapping`).

mod association;
mod evidence;
mod face;
mod gaussian;
mod least_squares;
mod polar;
mod record;
mod refinement;
mod relations;
mod rounding;
mod roundness;
mod snapping;
mod standard_holes;
mod view;

pub use evidence::Evidence;
pub(crate) use gaussian::Symmetric;
pub use record::{Refined, Relation, Snap};
pub use refinement::{RefineConfig, refined};
pub use rounding::{Precision, rounded};
