//! A model's folder, read to be trained on.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use partwright_cadrille::checkpoint::{Checkpoint, CheckpointError};
use serde_json::Value;

use super::FolderError;
use crate::network::Weights;

/// Why a model cannot be trained on.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Its tensors or its configuration.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// One of its files.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// candle.
    #[error("the weights cannot be read or written: {0}")]
    Tensor(#[from] candle_core::Error),
    /// It reads no pictures, and training is for networks that do.
    #[error("{0} holds a network without a vision tower, which cannot be trained on here")]
    NoVision(String),
}

/// A model as it was saved.
#[derive(Clone, Debug)]
pub struct Model {
    /// The content of `config.json`.
    pub config: Value,
    /// The content of `tokenizer.json`.
    pub tokenizer: String,
    /// Its weights, in f32.
    pub weights: Weights,
}

impl Model {
    /// Reads a folder such as a run leaves it.
    ///
    /// # Errors
    /// [`ModelError`], by cause.
    pub fn read(folder: &Path, device: &Device) -> Result<Self, ModelError> {
        let checkpoint = Checkpoint::open(folder)?;
        if checkpoint.config().vision.is_none() {
            return Err(ModelError::NoVision(folder.display().to_string()));
        }
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|source| FolderError::Access { path, source })
        };
        let config = serde_json::from_str(&text("config.json")?).unwrap_or_default();
        let tensors = checkpoint.tensors(device, DType::F32)?;
        Ok(Self { config, tokenizer: text("tokenizer.json")?, weights: Weights::of(tensors, device)? })
    }

    /// Writes it into a folder with weights of 16 bits, which are half as large as those it is trained on with.
    ///
    /// # Errors
    /// [`ModelError`]: a file that cannot be written.
    pub fn pack(&self, folder: &Path) -> Result<(), ModelError> {
        let at = |path: PathBuf| move |source| FolderError::Access { path, source };
        fs::create_dir_all(folder).map_err(at(folder.to_owned()))?;
        let half = |(name, variable): (&String, &candle_core::Var)| -> candle_core::Result<(String, Tensor)> {
            Ok((name.clone(), variable.as_tensor().to_dtype(DType::F16)?))
        };
        let weights = self.weights.names().iter().zip(self.weights.variables()).map(half);
        let weights: HashMap<String, Tensor> = weights.collect::<candle_core::Result<_>>()?;
        candle_core::safetensors::save(&weights, folder.join("model.safetensors"))?;
        for (name, text) in
            [("config.json", format!("{:#}\n", self.config)), ("tokenizer.json", self.tokenizer.clone())]
        {
            let path = folder.join(name);
            fs::write(&path, text).map_err(at(path))?;
        }
        Ok(())
    }
}
