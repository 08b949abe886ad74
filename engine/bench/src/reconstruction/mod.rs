//! Reconstruction measured on a data set.
//!
//! [`manifest`] reads what cases there are, [`runner`] runs each of them in a child process that calls [`case`],
//! [`ledger`] keeps what is finished, [`summary`] condenses, [`worst`] lists what went worst and [`table`] prints.

pub mod case;
pub mod ledger;
pub mod manifest;
pub mod results;
pub mod runner;
pub mod summary;
pub mod table;
pub mod worst;

pub use case::{Ablation, CaseJob, CaseOutcome, Extent, InputKind, SAMPLED_POINTS, Scanner};
pub use manifest::{Case, CaseInput, Manifest, ManifestError, Selection};
pub use results::{CaseResult, CaseStatus, Results};
pub use runner::{Bench, RunnerConfig, RunnerError};
pub use summary::Summary;
