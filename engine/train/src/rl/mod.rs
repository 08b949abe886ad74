//! Reinforcement learning with the overlap as reward: what a network learns that is only told how good its programs are
//! (Kolodiazhnyi et al., cadrille, arXiv 2505.22914).

mod advantage;
mod objective;

pub use advantage::{advantages, worth_learning};
pub use objective::{clipped_loss, preference_loss};
