//! The networks that are trained here: cadrille's own architecture in small sizes, and its weights as variables.

mod preset;
mod weights;

pub use preset::{Preset, Sizes};
pub use weights::Weights;
