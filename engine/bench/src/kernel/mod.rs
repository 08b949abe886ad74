//! The kernel measured on its cases: right or wrong against CadQuery's values, and how fast.
//!
//! A folder of cases holds `NNN.json`, operations on extruded profiles, and `reference.json`, what CadQuery made of the
//! same programs. The cases reach the kernel as graphs of bodies, without any Python.

mod case;
mod reference;
mod score;
mod table;

pub use case::{KernelCase, KernelCaseError};
pub use reference::{Reference, references};
pub use score::{KernelBenchError, KernelResult, KernelResults, run};
pub use table::table;
