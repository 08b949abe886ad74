//! A part's constants: fitted to the scan all together, made to meet relations, and put on a decimal grid, so that the
//! program reads well and faces that touch touch exactly.

mod record;
mod rounding;

pub use record::{Refined, Relation, Snap};
pub use rounding::{Precision, rounded};
