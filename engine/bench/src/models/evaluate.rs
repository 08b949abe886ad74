//! Writing, executing and comparing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use partwright_cadrille::sampling::{Settings, Strategy};
use partwright_cadrille::writer::ProgramWriter;
use partwright_fit::{CancelToken, Deadline};
use partwright_geometry::Geometry;
use partwright_geometry::metric::{CompareConfig, PreparedReference, normalised_for_evaluation};
use partwright_reconstruct::{Author, Executor, NetworkSource, ReconstructConfig, Silent, WhenAsked, reconstruct_with};
use serde::{Deserialize, Serialize};

use super::{Shown, Task};

/// What is asked of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvaluateConfig {
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

/// What came of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The part.
    pub id: String,
    /// How it was shown.
    pub shown: Shown,
    /// The programs, the likeliest first; empty where the model could not be asked.
    pub attempts: Vec<Attempt>,
    /// Why not.
    pub fault: Option<String>,
    /// Of the pool of the fit and these programs, what was best by its own measure, where that was asked for.
    pub pool: Option<Attempt>,
    /// Time for writing, in seconds.
    pub seconds: f64,
}

/// Has a model write for all tasks shown so, in their order. `told` hears how many are done.
pub fn evaluate(
    writer: &ProgramWriter,
    shown: Shown,
    tasks: &[Task],
    config: &EvaluateConfig,
    pool: Option<(&dyn Author, Duration)>,
    executor: &dyn Executor,
    cancel: &CancelToken,
    told: &(dyn Fn(usize) + Sync),
) -> Vec<Outcome> {
    let (next, done, found) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while !cancel.is_cancelled() {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(i) else { return };
            let outcome = of_task(writer, shown, task, config, pool, executor, cancel);
            found.lock().unwrap_or_else(PoisonError::into_inner).push((i, outcome));
            told(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..config.jobs.max(1) {
            scope.spawn(work);
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(i, _)| *i);
    found.into_iter().map(|(_, outcome)| outcome).collect()
}

fn of_task(
    writer: &ProgramWriter,
    shown: Shown,
    task: &Task,
    config: &EvaluateConfig,
    pool: Option<(&dyn Author, Duration)>,
    executor: &dyn Executor,
    cancel: &CancelToken,
) -> Outcome {
    let mut outcome =
        Outcome { id: task.id.clone(), shown, attempts: Vec::new(), fault: None, pool: None, seconds: 0.0 };
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
    let start = Instant::now();
    let mut go_on = |_: usize, _: &str| match cancel.is_cancelled() {
        true => std::ops::ControlFlow::Break(()),
        false => std::ops::ControlFlow::Continue(()),
    };
    let written = writer.write(&input, &settings, config.constrained, &mut go_on);
    outcome.seconds = start.elapsed().as_secs_f64();
    let reference = PreparedReference::new(&normalised_for_evaluation(&task.mesh), CompareConfig::default());
    match written {
        Ok(programs) => {
            outcome.attempts =
                programs.iter().map(|program| attempt(&reference, &program.source, executor, cancel)).collect();
        }
        Err(error) => outcome.fault = Some(error.to_string()),
    }
    if let (Some((author, time)), Shown::Points) = (pool, shown) {
        outcome.pool = Some(of_pool(&reference, task, config, author, time, executor, cancel));
    }
    outcome
}

fn attempt(reference: &PreparedReference, source: &str, executor: &dyn Executor, cancel: &CancelToken) -> Attempt {
    match executor.execute(source, &Deadline::new(cancel.clone(), None)) {
        Ok(made) => {
            let mesh = normalised_for_evaluation(&made.mesh);
            let iou = reference.overlap(&mesh).iou.unwrap_or(0.0).clamp(0.0, 1.0);
            Attempt { iou: Some(iou), chamfer: Some(reference.chamfer(&mesh)) }
        }
        Err(_) => Attempt { iou: None, chamfer: None },
    }
}

/// The best of the pool: points alone are seen by both.
fn of_pool(
    reference: &PreparedReference,
    task: &Task,
    config: &EvaluateConfig,
    author: &dyn Author,
    time: Duration,
    executor: &dyn Executor,
    cancel: &CancelToken,
) -> Attempt {
    let samples = partwright_geometry::sample::surface(&task.mesh, crate::reconstruction::SAMPLED_POINTS, config.seed);
    let cloud = partwright_geometry::PointCloud { positions: samples.positions, ..Default::default() };
    let source = NetworkSource { author, samples: config.samples, when: WhenAsked::Always };
    let asked = ReconstructConfig { time: Some(time), seed: config.seed, ..ReconstructConfig::default() };
    let found = reconstruct_with(&Geometry::Cloud(cloud), Some(&source), &asked, executor, &Silent, cancel);
    let best = found.ok().and_then(|found| found.best().and_then(|best| best.execution.clone().ok()));
    match best {
        Some(made) => {
            let mesh = normalised_for_evaluation(&made.mesh);
            let iou = reference.overlap(&mesh).iou.unwrap_or(0.0).clamp(0.0, 1.0);
            Attempt { iou: Some(iou), chamfer: Some(reference.chamfer(&mesh)) }
        }
        None => Attempt { iou: None, chamfer: None },
    }
}
