//! `partwright bench MANIFEST.json`: reconstruction on a data set.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use partwright_bench::reconstruction::ledger::Ledger;
use partwright_bench::reconstruction::runner::{self, build_name};
use partwright_bench::reconstruction::table::table;
use partwright_bench::reconstruction::{
    Ablation, Bench, InputKind, Manifest, Results, RunnerConfig, RunnerError, Selection,
};
use serde_json::json;

use crate::arguments::{InputName, ReconstructionBenchArguments};
use crate::cancel;
use crate::failure::Failure;
use crate::output::{Console, Destinations, FileKind};

/// What a case may take beyond its budget for starting, reading and measuring before it is stopped. Measuring large open
/// meshes takes seconds, and many times that on a machine that is busy.
const GRACE_SECS: f64 = 120.0;

/// Runs all selected cases, prints the table and writes the results.
pub(crate) fn execute(arguments: &ReconstructionBenchArguments, console: Console) -> Result<(), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::failed(error.to_string());
    let Some(path) = &arguments.manifest else {
        return Err(Failure::usage("a manifest, `kernel`, `network`, `window` or `start` is needed"));
    };
    let manifest = Manifest::read(path).map_err(|error| failed(&error))?;
    let mut places = Destinations::new([path.as_path()], true);
    let out = places.accept_some(arguments.out.as_deref(), &[FileKind::Json])?;
    let sheet = places.accept_some(arguments.sheet.as_deref(), &[FileKind::Png])?;
    let (every, offset) = (arguments.every as usize, arguments.offset as usize);
    let selection = Selection { classes: arguments.class.clone(), every, offset, limit: arguments.limit };
    let mut without: Vec<Ablation> = arguments.without.iter().copied().map(Ablation::from).collect();
    without.sort_unstable();
    without.dedup();
    let cases = manifest.select(&selection).map_err(|error| Failure::usage(error.to_string()))?;
    let executable = std::env::current_exe().map_err(|error| failed(&error))?;
    let bench = Bench {
        manifest: path.clone(),
        classes: arguments.class.clone(),
        every,
        offset,
        limit: arguments.limit,
        input: match arguments.input {
            InputName::Mesh => InputKind::Mesh,
            InputName::Points => InputKind::Points,
            InputName::Scan => InputKind::Scan,
        },
        points: arguments.points as usize,
        scanner: arguments.scanner.scanner(),
        without,
        time_s: arguments.time,
        seed: arguments.seed,
        build: build_name(&executable, env!("CARGO_PKG_VERSION")).map_err(|error| failed(&error))?,
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let jobs = arguments.jobs.unwrap_or(cores).max(1);
    let config = RunnerConfig {
        executable,
        arguments: vec!["bench".into(), "case".into()],
        jobs,
        threads_per_job: (cores / jobs).max(1),
        grace_secs: GRACE_SECS,
    };
    let mut ledger = match &arguments.out {
        Some(path) => Some(Ledger::open(&Ledger::beside(path), &bench).map_err(|error| failed(&error))?),
        None => None,
    };
    let before = ledger.as_ref().map_or_else(Vec::new, |ledger| ledger.finished().to_vec());
    if !before.is_empty() {
        console.note(format!("{} of {} cases were finished before", before.len(), cases.len()));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    cancel::on_interrupt(move || interrupted.store(true, Ordering::SeqCst))?;
    let progress = console.progress("cases");
    let total = cases.len();
    let finished = runner::run(&bench, &cases, &before, &config, &stop, |result, finished| {
        progress.count(finished, total, &result.id);
        ledger.as_mut().map_or(Ok(()), |ledger| ledger.note(result))
    });
    drop(progress);
    let finished = finished.map_err(|error| match error {
        RunnerError::Cancelled { .. } if arguments.out.is_some() => {
            Failure::cancelled(error.to_string()).help("the same command goes on from there")
        }
        RunnerError::Cancelled { .. } => Failure::cancelled(error.to_string()),
        RunnerError::Ledger(_) => failed(&error),
    })?;
    let results = Results::new(bench, finished);
    let object = json!(results);
    if let Some(out) = out {
        out.write(format!("{object:#}\n").as_bytes())?;
    }
    if let Some(sheet) = sheet {
        sheet.write(&super::sheet::draw(&results.bench, &cases, &results)?)?;
    }
    if let Some(ledger) = ledger {
        ledger.remove().map_err(|error| failed(&error))?;
    }
    console.result(&object, || table(&results))
}
