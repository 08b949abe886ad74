//! `partwright train`: networks that learn to write programs.

use std::fs;
use std::io::IsTerminal as _;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use partwright_cadquery::Limits;
use partwright_cadrille::device::choose;
use partwright_reconstruct::Workers;
use partwright_train::data::{Random, Source};
use partwright_train::run_folder::{Examined, Row, RunFolder};
use partwright_train::sft::{Event, SftConfig, TrainError, run};
use serde_json::json;

use crate::arguments::{SftArguments, TrainArguments, TrainMethod};
use crate::cancel;
use crate::failure::Failure;
use crate::output::{Console, Facts, Progress};
use crate::program::Programs;

/// A program of an examination may take so long, as in cadrille's evaluation.
const PROGRAM_TIME: Duration = Duration::from_secs(3);

/// Where no terminal shows a bar, a line is written so often.
const LINE_EVERY: Duration = Duration::from_secs(60);

/// Trains as it is asked.
pub(crate) fn execute(arguments: &TrainArguments, console: Console) -> Result<(), Failure> {
    // Nothing runs beside yet. Each thread that learns computes on its own: candle's threads would wait for it, spinning.
    keep_candle_single();
    match &arguments.method {
        TrainMethod::Sft(arguments) => sft(arguments, console),
    }
}

#[expect(unsafe_code, reason = "candle reads the number of its threads from the environment alone")]
fn keep_candle_single() {
    if std::env::var_os("CANDLE_NUM_THREADS").is_none() {
        // SAFETY: the program has no other thread yet that could read the environment.
        unsafe { std::env::set_var("CANDLE_NUM_THREADS", "1") };
    }
}

fn sft(arguments: &SftArguments, console: Console) -> Result<(), Failure> {
    let path = &arguments.config;
    let text = fs::read_to_string(path).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    let mut config =
        SftConfig::parse(&text).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    if let Some(threads) = arguments.threads {
        config.training.threads = threads as usize;
    }
    let folder = arguments.out.clone().or_else(|| config.out.clone()).ok_or_else(|| {
        Failure::usage("the run has no folder").help("add --out FOLDER, or `out = \"FOLDER\"` to the configuration")
    })?;
    let folder = RunFolder::new(folder);
    let source = source(&config)?;
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    cancel::on_interrupt(move || interrupted.store(true, Ordering::SeqCst))?;
    let programs = Programs::new(2)?;
    let executor = Workers::new(programs.pool(), Limits { time: PROGRAM_TIME, ..Limits::default() });
    let device = choose().device;
    let mut teller = Teller::new(console, config.training.steps, arguments.seconds());
    let mut watch = |event: &Event| {
        teller.tell(event);
        let late = teller.limit.is_some_and(|limit| teller.begun.elapsed() >= limit);
        if late || stop.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let outcome = run(config, source, &device, &folder, &executor, &mut watch).map_err(failure)?;
    drop(teller);
    let model = folder.path().join("model");
    let object = json!({
        "ok": true,
        "finished": outcome.finished,
        "steps": outcome.steps_done,
        "folder": folder.path(),
        "model": model,
        "examination": outcome.last,
    });
    console.result(&object, || {
        let mut facts = Facts::new();
        let done = if outcome.finished { "all" } else { "not all; the same command goes on" };
        facts.add("steps", format!("{} ({done})", outcome.steps_done)).add("model", model.display());
        if let Some(found) = outcome.last {
            facts.add("mean IoU", format!("{:.3}", found.iou));
            facts.add("invalid", format!("{:.1} %", found.invalid_ratio * 100.0));
        }
        facts.to_string()
    })
}

fn source(config: &SftConfig) -> Result<Arc<dyn Source>, Failure> {
    match (&config.data.generator, &config.data.dir) {
        (Some(generator), _) => {
            let mut generator = generator.clone();
            // What is never seen need not be made.
            generator.views = config.inputs.picture > 0.0;
            if config.inputs.description <= 0.0 {
                generator.captions = 0;
            }
            Ok(Arc::new(Random { config: generator, plain_until: config.data.plain_until }))
        }
        (None, Some(_)) => Err(Failure::failed("folders of samples cannot be read yet").help("use `generator`")),
        (None, None) => Err(Failure::failed("the configuration names no data")),
    }
}

fn failure(error: TrainError) -> Failure {
    Failure::failed(error.to_string())
}

/// Says how training goes: a bar on a terminal, else a line now and then.
struct Teller {
    console: Console,
    bar: Option<Progress>,
    steps: u64,
    limit: Option<Duration>,
    begun: Instant,
    told: Instant,
    /// Loss, seconds, tokens and samples of the last steps, the newest with the most weight.
    recent: Option<[f64; 4]>,
}

impl Teller {
    fn new(console: Console, steps: u64, seconds: Option<f64>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| console.progress("making the first samples"));
        let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Self { console, bar, steps, limit, begun: Instant::now(), told: Instant::now(), recent: None }
    }

    fn tell(&mut self, event: &Event) {
        match event {
            Event::Begins { parameters, steps_done: 0 } => {
                self.console.note(format!("a network of {:.2} million parameters begins", *parameters as f64 / 1e6));
            }
            Event::Begins { steps_done, .. } => self.console.note(format!("goes on after step {steps_done}")),
            Event::Step(row) => self.step(row),
            Event::Examined(examined) => self.examined(examined),
            Event::Saved(_) => {}
        }
    }

    fn step(&mut self, row: &Row) {
        let new = [row.loss, row.seconds, row.tokens as f64, row.samples as f64];
        let recent = self.recent.get_or_insert(new);
        for (old, new) in recent.iter_mut().zip(new) {
            *old += 0.1 * (new - *old);
        }
        let [loss, seconds, tokens, samples] = *recent;
        let left = seconds * self.steps.saturating_sub(row.step) as f64;
        let text = format!(
            "loss {loss:.3}, {:.0} tokens/s, {:.1} samples/s, {} left",
            tokens / seconds,
            samples / seconds,
            duration(left)
        );
        match &self.bar {
            Some(bar) => bar.count(row.step as usize, self.steps as usize, &text),
            None if row.step == 1 || self.told.elapsed() >= LINE_EVERY => {
                self.told = Instant::now();
                self.console.note(format!("step {} of {}: {text}", row.step, self.steps));
            }
            None => {}
        }
    }

    fn examined(&self, examined: &Examined) {
        let found = examined.evaluation;
        self.console.note(format!(
            "after step {}: mean IoU {:.3}, {:.1} % invalid, median Chamfer distance {:.3}, {:.1} % exact ({} parts)",
            examined.step,
            found.iou,
            found.invalid_ratio * 100.0,
            found.chamfer,
            found.exact * 100.0,
            found.count
        ));
    }
}

/// Seconds as people read them.
fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds:.0} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}
