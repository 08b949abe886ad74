//! Programs of a part that nothing can be measured against: pictures and descriptions.
//!
//! What is offered was executed; which of the samples comes first follows from what is left to know of them: whether the solid
//! is a valid one, how far it agrees with what the other samples make, and how likely the network thought the program. No
//! result of this kind is ever called good.

use std::time::{Duration, Instant};

use partwright_cadrille::writer::PartInput;
use partwright_fit::{CancelToken, Deadline};
use partwright_geometry::Similarity;
use partwright_geometry::metric::{CompareConfig, PreparedReference, normalised_for_evaluation};
use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;

use super::source::{Prepared, distinct, prepared};
use super::{Author, AuthorError, WritingOrder, Written};
use crate::stages::{Stage, Stopwatch};
use crate::{
    Criterion, Execution, Executor, Judgement, LiveCandidate, Origin, ReconstructError, Reconstruction, Scored,
    Verdict, Watch,
};

/// How a part is reconstructed from pictures or a description.
#[derive(Clone, Debug, PartialEq)]
pub struct UnmeasuredConfig {
    /// Most candidates returned (at least one is).
    pub candidates: usize,
    /// Programs that the network writes.
    pub samples: usize,
    /// Time for everything; `None` is no limit.
    pub time: Option<Duration>,
    /// Decides all drawn samples.
    pub seed: u64,
    /// Length of the part's longest side, where somebody knows it; the network's own frame has 200.
    pub longest_side: Option<f64>,
}

impl Default for UnmeasuredConfig {
    fn default() -> Self {
        Self { candidates: 5, samples: 4, time: Some(Duration::from_mins(2)), seed: 0, longest_side: None }
    }
}

/// The share of the time after which no more is written.
const WRITING_SHARE: f64 = 0.85;
/// Below this mean overlap among at least three samples the network is guessing.
const GUESSING: f64 = 0.5;

/// Programs of what pictures or a description show, ranked by validity, agreement and likelihood.
///
/// # Errors
/// [`ReconstructError::NetworkWroteNothing`] and the others: when there is no candidate to return.
pub fn reconstruct_unmeasured(
    author: &dyn Author,
    part: &PartInput,
    config: &UnmeasuredConfig,
    executor: &dyn Executor,
    watch: &dyn Watch,
    cancel: &CancelToken,
) -> Result<Reconstruction, ReconstructError> {
    let start = Instant::now();
    let until = |share: f64| Deadline::new(cancel.clone(), config.time.map(|t| start + t.mul_f64(share)));
    let (writing, all) = (until(WRITING_SHARE), until(1.0));
    let clock = Stopwatch::default();
    let order = WritingOrder { samples: config.samples.max(1), seed: config.seed };
    let written = clock.time(Stage::Write, || author.write(part, &order, &writing, watch));
    let written = written.map_err(|error| match error {
        _ if cancel.is_cancelled() => ReconstructError::Cancelled,
        AuthorError::Stopped => ReconstructError::OutOfTime,
        error => ReconstructError::NetworkWroteNothing { model: author.name().to_owned(), reason: error.to_string() },
    })?;
    let mut complete = !writing.reached();
    let frame = Similarity::from_scale(config.longest_side.map_or(1.0, |side| side / PROGRAM_FRAME_SIDE));
    let mut tried: Vec<Scored> = Vec::new();
    let programs = distinct(author.name(), part.kind(), written);
    let total = programs.len();
    for (i, (source, origin)) in programs.into_iter().enumerate() {
        watch.report("executing what the network wrote", i as f64 / total as f64);
        if all.reached() {
            complete = false;
            break;
        }
        let found = clock.time(Stage::Execute, || prepared(source, origin, &frame, executor, &all));
        for Prepared { candidate, execution, .. } in found {
            let scored = Scored {
                source: candidate.source,
                origin: candidate.origin,
                operations: candidate.operations,
                refinement: None,
                judgement: provisional(&execution),
                execution,
                score: None,
            };
            watch.candidate(&LiveCandidate { scored: &scored, rank: rank(&scored), iou: None, deviation: None });
            tried.push(scored);
        }
    }
    watch.report("comparing what the samples make", 0.0);
    clock.time(Stage::Rank, || agree(&mut tried));
    tried.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let made: usize = tried.iter().filter(|s| s.execution.is_ok()).filter_map(of_network).map(|w| w.times).sum();
    for scored in &mut tried {
        scored.judgement = judgement(scored, made);
    }
    tried.truncate(config.candidates.max(1));
    let mut notes = Vec::new();
    if config.longest_side.is_none() {
        notes.push(
            "nothing tells the part's size: its longest side is 200 where the network fills its frame".to_owned(),
        );
    }
    if !complete {
        notes.push("the time ran out or the work was stopped: programs may have been broken off".to_owned());
    }
    watch.report("done", 1.0);
    Ok(Reconstruction {
        candidates: tried,
        criterion: Criterion::Agreement,
        scan_from_program: Similarity::IDENTITY,
        complete,
        stages: clock.times(),
        survey: None,
        notes,
    })
}

