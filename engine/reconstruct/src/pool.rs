//! The pool itself.

use std::sync::Arc;
use std::time::Instant;

use partwright_cadquery::{Diagnostic, DiagnosticKind};
use partwright_fit::{CancelToken, Deadline, Progress, Survey};
use partwright_geometry::{Bounds, Geometry, LengthUnit, Similarity, normalize};

use crate::background::within;
use crate::generate::{Candidate, box_of, candidates};
use crate::network::{Own, Showing};
use crate::refinement::{Drawn, FRONT_RUNNERS, Refiner};
use crate::score::{Ranked, Reference};
use crate::sharp_parent::lost_blends;
use crate::stages::{Stage, StageTimes, Stopwatch};
use crate::surveyed::surveyed;
use crate::verdict::judge;
use crate::wording::reworded;
use crate::{
    AuthorError, Execution, Executor, Judgement, LiveCandidate, NetworkSource, ProgramFrame, ReconstructConfig,
    Refinement, Scored, Verdict, Watch, WhenAsked,
};

/// By what candidates are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Measured agreement with the scan, less a price of the program's length.
    Measured,
    /// Nothing can be measured: validity, then agreement among samples, then likelihood.
    Agreement,
}

/// What came of an input.
#[derive(Clone, Debug)]
pub struct Reconstruction {
    /// Candidates, best first. Those that could not be executed come last.
    pub candidates: Vec<Scored>,
    /// What "best" means.
    pub criterion: Criterion,
    /// From the programs' coordinates to the scan's: the identity unless the normalised frame was asked for.
    pub scan_from_program: Similarity,
    /// Whether everything was done that was to be done. If not, time ran out or the caller stopped it, and another run may
    /// find something else.
    pub complete: bool,
    /// Where the time went.
    pub stages: StageTimes,
    /// What the scan is made of, in the programs' coordinates; `None` where the time did not reach for it.
    pub survey: Option<Survey>,
    /// What the user should know, in sentences.
    pub notes: Vec<String>,
}

impl Reconstruction {
    /// The best candidate that made a body.
    pub fn best(&self) -> Option<&Scored> {
        self.candidates.first().filter(|c| c.execution.is_ok())
    }
}

/// Why a scan cannot be reconstructed at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReconstructError {
    /// Nothing is in the scan.
    #[error("the scan has no finite point with an extent; there is nothing to reconstruct")]
    Empty,
    /// The caller stopped before there was anything.
    #[error("stopped before a candidate was found")]
    Cancelled,
    /// The time was too short for even one candidate.
    #[error("the time was too short for even one candidate; give it more")]
    OutOfTime,
    /// No method gave a program.
    #[error("no program was found for this scan: {reason}")]
    NothingFound {
        /// What was tried and why it failed.
        reason: String,
    },
    /// There is only a network to ask, and it failed.
    #[error("the network {model} wrote nothing: {reason}")]
    NetworkWroteNothing {
        /// Its name.
        model: String,
        /// Why.
        reason: String,
    },
}

/// The share of the time that proposing may take; the rest is for executing and scoring.
const PROPOSING_SHARE: f64 = 0.6;
/// The same where a network is asked in any case: it takes its time.
const PROPOSING_SHARE_BESIDE_NETWORK: f64 = 0.35;
/// The share of the time after which proposals that did not come back are given up.
const GIVE_UP_SHARE: f64 = 0.75;
/// The share of the time after which no further candidate is executed, so that the best one can still be measured.
const EXECUTING_SHARE: f64 = 0.85;
/// What one statement more has to bring in overlap for a program to be preferred.
const PRICE_OF_OPERATION: f64 = 3e-4;
/// What one more byte of a short program has to bring.
const PRICE_OF_BYTE: f64 = 5e-6;
/// From about so many bytes on a byte more costs less and less: a part that takes a long program to say has much to say, and
/// what is right about it is worth as much as on a simple one.
const SHORT_BYTES: f64 = 2000.0;
/// What a solid that does not pass all checks has to bring over one that does: other programs may read it differently.
const PRICE_OF_INVALID: f64 = 0.02;
/// Below this overlap the box around the scan may be the better approximation.
const POOR: f64 = 0.6;
/// The same where there is no overlap: the surfaces lie this share of the size apart.
const FAR: f64 = -0.04;
/// Overlap from which on what was fitted is not worth asking a network about.
const FITS: f64 = 0.98;
/// The same where there is no overlap: the surfaces lie this share of the size apart.
const NEAR: f64 = -0.005;
/// The rank of what could not be measured any more: behind all that was.
const UNMEASURED: f64 = -10.0;
/// A candidate whose estimate lies this far behind the best one's is not executed once something else has been: the
/// estimates, from cells, are right within about 0.01.
const HOPELESS: f64 = 0.03;

