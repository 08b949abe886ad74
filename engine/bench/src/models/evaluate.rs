//! Writing, executing and comparing.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use partwright_cadquery::Diagnostic;
use partwright_cadrille::sampling::{Settings, Strategy};
use partwright_cadrille::writer::{PartInput, ProgramWriter};
use partwright_fit::{CancelToken, Deadline};
use partwright_geometry::metric::{CompareConfig, PreparedReference, normalised_for_evaluation};
use partwright_geometry::{Geometry, PointCloud, TriMesh, sample};
use partwright_reconstruct::{Author, Executor, NetworkSource, ReconstructConfig, Silent, WhenAsked, reconstruct_with};
use serde::{Deserialize, Serialize};

use super::{ProgramTried, Rounds, Shown, Task};
use crate::reconstruction::SAMPLED_POINTS;

/// What is asked of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvaluateConfig {
    /// Rounds in which a model that can do so improves the best of its programs of points, each of as many programs.
    pub rounds: usize,
    /// Programs for each part; the first is the likeliest one, the others are drawn.
    pub samples: usize,
    /// Whether it can only write programs of the dialect. The paper's networks write freely.
    pub constrained: bool,
    /// Divides the scores that the others are drawn by.
    pub temperature: f64,
    /// Longest program in tokens.
    pub most_tokens: usize,
    /// Seed of points and draws.
    pub seed: u64,
    /// Parts worked on at a time.
    pub jobs: usize,
}

/// One program.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Intersection over union; `None` where it made nothing.
    pub iou: Option<f64>,
    /// Chamfer distance, both shapes at unit size.
    pub chamfer: Option<f64>,
}

/// A program that was executed, and what it made.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub(super) source: String,
    pub(super) mesh: Option<TriMesh>,
    pub(super) fault: Option<String>,
    pub(super) attempt: Attempt,
}

/// What came of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The part.
    pub id: String,
    /// How it was shown.
    pub shown: Shown,
    /// The programs, the likeliest first; empty where the model could not be asked.
    pub attempts: Vec<Attempt>,
    /// The texts of these programs, in the same order.
    pub programs: Vec<ProgramTried>,
    /// Why the model could not be asked.
    pub fault: Option<String>,
    /// Of the pool of the fit and these programs, what was best by its own measure, where that was asked for.
    pub pool: Option<Attempt>,
    /// What rounds of improving gained, where they were asked for.
    pub rounds: Option<Rounds>,
    /// Time for writing and executing, in seconds.
    pub seconds: f64,
}

/// A model, and all that its examination needs.
pub struct Examination<'a> {
    /// The model.
    pub writer: &'a ProgramWriter,
    /// What is asked of it.
    pub config: EvaluateConfig,
    /// The same model for the pool with the fit, and the time that each part gets there; not asked for where it is absent.
    pub pool: Option<(&'a dyn Author, Duration)>,
    /// Executes its programs.
    pub executor: &'a dyn Executor,
    /// Stops it.
    pub cancel: &'a CancelToken,
}

