//! From gradients to new weights: sums in a fixed order, clipping, `AdamW`, the rate's schedule, and a running mean.

mod adamw;
mod gradients;
mod schedule;

pub use adamw::{AdamW, AdamWConfig, Moments};
pub use gradients::Gradients;
pub use schedule::Schedule;
