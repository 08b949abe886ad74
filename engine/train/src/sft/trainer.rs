//! A network that learns, step by step, and all that its next step depends on.

use std::sync::Arc;
use std::time::Instant;

use candle_core::{DType, Device};
use partwright_cadrille::config::{Config, ConfigError};
use partwright_cadrille::input::{ProgramTokenizer, TokenizerError};
use partwright_cadrille::network::{Cadrille, NetworkError};
use serde_json::Value;

use super::{Example, Lesson, LessonError, SftConfig, Task, TrainingPrecision, gradients};
use crate::caption::CAPTION_WORDS;
use crate::data::{Source, Stream};
use crate::dataset::DatasetError;
use crate::network::Weights;
use crate::optimize::{AdamW, Gradients};
use crate::run_folder::{Model, ModelError, Row, State};
use crate::threads::pools;
use crate::tokenizer;

/// Why training stops.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The network's sizes.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Neither a size nor a model is named.
    #[error("no network is named: `preset` makes a new one, `from` begins with a model")]
    NoNetwork,
    /// The model it begins with.
    #[error("the model to begin with: {0}")]
    Model(#[from] ModelError),
    /// The tokenizer.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// A sample.
    #[error("a sample cannot be learned: {0}")]
    Lesson(#[from] LessonError),
    /// The data set.
    #[error(transparent)]
    Data(#[from] DatasetError),
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// candle.
    #[error("the network could not be computed: {0}")]
    Tensor(#[from] candle_core::Error),
    /// The system gives no threads.
    #[error("no threads to work with: {0}")]
    Threads(String),
    /// The threads that make samples have died.
    #[error("the threads that make samples have ended; a program may have brought one down")]
    SamplesEnded,
    /// No sample of a batch could be learned.
    #[error("all programs of a batch are longer than `most_answer` allows, or the data is empty")]
    NothingToLearn,
    /// The loss is no number any more.
    #[error("the loss of step {step} is no number; take a lower `rate` or a longer `warm_up`")]
    Diverged {
        /// The step.
        step: u64,
    },
    /// A file of the run.
    #[error(transparent)]
    Folder(#[from] crate::run_folder::FolderError),
}

/// What is seen of parts in examinations is drawn with numbers from here on, where training never comes.
const FOR_TASKS: u64 = 1 << 40;

/// A network that learns.
pub struct Trainer {
    config: SftConfig,
    network_config: Config,
    config_json: Value,
    tokenizer_json: String,
    lesson: Arc<Lesson>,
    source: Arc<dyn Source>,
    stream: Stream<Result<Vec<Example>, TrainError>>,
    weights: Weights,
    network: Cadrille,
    dtype: DType,
    optimizer: AdamW,
    pools: Vec<rayon::ThreadPool>,
    step: u64,
    seconds: f64,
}

impl Trainer {
    /// A network at its beginning, or where `state` left it.
    ///
    /// # Errors
    /// [`TrainError`], by cause; a state of another network is one of candle's.
    pub fn new(
        config: SftConfig,
        source: Arc<dyn Source>,
        device: &Device,
        state: Option<State>,
    ) -> Result<Self, TrainError> {
        let begun = config.network.from.as_deref().map(|folder| Model::read(folder, device)).transpose()?;
        let (tokenizer_json, mut config_json, existing) = if let Some(Model { config, tokenizer, weights }) = begun {
            (tokenizer, config, Some(weights))
        } else {
            let tokenizer_json = tokenizer::json(CAPTION_WORDS);
            let parsed: Value = serde_json::from_str(&tokenizer_json).unwrap_or_default();
            let preset = config.network.preset.ok_or(TrainError::NoNetwork)?;
            let config_json = preset.sizes().config_json(&parsed)?;
            (tokenizer_json, config_json, None)
        };
        let tokenizer = ProgramTokenizer::from_json(&tokenizer_json)?;
        if config.network.far_points > 0 {
            config_json["num_far_points"] = config.network.far_points.into();
        }
        let network_config = Config::from_json(&config_json, &Value::Null)?;
        let dtype = match config.network.precision {
            TrainingPrecision::Bf16 => DType::BF16,
            TrainingPrecision::Auto if !device.is_cpu() && device.supports_bf16() => DType::BF16,
            TrainingPrecision::Auto | TrainingPrecision::F32 => DType::F32,
        };
        let fresh = match existing {
            Some(weights) => weights,
            None => Weights::random(&network_config, config.network.seed, device)?,
        };
        let (weights, optimizer, step, seconds) = match state {
            None => {
                let optimizer = AdamW::new(config.training.adamw(), fresh.variables())?;
                (fresh, optimizer, 0, 0.0)
            }
            Some(state) => {
                let State { step, seconds, .. } = state;
                let (weights, moments) = state.restore(&fresh)?;
                let optimizer = AdamW::resumed(config.training.adamw(), weights.variables(), moments)?;
                (weights, optimizer, step, seconds)
            }
        };
        let network = weights.network(&network_config, dtype)?;
        let pools = pools(config.training.threads, device).map_err(|error| TrainError::Threads(error.to_string()))?;
        let lesson = Arc::new(Lesson {
            tokenizer,
            num_points: network_config.num_points,
            num_far_points: network_config.num_far_points,
            inputs: config.inputs,
            augmentation: config.augmentation,
            most_answer: config.training.most_answer,
            seed: config.training.seed,
        });
        let (making, of, batch) = (Arc::clone(&lesson), Arc::clone(&source), config.training.batch as u64);
        let make = move |number: u64| {
            let numbers = number * batch..(number + 1) * batch;
            let mut examples = Vec::new();
            for number in numbers {
                if let Some(sample) = of.sample(number)? {
                    examples.extend(making.example(&sample, number)?);
                }
            }
            Ok(examples)
        };
        let stream =
            Stream::new(step, config.data.threads, make).map_err(|error| TrainError::Threads(error.to_string()))?;
        Ok(Self {
            config,
            network_config,
            config_json,
            tokenizer_json,
            lesson,
            source,
            stream,
            weights,
            network,
            dtype,
            optimizer,
            pools,
            step,
            seconds,
        })
    }

    /// Learns from one batch.
    ///
    /// # Errors
    /// [`TrainError`], by cause.
    pub fn step(&mut self) -> Result<Row, TrainError> {
        let start = Instant::now();
        let examples = self.stream.next_batch().ok_or(TrainError::SamplesEnded)??;
        if examples.is_empty() {
            return Err(TrainError::NothingToLearn);
        }
        let waited = start.elapsed().as_secs_f64();
        if self.dtype != DType::F32 {
            self.network = self.weights.network(&self.network_config, self.dtype)?;
        }
        let most = self.config.training.part_tokens;
        let (loss, gradients) = gradients(&self.network, &self.weights, &examples, most, &self.pools)?;
        let norm = gradients.norm();
        if !(loss.total.is_finite() && norm.is_finite()) {
            return Err(TrainError::Diverged { step: self.step });
        }
        let rate = self.config.training.schedule().rate(self.step);
        let scale = Gradients::clipping(norm, self.config.training.clip);
        self.optimizer.step(self.weights.variables(), &gradients, rate, scale)?;
        let seconds = start.elapsed().as_secs_f64();
        self.seconds += seconds;
        self.step += 1;
        Ok(Row {
            step: self.step,
            loss: loss.mean(),
            norm,
            rate,
            samples: examples.len(),
            tokens: examples.iter().map(Example::len).sum(),
            seconds,
            waited,
        })
    }

    /// Steps that were made.
    pub fn steps_done(&self) -> u64 {
        self.step
    }

    /// The configuration.
    pub fn config(&self) -> &SftConfig {
        &self.config
    }

    /// The weights as they are now.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// All that the next step depends on.
    ///
    /// # Errors
    /// candle's.
    pub fn state(&self) -> Result<State, TrainError> {
        Ok(State::of(self.step, self.seconds, &self.weights, self.optimizer.moments())?)
    }

    /// The contents of `config.json` and `tokenizer.json`.
    pub fn description(&self) -> (&Value, &str) {
        (&self.config_json, &self.tokenizer_json)
    }

    /// The running mean of the weights: what is examined and kept.
    ///
    /// # Errors
    /// candle's.
    pub fn mean_weights(&self) -> Result<Weights, TrainError> {
        Ok(State::mean(&self.weights, self.optimizer.moments())?)
    }

    /// Parts that training never sees, always the same.
    ///
    /// # Errors
    /// A sample with nothing to see.
    pub fn tasks(&self) -> Result<Vec<Task>, TrainError> {
        let mut tasks = Vec::new();
        // A few more are asked for, since programs may be too long.
        for number in 0..self.config.evaluation.samples as u64 * 4 {
            if tasks.len() == self.config.evaluation.samples {
                break;
            }
            let Some(sample) = self.source.held_out(number)? else { break };
            if let Some(example) = self.lesson.example(&sample, FOR_TASKS + number)? {
                tasks.push(Task { example, program: sample.program });
            }
        }
        Ok(tasks)
    }

    /// What examinations need beside the weights.
    pub fn examiner(&self) -> (&Config, &ProgramTokenizer, &[rayon::ThreadPool]) {
        (&self.network_config, &self.lesson.tokenizer, &self.pools)
    }
}
