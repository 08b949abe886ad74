//! What a run is to do: TOML files.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::generate::GeneratorConfig;
use crate::optimize::AdamWConfig;
use crate::sft::{Augmentation, EvaluationConfig, Inputs};

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RlConfigError {
    /// It is not TOML, or has a key that is unknown or of another type; the text names the line.
    #[error("{0}")]
    Unreadable(String),
    /// A value that makes no sense.
    #[error("`{key}` {problem}")]
    Value {
        /// The table and the key.
        key: &'static str,
        /// What is wrong, and what would be right.
        problem: String,
    },
}

/// Which parts programs are written for: exactly one of the two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartsConfig {
    /// Parts made at random.
    pub generator: Option<GeneratorConfig>,
    /// A folder of meshes (STL, PLY, OBJ or 3MF): no program of them has to be known.
    pub meshes: Option<PathBuf>,
    /// A table of hard parts of the generator that `train mine` wrote: only these are taken.
    pub hard: Option<PathBuf>,
    /// Points that are sampled on a mesh.
    #[serde(default = "points")]
    pub points: usize,
}

fn points() -> usize {
    2048
}

/// A run, with the numbers of its method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RlConfig<M> {
    /// The folder of the network that is trained on, as `train sft` leaves it.
    pub model: PathBuf,
    /// Where the run's files go; the command line may name another folder.
    pub out: Option<PathBuf>,
    /// Which parts.
    pub parts: PartsConfig,
    /// What is seen of them.
    #[serde(default)]
    pub inputs: Inputs,
    /// What is done to points.
    #[serde(default)]
    pub augmentation: Augmentation,
    /// How it learns.
    pub training: M,
    /// How it is examined.
    #[serde(default)]
    pub evaluation: EvaluationConfig,
}

/// Dr. CPPO. The defaults are cadrille's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CppoConfig {
    /// Batches of parts.
    pub steps: u64,
    /// Parts in a batch.
    pub batch: usize,
    /// Answers for each part (G).
    pub samples: usize,
    /// Of these, how many are learned from (N).
    pub kept: usize,
    /// How far the probability of a token may move in one batch (epsilon).
    pub ratio_clip: f64,
    /// Updates for each batch.
    pub updates: usize,
    /// Learning rate.
    pub rate: f64,
    /// Divides the scores that answers are drawn by.
    pub temperature: f64,
    /// Longest answer in tokens.
    pub most_tokens: usize,
    /// Longest vector of gradients.
    pub clip: f64,
    /// Weight of the past in the running mean of the weights, which is what is examined and kept.
    pub mean_decay: f64,
    /// Tokens that a thread computes at once.
    pub part_tokens: usize,
    /// Threads; 0 takes all cores.
    pub threads: usize,
    /// Seed of all draws.
    pub seed: u64,
    /// Steps between two saves.
    pub save_every: u64,
}

impl Default for CppoConfig {
    fn default() -> Self {
        Self {
            steps: 1000,
            batch: 8,
            samples: 16,
            kept: 4,
            ratio_clip: 0.1,
            updates: 3,
            rate: 3e-5,
            temperature: 1.0,
            most_tokens: 400,
            clip: 1.0,
            mean_decay: 0.9,
            part_tokens: 1600,
            threads: 0,
            seed: 0,
            save_every: 10,
        }
    }
}

/// DPO. The defaults are cadrille's but for the number of parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DpoConfig {
    /// Parts that answers are drawn for, once before the training.
    pub parts: u64,
    /// Answers for each (K).
    pub samples: usize,
    /// Rounds over all pairs.
    pub epochs: u64,
    /// Rounds after which the network itself becomes the reference.
    pub reference_every: u64,
    /// Pairs in a step.
    pub batch: usize,
    /// How dearly leaving the reference is paid for.
    pub beta: f64,
    /// Learning rate.
    pub rate: f64,
    /// Divides the scores that answers are drawn by.
    pub temperature: f64,
    /// Longest answer in tokens.
    pub most_tokens: usize,
    /// Longest vector of gradients.
    pub clip: f64,
    /// Weight of the past in the running mean of the weights, which is what is examined and kept.
    pub mean_decay: f64,
    /// Tokens that a thread computes at once.
    pub part_tokens: usize,
    /// Threads; 0 takes all cores.
    pub threads: usize,
    /// Seed of all draws.
    pub seed: u64,
    /// Steps between two saves.
    pub save_every: u64,
}