impl Examination<'_> {
    /// Has the model write for all tasks shown so, in their order. `told` hears how many are done.
    pub fn outcomes(&self, shown: Shown, tasks: &[Task], told: &(dyn Fn(usize) + Sync)) -> Vec<Outcome> {
        let (next, done, found) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
        let work = || {
            while !self.cancel.is_cancelled() {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(task) = tasks.get(i) else { return };
                let outcome = self.outcome(shown, task);
                found.lock().unwrap_or_else(PoisonError::into_inner).push((i, outcome));
                told(done.fetch_add(1, Ordering::Relaxed) + 1);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.config.jobs.max(1) {
                scope.spawn(work);
            }
        });
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.sort_by_key(|(i, _)| *i);
        found.into_iter().map(|(_, outcome)| outcome).collect()
    }

    fn outcome(&self, shown: Shown, task: &Task) -> Outcome {
        let config = &self.config;
        let mut outcome = Outcome {
            id: task.id.clone(),
            shown,
            attempts: Vec::new(),
            programs: Vec::new(),
            fault: None,
            pool: None,
            rounds: None,
            seconds: 0.0,
        };
        let Some(input) = task.input(shown, config.seed) else {
            outcome.fault = Some(format!("it cannot be shown as {}", shown.name()));
            return outcome;
        };
        let settings = Settings {
            strategy: Strategy::Random { temperature: config.temperature, top_k: None, top_p: None },
            greedy_first: true,
            samples: config.samples,
            seed: config.seed,
            max_new_tokens: config.most_tokens,
            ..Settings::default()
        };
        let reference = PreparedReference::new(&normalised_for_evaluation(&task.mesh), CompareConfig::default());
        let start = Instant::now();
        match self.tried(&input, &reference, &settings) {
            Ok(tried) => {
                outcome.attempts = tried.iter().map(|tried| tried.attempt).collect();
                let told = |tried: &Tried| ProgramTried { source: tried.source.clone(), fault: tried.fault.clone() };
                outcome.programs = tried.iter().map(told).collect();
                outcome.seconds = start.elapsed().as_secs_f64();
                if config.rounds > 0 && shown == Shown::Points && self.writer.edits() {
                    outcome.rounds = Some(self.rounds(task, &reference, &settings, &tried));
                }
            }
            Err(error) => outcome.fault = Some(error),
        }
        if let (Some((author, time)), Shown::Points) = (self.pool, shown) {
            outcome.pool = Some(attempt(&reference, self.of_pool(task, author, time).as_ref()));
        }
        outcome
    }

    /// Programs of what is shown, executed and compared.
    pub(super) fn tried(
        &self,
        input: &PartInput,
        reference: &PreparedReference,
        settings: &Settings,
    ) -> Result<Vec<Tried>, String> {
        let mut go_on = |_: usize, _: &str| {
            if self.cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let written = self.writer.write(input, settings, self.config.constrained, &mut go_on);
        let written = written.map_err(|error| error.to_string())?;
        let tried = written.into_iter().map(|program| {
            let deadline = Deadline::new(self.cancel.clone(), None);
            let (mesh, fault) = match self.executor.execute(&program.source, &deadline) {
                Ok(made) => (Some(made.mesh), None),
                Err(diagnostic) => (None, Some(reason(&diagnostic))),
            };
            Tried { attempt: attempt(reference, mesh.as_ref()), source: program.source, mesh, fault }
        });
        Ok(tried.collect())
    }

    /// What the best of the pool made: points alone are seen by both.
    fn of_pool(&self, task: &Task, author: &dyn Author, time: Duration) -> Option<TriMesh> {
        let EvaluateConfig { samples, seed, .. } = self.config;
        let positions = sample::surface(&task.mesh, SAMPLED_POINTS, seed).positions;
        let cloud = Geometry::Cloud(PointCloud { positions, ..PointCloud::default() });
        let source = NetworkSource { author, samples, rounds: 4, when: WhenAsked::Always, description: None };
        let asked = ReconstructConfig { time: Some(time), seed, ..ReconstructConfig::default() };
        let found = reconstruct_with(&cloud, Some(&source), &asked, self.executor, &Silent, self.cancel).ok()?;
        found.best()?.execution.as_ref().ok().map(|made| made.mesh.clone())
    }
}

/// A fault without its place.
fn reason(diagnostic: &Diagnostic) -> String {
    match &diagnostic.call {
        Some(call) => format!("{call}: {}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

/// Compares what a program made, if it made anything.
fn attempt(reference: &PreparedReference, made: Option<&TriMesh>) -> Attempt {
    let Some(mesh) = made else { return Attempt { iou: None, chamfer: None } };
    let mesh = normalised_for_evaluation(mesh);
    let iou = reference.overlap(&mesh).iou.unwrap_or(0.0).clamp(0.0, 1.0);
    Attempt { iou: Some(iou), chamfer: Some(reference.chamfer(&mesh)) }
}
