//! What a run is to do: a TOML file.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Augmentation, Inputs};
use crate::dataset::ProgramSet;
use crate::generate::GeneratorConfig;
use crate::network::Preset;
use crate::optimize::{AdamWConfig, Schedule};

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SftConfigError {
    /// It is not TOML, or has a key that is unknown or of another type; the text names the line.
    #[error("{0}")]
    Unreadable(String),
    /// A value that makes no sense.
    #[error("line {line}: `{key}` {problem}")]
    Value {
        /// The line, from 1; that of the table where the key stands in no line of its own.
        line: usize,
        /// The table and the key.
        key: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
}

/// A run of supervised training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SftConfig {
    /// Where the run's files go; the command line may name another folder.
    pub out: Option<PathBuf>,
    /// The network.
    pub network: NetworkConfig,
    /// What it learns from.
    pub data: DataConfig,
    /// What it sees.
    #[serde(default)]
    pub inputs: Inputs,
    /// What is done to points.
    #[serde(default)]
    pub augmentation: Augmentation,
    /// How it learns.
    pub training: TrainingConfig,
    /// How it is examined.
    #[serde(default)]
    pub evaluation: EvaluationConfig,
}

/// Which network is trained: a new one of a size, or one that exists already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// The size of a new one.
    pub preset: Option<Preset>,
    /// The folder of a model whose weights, tokenizer and sizes it begins with: to learn other inputs, say.
    pub from: Option<PathBuf>,
    /// Seed of the weights that a new one begins with.
    #[serde(default)]
    pub seed: u64,
    /// Points that it is shown where a program to be improved is wrong; 0 for one that does not learn that.
    #[serde(default)]
    pub far_points: usize,
    /// The type it computes in.
    #[serde(default)]
    pub precision: TrainingPrecision,
}

/// The type that a network computes in while it is trained; its weights are always kept in f32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingPrecision {
    /// bf16 where the device computes in it, else f32.
    #[default]
    Auto,
    /// 32 bits.
    F32,
    /// 16 bits with eight of exponent.
    Bf16,
}

/// Where samples come from: exactly one of the three.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataConfig {
    /// A folder of samples that were made before.
    pub dir: Option<PathBuf>,
    /// Samples made on the way.
    pub generator: Option<GeneratorConfig>,
    /// The folder of the published sets, laid out as cadrille has it; see [`crate::dataset::Published`].
    pub published: Option<PathBuf>,
    /// Which of these.
    #[serde(default = "cad_recode")]
    pub sets: Vec<ProgramSet>,
    /// Points that are sampled on their parts.
    #[serde(default = "points")]
    pub points: usize,
    /// Over so many samples the share of plain programs comes down from all to the generator's.
    #[serde(default)]
    pub plain_until: u64,
    /// Threads that make samples.
    #[serde(default = "one")]
    pub threads: usize,
}

fn one() -> usize {
    1
}

fn cad_recode() -> Vec<ProgramSet> {
    vec![ProgramSet::CadRecode]
}

fn points() -> usize {
    2048
}

/// How the network learns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingConfig {
    /// Steps of the whole run: the learning rate is zero after them.
    pub steps: u64,
    /// Samples in a step.
    pub batch: usize,
    /// Tokens that a thread computes at once, filler included; more accumulate to the same step.
    pub part_tokens: usize,
    /// Threads that learn; 0 takes all cores.
    pub threads: usize,
    /// The highest learning rate.
    pub rate: f64,
    /// Steps until it is reached.
    pub warm_up: u64,
    /// The rate at the end as a share of the highest.
    pub end_rate: f64,
    /// Longest vector of gradients; longer ones are shortened.
    pub clip: f64,
    /// Weight decay.
    pub weight_decay: f64,
    /// Weight of the past in the mean of squared gradients.
    pub beta2: f64,
    /// Weight of the past in the running mean of the weights, which is what is examined and kept.
    pub mean_decay: f64,
    /// Programs of more tokens are left out.
    pub most_answer: usize,
    /// Seed of what is seen of each sample.
    pub seed: u64,
    /// Steps between two saves.
    pub save_every: u64,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            steps: 10_000,
            batch: 64,
            part_tokens: 1600,
            threads: 0,
            rate: 1e-3,
            warm_up: 200,
            end_rate: 0.02,
            clip: 1.0,
            weight_decay: 0.01,
            beta2: 0.95,
            mean_decay: 0.999,
            most_answer: 256,
            seed: 0,
            save_every: 100,
        }
    }
}

