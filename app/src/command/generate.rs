//! `partwright generate`: random parts with their programs, for training.

mod report;
mod sheet;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use partwright_reconstruct::CancelToken;
use partwright_train::dataset::{self, DatasetError, Line, Shards, WriteJob, Written};
use partwright_train::generate::{GeneratorConfig, records};
use partwright_train::statistics::Statistics;
use serde_json::{Value, json};

use crate::arguments::GenerateArguments;
use crate::cancel;
use crate::failure::Failure;
use crate::output::{Console, Destinations, Facts, FileKind, print};

/// Parts that are made at once where they are not written into shards.
const BATCH: u64 = 256;
/// Parts of a shard: about 100 MB of points, or 110 MB of views.
const SHARD: u64 = 4096;
const SHARD_WITH_VIEWS: u64 = 512;

/// Makes the parts.
pub(crate) fn execute(arguments: &GenerateArguments, console: Console) -> Result<(), Failure> {
    if arguments.out.is_none() && !arguments.stream && !arguments.report && arguments.sheet.is_none() {
        return Err(Failure::usage("nothing is to be done with the parts")
            .help("add --out FOLDER, --stream, --report or --sheet SHEET.png"));
    }
    if arguments.stream && console.json() {
        return Err(
            Failure::usage("--stream prints JSON lines, so that --json has no place").help("leave out one of the two")
        );
    }
    let config = arguments.kind.config();
    config.check().map_err(|error| Failure::usage(error.to_string()))?;
    let mut places = Destinations::new(arguments.beside.as_deref(), console.json());
    let sheet = arguments.sheet.as_ref().map(|path| places.accept(path, &[FileKind::Png])).transpose()?;
    let beside = arguments.beside.as_ref().map(|path| report::read(path)).transpose()?;
    let cancel = CancelToken::default();
    let stopped = cancel.clone();
    cancel::on_interrupt(move || stopped.cancel())?;
    let job = Job { config: &config, count: arguments.count, cancel: &cancel, console };
    let mut object = json!({ "ok": true, "asked": arguments.count });
    let mut text = String::new();
    if let Some(folder) = &arguments.out {
        let usual = if config.views { SHARD_WITH_VIEWS } else { SHARD };
        let started = Instant::now();
        let written = job.write(folder, arguments.shard_size.unwrap_or(usual))?;
        let speed = (written.samples - written.found) as f64 / started.elapsed().as_secs_f64();
        object["written"] = written_object(&written, speed);
        text += &written_text(&written, speed);
    } else if arguments.stream {
        let speed = job.each(&mut |line| print(&line_text(&line)?))?;
        console.note(format!("{speed:.0} parts a second"));
    }
    if arguments.report {
        let mut own = Statistics::default();
        if let Some(folder) = &arguments.out {
            for lines in Shards::open(folder).map_err(|error| failed(&error))?.lines() {
                lines.map_err(|error| failed(&error))?.iter().for_each(|line| report::count(&mut own, line));
            }
        } else {
            let speed = job.each(&mut |line| {
                report::count(&mut own, &line);
                Ok(())
            })?;
            object["per_second"] = json!(speed);
            text += &Facts::new().add("parts a second", format!("{speed:.0}")).to_string();
        }
        object["report"] = report::object(&own, beside.as_ref());
        text += &report::text(&own, beside.as_ref());
    }
    if let Some(sheet) = sheet {
        sheet.write(&sheet::draw(&config, arguments.count, &cancel)?)?;
        object["sheet"] = json!(sheet.to_string());
        text += &Facts::new().add("sheet", &sheet).to_string();
    }
    if cancel.is_cancelled() {
        return Err(Failure::cancelled("stopped before all parts were made")
            .help("with --out the shards that are whole are kept; the same command goes on after them"));
    }
    if arguments.stream { Ok(()) } else { console.result(&object, || text) }
}

/// Parts that are to be made.
struct Job<'a> {
    config: &'a GeneratorConfig,
    count: u64,
    cancel: &'a CancelToken,
    console: Console,
}

impl Job<'_> {
    fn write(&self, folder: &Path, shard_size: u64) -> Result<Written, Failure> {
        let progress = self.console.progress("parts");
        let job = WriteJob { config: self.config.clone(), count: self.count, shard_size };
        let step = |done: u64| progress.count(done as usize, self.count as usize, "parts");
        dataset::write(&job, folder, self.cancel, &step).map_err(|error| failed(&error))
    }

    /// Makes them and keeps none; gives their number in a second.
    fn each(&self, take: &mut dyn FnMut(Line) -> Result<(), Failure>) -> Result<f64, Failure> {
        let progress = self.console.progress("parts");
        let started = Instant::now();
        let done = AtomicUsize::new(0);
        // Nobody sees their points and views.
        let config = GeneratorConfig { points: 0, views: false, ..self.config.clone() };
        let step = || progress.count(done.fetch_add(1, Ordering::Relaxed) + 1, self.count as usize, "parts");
        let mut first = 0;
        while first < self.count {
            let end = (first + BATCH).min(self.count);
            let Some(made) = records(&config, first..end, self.cancel, &step) else { break };
            made.iter().map(Line::of).try_for_each(&mut *take)?;
            first = end;
        }
        Ok(first as f64 / started.elapsed().as_secs_f64())
    }
}

fn line_text(line: &Line) -> Result<String, Failure> {
    let text = serde_json::to_string(line).map_err(|error| Failure::failed(error.to_string()))?;
    Ok(text + "\n")
}

fn failed(error: &DatasetError) -> Failure {
    let help = match error {
        DatasetError::Config(_) => return Failure::usage(error.to_string()),
        DatasetError::OtherConfig { .. } => "name another folder, or the options it was made with",
        DatasetError::NotEmpty(_) => "name a folder that is empty or not there yet",
        DatasetError::Damaged { .. } => "the same `generate --out` command again writes damaged shards anew",
        _ => return Failure::failed(error.to_string()),
    };
    Failure::failed(error.to_string()).help(help)
}

fn written_object(written: &Written, speed: f64) -> Value {
    json!({
        "samples": written.samples,
        "found": written.found,
        "duplicates": written.duplicates,
        "dropped": written.dropped,
        "per_second": speed,
    })
}

fn written_text(written: &Written, speed: f64) -> String {
    let mut facts = Facts::new();
    facts
        .add("parts", written.samples)
        .add("there before", written.found)
        .add("left out as duplicates", written.duplicates)
        .add("attempts dropped", written.dropped)
        .add("parts a second", format!("{speed:.0}"));
    facts.to_string()
}
