//! How well networks write programs: the table of cadrille's paper at any scale.
//!
//! Each model is shown each part as points, pictures and a description, and writes a likeliest program and further drawn ones.
//! All are executed and compared as cadrille's evaluation does it (both shapes centred and scaled to unit size; median Chamfer
//! distance, mean intersection over union of what could be executed, share of what could not), but for two faults of the
//! published evaluator: no overlap exceeds 1, and the best of several is one program, that of the best overlap, in both columns.

mod evaluate;
mod faults;
mod rounds;
mod summary;
mod table;
mod task;

pub use evaluate::{Attempt, EvaluateConfig, Examination, Outcome};
pub use faults::{ProgramTried, faults_line};
pub use rounds::{Rounds, mean_rounds, rounds_table};
pub use summary::{Look, ModelSummary, summary};
pub use table::{Row, table};
pub use task::{Shown, Task, generated_tasks, manifest_tasks, published_tasks};
