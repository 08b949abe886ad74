//! The networks that are trained here: cadrille's own architecture in small sizes.

mod preset;

pub use preset::{Preset, Sizes};
