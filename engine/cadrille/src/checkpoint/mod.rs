//! A checkpoint's folder: its files, its tensors under one naming, and the network made from them.
//!
//! Files are mapped into memory and read tensor by tensor, so that the network in its own type is all that stays. A
//! folder is only read; nothing is converted on disk.

mod audit;
mod error;
mod files;
mod load;
mod names;
mod precision;
mod random;
mod tensors;

pub use audit::{Audit, Misshapen};
pub use error::CheckpointError;
pub use load::{Checkpoint, Embedded, Progress};
pub use precision::Precision;
pub use random::RandomWeights;