/// Reconstructs `scan`: proposes programs, executes and scores them, and returns them ranked. `watch` hears of each
/// candidate that was executed, in the order of the work. No network is asked.
///
/// # Errors
/// When there is no candidate to return; see [`ReconstructError`].
pub fn reconstruct(
    scan: &Geometry,
    config: &ReconstructConfig,
    executor: &dyn Executor,
    watch: &dyn Watch,
    cancel: &CancelToken,
) -> Result<Reconstruction, ReconstructError> {
    reconstruct_with(scan, None, config, executor, watch, cancel)
}

/// Like [`reconstruct`], with a network whose programs are executed, measured and ranked beside the others. What it writes is
/// hostile text: `executor` should be one of [`crate::Workers`].
///
/// # Errors
/// When there is no candidate to return; a network that fails is only noted.
pub fn reconstruct_with(
    scan: &Geometry,
    network: Option<&NetworkSource<'_>>,
    config: &ReconstructConfig,
    executor: &dyn Executor,
    watch: &dyn Watch,
    cancel: &CancelToken,
) -> Result<Reconstruction, ReconstructError> {
    let start = Instant::now();
    let until = |share: f64| Deadline::new(cancel.clone(), config.time.map(|t| start + t.mul_f64(share)));
    let all = until(1.0);
    let share = match network.map(|network| network.when) {
        Some(WhenAsked::Always) => PROPOSING_SHARE_BESIDE_NETWORK,
        _ => PROPOSING_SHARE,
    };
    let proposing = until(share);
    let (framed, scan_from_program) = in_frame(scan, config.frame).ok_or(ReconstructError::Empty)?;
    let size = Bounds::of_geometry(&framed).map_or(0.0, Bounds::longest_side);
    if !size.is_finite() || size <= 0.0 {
        return Err(ReconstructError::Empty);
    }
    let framed = Arc::new(framed);
    let clock = Arc::new(Stopwatch::default());
    let reference = {
        let scan = Arc::clone(&framed);
        let (samples, seed) = (config.samples, config.seed);
        move || Reference::new(&scan, size, samples, seed)
    };
    let give_up = until(share + GIVE_UP_SHARE - PROPOSING_SHARE);
    let found = {
        let (scan, frame, most, proposing) = (Arc::clone(&framed), config.frame, config.candidates, proposing.clone());
        let clock = Arc::clone(&clock);
        within(&give_up, watch, move |progress| candidates(&scan, frame, most, progress, &proposing, &clock))
    };
    let mut complete = found.is_some() && !proposing.reached();
    let mut found = found.unwrap_or_default();
    if found.is_empty() && !cancel.is_cancelled() {
        found.extend(box_of(&framed, config.frame).map(|b| b.0));
    }
    if found.is_empty() {
        return Err(match (cancel.is_cancelled(), complete) {
            (true, _) => ReconstructError::Cancelled,
            (_, false) => ReconstructError::OutOfTime,
            _ => ReconstructError::NothingFound { reason: "no section of it encloses an area".to_owned() },
        });
    }
    let prepared = clock.time(Stage::Rank, || {
        within(&all, watch, move |_| {
            let reference = reference();
            let not_solid = reference.not_solid();
            (Arc::new(reference), not_solid)
        })
    });
    let (reference, not_solid) = prepared.map_or((None, None), |(reference, why)| (Some(reference), why));
    complete &= reference.is_some();
    let mut ranked: Vec<Tried> = Vec::new();
    let total = found.len();
    let best_estimate = found.iter().map(|c| c.estimate).fold(f64::NEG_INFINITY, f64::max);
    let executing = until(EXECUTING_SHARE);
    let road = Road {
        executor,
        watch,
        reference: reference.clone(),
        measured_by_volume: matches!(*framed, Geometry::Mesh(_)),
        least_iou: config.thresholds.least_iou,
        executing,
        all: all.clone(),
        clock: Arc::clone(&clock),
        price_scale: config.price_scale,
    };
    for (i, candidate) in found.into_iter().enumerate() {
        watch.report("executing", i as f64 / total as f64);
        let made = ranked.iter().any(|r| r.scored.execution.is_ok());
        if made && road.executing.reached() || all.reached() {
            complete = false;
            break;
        }
        // What the best one promised counts only as far as something has kept it.
        let kept = ranked.iter().filter_map(|t| t.measured.map(|m| m.rank)).fold(f64::NEG_INFINITY, f64::max);
        if made && candidate.estimate < best_estimate.min(kept) - HOPELESS {
            continue;
        }
        let Some(tried) = road.tried(candidate, None) else {
            complete = false;
            break;
        };
        ranked.push(tried);
    }
    ranked.sort_by(|a, b| b.rank.total_cmp(&a.rank));
    let mut notes = Vec::new();
    if let Some(network) = network.filter(|network| road.asks(network.when, ranked.first())) {
        match road.written(network, &framed, config) {
            Ok(tried) => ranked.extend(tried),
            Err(error) => notes.push(format!("the network {} wrote nothing: {error}", network.author.name())),
        }
        complete &= !road.executing.reached();
        ranked.sort_by(|a, b| b.rank.total_cmp(&a.rank));
    }
    // What is worse than the box around the scan is no approximation of it.
    let poor = ranked.first().and_then(|t| t.measured).is_some_and(|m| m.iou.map_or(m.rank < FAR, |iou| iou < POOR));
    if poor
        && !all.reached()
        && let Some((candidate, execution)) = box_of(&framed, config.frame)
    {
        ranked.push(road.weighed(candidate, Ok(execution), None));
        ranked.sort_by(|a, b| b.rank.total_cmp(&a.rank));
    }
    complete &= refine_front_runners(&mut ranked, &road, &framed, config);
    let mut ranked: Vec<(f64, Scored, Option<Drawn>)> =
        ranked.into_iter().map(|t| (t.rank, t.scored, t.drawn)).collect();
    if ranked.iter().all(|r| r.1.execution.is_err()) {
        if cancel.is_cancelled() {
            return Err(ReconstructError::Cancelled);
        }
        complete &= !all.reached();
        ranked.extend(
            box_of(&framed, config.frame).map(|(candidate, execution)| (UNMEASURED, boxed(candidate, execution), None)),
        );
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.truncate(config.candidates.max(1));
    if config.frame == ProgramFrame::Scan {
        for (_, scored, drawn) in &mut ranked {
            // Bare numbers are a program, too, if the time does not reach for another one.
            let (Some(drawn), Ok(made), false) = (drawn, &scored.execution, road.executing.reached()) else { continue };
            if let Some((source, execution)) = reworded(drawn, made, executor, &road.executing) {
                (scored.source, scored.execution) = (source, Ok(execution));
            }
        }
    }
    for (i, (_, scored, _)) in ranked.iter_mut().enumerate() {
        watch.report("measuring", i as f64 / config.candidates.max(1) as f64);
        if all.reached() {
            complete = false;
            break;
        }
        let (Ok(execution), Some(reference)) = (&scored.execution, &reference) else { continue };
        let (own, executed) = (Arc::clone(reference), execution.clone());
        match clock.time(Stage::Measure, || within(&all, watch, move |_| own.score(&executed))) {
            None => complete = false,
            Some(Some(score)) => {
                let judgement = judge(&score, reference.size(), not_solid.as_deref(), &config.thresholds);
                let judgement = if execution.properties.valid { judgement } else { judgement.of_invalid_solid() };
                scored.judgement = if scored.origin.is_stepped() {
                    judgement.of_steps(scored.operations, score.iou, &config.thresholds)
                } else {
                    judgement
                };
                scored.score = Some(score);
            }
            Some(None) => "its surface could not be measured".clone_into(&mut scored.judgement.reason),
        }
    }
    if !complete {
        notes.push("not everything was tried: the time ran out or the work was stopped".to_owned());
    }
    if let Some(why) = not_solid {
        notes.push(format!("the scan encloses no clean volume: {why}"));
    }
    let candidates: Vec<Scored> = ranked.into_iter().map(|r| r.1).collect();
    let survey = clock.time(Stage::Survey, || surveyed(&framed, config.time, &all, watch));
    if let (Some(survey), Some(Ok(best))) = (&survey, candidates.first().map(|best| &best.execution)) {
        notes.extend(lost_blends(survey, &best.mesh).iter().map(ToString::to_string));
    }
    watch.report("done", 1.0);
    let criterion = Criterion::Measured;
    Ok(Reconstruction { candidates, criterion, scan_from_program, complete, stages: clock.times(), survey, notes })
}

/// What a program of so many operations and bytes has to bring in overlap.
fn price(operations: usize, bytes: usize) -> f64 {
    PRICE_OF_OPERATION * operations as f64 + PRICE_OF_BYTE * SHORT_BYTES * (bytes as f64 / SHORT_BYTES).ln_1p()
}

/// The candidate with what it made; its plainer version where that is made and the candidate itself is not.
fn executed(
    mut candidate: Candidate,
    executor: &dyn Executor,
    deadline: &Deadline,
) -> (Candidate, Result<Execution, Box<Diagnostic>>) {
    // A plainer version gets the second half of the time where the candidate itself takes all of the first.
    let now = Instant::now();
    let until = deadline.at().filter(|_| candidate.plainer.is_some());
    let own = until.map_or_else(
        || deadline.clone(),
        |at| Deadline::new(deadline.cancel().clone(), Some(now + at.saturating_duration_since(now) / 2)),
    );
    let execution = executor.execute(&candidate.source, &own);
    let fine = match &execution {
        Ok(made) => made.properties.valid,
        Err(fault) => fault.kind == DiagnosticKind::Cancelled,
    };
    if !fine
        && !deadline.reached()
        && let Some(plainer) = candidate.plainer.take()
    {
        let made = executor.execute(&plainer.source, deadline);
        // Of two that are no valid solid the exact one is kept.
        if made.as_ref().is_ok_and(|m| m.properties.valid || execution.is_err()) {
            return (*plainer, made);
        }
    }
    (candidate, execution)
}

/// The way of every candidate: it is executed, and measured as far as its rank needs it.
struct Road<'a> {
    executor: &'a dyn Executor,
    watch: &'a dyn Watch,
    reference: Option<Arc<Reference>>,
    measured_by_volume: bool,
    least_iou: f64,
    executing: Deadline,
    all: Deadline,
    clock: Arc<Stopwatch>,
    price_scale: f64,
}

