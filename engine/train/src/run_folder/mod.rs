//! The files of a run, in one folder:
//!
//! | file | what it is |
//! |---|---|
//! | `config.toml` | what the run does, with all defaults |
//! | `state.safetensors` | all that the next step depends on |
//! | `losses.csv`, `examinations.csv` | a line for each step, for each examination |
//! | `curves.html` | both as pictures |
//! | `model` | the running mean of the weights as an ordinary checkpoint, for `partwright model add` |
//!
//! Every file is written aside and renamed, so that one that was being written when the power failed is the old one.

mod curves;
mod folder;
mod row;
mod state;

pub use folder::{FolderError, RunFolder};
pub use row::{Examined, Row};
pub use state::State;
