//! Why nothing can be sampled.

use crate::network::NetworkError;

/// Why nothing can be sampled.
#[derive(Debug, thiserror::Error)]
pub enum SamplingError {
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// candle refused: memory, the device.
    #[error("the network's answer could not be read: {0}")]
    Tensor(#[from] candle_core::Error),
    /// The scores hold no finite largest value.
    #[error(
        "the scores of token {position} are not numbers; the checkpoint is damaged, or its type too narrow (take f32)"
    )]
    ScoresNotFinite {
        /// Tokens written before.
        position: usize,
    },
    /// A temperature that divides by nothing, or is not a number.
    #[error("temperature {found} is not above 0; take `Strategy::Greedy` for the most likely token")]
    TemperatureNotPositive {
        /// What was asked for.
        found: f64,
    },
    /// A share outside of 0..1.
    #[error("top-p {found} is not above 0 and at most 1")]
    TopPOutside {
        /// What was asked for.
        found: f64,
    },
    /// A choice among no tokens.
    #[error("top-k 0 leaves no token to take; leave it out to keep all")]
    TopKZero,
}