/// A candidate that went that way.
struct Tried {
    rank: f64,
    measured: Option<Ranked>,
    scored: Scored,
    drawn: Option<Drawn>,
    estimate: f64,
}

impl Road<'_> {
    /// Executes and measures `candidate`; `None` when the caller stopped it, and nothing is known of it.
    fn tried(&self, candidate: Candidate, refinement: Option<Refinement>) -> Option<Tried> {
        let (candidate, execution) =
            self.clock.time(Stage::Execute, || executed(candidate, self.executor, &self.executing));
        let cancelled = execution.as_ref().is_err_and(|fault| fault.kind == DiagnosticKind::Cancelled);
        (!cancelled).then(|| self.weighed(candidate, execution, refinement))
    }

    /// Whether a network is to be asked, when `best` is the best of what was fitted.
    fn asks(&self, when: WhenAsked, best: Option<&Tried>) -> bool {
        let agrees = |m: Ranked| m.iou.map_or(m.rank >= NEAR, |iou| iou >= FITS);
        let fits = best.and_then(|best| best.measured).is_some_and(agrees);
        !self.executing.reached() && (when == WhenAsked::Always || !fits)
    }

    /// What a network writes of the scan, executed and measured; where it can improve programs, it is shown the best of its own
    /// and where that is wrong, as long as it gains by it.
    fn written(
        &self,
        network: &NetworkSource<'_>,
        scan: &Geometry,
        config: &ReconstructConfig,
    ) -> Result<Vec<Tried>, AuthorError> {
        let nothing = || AuthorError::Failed { reason: "the scan has no extent".to_owned() };
        let showing = Showing::new(scan, config).ok_or_else(nothing)?;
        let programs = |before: Option<(&Own, usize)>| {
            self.clock
                .time(Stage::Write, || showing.programs(network, before, self.executor, &self.executing, self.watch))
        };
        let (mut all, mut best): (Vec<Tried>, Option<(f64, Own)>) = (Vec::new(), None);
        for round in 0..=if network.author.edits() { network.rounds } else { 0 } {
            let found = match &best {
                _ if round == 0 => programs(None)?,
                // What there is stays, whatever becomes of the improvement.
                Some((_, own)) if self.asks(network.when, all.first()) => {
                    programs(Some((own, round))).unwrap_or_default()
                }
                _ => break,
            };
            let before = best.as_ref().map_or(f64::NEG_INFINITY, |(rank, _)| *rank);
            for prepared in found {
                let tried = self.weighed(prepared.candidate, prepared.execution, None);
                let better = best.as_ref().is_none_or(|(rank, _)| tried.rank > *rank);
                best = prepared.own.filter(|_| better).map(|own| (tried.rank, own)).or(best);
                all.push(tried);
            }
            all.sort_by(|a, b| b.rank.total_cmp(&a.rank));
            if best.as_ref().is_none_or(|(rank, _)| *rank <= before) {
                break;
            }
        }
        Ok(all)
    }

    /// Measures what executing `candidate` made.
    fn weighed(
        &self,
        candidate: Candidate,
        execution: Result<Execution, Box<Diagnostic>>,
        refinement: Option<Refinement>,
    ) -> Tried {
        let told = self.watch.listens();
        let measured = execution.as_ref().ok().and_then(|e| {
            let (reference, mesh) = (Arc::clone(self.reference.as_ref()?), e.mesh.clone());
            self.clock.time(Stage::Rank, || within(&self.all, self.watch, move |_| reference.rank(&mesh, told)))
        });
        let rank = execution.as_ref().map_or(f64::NEG_INFINITY, |made| {
            let price = self.price_scale * price(candidate.operations, candidate.source.len())
                + if made.properties.valid { 0.0 } else { PRICE_OF_INVALID };
            measured.map_or(UNMEASURED - price, |measured| measured.rank - measured.worth * price)
        });
        let judgement = match &execution {
            Ok(_) => {
                let iou = measured.and_then(|measured| measured.iou);
                unmeasured(iou, self.measured_by_volume, self.least_iou)
            }
            Err(fault) => Judgement {
                verdict: Verdict::Refused,
                reason: format!("the program could not be executed: {}", fault.message),
            },
        };
        let provisional = measured.map(|measured| provisional(measured, self.least_iou));
        let mut scored = Scored {
            source: candidate.source,
            origin: candidate.origin,
            operations: candidate.operations,
            refinement,
            execution,
            score: None,
            judgement: provisional.unwrap_or_else(|| judgement.clone()),
        };
        let (iou, deviation) = measured.map_or((None, None), |measured| (measured.iou, measured.deviation));
        self.watch.candidate(&LiveCandidate { scored: &scored, rank, iou, deviation });
        scored.judgement = judgement;
        Tried { rank, measured, scored, drawn: candidate.drawn, estimate: candidate.estimate }
    }
}

