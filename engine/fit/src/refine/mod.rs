//! A part's constants: put on a decimal grid, so that the program reads well and faces that touch touch exactly.

mod rounding;

pub use rounding::{Precision, rounded};
