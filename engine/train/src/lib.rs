//! Learning to write CadQuery programs: programs made at random, what a network sees of them, and training on both.
//!
//! Knows nothing of screens.

pub mod caption;
pub mod data;
pub mod dataset;
pub mod generate;
pub mod network;
pub mod optimize;
pub mod reward;
pub mod rl;
pub mod run_folder;
mod sample;
pub mod sft;
pub mod statistics;
mod threads;
pub mod tokenizer;
mod views;

pub use sample::Sample;
pub use views::Views;