/// Refines the constants of the first of `ranked` (best first) and puts them back in order; says whether all that was to be
/// done was done. What is refined takes the place of what it came from where it ranks, or without the price of its
/// digits measures, at least as well.
fn refine_front_runners(ranked: &mut [Tried], road: &Road<'_>, scan: &Geometry, config: &ReconstructConfig) -> bool {
    let Some(refiner) = Refiner::new(scan, config).map(Arc::new) else { return true };
    for (i, old) in ranked.iter_mut().take(FRONT_RUNNERS).enumerate() {
        road.watch.report("refining", i as f64 / FRONT_RUNNERS as f64);
        let (Some(drawn), true, Some(measured)) = (&old.drawn, old.scored.execution.is_ok(), old.measured) else {
            continue;
        };
        let (refiner, drawn, deadline) = (Arc::clone(&refiner), drawn.clone(), road.executing.clone());
        let work = move |_: &dyn Progress| refiner.refined(&drawn, &deadline);
        let found = road.clock.time(Stage::Refine, || within(&road.executing, road.watch, work));
        if road.executing.reached() {
            return false;
        }
        let Some((new, refinement)) = found.flatten().filter(|f| f.0.source != old.scored.source) else { continue };
        let candidate = Candidate { origin: old.scored.origin.clone(), estimate: old.estimate, ..new };
        let Some(new) = road.tried(candidate, Some(refinement)) else { return false };
        let better = new.measured.is_some_and(|m| new.rank >= old.rank || m.rank >= measured.rank);
        if better && new.scored.execution.is_ok() {
            *old = new;
        }
    }
    ranked.sort_by(|a, b| b.rank.total_cmp(&a.rank));
    true
}