impl TrainingConfig {
    /// The rates of the steps.
    pub fn schedule(&self) -> Schedule {
        Schedule { peak: self.rate, warm_up: self.warm_up, steps: self.steps, end: self.end_rate }
    }

    /// The optimizer's numbers.
    pub fn adamw(&self) -> AdamWConfig {
        AdamWConfig {
            beta2: self.beta2,
            weight_decay: self.weight_decay,
            mean_decay: self.mean_decay,
            ..AdamWConfig::default()
        }
    }
}

/// How the network is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvaluationConfig {
    /// Steps between two examinations; 0 for none but the last.
    pub every: u64,
    /// Parts that were never seen, of which a program is written each time.
    pub samples: usize,
}

impl Default for EvaluationConfig {
    fn default() -> Self {
        Self { every: 500, samples: 64 }
    }
}

impl SftConfig {
    /// Reads a configuration.
    ///
    /// # Errors
    /// [`SftConfigError`], with the line.
    pub fn parse(text: &str) -> Result<Self, SftConfigError> {
        let config: Self = toml::from_str(text)
            .map_err(|error| SftConfigError::Unreadable(error.to_string().trim_end().to_owned()))?;
        match config.fault() {
            None => Ok(config),
            Some((table, key, problem)) => {
                let line = line_of(text, table, key);
                Err(SftConfigError::Value { line, key: format!("{table}.{key}"), problem })
            }
        }
    }

    /// As a file again, with all defaults.
    ///
    /// # Errors
    /// None that is known: every value has a form in TOML.
    pub fn to_text(&self) -> Result<String, SftConfigError> {
        toml::to_string(self).map_err(|error| SftConfigError::Unreadable(error.to_string()))
    }

    /// Whether a run of this configuration can go on from the state of a run of `other`: they may differ in where files
    /// go, in how long and how fast, and in examinations.
    pub fn continues(&self, other: &Self) -> bool {
        let same = |config: &Self| {
            let mut config = config.clone();
            let training = &mut config.training;
            (training.steps, training.threads, training.part_tokens, training.save_every) = (1, 0, 1, 1);
            (config.out, config.evaluation, config.data.threads) = (None, EvaluationConfig::default(), 1);
            config
        };
        same(self) == same(other)
    }

    /// The first value that makes no sense: table, key, problem.
    fn fault(&self) -> Option<(&'static str, &'static str, String)> {
        let t = &self.training;
        let positive: [(&str, &str, bool); 9] = [
            ("training", "steps", t.steps > 0),
            ("training", "batch", t.batch > 0),
            ("training", "part_tokens", t.part_tokens > 0),
            ("training", "rate", t.rate > 0.0),
            ("training", "clip", t.clip > 0.0),
            ("training", "most_answer", t.most_answer > 1),
            ("training", "save_every", t.save_every > 0),
            ("evaluation", "samples", self.evaluation.samples > 0),
            ("data", "threads", self.data.threads > 0),
        ];
        if let Some((table, key, _)) = positive.into_iter().find(|(.., good)| !good) {
            return Some((table, key, "has to be positive".to_owned()));
        }
        match (&self.network.preset, &self.network.from) {
            (None, None) => {
                let problem = "is missing, and so is `from`: name a size, or the folder of a model to begin with";
                return Some(("network", "preset", problem.to_owned()));
            }
            (Some(_), Some(_)) => {
                let problem = "and `preset` are both given: a model has its size, so name one of them";
                return Some(("network", "from", problem.to_owned()));
            }
            _ => {}
        }
        let (i, a) = (&self.inputs, &self.augmentation);
        let shares = [
            ("inputs", "points", i.points),
            ("inputs", "picture", i.picture),
            ("inputs", "description", i.description),
            ("inputs", "edit", i.edit),
            ("augmentation", "noise_share", a.noise_share),
            ("augmentation", "missing_share", a.missing_share),
            ("augmentation", "frame_share", a.frame_share),
            ("augmentation", "scale", f64::from(a.scale)),
            ("augmentation", "shift", f64::from(a.shift)),
            ("augmentation", "noise", f64::from(a.noise)),
            ("augmentation", "missing", f64::from(a.missing)),
            ("training", "end_rate", t.end_rate),
            ("training", "weight_decay", t.weight_decay),
            ("training", "beta2", t.beta2),
            ("training", "mean_decay", t.mean_decay),
        ];
        if let Some((table, key, value)) = shares.into_iter().find(|(.., value)| !(0.0..=1.0).contains(value)) {
            return Some((table, key, format!("is {value}, but lies between 0 and 1")));
        }
        if i.points + i.picture + i.description <= 0.0 {
            return Some(("inputs", "points", "is 0 like all other inputs: nothing would be seen".to_owned()));
        }
        if i.edit > 0.0 && self.network.far_points == 0 {
            let problem = "is 0, but `inputs.edit` asks for programs to be improved: take 64 or so";
            return Some(("network", "far_points", problem.to_owned()));
        }
        let data = &self.data;
        match (&data.dir, &data.generator, &data.published) {
            (None, None, None) => {
                Some(("data", "generator", "is missing, and so are `dir` and `published`: name one of them".to_owned()))
            }
            (Some(_), Some(_), _) => {
                Some(("data", "dir", "and `generator` are both given: name one of them".to_owned()))
            }
            (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => {
                Some(("data", "published", "is given beside others: name one of them".to_owned()))
            }
            (None, Some(generator), None) => {
                generator.check().err().map(|error| ("data", "generator", format!("cannot be used: {error}")))
            }
            (None, None, Some(_)) if data.sets.is_empty() => {
                Some(("data", "sets", "is empty: name `cad-recode`, `text2cad` or both".to_owned()))
            }
            _ => None,
        }
    }
}

/// The line, from 1, of a key in a table; that of the table where the key has none, 1 where there is no table.
fn line_of(text: &str, table: &str, key: &str) -> usize {
    let (mut within, mut found) = (false, 1);
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            let name = line.trim_matches(['[', ']']);
            within = name == table;
            if within || name == format!("{table}.{key}") {
                found = i + 1;
            }
        } else if within && line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return i + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[network]\npreset = \"nano\"\n\n[data]\ngenerator = { seed = 3 }\n\n[training]\nsteps = 5\n";

