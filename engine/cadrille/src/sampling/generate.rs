//! Samples of one input, written side by side.

use std::ops::ControlFlow;

use candle_core::Tensor;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::choice::log_probability;
use super::{SamplingError, Strategy};
use crate::network::{Autoregressive, Input};

/// How samples are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How a token is taken.
    pub strategy: Strategy,
    /// Whether sample 0 takes the most likely tokens, whatever the strategy of the others is.
    pub greedy_first: bool,
    /// How many samples are written.
    pub samples: usize,
    /// Number of the first one: sample `i` is drawn from stream `first_sample + i` of the seed, so that ten samples are
    /// what ten single runs give.
    pub first_sample: u64,
    /// The same seed gives the same tokens on the same device.
    pub seed: u64,
    /// Longest sample; cadrille is evaluated with 768.
    pub max_new_tokens: usize,
}

impl Default for Settings {
    /// One greedy sample of at most 768 tokens, as cadrille is evaluated.
    fn default() -> Self {
        Self {
            strategy: Strategy::Greedy,
            greedy_first: false,
            samples: 1,
            first_sample: 0,
            seed: 0,
            max_new_tokens: 768,
        }
    }
}

/// A token as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Token {
    /// Place of the sample in the result.
    pub sample: usize,
    /// The token; end tokens are told too.
    pub id: u32,
    /// Logarithm of its probability, as in [`Sample::log_probability`].
    pub log_probability: f64,
}

/// Why a sample ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The network wrote this end token.
    Token(u32),
    /// It has `max_new_tokens`.
    Limit,
    /// The caller broke off.
    Cancelled,
    /// The constraint allowed no token.
    NothingAllowed,
}

/// One written sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its tokens, without the end token.
    pub tokens: Vec<u32>,
    /// Sum of the logarithms of the tokens' probabilities, the end token's included, under the network's own
    /// distribution: at temperature 1, nothing cut, nothing forbidden. Samples of different settings compare so.
    pub log_probability: f64,
    /// Why it ends.
    pub end: End,
}

/// Forbids tokens: a grammar, for one.
pub trait Constraint {
    /// Sets the scores of tokens that may not follow `tokens` of a sample to minus infinity.
    fn restrict(&mut self, sample: usize, tokens: &[u32], scores: &mut [f32]);
}

/// Writes samples of `input`, which is read once. Samples that end leave the batch, so that it costs only what is
/// still written.
///
/// `on_token` is told each token as it comes, sample by sample, and may break off; what is written until then is given
/// back.
///
/// # Errors
/// [`SamplingError`], by cause.
pub fn generate(
    network: &dyn Autoregressive,
    input: &Input,
    settings: &Settings,
    mut constraint: Option<&mut dyn Constraint>,
    on_token: &mut dyn FnMut(Token) -> ControlFlow<()>,
) -> Result<Vec<Sample>, SamplingError> {
    settings.strategy.check()?;
    let mut writers: Vec<Writer> = (0..settings.samples).map(|i| Writer::new(settings, i)).collect();
    if settings.samples == 0 || settings.max_new_tokens == 0 {
        return Ok(finish(writers, End::Limit));
    }
    let (mut state, scores) = network.prefill(std::slice::from_ref(input), settings.max_new_tokens)?;
    let mut scores = vec![rows(&scores)?.swap_remove(0); settings.samples];
    if settings.samples > 1 {
        state = state.select(&vec![0; settings.samples])?;
    }
    let mut active: Vec<usize> = (0..settings.samples).collect();
    for position in 0..settings.max_new_tokens {
        let mut going = vec![];
        for (row, scores) in scores.iter_mut().enumerate() {
            let i = active[row];
            let writer = &mut writers[i];
            let Some(token) = writer.write(i, scores, settings, &mut constraint, position)? else { continue };
            if network.config().eos_token_ids.contains(&token.id) {
                writer.end = Some(End::Token(token.id));
            } else {
                writer.tokens.push(token.id);
                going.push(row);
            }
            if on_token(token).is_break() {
                return Ok(finish(writers, End::Cancelled));
            }
        }
        if going.is_empty() || position + 1 == settings.max_new_tokens {
            break;
        }
        if going.len() < active.len() {
            state = state.select(&going)?;
            active = going.iter().map(|&row| active[row]).collect();
        }
        let last: Vec<u32> = active.iter().filter_map(|&i| writers[i].tokens.last().copied()).collect();
        scores = rows(&network.step(&last, &mut state)?)?;
    }
    Ok(finish(writers, End::Limit))
}

/// A sample that is being written, and the stream it is drawn from.
struct Writer {
    tokens: Vec<u32>,
    log_probability: f64,
    end: Option<End>,
    rng: ChaCha8Rng,
}

/// What was written; samples without an end of their own get `otherwise`.
fn finish(writers: Vec<Writer>, otherwise: End) -> Vec<Sample> {
    let sample =
        |Writer { tokens, log_probability, end, .. }| Sample { tokens, log_probability, end: end.unwrap_or(otherwise) };
    writers.into_iter().map(sample).collect()
}

impl Writer {
    fn new(settings: &Settings, i: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
        rng.set_stream(settings.first_sample + i as u64);
        Self { tokens: vec![], log_probability: 0.0, end: None, rng }
    }

    /// Takes the next token; `None` where the constraint allows none, which ends the sample.
    fn write(
        &mut self,
        i: usize,
        scores: &mut [f32],
        settings: &Settings,
        constraint: &mut Option<&mut dyn Constraint>,
        position: usize,
    ) -> Result<Option<Token>, SamplingError> {
        let not_finite = SamplingError::ScoresNotFinite { position };
        let free = constraint.as_ref().map(|_| scores.to_vec());
        if let Some(constraint) = constraint {
            constraint.restrict(i, &self.tokens, scores);
            if scores.iter().all(|score| *score == f32::NEG_INFINITY) {
                self.end = Some(End::NothingAllowed);
                return Ok(None);
            }
        }
        let is_first = settings.first_sample + i as u64 == 0;
        let strategy = if settings.greedy_first && is_first { Strategy::Greedy } else { settings.strategy };
        let Some(id) = strategy.take(scores, &mut self.rng) else { return Err(not_finite) };
        let log_probability = log_probability(free.as_deref().unwrap_or(scores), id).ok_or(not_finite)?;
        self.log_probability += log_probability;
        Ok(Some(Token { sample: i, id, log_probability }))
    }
}

fn rows(scores: &Tensor) -> Result<Vec<Vec<f32>>, SamplingError> {
    Ok(scores.to_vec2::<f32>()?)
}