fn of_network(scored: &Scored) -> Option<&Written> {
    match &scored.origin {
        Origin::Network(written) => Some(written),
        _ => None,
    }
}

/// The greater the better: first validity, then agreement, then the likelihood of a token.
fn rank(scored: &Scored) -> f64 {
    let Ok(execution) = &scored.execution else { return f64::NEG_INFINITY };
    let (agreement, likelihood) = of_network(scored)
        .map_or((0.0, 0.0), |written| (written.agreement.unwrap_or(0.0), written.log_probability_per_token().exp()));
    f64::from(validity(execution)) * 1e3 + agreement + 1e-3 * likelihood
}

/// One valid solid, several, or none that passes all checks.
fn validity(execution: &Execution) -> u8 {
    match (execution.properties.valid, execution.properties.solids) {
        (true, 1) => 2,
        (true, _) => 1,
        (false, _) => 0,
    }
}

/// Finds how far each candidate agrees with what the other samples make.
fn agree(tried: &mut [Scored]) {
    let prepared: Vec<Option<PreparedReference>> = tried
        .iter()
        .map(|scored| {
            let execution = scored.execution.as_ref().ok()?;
            Some(PreparedReference::new(&normalised_for_evaluation(&execution.mesh), CompareConfig::default()))
        })
        .collect();
    // Of a sample and its version without stray bodies the latter, which comes first, speaks for it.
    let voices: Vec<(usize, u64, usize)> = (0..tried.len())
        .filter(|i| prepared[*i].is_some())
        .filter_map(|i| of_network(&tried[i]).map(|written| (i, written.sample, written.times)))
        .fold(Vec::new(), |mut voices, voice| {
            if voices.iter().all(|(_, sample, _)| *sample != voice.1) {
                voices.push(voice);
            }
            voices
        });
    let found: Vec<Option<f64>> = (0..tried.len())
        .map(|i| {
            let (own, written) = (prepared[i].as_ref()?, of_network(&tried[i])?);
            let (mut sum, mut weight) = ((written.times - 1) as f64, written.times - 1);
            for &(j, sample, times) in &voices {
                if sample != written.sample {
                    sum += times as f64 * own.overlap_with(prepared[j].as_ref()?).iou.unwrap_or(0.0);
                    weight += times;
                }
            }
            (weight > 0).then(|| sum / weight as f64)
        })
        .collect();
    for (scored, agreement) in tried.iter_mut().zip(found) {
        if let Origin::Network(written) = &mut scored.origin {
            written.agreement = agreement;
        }
    }
}

fn provisional(execution: &Result<Execution, Box<partwright_cadquery::Diagnostic>>) -> Judgement {
    match execution {
        Ok(_) => Judgement {
            verdict: Verdict::Check,
            reason: "there is nothing to measure it against; it is compared with the other samples at the end"
                .to_owned(),
        },
        Err(fault) => Judgement {
            verdict: Verdict::Refused,
            reason: format!("the program could not be executed: {}", fault.message),
        },
    }
}

/// The judgement of a candidate when `made` samples made something.
fn judgement(scored: &Scored, made: usize) -> Judgement {
    let Ok(execution) = &scored.execution else { return provisional(&scored.execution) };
    let nothing = "there is nothing to measure it against";
    let agreement = of_network(scored).and_then(|written| written.agreement);
    let judgement = match agreement {
        Some(agreement) if made >= 3 && agreement < GUESSING => Judgement {
            verdict: Verdict::Refused,
            reason: format!(
                "{nothing}, and the {made} samples that made something share only {:.0} % of their volume with it: the \
                 network is guessing",
                100.0 * agreement
            ),
        },
        Some(agreement) => Judgement {
            verdict: Verdict::Check,
            reason: format!(
                "{nothing}; it shares {:.0} % of its volume on average with what {made} samples made",
                100.0 * agreement
            ),
        },
        None => Judgement {
            verdict: Verdict::Check,
            reason: format!("{nothing}, not even another sample that made something"),
        },
    };
    if execution.properties.valid { judgement } else { judgement.of_invalid_solid() }
}
