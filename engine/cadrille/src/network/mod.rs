//! The networks: cadrille (arXiv 2505.22914) and CAD-Recode (arXiv 2412.14042), in candle.
//!
//! One file is one part, spelled as in the checkpoints. Of candle-nn come the dense linear layer, the variables'
//! builder, the key and value cache and the fused operations; candle-transformers has neither Qwen2-VL's decoder nor
//! its vision tower, and its Qwen2 takes no embeddings, so that nothing of it is used here.
//!
//! The same code runs and trains: [`Ops`] chooses in one place between operations that are fused and operations that
//! carry gradients.

mod autoregressive;
mod cad_recode;
mod cadrille;
mod decoder;
mod embedding;
mod error;
mod input;
mod kernel;
mod linear;
mod ops;
mod packed;
mod points;
mod rope_index;
mod rotary;
mod state;
mod vision;

pub use autoregressive::Autoregressive;
pub use cad_recode::CadRecode;
pub use cadrille::Cadrille;
pub use decoder::Decoder;
pub use embedding::Embedding;
pub use error::NetworkError;
pub use input::{Embedded, Input, Picture};
pub use kernel::log_probabilities;
pub use linear::Linear;
pub use ops::{Build, Ops};
pub use points::{POINT_FEATURES, PointEncoder};
pub use rope_index::{Positions, rope_index};
pub use state::State;
pub use vision::Vision;
