//! Why a checkpoint cannot be loaded.

use std::path::PathBuf;

use super::{Audit, Precision};
use crate::config::ConfigError;

/// Why a checkpoint cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// Its configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Neither layout of tensors is there.
    #[error("{} holds neither model.safetensors nor model.safetensors.index.json; name the checkpoint's folder", folder.display())]
    NoTensors {
        /// The folder.
        folder: PathBuf,
    },
    /// The list of shards is unreadable.
    #[error("{} cannot be read as a list of shards: {what}; download it again", path.display())]
    IndexUnreadable {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The list names a file that is not in the folder.
    #[error("{} names the shard `{shard}`, which is not in the folder; finish the download", index.display())]
    ShardMissing {
        /// The list.
        index: PathBuf,
        /// The file.
        shard: String,
    },
    /// A file of tensors is damaged.
    #[error("{} cannot be read as safetensors: {source}; download it again", path.display())]
    FileDamaged {
        /// The file.
        path: PathBuf,
        /// What candle said.
        source: candle_core::Error,
    },
    /// Two tensors get the same name.
    #[error("`{first}` and `{second}` are the same tensor under two naming schemes; the checkpoint mixes two models")]
    NameTwice {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// The tensors are not those of the network.
    #[error("the tensors do not fit config.json: {0}")]
    TensorsDiffer(Audit),
    /// The type does not run on the device.
    #[error("{precision} does not run well on {device}: {why}")]
    PrecisionUnfit {
        /// What was asked for.
        precision: Precision,
        /// Where.
        device: &'static str,
        /// Why, and what to take instead.
        why: &'static str,
    },
    /// The caller asked to stop.
    #[error("loading was cancelled")]
    Cancelled,
    /// candle refused: memory, the device.
    #[error("the network could not be made: {0}")]
    Tensor(#[from] candle_core::Error),
}
