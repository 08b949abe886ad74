//! Writing programs: one token after another, from one reading of the input.
//!
//! candle-transformers' `LogitsProcessor` is not used: it tells no probabilities, draws all samples from one stream, and
//! its generator may change between versions of `rand`.

mod choice;
mod error;
mod generate;

pub use choice::{Strategy, Weighted, kept_tokens};
pub use error::SamplingError;
pub use generate::{Constraint, End, Sample, Settings, Token, generate};
