//! Learning from programs that are known to be right (supervised fine-tuning).

mod example;
mod loss;

pub use example::Example;
pub use loss::{Loss, answer_log_probabilities, gradients, loss};
