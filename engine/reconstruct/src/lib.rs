//! The pool: candidates for a scan are generated, executed, scored, ranked and explained.
//!
//! One road for all: whatever proposes a program, it is executed by an [`Executor`] and compared with the scan by
//! `partwright_geometry::metric`. What is offered is what was measured; a candidate that could not be executed stays in
//! the list with its reason, behind all others. A [`Watch`] hears of every candidate while the work goes on.
//!
//! A network is an [`Author`] beside the fit ([`reconstruct_with`]), and the only one where there is no scan
//! ([`reconstruct_unmeasured`]).
//!
//! Knows nothing of screens, and touches no files.

mod background;
mod config;
mod editability;
mod evidence;
mod execute;
mod generate;
mod network;
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
pub use network::{
    Author, AuthorError, NamedWriter, NetworkSource, UnmeasuredConfig, WhenAsked, WritingOrder, Written,
    reconstruct_unmeasured,
};
pub use partwright_fit::{CancelToken, Deadline, Progress, Silent, Survey, survey};
pub use pool::{Criterion, ReconstructError, Reconstruction, reconstruct, reconstruct_with};
pub use refinement::Refinement;
pub use score::{Coverage, Score, Scored};
pub use stages::{Stage, StageTimes};
pub use verdict::{Judgement, Thresholds, Verdict};
pub use watch::{LiveCandidate, Watch};
pub use workers::Workers;
