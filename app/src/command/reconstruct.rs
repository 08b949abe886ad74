//! `partwright reconstruct`: a scan, pictures or a description to a program, an exact solid and a report.

mod input;
mod report;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use partwright_cadquery::Limits;
use partwright_reconstruct::{
    CancelToken, NetworkSource, ProgramFrame, ReconstructConfig, ReconstructError, UnmeasuredConfig, Verdict,
    WhenAsked, Workers, reconstruct_unmeasured, reconstruct_with,
};

use self::input::Given;
use self::report::Outcome;
use crate::arguments::{FrameName, ModelChoice, ReconstructArguments};
use crate::cancel;
use crate::command::model;
use crate::failure::Failure;
use crate::network::Network;
use crate::output::{Console, Destination, Destinations, FileKind, Progress};
use crate::program::{Files, Programs};

/// A single candidate may take this long to execute, and no longer than there is time for all.
const CANDIDATE_TIME: Duration = Duration::from_secs(10);

/// The share of the time kept for making and writing the files, and how much of it is enough.
const WRITING_SHARE: f64 = 0.1;
const ENOUGH_FOR_WRITING: Duration = Duration::from_millis(1500);

/// What the work gets at least when reading took all the time: enough for the scan's box.
const LEAST_SHARE: f64 = 0.05;

/// Making the files is stopped after this: a fault, since the very program was executed in less before.
const EXPORT_TIME: Duration = Duration::from_secs(30);

/// Fewer programs than these of a network may well all fail.
const ENOUGH_SAMPLES: u32 = 32;

/// The time where nothing else is said: a fit, and what a network may take on a processor.
const TIME_SECS: f64 = 20.0;
const TIME_WITH_NETWORK_SECS: f64 = 120.0;

/// Reconstructs what was given and writes what was asked for.
pub(crate) fn execute(arguments: &ReconstructArguments, console: Console) -> Result<(), Failure> {
    let started = Instant::now();
    let outputs = Outputs::check(arguments, console.json())?;
    let progress = console.progress("reading");
    let given = Given::read(arguments)?;
    let network = network(arguments, &given)?;
    if network.is_none() && !matches!(given, Given::Scan(_)) {
        return Err(nothing_to_ask(&given));
    }
    let unit = given.unit(arguments, console);
    let programs = Programs::new(1)?;
    let stop = CancelToken::default();
    let interrupted = stop.clone();
    cancel::on_interrupt(move || interrupted.cancel())?;
    let executor = Workers::new(programs.pool(), Limits { time: CANDIDATE_TIME, ..Limits::default() });
    let config = ReconstructConfig { unit, ..config(arguments, &given, started.elapsed()) };
    let result = match (&given, network.as_ref().zip(given.for_network(arguments.text.as_deref()))) {
        (Given::Pictures(_) | Given::Description(_), Some((network, part))) => {
            let config = UnmeasuredConfig {
                candidates: config.candidates,
                samples: arguments.samples as usize,
                time: config.time,
                seed: config.seed,
                longest_side: arguments.size,
            };
            reconstruct_unmeasured(network, &part, &config, &executor, &progress, &stop)
        }
        (Given::Scan(scan), _) => {
            let source = network.as_ref().map(|network| NetworkSource {
                author: network,
                samples: arguments.samples as usize,
                rounds: arguments.rounds as usize,
                when: match arguments.model {
                    ModelChoice::Named(_) => WhenAsked::Always,
                    _ => WhenAsked::WhereFitFails,
                },
                description: arguments.text.as_deref(),
            });
            reconstruct_with(&scan.geometry, source.as_ref(), &config, &executor, &progress, &stop)
        }
        _ => return Err(nothing_to_ask(&given)),
    };
    let time = started.elapsed();
    let cancelled = stop.is_cancelled();
    let reconstruction = result.map_err(|error| failure(&error, &given.place(arguments)))?;
    progress.stage("writing", 0.0);
    let runs_on = network.as_ref().and_then(Network::runs_on);
    let outcome = Outcome { arguments, given: &given, unit, time, cancelled, runs_on, reconstruction: &reconstruction };
    let written = outputs.write(&outcome, &programs)?;
    drop(progress);
    for note in given.notes().iter().chain(&reconstruction.notes) {
        console.note(note);
    }
    if outputs.all().next().is_none() && !console.json() {
        console.note("nothing was written; name files with -o, --program, --mesh or --report");
    }
    if !outputs.all().any(Destination::is_stdout) {
        console.result(&outcome.object(), || outcome.text(&written))?;
    }
    if reconstruction.best().is_some_and(|best| best.judgement.verdict == Verdict::Refused) {
        console.note("the result is refused: it is the best approximation found, not a reconstruction");
    }
    if cancelled {
        return Err(Failure::cancelled("cancelled; the best result found so far was kept"));
    }
    Ok(())
}

/// The network that may be asked; `None` where none is wanted.
fn network(arguments: &ReconstructArguments, given: &Given) -> Result<Option<Network>, Failure> {
    let name = match &arguments.model {
        ModelChoice::None => return Ok(None),
        ModelChoice::Auto => None,
        ModelChoice::Named(name) => Some(name.as_str()),
    };
    let found = model::store().and_then(|store| Network::of_store(&store, name).map_err(model::failure));
    match found {
        // A scan can do without: an installed one that nobody named and that cannot be found is not missed.
        Err(_) if name.is_none() && matches!(given, Given::Scan(_)) => Ok(Some(Network::shipped())),
        found => found.map(Some),
    }
}

