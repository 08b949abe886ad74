//! What a written program is worth: ten times the overlap of its part with the right one, or minus ten where it makes none
//! (Kolodiazhnyi et al., cadrille, arXiv 2505.22914).
//!
//! Programs are made as everywhere, in worker processes that can be killed: what a network writes while it learns is the most
//! hostile text there is. Only facets are asked for; the analytic body is not needed.

mod cache;
mod make;
mod rewarder;

pub use make::{Maker, NotMade, OfThisProcess, OfWorkers};
pub use rewarder::{Fate, Reward, Rewarder, Target, WORTH_OF_NOTHING};
