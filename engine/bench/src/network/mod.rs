//! The network's speed and memory, beside what the machine's memory allows and what torch makes of the same sizes.
//!
//! One written token reads every weight of the layers and of the head once, so that the memory's bandwidth bounds the
//! speed of a single sample; it is measured too. No checkpoint is needed: speed does not depend on the weights, and
//! random ones of the true size are made.

mod bandwidth;
mod measure;
mod memory;
mod size;
mod table;
mod torch;

pub use measure::{DecodeSpeed, NetworkBenchError, NetworkResults, NetworkSettings, Weights, measure};
pub use memory::Memory;
pub use size::{NetworkSize, SizeError};
pub use table::table;
pub use torch::{Torch, TorchError, TorchResults};
