//! `partwright reconstruct`: a scan to a program, an exact solid and a report.

mod report;

use std::path::Path;
use std::time::{Duration, Instant};

use partwright_cadquery::Limits;
use partwright_geometry::LengthUnit;
use partwright_geometry::format::ScanFile;
use partwright_reconstruct::{
    CancelToken, ProgramFrame, ReconstructConfig, ReconstructError, Reconstruction, Verdict, Workers, reconstruct,
};

use self::report::Outcome;
use crate::arguments::{FrameName, ReconstructArguments};
use crate::command::info::unit_name;
use crate::failure::Failure;
use crate::output::{Console, Destination, Destinations, FileKind, Progress};
use crate::program::{Files, Programs, part_name, place};
use crate::{cancel, scan};

/// A single candidate may take this long to execute, and no longer than there is time for all.
const CANDIDATE_TIME: Duration = Duration::from_secs(10);

/// The share of the time kept for making and writing the files, and how much of it is enough.
const WRITING_SHARE: f64 = 0.1;
const ENOUGH_FOR_WRITING: Duration = Duration::from_millis(1500);

/// What the work gets at least when reading took all the time: enough for the scan's box.
const LEAST_SHARE: f64 = 0.05;

/// Making the files is stopped after this: a fault, since the very program was executed in less before.
const EXPORT_TIME: Duration = Duration::from_secs(30);

/// Reconstructs the scan and writes what was asked for.
pub(crate) fn execute(arguments: &ReconstructArguments, console: Console) -> Result<(), Failure> {
    let started = Instant::now();
    let outputs = Outputs::check(arguments, console.json())?;
    let progress = console.progress("reading");
    let scan = scan::read(&arguments.input)?;
    let unit = unit(&scan, arguments, console);
    let programs = Programs::new(1)?;
    let stop = CancelToken::default();
    let interrupted = stop.clone();
    cancel::on_interrupt(move || interrupted.cancel())?;
    let executor = Workers::new(programs.pool(), Limits { time: CANDIDATE_TIME, ..Limits::default() });
    let config = ReconstructConfig { unit, ..config(arguments, started.elapsed()) };
    let result = reconstruct(&scan.geometry, &config, &executor, &progress, &stop);
    let time = started.elapsed();
    let cancelled = stop.is_cancelled();
    let reconstruction = result.map_err(|error| failure(&error, &arguments.input))?;
    progress.stage("writing", 0.0);
    let outcome = Outcome { arguments, scan: &scan, unit, time, cancelled, reconstruction: &reconstruction };
    let written = outputs.write(&outcome, &programs)?;
    drop(progress);
    for note in scan.notes.iter().chain(&reconstruction.notes) {
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

/// What is asked of the reconstruction, in the time that is left after `spent` and before writing.
fn config(arguments: &ReconstructArguments, spent: Duration) -> ReconstructConfig {
    let all = Duration::from_secs_f64(arguments.time);
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

/// The scan's unit: what the user says, else what the file says.
fn unit(scan: &ScanFile, arguments: &ReconstructArguments, console: Console) -> LengthUnit {
    let said = arguments.units.map(LengthUnit::from);
    match (said, scan.unit) {
        (Some(said), LengthUnit::Unknown) => said,
        (Some(said), declared) => {
            if said != declared {
                console.note(format!("the file declares {}, --units says {}", unit_name(declared), unit_name(said)));
            }
            said
        }
        (None, LengthUnit::Unknown) => {
            console.note("the file names no length unit; millimetres are taken, --units changes that");
            LengthUnit::Unknown
        }
        (None, declared) => declared,
    }
}

fn failure(error: &ReconstructError, input: &Path) -> Failure {
    let said = format!("{}: {error}", place(input));
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
        let mut places = Destinations::new([arguments.input.as_path()], json);
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
        let best = best(outcome.reconstruction)?;
        let shapes: Vec<&Destination> = [&self.step, &self.mesh].into_iter().flatten().collect();
        if !shapes.is_empty() {
            let files = Files {
                kinds: shapes.iter().map(|shape| shape.kind).collect(),
                tolerance: None,
                name: part_name(&outcome.arguments.input),
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
        if let Some(report) = &self.report {
            report.write(format!("{:#}\n", outcome.object()).as_bytes())?;
        }
        Ok(self.all().map(ToString::to_string).collect())
    }
}

fn best(reconstruction: &Reconstruction) -> Result<&str, Failure> {
    if let Some(best) = reconstruction.best() {
        return Ok(&best.source);
    }
    let why = reconstruction.candidates.first().map(|first| first.judgement.reason.clone()).unwrap_or_default();
    Err(Failure::failed(format!("no candidate made a solid: {why}")))
}
