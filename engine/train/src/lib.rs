//! Learning to write CadQuery programs: programs made at random, what a network sees of them, and training on both.
//!
//! Knows nothing of screens.

pub mod caption;
pub mod dataset;
pub mod generate;
mod sample;
pub mod statistics;

pub use sample::Sample;
