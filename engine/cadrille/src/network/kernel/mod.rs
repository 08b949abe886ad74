//! Operations of training, each a whole with its gradient: for CPUs, in f32.
//!
//! candle's elementary operations carry gradients too, but read and write memory several times for each formula, on one
//! thread without wide registers, and its masks cost attention twice the work. These do the same arithmetic in one pass.
//! They run on the calling thread alone: training gives each core a batch of its own. Elsewhere (other devices, other
//! types) the elementary operations stay in use; tests hold the two to each other.

mod attention;
mod gated;
mod linear;
mod log_probability;
mod norm;
mod product;
mod slice;
mod wide;

pub(crate) use attention::{Heads, attention};
pub(crate) use gated::gated;
pub(crate) use linear::{linear, linear_onto};
pub use log_probability::log_probabilities;
pub(crate) use norm::rms_norm;
pub(crate) use slice::serves;

#[cfg(test)]
mod tests;
