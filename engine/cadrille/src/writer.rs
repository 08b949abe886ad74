//! A checkpoint that writes programs: network, tokenizer and grammar of one folder behind one question.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;

use partwright_geometry::{Geometry, TriMesh};

use crate::checkpoint::{Checkpoint, CheckpointError, Embedded, Progress};
use crate::constrain::{Dialect, Writing};
use crate::device::{Choice, choose_for};
use crate::input::{
    Kinds, PictureGrid, PictureInput, PointInput, PointsError, ProgramTokenizer, Prompt, PromptError, TokenizerError,
    disagreement,
};
use crate::network::{Autoregressive, Input, Picture};
use crate::sampling::{End, SamplingError, Settings, generate};

/// What a network sees of a part.
#[derive(Clone, Debug)]
pub enum PartInput {
    /// A scan in the program's frame (centred, the longest side 200), of which the network is shown as many points as it
    /// reads, drawn by a seed.
    Scan(Box<Geometry>, u64),
    /// A scan as above with a program that is to be improved, and the surface of what it makes, all in the program's frame.
    Edit(Box<EditInput>),
    /// Four views in one grid.
    Pictures(PictureGrid),
    /// A text.
    Description(String),
    /// Several of these at once, each of another kind. Networks that were trained on single kinds make less of it.
    Together(Vec<PartInput>),
}

/// What a network sees that is to improve a program.
#[derive(Clone, Debug)]
pub struct EditInput {
    /// The scan.
    pub scan: Geometry,
    /// Draws the points.
    pub seed: u64,
    /// The program.
    pub program: String,
    /// What it makes.
    pub part: TriMesh,
}

impl PartInput {
    /// What it is, in the plural: for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Scan(..) => "points",
            Self::Edit(_) => "points and a program",
            Self::Pictures(_) => "pictures",
            Self::Description(_) => "descriptions",
            Self::Together(_) => "several kinds of input at once",
        }
    }
}

/// Why no program could be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriterError {
    /// The folder.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Its tokenizer.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// The input cannot be said to this network.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The network.
    #[error(transparent)]
    Sampling(#[from] SamplingError),
    /// The scan gives no points.
    #[error(transparent)]
    Points(#[from] PointsError),
    /// The network was not trained to improve programs.
    #[error("this model does not improve programs")]
    DoesNotEdit,
    /// The program has no surface to be compared.
    #[error("what the program makes cannot be compared with the scan")]
    NothingToCompare,
    /// candle refused: memory, the device.
    #[error("the input could not be brought to the device: {0}")]
    Tensor(#[from] candle_core::Error),
    /// The checkpoint has no vision tower, or was not trained on text.
    #[error("this model reads points only, not {kind}; install one of cadrille's kind for that")]
    PointsOnly {
        /// What was given.
        kind: &'static str,
    },
}

/// A program as a network wrote it, as far as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenProgram {
    /// The text.
    pub source: String,
    /// Number of the sample: sample 0 is the most likely program where `greedy_first` is set.
    pub sample: u64,
    /// Tokens written.
    pub tokens: usize,
    /// Sum of the logarithms of their probabilities; see [`crate::sampling::Sample`].
    pub log_probability: f64,
    /// Why it ends.
    pub end: End,
}

/// A network, ready to write.
pub struct ProgramWriter {
    network: Box<dyn Autoregressive + Send + Sync>,
    tokenizer: ProgramTokenizer,
    choice: Choice,
    grammar: OnceLock<Dialect>,
}

impl std::fmt::Debug for ProgramWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProgramWriter").field("runs_on", &self.choice.reason).finish_non_exhaustive()
    }
}

