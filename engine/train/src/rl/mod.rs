//! Reinforcement learning with the overlap as reward: what a network learns that is only told how good its programs are
//! (Kolodiazhnyi et al., cadrille, arXiv 2505.22914).
//!
//! | file | what it is |
//! |---|---|
//! | `part` | parts to write programs for: made at random, or meshes of which no program is known |
//! | `rollout` | the network tries: answers, and what they are worth |
//! | `advantage`, `objective` | the formulas, each tested against numbers worked out by hand |
//! | `cppo`, `dpo` | one update of each method |
//! | `learner`, `run`, `row`, `config` | whole runs and their files |

mod advantage;
mod config;
pub mod cppo;
pub mod dpo;
mod learner;
mod objective;
mod part;
mod rollout;
mod row;
mod run;

pub use advantage::{advantages, worth_learning};
pub use config::{CppoConfig, DpoConfig, Method, MineConfig, PartsConfig, RlConfig, RlConfigError};
pub use learner::{Learner, RlError};
pub use objective::{clipped_loss, preference_loss};
pub use part::{HELD_OUT, Meshes, Parts, RandomParts};
pub use rollout::{Answer, Attempted, Drawing, RolloutError, Student, attempted, program};
pub use row::{RlExamined, RlRow, Worth};
pub use run::{HARD, RlEvent, RlOutcome, Watcher, hard_parts, run_cppo, run_dpo, run_mine};
