//! A part as the text of a CadQuery program: one statement per feature.

mod number;
mod plane_name;
mod program;
mod statement;

pub use number::number;
pub use program::{ProgramText, is_writable, program};