impl Default for DpoConfig {
    fn default() -> Self {
        Self {
            parts: 1000,
            samples: 5,
            epochs: 20,
            reference_every: 10,
            batch: 16,
            beta: 0.3,
            rate: 1e-5,
            temperature: 1.0,
            most_tokens: 400,
            clip: 1.0,
            mean_decay: 0.9,
            part_tokens: 1600,
            threads: 0,
            seed: 0,
            save_every: 10,
        }
    }
}

/// Looking for hard parts. The defaults are cadrille's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MineConfig {
    /// Parts that are tried.
    pub parts: u64,
    /// Answers for each.
    pub samples: usize,
    /// A part is hard whose answers are worth less than this on average.
    pub below: f64,
    /// Parts tried between two lines written.
    pub batch: usize,
    /// Divides the scores that answers are drawn by.
    pub temperature: f64,
    /// Longest answer in tokens.
    pub most_tokens: usize,
    /// Threads; 0 takes all cores.
    pub threads: usize,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for MineConfig {
    fn default() -> Self {
        Self { parts: 1000, samples: 3, below: 7.5, batch: 16, temperature: 1.0, most_tokens: 400, threads: 0, seed: 0 }
    }
}

/// A method's numbers.
pub trait Method: Serialize + DeserializeOwned + Clone + PartialEq {
    /// The first number that makes no sense: its key and what is wrong.
    fn fault(&self) -> Option<(&'static str, String)>;

    /// The same numbers, but for those that may change while a run goes on.
    #[must_use]
    fn fixed(&self) -> Self;
}

fn positive(numbers: &[(&'static str, f64)]) -> Option<(&'static str, String)> {
    let wrong = numbers.iter().find(|(_, value)| !(*value > 0.0 && value.is_finite()));
    wrong.map(|(key, _)| (*key, "has to be positive".to_owned()))
}

impl Method for CppoConfig {
    fn fault(&self) -> Option<(&'static str, String)> {
        let numbers = [
            ("training.steps", self.steps as f64),
            ("training.batch", self.batch as f64),
            ("training.kept", self.kept as f64),
            ("training.ratio_clip", self.ratio_clip),
            ("training.updates", self.updates as f64),
            ("training.rate", self.rate),
            ("training.temperature", self.temperature),
            ("training.most_tokens", self.most_tokens as f64),
            ("training.clip", self.clip),
            ("training.part_tokens", self.part_tokens as f64),
            ("training.save_every", self.save_every as f64),
        ];
        let alone = (self.samples < 2).then(|| {
            (
                "training.samples",
                format!("is {}: an answer is compared with others of its part, so take 2 or more", self.samples),
            )
        });
        positive(&numbers).or(alone)
    }

    fn fixed(&self) -> Self {
        Self { steps: 1, threads: 0, part_tokens: 1, save_every: 1, ..*self }
    }
}

impl Method for DpoConfig {
    fn fault(&self) -> Option<(&'static str, String)> {
        let numbers = [
            ("training.parts", self.parts as f64),
            ("training.epochs", self.epochs as f64),
            ("training.reference_every", self.reference_every as f64),
            ("training.batch", self.batch as f64),
            ("training.beta", self.beta),
            ("training.rate", self.rate),
            ("training.temperature", self.temperature),
            ("training.most_tokens", self.most_tokens as f64),
            ("training.clip", self.clip),
            ("training.part_tokens", self.part_tokens as f64),
            ("training.save_every", self.save_every as f64),
        ];
        let alone =
            (self.samples < 2).then(|| ("training.samples", format!("is {}: a pair needs two answers", self.samples)));
        positive(&numbers).or(alone)
    }

    fn fixed(&self) -> Self {
        Self { epochs: 1, threads: 0, part_tokens: 1, save_every: 1, ..*self }
    }
}

impl Method for MineConfig {
    fn fault(&self) -> Option<(&'static str, String)> {
        positive(&[
            ("training.parts", self.parts as f64),
            ("training.samples", self.samples as f64),
            ("training.batch", self.batch as f64),
            ("training.temperature", self.temperature),
            ("training.most_tokens", self.most_tokens as f64),
        ])
    }

    fn fixed(&self) -> Self {
        Self { parts: 1, threads: 0, ..*self }
    }
}

impl<M: Method> RlConfig<M> {
    /// Reads a configuration.
    ///
    /// # Errors
    /// [`RlConfigError`], with the line or the key.
    pub fn parse(text: &str) -> Result<Self, RlConfigError> {
        let config: Self =
            toml::from_str(text).map_err(|error| RlConfigError::Unreadable(error.to_string().trim_end().to_owned()))?;
        let value = |key, problem: &str| Err(RlConfigError::Value { key, problem: problem.to_owned() });
        let Inputs { points, picture, description, .. } = config.inputs;
        match (&config.parts.generator, &config.parts.meshes) {
            (None, None) => return value("parts.generator", "is missing, and so is `meshes`: name one of them"),
            (Some(_), Some(_)) => return value("parts.meshes", "and `generator` are both given: name one of them"),
            (None, Some(_)) if points + picture <= 0.0 => {
                return value("inputs.points", "is 0 like `picture`, and meshes have no descriptions");
            }
            (None, Some(_)) if config.parts.hard.is_some() => {
                return value("parts.hard", "is of numbers of the generator, and does not go with `meshes`");
            }
            _ => {}
        }
        if points + picture + description <= 0.0 {
            return value("inputs.points", "is 0 like all other inputs: nothing would be seen");
        }
        match config.training.fault() {
            Some((key, problem)) => Err(RlConfigError::Value { key, problem }),
            None => Ok(config),
        }
    }

    /// As a file again, with all defaults.
    ///
    /// # Errors
    /// None that is known: every value has a form in TOML.
    pub fn to_text(&self) -> Result<String, RlConfigError> {
        toml::to_string(self).map_err(|error| RlConfigError::Unreadable(error.to_string()))
    }

    /// Whether a run of this configuration can go on from the state of a run of `other`.
    pub fn continues(&self, other: &Self) -> bool {
        let same = |config: &Self| Self {
            out: None,
            evaluation: EvaluationConfig::default(),
            training: config.training.fixed(),
            ..config.clone()
        };
        same(self) == same(other)
    }
}

/// The optimizer of reinforcement learning: without weight decay, since little is learned and much is known.
pub(super) fn adamw(mean_decay: f64) -> AdamWConfig {
    AdamWConfig { weight_decay: 0.0, mean_decay, ..AdamWConfig::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "model = \"m\"\n[parts]\ngenerator = { seed = 3 }\n[training]\nbatch = 2\n";

    #[test]
    fn files_have_cadrilles_numbers_and_come_back() {
        let config = RlConfig::<CppoConfig>::parse(GOOD).unwrap();
        let CppoConfig { samples, kept, ratio_clip, updates, batch, .. } = config.training;
        assert_eq!((samples, kept, ratio_clip, updates, batch), (16, 4, 0.1, 3, 2));
        assert_eq!(RlConfig::parse(&config.to_text().unwrap()), Ok(config.clone()));
        let mut longer = config.clone();
        longer.training.steps = 7;
        assert!(longer.continues(&config));
        longer.training.rate = 0.5;
        assert!(!longer.continues(&config));
        let dpo = RlConfig::<DpoConfig>::parse(GOOD).unwrap().training;
        assert_eq!((dpo.samples, dpo.beta, dpo.epochs, dpo.reference_every), (5, 0.3, 20, 10));
        let mine = RlConfig::<MineConfig>::parse(GOOD).unwrap().training;
        assert_eq!((mine.samples, mine.below), (3, 7.5));
    }

    #[test]
    fn the_examples_can_be_used() {
        macro_rules! example {
            ($name:literal) => {
                include_str!(concat!("../../../../packaging/train/", $name, ".toml"))
            };
        }
        for text in [
            example!("cppo-smoke"),
            example!("cppo-nano"),
            example!("partwright-nano/4-cppo-pictures"),
            example!("partwright-nano/4-cppo-points"),
            example!("partwright-nano/4-cppo-all"),
        ] {
            RlConfig::<CppoConfig>::parse(text).unwrap();
        }
        for text in [example!("dpo-nano"), example!("partwright-nano/4-dpo-pictures")] {
            RlConfig::<DpoConfig>::parse(text).unwrap();
        }
        RlConfig::<MineConfig>::parse(example!("mine-nano")).unwrap();
    }

    #[test]
    fn errors_name_what_is_wrong() {
        let check = |from: &str, to: &str, part: &str| {
            let error = RlConfig::<CppoConfig>::parse(&GOOD.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        check("batch = 2", "batches = 2", "batches");
        check("batch = 2", "batch = 0", "`training.batch` has to be positive");
        check("batch = 2", "samples = 1", "take 2 or more");
        check("generator = { seed = 3 }", "points = 3", "`parts.generator` is missing");
        check("generator", "meshes = \"x\"\ngenerator", "both given");
        check("model = \"m\"\n", "", "model");
    }
}
