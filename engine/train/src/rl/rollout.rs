//! A network tries: several answers for each part, and what they are worth.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use candle_core::Device;
use partwright_cadrille::input::ProgramTokenizer;
use partwright_cadrille::network::Autoregressive;
use partwright_cadrille::sampling::{End, SamplingError, Settings, Strategy, generate};

use super::Parts;
use crate::reward::{Reward, Rewarder, Target};
use crate::sft::{Example, Lesson, LessonError};

/// How answers are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawing {
    /// Answers for each part.
    pub samples: usize,
    /// Divides the scores; 1 draws from what the network itself thinks, 0 takes the likeliest.
    pub temperature: f64,
    /// Longest answer; one that is not over then is broken off, and makes nothing as a rule.
    pub most_tokens: usize,
    /// The same seed gives the same answers on the same device.
    pub seed: u64,
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Its tokens, the end's included where it ended.
    pub tokens: Vec<u32>,
    /// What it is worth.
    pub reward: Reward,
}

/// A part with the network's answers.
#[derive(Clone, Debug)]
pub struct Attempted {
    /// Number of the part.
    pub number: u64,
    /// What was seen; without an answer.
    pub seen: Example,
    /// The answers, in the order in which they were drawn.
    pub answers: Vec<Answer>,
}

impl Attempted {
    /// The example of one of the answers.
    pub fn example(&self, answer: usize) -> Example {
        Example { answer: self.answers[answer].tokens.clone(), ..self.seen.clone() }
    }

    /// The mean worth of the answers.
    pub fn mean_reward(&self) -> f64 {
        self.answers.iter().map(|answer| answer.reward.value).sum::<f64>() / self.answers.len().max(1) as f64
    }
}

/// Why nothing was tried.
#[derive(Debug, thiserror::Error)]
pub enum RolloutError {
    /// What is seen.
    #[error(transparent)]
    Lesson(#[from] LessonError),
    /// The network.
    #[error(transparent)]
    Sampling(#[from] SamplingError),
    /// candle.
    #[error("the network could not be computed: {0}")]
    Tensor(#[from] candle_core::Error),
}

/// What a network needs to try.
pub struct Student<'a> {
    /// The network as it is now.
    pub network: &'a (dyn Autoregressive + Sync),
    /// Its words, and what it sees.
    pub lesson: &'a Lesson,
    /// Where it is.
    pub device: &'a Device,
    /// A thread each.
    pub pools: &'a [rayon::ThreadPool],
}

/// Answers for the parts of these numbers, in their order; those that are not there, or have no volume, are left out.
///
/// # Errors
/// [`RolloutError`]: that of the first part that failed.
pub fn attempted(
    student: &Student<'_>,
    parts: &dyn Parts,
    numbers: &[u64],
    drawing: &Drawing,
    rewarder: &Rewarder<'_>,
) -> Result<Vec<Attempted>, RolloutError> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(&number) = numbers.get(next.fetch_add(1, Ordering::Relaxed)) {
            let written = written(student, parts, number, drawing);
            found.lock().unwrap_or_else(PoisonError::into_inner).push((number, written));
        }
    };
    std::thread::scope(|scope| {
        for pool in student.pools {
            scope.spawn(|| pool.install(work));
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(number, _)| numbers.iter().position(|n| n == number));
    let mut written = Vec::new();
    for (_, one) in found {
        written.extend(one?);
    }
    let sources: Vec<(usize, String)> = written
        .iter()
        .enumerate()
        .flat_map(|(i, one)| one.answers.iter().map(move |tokens| (i, tokens)))
        .map(|(i, tokens)| (i, program(&student.lesson.tokenizer, tokens)))
        .collect();
    let asked: Vec<(&Target, &str)> =
        sources.iter().map(|(i, source)| (&written[*i].target, source.as_str())).collect();
    let mut rewards = rewarder.rewards(&asked).into_iter();
    let attempted = written.into_iter().map(|Written { number, seen, answers, .. }| {
        let worth = |tokens: Vec<u32>| Some(Answer { tokens, reward: rewards.next()? });
        Attempted { number, seen, answers: answers.into_iter().filter_map(worth).collect() }
    });
    Ok(attempted.collect())
}

/// The text of an answer.
pub fn program(tokenizer: &ProgramTokenizer, tokens: &[u32]) -> String {
    let end = tokenizer.im_end();
    let tokens: Vec<u32> = tokens.iter().copied().filter(|token| *token != end).collect();
    tokenizer.decode(&tokens).unwrap_or_default()
}

struct Written {
    number: u64,
    seen: Example,
    target: Target,
    answers: Vec<Vec<u32>>,
}

fn written(
    student: &Student<'_>,
    parts: &dyn Parts,
    number: u64,
    drawing: &Drawing,
) -> Result<Option<Written>, RolloutError> {
    let Some((sample, mesh)) = parts.part(number) else { return Ok(None) };
    let Some(target) = Target::new(&mesh) else { return Ok(None) };
    // The program is not shown, and need not be known.
    let sample = crate::Sample { program: String::new(), ..sample };
    let Some(seen) = student.lesson.example(&sample, number)? else { return Ok(None) };
    let seen = Example { answer: Vec::new(), ..seen };
    let settings = Settings {
        strategy: match drawing.temperature {
            temperature if temperature > 0.0 => Strategy::Random { temperature, top_k: None, top_p: None },
            _ => Strategy::Greedy,
        },
        samples: drawing.samples,
        // Parts must not share their draws.
        seed: drawing.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        max_new_tokens: drawing.most_tokens,
        ..Settings::default()
    };
    let input = seen.input(student.device, false)?;
    let samples = generate(student.network, &input, &settings, None, &mut |_| ControlFlow::Continue(()))?;
    let answers = samples
        .into_iter()
        .map(|mut sample| {
            if let End::Token(end) = sample.end {
                sample.tokens.push(end);
            }
            sample.tokens
        })
        .collect();
    Ok(Some(Written { number, seen, target, answers }))
}
