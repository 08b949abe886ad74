//! `partwright train cppo|dpo|mine`: learning from what one's own programs are worth.

use std::fs;
use std::io::IsTerminal as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use partwright_cadrille::device::{Device, choose};
use partwright_geometry::{Geometry, TriMesh, format};
use partwright_train::dataset::mesh_files;
use partwright_train::reward::{OfWorkers, Rewarder, Target};
use partwright_train::rl::{
    CppoConfig, DpoConfig, HARD, Meshes, Method, MineConfig, Parts, RandomParts, RlConfig, RlError, RlEvent, RlOutcome,
    Watcher, hard_parts, run_cppo, run_dpo, run_mine,
};
use partwright_train::run_folder::RunFolder;
use serde_json::json;

use super::{LINE_EVERY, PROGRAM_TIME, duration};
use crate::arguments::MethodArguments;
use crate::cancel;
use crate::failure::Failure;
use crate::output::{Console, Facts, Progress};
use crate::program::Programs;

/// How the engine runs a method.
type Run<M> =
    fn(&RlConfig<M>, &dyn Parts, &Device, &RunFolder, &Rewarder<'_>, Watcher<'_>) -> Result<RlOutcome, RlError>;

pub(super) fn cppo(arguments: &MethodArguments, console: Console) -> Result<(), Failure> {
    execute::<CppoConfig>(arguments, console, "steps", |t, threads| t.threads = threads, run_cppo)
}

pub(super) fn dpo(arguments: &MethodArguments, console: Console) -> Result<(), Failure> {
    execute::<DpoConfig>(arguments, console, "steps", |t, threads| t.threads = threads, run_dpo)
}

pub(super) fn mine(arguments: &MethodArguments, console: Console) -> Result<(), Failure> {
    execute::<MineConfig>(arguments, console, "parts", |t, threads| t.threads = threads, run_mine)
}

