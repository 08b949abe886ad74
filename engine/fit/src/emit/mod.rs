//! A part as the text of a CadQuery program: one statement per feature, with bare numbers ([`program`]) or as an
//! engineer writes it ([`parametric_program`]).

mod number;
mod parametric;
mod plane_name;
mod program;
mod statement;

pub use number::number;
pub use parametric::{Holes, Patterns, Wording};
pub use program::{ProgramText, is_writable, parametric_program, program};