    #[test]
    fn a_short_file_has_defaults_and_comes_back() {
        let config = SftConfig::parse(GOOD).unwrap();
        assert_eq!((config.training.steps, config.training.batch), (5, 64));
        assert_eq!(SftConfig::parse(&config.to_text().unwrap()).unwrap(), config);
    }

    #[test]
    fn the_examples_can_be_used() {
        for text in [
            include_str!("../../../../packaging/train/sft-smoke.toml"),
            include_str!("../../../../packaging/train/sft-nano.toml"),
            include_str!("../../../../packaging/train/sft-small.toml"),
            include_str!("../../../../packaging/train/partwright-nano/1-points.toml"),
            include_str!("../../../../packaging/train/partwright-nano/2-mixed.toml"),
            include_str!("../../../../packaging/train/partwright-nano/3-descriptions.toml"),
        ] {
            SftConfig::parse(text).unwrap();
        }
    }

    #[test]
    fn errors_name_the_key_and_the_line() {
        let check = |from: &str, to: &str, expected: &[&str]| {
            let error = SftConfig::parse(&GOOD.replace(from, to)).unwrap_err().to_string();
            assert!(expected.iter().all(|part| error.contains(part)), "{error}");
        };
        check("steps = 5", "stepz = 5", &["line 8", "stepz"]);
        check("\"nano\"", "\"giant\"", &["line 2", "giant", "nano"]);
        check("steps = 5", "steps = 5\nbatch = 0", &["line 9: `training.batch` has to be positive"]);
        check("steps = 5", "\n[inputs]\npoints = 1.5", &["line 10: `inputs.points` is 1.5"]);
        check("generator = { seed = 3 }", "threads = 2", &["line 4: `data.generator` is missing"]);
        check("generator = ", "dir = \"x\"\ngenerator = ", &["line 5: `data.dir` and `generator`"]);
        check("generator = { seed = 3 }", "published = \"x\"\nsets = []", &["line 6: `data.sets` is empty"]);
        check("steps = 5", "\n[inputs]\nedit = 0.5", &["line 1: `network.far_points` is 0"]);
        check("preset = \"nano\"", "seed = 1", &["line 1: `network.preset` is missing", "`from`"]);
        check("preset = \"nano\"", "preset = \"nano\"\nfrom = \"m\"", &["line 3: `network.from` and `preset`"]);
        check("seed = 3", "simple_share = 2.0", &["line 5: `data.generator`", "simple_share"]);
        check("seed = 3", "seeds = 3", &["line 5", "seeds"]);
        check("[training]", "[training", &["line 7"]);
    }

    #[test]
    fn a_run_may_go_on_longer_but_not_otherwise() {
        let config = SftConfig::parse(GOOD).unwrap();
        let mut longer = config.clone();
        (longer.training.steps, longer.training.threads, longer.out) = (9, 1, Some("x".into()));
        assert!(longer.continues(&config));
        longer.training.rate = 0.5;
        assert!(!longer.continues(&config));
    }
}
