//! Learning from programs that are known to be right (supervised fine-tuning).
//!
//! A sample becomes an example ([`Lesson`]): a prompt of points, a picture, words or several of them, and the program as the
//! answer, which alone is scored. Batches are split among threads, each with a network of the same weights
//! ([`gradients`]). Everything random is a function of a seed and a number, so that a run that was broken off goes on
//! as if it had not been.

mod augment;
mod config;
mod damage;
mod evaluate;
mod example;
mod lesson;
mod loss;
mod run;
mod trainer;

pub use augment::Augmentation;
pub use config::{
    DataConfig, EvaluationConfig, NetworkConfig, SftConfig, SftConfigError, TrainingConfig, TrainingPrecision,
};
pub use damage::damaged;
pub use evaluate::{Attempt, Evaluation, Task, attempts, evaluation, greedy, score};
pub use example::Example;
pub use lesson::{Inputs, Lesson, LessonError};
pub use loss::{Loss, answer_log_probabilities, gradients, loss, summed_gradients};
pub use run::{Event, Outcome, run};
pub use trainer::{TrainError, Trainer};
