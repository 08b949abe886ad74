//! A network that goes on learning from where a model was saved.

use std::path::Path;

use candle_core::{DType, Device};
use partwright_cadrille::config::{Config, ConfigError};
use partwright_cadrille::input::{ProgramTokenizer, TokenizerError};
use partwright_cadrille::network::{Cadrille, NetworkError};
use serde_json::Value;

use super::{RlConfigError, RolloutError, Student};
use crate::network::Weights;
use crate::optimize::{AdamW, AdamWConfig, Gradients};
use crate::run_folder::{FolderError, Model, ModelError, RunFolder, State};
use crate::sft::{Augmentation, Inputs, Lesson};
use crate::threads::pools;

/// Why a run of reinforcement learning stops.
#[derive(Debug, thiserror::Error)]
pub enum RlError {
    /// The model to train on.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Its configuration.
    #[error(transparent)]
    Sizes(#[from] ConfigError),
    /// Its tokenizer.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// The run's configuration.
    #[error(transparent)]
    Config(#[from] RlConfigError),
    /// The run's files.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Answers.
    #[error(transparent)]
    Rollout(#[from] RolloutError),
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// candle.
    #[error("the network could not be computed: {0}")]
    Tensor(#[from] candle_core::Error),
    /// The system gives no threads.
    #[error("no threads to work with: {0}")]
    Threads(String),
    /// Numbers that are none.
    #[error("after step {step} the loss is not a number; take a smaller `rate`")]
    Diverged {
        /// Steps made before.
        step: u64,
    },
    /// A file of pairs that is none.
    #[error("{0} cannot be read as pairs of answers; delete it and `state.safetensors` to begin anew")]
    PairsDamaged(String),
    /// No part gave a pair.
    #[error(
        "the answers for each of the {0} parts are worth the same, so that there is nothing to prefer; take more parts"
    )]
    NothingToPrefer(u64),
}

/// The network, its optimizer, and what it sees.
pub struct Learner {
    config: Config,
    description: (Value, String),
    /// Its words, and what it sees.
    pub lesson: Lesson,
    weights: Weights,
    network: Cadrille,
    optimizer: AdamW,
    pools: Vec<rayon::ThreadPool>,
    device: Device,
    /// Steps that were made.
    pub step: u64,
    /// Time that they took, in seconds.
    pub seconds: f64,
}

impl Learner {
    /// The network of a model's folder, or where `state` left it. `threads` 0 takes all cores.
    ///
    /// # Errors
    /// [`RlError`], by cause.
    pub fn new(
        model: &Path,
        seen: (Inputs, Augmentation),
        optimizer: AdamWConfig,
        threads: usize,
        device: &Device,
        state: Option<State>,
    ) -> Result<Self, RlError> {
        let Model { config: json, tokenizer, weights } = Model::read(model, device)?;
        let config = Config::from_folder(model)?;
        let (weights, optimizer, step, seconds) = match state {
            None => {
                let optimizer = AdamW::new(optimizer, weights.variables())?;
                (weights, optimizer, 0, 0.0)
            }
            Some(state) => {
                let (step, seconds) = (state.step, state.seconds);
                let (weights, moments) = state.restore(&weights)?;
                let optimizer = AdamW::resumed(optimizer, weights.variables(), moments)?;
                (weights, optimizer, step, seconds)
            }
        };
        let network = weights.network(&config, DType::F32)?;
        let pools = pools(threads, device).map_err(|error| RlError::Threads(error.to_string()))?;
        let lesson = Lesson {
            tokenizer: ProgramTokenizer::from_json(&tokenizer)?,
            num_points: config.num_points,
            // Answers are drawn for parts, not for programs.
            num_far_points: 0,
            inputs: seen.0,
            augmentation: seen.1,
            // Programs are not shown.
            most_answer: usize::MAX,
            seed: 0,
        };
        Ok(Self {
            description: (json, tokenizer),
            lesson,
            weights,
            network,
            optimizer,
            pools,
            device: device.clone(),
            step,
            seconds,
            config,
        })
    }

    /// The network that learns: gradients go through it.
    pub fn network(&self) -> &Cadrille {
        &self.network
    }

    /// Its weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// A thread each.
    pub fn pools(&self) -> &[rayon::ThreadPool] {
        &self.pools
    }

    /// Where it is.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The network as it is now, for writing; later steps do not change it.
    ///
    /// # Errors
    /// candle's.
    pub fn snapshot(&self) -> Result<Cadrille, RlError> {
        Ok(self.weights.snapshot(&self.config)?)
    }

    /// The running mean of the network, for examinations.
    ///
    /// # Errors
    /// candle's.
    pub fn mean(&self) -> Result<Cadrille, RlError> {
        Ok(State::mean(&self.weights, self.optimizer.moments())?.snapshot(&self.config)?)
    }

    /// What `network` needs to try.
    pub fn student<'a>(&'a self, network: &'a Cadrille) -> Student<'a> {
        Student { network, lesson: &self.lesson, device: &self.device, pools: &self.pools }
    }

    /// Moves against gradients that are shortened to `clip`, and gives their length before that.
    ///
    /// # Errors
    /// [`RlError::Diverged`], candle's.
    pub fn move_by(&mut self, loss: f64, gradients: &Gradients, rate: f64, clip: f64) -> Result<f64, RlError> {
        let norm = gradients.norm();
        if !(loss.is_finite() && norm.is_finite()) {
            return Err(RlError::Diverged { step: self.step });
        }
        self.optimizer.step(self.weights.variables(), gradients, rate, Gradients::clipping(norm, clip))?;
        Ok(norm)
    }

    /// Saves the model and all that the next step depends on.
    ///
    /// # Errors
    /// [`RlError::Folder`], candle's.
    pub fn save(&self, folder: &RunFolder) -> Result<(), RlError> {
        let mean = State::mean(&self.weights, self.optimizer.moments())?;
        folder.save_model(&self.description.0, &self.description.1, &mean)?;
        folder.save_state(&State::of(self.step, self.seconds, &self.weights, self.optimizer.moments())?)?;
        Ok(())
    }
}