fn execute<M: Method>(
    arguments: &MethodArguments,
    console: Console,
    what: &str,
    with_threads: impl Fn(&mut M, usize),
    run: Run<M>,
) -> Result<(), Failure> {
    let path = &arguments.config;
    let named = |error: &dyn std::fmt::Display| Failure::failed(format!("{}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| named(&error))?;
    let mut config = RlConfig::<M>::parse(&text).map_err(|error| named(&error))?;
    if let Some(threads) = arguments.threads {
        with_threads(&mut config.training, threads as usize);
    }
    let folder = arguments.out.clone().or_else(|| config.out.clone()).ok_or_else(|| {
        Failure::usage("the run has no folder").help("add --out FOLDER, or `out = \"FOLDER\"` to the configuration")
    })?;
    let folder = RunFolder::new(folder);
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    cancel::on_interrupt(move || interrupted.store(true, Ordering::SeqCst))?;
    let parts = parts(&config, console)?;
    let programs = Programs::on_all_cores()?;
    let maker = OfWorkers::new(programs.pool(), PROGRAM_TIME);
    let rewarder = Rewarder::new(&maker);
    let limit = arguments.seconds().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let mut teller = Teller::new(console);
    let mut watch = |event: &RlEvent| {
        teller.tell(event);
        let late = limit.is_some_and(|limit| teller.begun.elapsed() >= limit);
        if late || stop.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let outcome = run(&config, &*parts, &choose().device, &folder, &rewarder, &mut watch)
        .map_err(|error| Failure::failed(error.to_string()))?;
    drop(teller);
    let hard = folder.path().join(HARD);
    let made = if what == "parts" { hard } else { folder.path().join("model") };
    let object = json!({
        "ok": true,
        "finished": outcome.finished,
        what: outcome.steps_done,
        "folder": folder.path(),
        "made": made,
        "mean_iou": outcome.last.map(|worth| worth.iou),
        "invalid_ratio": outcome.last.map(|worth| worth.invalid_ratio),
        "mean_reward": outcome.last.map(|worth| worth.reward),
    });
    console.result(&object, || {
        let mut facts = Facts::new();
        let done = if outcome.finished { "all" } else { "not all; the same command goes on" };
        facts.add(what, format!("{} ({done})", outcome.steps_done)).add("made", made.display());
        if let Some(worth) = outcome.last {
            facts.add("mean IoU", format!("{:.3}", worth.iou));
            facts.add("invalid", format!("{:.1} %", worth.invalid_ratio * 100.0));
        }
        facts.to_string()
    })
}

fn parts<M: Method>(config: &RlConfig<M>, console: Console) -> Result<Box<dyn Parts>, Failure> {
    let views = config.inputs.picture > 0.0;
    if let Some(generator) = &config.parts.generator {
        let mut generator = generator.clone();
        // What is never seen need not be made.
        generator.views = views;
        if config.inputs.description <= 0.0 {
            generator.captions = 0;
        }
        let only = match &config.parts.hard {
            None => Vec::new(),
            Some(path) => hard(path)?,
        };
        return Ok(Box::new(RandomParts { config: generator, only }));
    }
    let folder = config.parts.meshes.as_deref().unwrap_or(Path::new("."));
    let (meshes, left_out) = meshes(folder)?;
    if left_out > 0 {
        console.note(format!("{left_out} meshes of {} are no closed solids and are left out", folder.display()));
    }
    Ok(Box::new(Meshes { meshes, points: config.parts.points, views }))
}

/// The numbers in a table of hard parts.
fn hard(path: &Path) -> Result<Vec<u64>, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    match hard_parts(&text) {
        Some(numbers) if !numbers.is_empty() => Ok(numbers),
        Some(_) => Err(Failure::failed(format!("{} names no hard part", path.display()))
            .help("mine more parts, or leave `parts.hard` out")),
        None => Err(Failure::failed(format!("{} is no table of hard parts", path.display()))
            .help("`partwright train mine` writes one")),
    }
}

/// The closed meshes of a folder in the order of their names, and how many others there are.
fn meshes(folder: &Path) -> Result<(Vec<Arc<TriMesh>>, usize), Failure> {
    let paths = mesh_files(folder).map_err(|error| Failure::failed(error.to_string()))?;
    let (mut found, mut left_out) = (Vec::new(), 0);
    for path in &paths {
        match format::read(path).map(|scan| scan.geometry) {
            Ok(Geometry::Mesh(mesh)) if Target::new(&mesh).is_some() => found.push(Arc::new(mesh)),
            _ => left_out += 1,
        }
    }
    if found.is_empty() {
        return Err(Failure::failed(format!("{} holds no mesh that is a closed solid", folder.display())));
    }
    Ok((found, left_out))
}

/// Says how it goes: a bar on a terminal, else a line now and then.
struct Teller {
    console: Console,
    bar: Option<Progress>,
    begun: Instant,
    told: Option<Instant>,
    /// Reward and seconds of the last steps, the newest with the most weight.
    recent: Option<[f64; 2]>,
}

impl Teller {
    fn new(console: Console) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| console.progress("loading the model"));
        Self { console, bar, begun: Instant::now(), told: None, recent: None }
    }

    fn tell(&mut self, event: &RlEvent) {
        match event {
            RlEvent::Begins { parameters, steps_done } => {
                let goes_on = if *steps_done > 0 { format!(", on after {steps_done}") } else { String::new() };
                self.console
                    .note(format!("a network of {:.2} million parameters goes{goes_on}", *parameters as f64 / 1e6));
            }
            RlEvent::Tried { done, all, found } => self.count(*done, *all, &format!("{found} found")),
            RlEvent::Step(row, steps) => {
                let new = [row.worth.reward, row.seconds];
                let recent = self.recent.get_or_insert(new);
                recent.iter_mut().zip(new).for_each(|(old, new)| *old += 0.1 * (new - *old));
                let [reward, seconds] = *recent;
                let left = duration(seconds * steps.saturating_sub(row.step) as f64);
                let worth = if row.worth.count > 0 { format!("mean reward {reward:.2}, ") } else { String::new() };
                self.count(row.step, *steps, &format!("{worth}loss {:.3}, {left} left", row.loss));
            }
            RlEvent::Examined(examined) => {
                let worth = examined.worth;
                self.console.note(format!(
                    "after step {}: mean IoU {:.3}, {:.1} % invalid, mean reward {:.2} ({} parts)",
                    examined.step,
                    worth.iou,
                    worth.invalid_ratio * 100.0,
                    worth.reward,
                    worth.count
                ));
            }
            RlEvent::Saved(_) => {}
        }
    }

    fn count(&mut self, done: u64, all: u64, text: &str) {
        match &self.bar {
            Some(bar) => bar.count(done as usize, all as usize, text),
            None if self.told.is_none_or(|told| told.elapsed() >= LINE_EVERY) => {
                self.told = Some(Instant::now());
                self.console.note(format!("{done} of {all}: {text}"));
            }
            None => {}
        }
    }
}
