//! A folder to a network.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use candle_core::{DType, Device, Result as TensorResult, Shape, Tensor};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder};

use super::audit::expected_tensors;
use super::files::tensor_files;
use super::names::canonical;
use super::tensors::Tensors;
use super::{Audit, CheckpointError, Precision};
use crate::config::{Config, ConfigError};
use crate::network::{Autoregressive, Build, CadRecode, Cadrille};

/// How far loading is; told before each tensor.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Bytes of the file that have been read.
    pub done_bytes: u64,
    /// Bytes of all tensors.
    pub total_bytes: u64,
    /// The tensor that comes.
    pub tensor: &'a str,
}

/// A model that lies in the program itself: the contents of a checkpoint's files.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// `config.json`.
    pub config: &'static str,
    /// `tokenizer.json`.
    pub tokenizer: &'static str,
    /// `model.safetensors`.
    pub tensors: &'static [u8],
}

impl Embedded {
    /// What its configuration says.
    ///
    /// # Errors
    /// As [`Config::from_json`].
    pub fn config(&self) -> Result<Config, ConfigError> {
        let config = serde_json::from_str(self.config).unwrap_or_default();
        Config::from_json(&config, &serde_json::Value::Null)
    }
}

/// A checkpoint whose files are open and whose tensors are those of its network.
pub struct Checkpoint {
    config: Config,
    tensors: Tensors,
    /// Canonical name to the name in the file.
    names: BTreeMap<String, String>,
    total_bytes: u64,
    parameters: u64,
}

impl Checkpoint {
    /// Opens a folder with `config.json` and `model.safetensors` or its shards, and compares the tensors with those the
    /// network needs; nothing but the headers is read.
    ///
    /// # Errors
    /// [`CheckpointError`]; [`CheckpointError::TensorsDiffer`] lists every difference.
    pub fn open(folder: &Path) -> Result<Self, CheckpointError> {
        Self::new(Config::from_folder(folder)?, Tensors::of_files(&tensor_files(folder)?)?)
    }

    /// As [`Self::open`], of a model that lies in the program.
    ///
    /// # Errors
    /// As there.
    pub fn embedded(model: &Embedded) -> Result<Self, CheckpointError> {
        Self::new(model.config()?, Tensors::of_bytes(model.tensors)?)
    }

    fn new(config: Config, tensors: Tensors) -> Result<Self, CheckpointError> {
        let (mut names, mut shapes, mut total_bytes, mut parameters) = (BTreeMap::new(), BTreeMap::new(), 0, 0);
        for (name, shape, bytes) in tensors.list() {
            let known = canonical(&name);
            total_bytes += bytes;
            parameters += shape.iter().product::<usize>() as u64;
            shapes.insert(known.clone(), shape);
            if let Some(first) = names.insert(known, name.clone()) {
                return Err(CheckpointError::NameTwice { first, second: name });
            }
        }
        let checkpoint = Self { config, tensors, names, total_bytes, parameters };
        checkpoint.audit(&shapes)?;
        Ok(checkpoint)
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How many numbers its tensors hold.
    pub fn parameters(&self) -> u64 {
        self.parameters
    }

    /// All tensors by the names that the network asks for, in `dtype`: for networks that are trained on.
    ///
    /// # Errors
    /// candle's.
    pub fn tensors(&self, device: &Device, dtype: DType) -> Result<BTreeMap<String, Tensor>, CheckpointError> {
        let read = |(name, in_file): (&String, &String)| {
            Ok((name.clone(), self.tensors.load(in_file, device)?.0.to_dtype(dtype)?))
        };
        self.names.iter().map(read).collect()
    }

    /// The network for inference: cadrille where there is a vision tower, CAD-Recode where there is none.
    ///
    /// `progress` is told before each tensor, and may break off.
    ///
    /// # Errors
    /// [`CheckpointError::Cancelled`], [`CheckpointError::PrecisionUnfit`], or candle's.
    pub fn load(
        &self,
        device: &Device,
        precision: Precision,
        progress: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Result<Box<dyn Autoregressive + Send + Sync>, CheckpointError> {
        precision.check(device)?;
        self.make(device, precision.dtype(), progress, |vb| network(&self.config, &vb, precision.build()))
    }

    /// Whatever `make` makes of the tensors, in `dtype`: for networks that are trained on.
    ///
    /// # Errors
    /// [`CheckpointError::Cancelled`], or candle's.
    pub fn make<T>(
        &self,
        device: &Device,
        dtype: DType,
        progress: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
        make: impl FnOnce(VarBuilder<'_>) -> TensorResult<T>,
    ) -> Result<T, CheckpointError> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let source = Source { checkpoint: self, progress, done_bytes: AtomicU64::new(0), cancelled: cancelled.clone() };
        let made = make(VarBuilder::from_backend(Box::new(source), dtype, device.clone()));
        if cancelled.load(Ordering::Relaxed) {
            return Err(CheckpointError::Cancelled);
        }
        Ok(made?)
    }

    fn audit(&self, shapes: &BTreeMap<String, Vec<usize>>) -> Result<(), CheckpointError> {
        let has_head = shapes.contains_key("lm_head.weight");
        let expected = expected_tensors(has_head, |vb| network(&self.config, &vb, Build::INFERENCE))?;
        let tied = self.config.text.tie_word_embeddings.unwrap_or(!has_head);
        let audit = Audit::new(&expected, shapes, tied);
        if audit.is_clean() { Ok(()) } else { Err(CheckpointError::TensorsDiffer(audit)) }
    }
}

/// The network that a configuration describes.
pub(super) fn network(
    config: &Config,
    vb: &VarBuilder<'_>,
    build: Build,
) -> TensorResult<Box<dyn Autoregressive + Send + Sync>> {
    Ok(if config.vision.is_some() {
        Box::new(Cadrille::load(config, vb, build)?)
    } else {
        Box::new(CadRecode::load(config, vb, build)?)
    })
}

/// A checkpoint as a source of tensors for candle-nn's builder.
struct Source<'a> {
    checkpoint: &'a Checkpoint,
    progress: &'a (dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    done_bytes: AtomicU64,
    cancelled: Arc<AtomicBool>,
}

impl SimpleBackend for Source<'_> {
    fn get(&self, shape: Shape, name: &str, _: Init, dtype: DType, device: &Device) -> TensorResult<Tensor> {
        let tensor = self.get_unchecked(name, dtype, device)?;
        if tensor.shape() != &shape {
            candle_core::bail!("{name} has shape {:?}, the network needs {shape:?}", tensor.shape());
        }
        Ok(tensor)
    }

    fn get_unchecked(&self, name: &str, dtype: DType, device: &Device) -> TensorResult<Tensor> {
        let Some(in_file) = self.checkpoint.names.get(name) else {
            candle_core::bail!("the checkpoint holds no tensor {name}");
        };
        let done_bytes = self.done_bytes.load(Ordering::Relaxed);
        let progress = Progress { done_bytes, total_bytes: self.checkpoint.total_bytes, tensor: name };
        if (self.progress)(progress).is_break() {
            self.cancelled.store(true, Ordering::Relaxed);
            candle_core::bail!("loading was cancelled");
        }
        let (tensor, bytes) = self.checkpoint.tensors.load(in_file, device)?;
        self.done_bytes.fetch_add(bytes, Ordering::Relaxed);
        tensor.to_dtype(dtype)
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.checkpoint.names.contains_key(name)
    }
}