/// The judgement of an executed candidate until its distances are measured, and for good where the time ends before.
fn unmeasured(rank: Option<f64>, by_volume: bool, least_iou: f64) -> Judgement {
    match rank.filter(|_| by_volume) {
        Some(iou) if iou >= least_iou => Judgement {
            verdict: Verdict::Check,
            reason: format!("{:.1} % of the volume are shared; distances were not measured: time ran out", 100.0 * iou),
        },
        Some(iou) if iou >= 0.0 => Judgement {
            verdict: Verdict::Refused,
            reason: format!("only {:.1} % of the volume are shared", 100.0 * iou),
        },
        _ => Judgement { verdict: Verdict::Refused, reason: "not measured: time ran out".to_owned() },
    }
}

/// The judgement of a candidate as long as others are being executed: what is measured at the end may change it.
fn provisional(measured: Ranked, least_iou: f64) -> Judgement {
    match measured.iou {
        Some(iou) if iou < least_iou => Judgement {
            verdict: Verdict::Refused,
            reason: format!("only {:.1} % of the volume are shared", 100.0 * iou),
        },
        Some(iou) => Judgement {
            verdict: Verdict::Check,
            reason: format!("{:.1} % of the volume are shared; the rest is measured at the end", 100.0 * iou),
        },
        None => Judgement {
            verdict: Verdict::Check,
            reason: "no volume can be compared; how much of the scan it explains is measured at the end".to_owned(),
        },
    }
}

/// The scan's box where nothing else could be executed.
fn boxed(candidate: Candidate, execution: Execution) -> Scored {
    Scored {
        source: candidate.source,
        origin: candidate.origin,
        operations: candidate.operations,
        refinement: None,
        execution: Ok(execution),
        score: None,
        judgement: unmeasured(None, false, 0.0),
    }
}

/// The scan in the programs' coordinates, and the way back.
fn in_frame(scan: &Geometry, frame: ProgramFrame) -> Option<(Geometry, Similarity)> {
    match frame {
        ProgramFrame::Scan => Bounds::of_geometry(scan).map(|_| (scan.clone(), Similarity::IDENTITY)),
        ProgramFrame::Normalized => {
            normalize::in_program_frame(scan, LengthUnit::Unknown).map(|n| (n.geometry, n.input_from_normalized))
        }
    }
}