/// What to say where only a network could help and there is none.
fn nothing_to_ask(given: &Given) -> Failure {
    let what = if matches!(given, Given::Description(_)) { "a description" } else { "pictures" };
    Failure::usage(format!("only a model can make a program of {what}, and --model none asks for none"))
}

/// What is asked of the reconstruction, in the time that is left after `spent` and before writing.
fn config(arguments: &ReconstructArguments, given: &Given, spent: Duration) -> ReconstructConfig {
    let of_network = !matches!(given, Given::Scan(_)) || matches!(arguments.model, ModelChoice::Named(_));
    let usual = if of_network { TIME_WITH_NETWORK_SECS } else { TIME_SECS };
    let all = Duration::from_secs_f64(arguments.time.unwrap_or(usual));
    let writing = all.mul_f64(WRITING_SHARE).min(ENOUGH_FOR_WRITING);
    ReconstructConfig {
        candidates: arguments.candidates as usize,
        time: Some(all.saturating_sub(spent + writing).max(all.mul_f64(LEAST_SHARE))),
        seed: arguments.seed,
        frame: match arguments.frame {
            FrameName::Scan => ProgramFrame::Scan,
            FrameName::Normalized => ProgramFrame::Normalized,
        },
        ..ReconstructConfig::default()
    }
}

fn failure(error: &ReconstructError, place: &str) -> Failure {
    let said = format!("{place}: {error}");
    match error {
        ReconstructError::Cancelled => Failure::cancelled(said),
        ReconstructError::OutOfTime => Failure::failed(said).help("--time gives it more"),
        _ => Failure::failed(said),
    }
}

impl partwright_reconstruct::Watch for Progress {}

impl partwright_reconstruct::Progress for Progress {
    fn report(&self, stage: &str, fraction: f64) {
        self.stage(stage, fraction);
    }
}

/// Where the results go.
struct Outputs {
    step: Option<Destination>,
    program: Option<Destination>,
    mesh: Option<Destination>,
    report: Option<Destination>,
}

impl Outputs {
    fn check(arguments: &ReconstructArguments, json: bool) -> Result<Self, Failure> {
        let mut places = Destinations::new(arguments.input.iter().map(PathBuf::as_path), json);
        Ok(Self {
            step: places.accept_some(arguments.output.as_deref(), &[FileKind::Step])?,
            program: places.accept_some(arguments.program.as_deref(), &[FileKind::Program])?,
            mesh: places.accept_some(arguments.mesh.as_deref(), FileKind::MESHES)?,
            report: places.accept_some(arguments.report.as_deref(), &[FileKind::Json])?,
        })
    }

    fn all(&self) -> impl Iterator<Item = &Destination> {
        [&self.step, &self.program, &self.mesh, &self.report].into_iter().flatten()
    }

    /// Writes all of them and gives their names.
    fn write(&self, outcome: &Outcome<'_>, programs: &Programs) -> Result<Vec<String>, Failure> {
        if let Some(report) = &self.report {
            report.write(format!("{:#}\n", outcome.object()).as_bytes())?;
        }
        let best = best(outcome)?;
        let shapes: Vec<&Destination> = [&self.step, &self.mesh].into_iter().flatten().collect();
        if !shapes.is_empty() {
            let files = Files {
                kinds: shapes.iter().map(|shape| shape.kind).collect(),
                tolerance: None,
                name: Given::part_name(outcome.arguments),
                unit: outcome.unit,
            };
            let limits = Limits { time: EXPORT_TIME, ..Limits::default() };
            let (_, bytes) = programs
                .make(best, &files, &limits, programs.cancel())
                .map_err(|failure| Failure::failed(format!("the result cannot be written: {failure}")))?;
            for (shape, bytes) in shapes.iter().zip(bytes) {
                shape.write(&bytes)?;
            }
        }
        if let Some(program) = &self.program {
            program.write(best.as_bytes())?;
        }
        Ok(self.all().map(ToString::to_string).collect())
    }
}

fn best<'a>(outcome: &Outcome<'a>) -> Result<&'a str, Failure> {
    if let Some(best) = outcome.reconstruction.best() {
        return Ok(&best.source);
    }
    let candidates = &outcome.reconstruction.candidates;
    if candidates.is_empty() {
        return Err(if outcome.cancelled {
            Failure::cancelled("cancelled before a program was written")
        } else {
            Failure::failed("no program was written in the time there was").help("--time gives it more")
        });
    }
    let why = candidates.first().map(|first| first.judgement.reason.clone()).unwrap_or_default();
    let failure = Failure::failed(format!("none of {} candidates made a solid; the first: {why}", candidates.len()));
    Err(if outcome.arguments.samples < ENOUGH_SAMPLES {
        failure.help("more --samples or another --seed may give one; --report lists all that was tried")
    } else {
        failure.help("--report lists all that was tried")
    })
}