impl ProgramWriter {
    /// Loads the checkpoint in `folder` to the device of `choice`, or to the one that suits its size. `progress` is told before
    /// each tensor, and may break off.
    ///
    /// # Errors
    /// [`WriterError`]: a folder that holds no checkpoint, a tokenizer that is not there.
    pub fn load(
        folder: &Path,
        choice: Option<Choice>,
        progress: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Result<Self, WriterError> {
        let checkpoint = Checkpoint::open(folder)?;
        let tokenizer = ProgramTokenizer::from_file(&folder.join("tokenizer.json"))?;
        Self::of(&checkpoint, tokenizer, choice, progress)
    }

    /// As [`Self::load`], of a model that lies in the program.
    ///
    /// # Errors
    /// As there.
    pub fn embedded(
        model: &Embedded,
        choice: Option<Choice>,
        progress: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Result<Self, WriterError> {
        let tokenizer = ProgramTokenizer::from_json(model.tokenizer)?;
        Self::of(&Checkpoint::embedded(model)?, tokenizer, choice, progress)
    }

    fn of(
        checkpoint: &Checkpoint,
        tokenizer: ProgramTokenizer,
        choice: Option<Choice>,
        progress: &(dyn Fn(Progress<'_>) -> ControlFlow<()> + Sync),
    ) -> Result<Self, WriterError> {
        let choice = choice.unwrap_or_else(|| choose_for(checkpoint.parameters()));
        let network = checkpoint.load(&choice.device, choice.precision, progress)?;
        Ok(Self { network, tokenizer, choice, grammar: OnceLock::new() })
    }

    /// Where the network runs and in which type, and why not on something faster.
    pub fn runs_on(&self) -> String {
        format!("{}, in {}", self.choice.reason, self.choice.precision)
    }

    /// Whether it improves programs.
    pub fn edits(&self) -> bool {
        self.network.config().num_far_points > 0
    }

    /// Whether pictures can be given to it, and descriptions.
    pub fn reads_all_kinds(&self) -> bool {
        self.network.config().vision.is_some() && self.tokenizer.vision().is_some()
    }

    /// Writes programs of `part`. With `constrained` a token is only taken where a program of the dialect can still follow.
    /// `on_text` is told the number of a sample (its place in the result) and its text with every token, and may break off;
    /// what is written until then is given back.
    ///
    /// # Errors
    /// [`WriterError`]: an input of a kind that the network does not read, and whatever happens in the network.
    pub fn write(
        &self,
        part: &PartInput,
        settings: &Settings,
        constrained: bool,
        on_text: &mut dyn FnMut(usize, &str) -> ControlFlow<()>,
    ) -> Result<Vec<WrittenProgram>, WriterError> {
        let input = self.input(part)?;
        let mut dialect = constrained.then(|| self.dialect());
        let mut texts: Vec<Vec<u32>> = vec![Vec::new(); settings.samples];
        let end_tokens = &self.network.config().eos_token_ids;
        let mut on_token = |token: crate::sampling::Token| {
            let own = &mut texts[token.sample];
            if !end_tokens.contains(&token.id) {
                own.push(token.id);
            }
            match self.tokenizer.decode(own) {
                Ok(text) => on_text(token.sample, &text),
                // What cannot be told yet is told with the next token.
                Err(_) => ControlFlow::Continue(()),
            }
        };
        let constraint = dialect.as_mut().map(|dialect| dialect as &mut dyn crate::sampling::Constraint);
        let samples = generate(&*self.network, &input, settings, constraint, &mut on_token)?;
        let written = samples.into_iter().enumerate().map(|(i, sample)| {
            Ok(WrittenProgram {
                source: self.tokenizer.decode(&sample.tokens)?,
                sample: settings.first_sample + i as u64,
                tokens: sample.tokens.len(),
                log_probability: sample.log_probability,
                end: sample.end,
            })
        });
        written.collect()
    }

    fn input(&self, part: &PartInput) -> Result<Input, WriterError> {
        let device = &self.choice.device;
        if self.network.config().vision.is_none() {
            return match part {
                PartInput::Scan(scan, seed) => Ok(Input {
                    ids: Prompt::for_cad_recode(&self.tokenizer).ids,
                    points: Some(PointInput::of_scan(scan, *seed)?.tensor(device)?),
                    pictures: Vec::new(),
                }),
                other => Err(WriterError::PointsOnly { kind: other.kind() }),
            };
        }
        let (mut input, mut kinds) = (Input::default(), Kinds::default());
        self.add(part, &mut input, &mut kinds)?;
        input.ids = Prompt::mixed(&self.tokenizer, kinds)?.ids;
        Ok(input)
    }

    /// Adds what is seen of a part to an input, and says to `kinds` what it is.
    fn add<'a>(&self, part: &'a PartInput, input: &mut Input, kinds: &mut Kinds<'a>) -> Result<(), WriterError> {
        let device = &self.choice.device;
        let count = self.network.config().num_points;
        match part {
            PartInput::Scan(scan, seed) => {
                input.points = Some(PointInput::of_scan_with(scan, count, *seed)?.tensor(device)?);
                kinds.points = count;
            }
            PartInput::Edit(edit) => {
                let far = self.network.config().num_far_points;
                if far == 0 {
                    return Err(WriterError::DoesNotEdit);
                }
                let EditInput { scan, seed, program, part } = &**edit;
                let mut points = PointInput::of_scan_with(scan, count, *seed)?;
                points.points.extend(disagreement(scan, part, far, *seed).ok_or(WriterError::NothingToCompare)?);
                input.points = Some(points.tensor(device)?);
                kinds.points = count + far;
                kinds.current = Some(program);
            }
            PartInput::Pictures(grid) => {
                let picture = PictureInput::of_grid(grid);
                kinds.patches = picture.tokens();
                input.pictures = vec![Picture { pixel_values: picture.tensor(device)?, grid_thw: picture.grid_thw }];
            }
            PartInput::Description(text) => kinds.description = Some(text),
            PartInput::Together(parts) => {
                for part in parts {
                    self.add(part, input, kinds)?;
                }
            }
        }
        Ok(())
    }

    /// The dialect in this network's tokens.
    fn dialect(&self) -> Dialect {
        let made = || Dialect::new(Writing::new(self.tokenizer.pieces(), &self.network.config().eos_token_ids));
        self.grammar.get_or_init(made).clone()
    }
}
