//! The pool: candidates for a scan are generated, executed, scored, ranked and explained.
//!
//! One road for all: whatever proposes a program, it is executed by an [`Executor`] and compared with the scan by
//! `partwright_geometry::metric`. What is offered is what was measured; a candidate that could not be executed stays in
//! the list with its reason, behind all others. A [`Watch`] hears of every candidate while the work goes on.
//!
//! Knows nothing of screens, and touches no files.

mod background;
mod config;
mod editability;
mod evidence;
mod execute;
mod generate;
mod pool;
mod refinement;
mod score;
mod sharp_parent;
mod stages;
mod surveyed;
mod verdict;
mod watch;
mod wording;
mod workers;

pub use config::{ProgramFrame, ReconstructConfig};
pub use editability::{Edit, EditOutcome, Editability, editability};
pub use evidence::{Evidence, FaceEvidence};
pub use execute::{ExecutedFace, Execution, Executor, InProcess, Properties};
pub use generate::Origin;
pub use partwright_fit::{CancelToken, Deadline, Progress, Silent, Survey, survey};
pub use pool::{ReconstructError, Reconstruction, reconstruct};
pub use refinement::Refinement;
pub use score::{Coverage, Score, Scored};
pub use stages::{Stage, StageTimes};
pub use verdict::{Judgement, Thresholds, Verdict};
pub use watch::{LiveCandidate, Watch};
pub use workers::Workers;
