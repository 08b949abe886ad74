//! Runs a file of programs (one JSON object per line: `id`, `code`, perhaps `ref` with the values of the real
//! `CadQuery`) and compares: `cargo run --release -p partwright-cadquery --example batch -- FILE.jsonl [ID...]`.
#![expect(clippy::print_stdout, reason = "a command prints its result")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use partwright_brep::{Body, Shape};
use partwright_cadquery::api::Session;
use partwright_cadquery::{Limits, run_in_process};
use serde::Deserialize;

#[derive(Deserialize)]
struct Program {
    id: String,
    code: String,
    #[serde(rename = "ref", default)]
    reference: Option<Reference>,
}

/// What `CadQuery` measured.
#[derive(Deserialize)]
struct Reference {
    volume: Option<f64>,
    area: Option<f64>,
    bbox: Option<[f64; 6]>,
    solids: Option<usize>,
    valid: Option<bool>,
}

struct Outcome {
    index: usize,
    class: String,
    detail: String,
    interpreted: Duration,
    evaluated: Duration,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (file, wanted) = arguments.split_first().ok_or("usage: batch FILE.jsonl [ID...]")?;
    let text = std::fs::read_to_string(file)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut programs: Vec<Program> = lines.map(serde_json::from_str).collect::<Result<_, _>>()?;
    programs.retain(|program| wanted.is_empty() || wanted.contains(&program.id));
    let started = Instant::now();
    let outcomes = run_all(&programs);
    let elapsed = started.elapsed();

    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in &outcomes {
        *classes.entry(&outcome.class).or_default() += 1;
        if !outcome.class.starts_with("agrees") {
            println!("{} {}: {}", programs[outcome.index].id, outcome.class, outcome.detail);
        }
    }
    println!();
    for (class, count) in &classes {
        println!("{count:6}  {class}");
    }
    let valid = outcomes.iter().filter(|outcome| is_valid(&programs[outcome.index])).count();
    let agree = classes.get("agrees").copied().unwrap_or(0);
    println!("{agree} of {valid} valid programs agree: {:.2} %", 100.0 * agree as f64 / valid.max(1) as f64);
    let slowest = outcomes.iter().max_by_key(|outcome| outcome.interpreted + outcome.evaluated);
    if let Some(Outcome { index, interpreted, evaluated, .. }) = slowest {
        println!("slowest: {} with {interpreted:.1?} + {evaluated:.1?}", programs[*index].id);
    }
    println!(
        "median interpretation {:.3} ms, evaluation {:.3} ms; all {} programs in {:.2} s",
        median(outcomes.iter().map(|outcome| outcome.interpreted)),
        median(outcomes.iter().map(|outcome| outcome.evaluated)),
        programs.len(),
        elapsed.as_secs_f64()
    );
    Ok(())
}

fn is_valid(program: &Program) -> bool {
    program.reference.as_ref().is_some_and(|reference| reference.valid == Some(true))
}

fn median(times: impl Iterator<Item = Duration>) -> f64 {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

fn run_all(programs: &[Program]) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let work = || {
                while let Some((index, program)) = take(&next, programs) {
                    let outcome = run_one(index, program);
                    outcomes.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
                }
            };
            // Deep graphs are walked and dropped recursively.
            let started = std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, work);
            started.expect("the machine can start a thread");
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
    outcomes.sort_by_key(|outcome| outcome.index);
    outcomes
}

fn take<'a>(next: &AtomicUsize, programs: &'a [Program]) -> Option<(usize, &'a Program)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    programs.get(index).map(|program| (index, program))
}

fn run_one(index: usize, program: &Program) -> Outcome {
    let limits = Limits { time: Duration::from_secs(30), ..Limits::default() };
    let started = Instant::now();
    let run = run_in_process(&program.code, &limits, &mut Session::new());
    let interpreted = started.elapsed();
    let started = Instant::now();
    let body = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.shape.as_ref().map(Shape::body)));
    let evaluated = started.elapsed();
    let body = match body {
        Err(_) => Err(("PANIC".to_owned(), String::new())),
        Ok(Some(Ok(body))) => Ok(body),
        Ok(Some(Err(error))) => {
            let diagnostic = run.kernel_diagnostic(&error, &program.code);
            Err((format!("kernel error: {}", error.operation), diagnostic.to_string()))
        }
        Ok(None) => {
            let diagnostic = run.diagnostics.first();
            let kind = diagnostic.map_or("none", |diagnostic| diagnostic.kind.name());
            Err((format!("error: {kind}"), diagnostic.map(ToString::to_string).unwrap_or_default()))
        }
    };
    let valid = is_valid(program);
    let (class, detail) = match (body, &program.reference) {
        (Err((class, detail)), _) => (class, detail),
        (Ok(_), None) => ("agrees (nothing to compare)".to_owned(), String::new()),
        (Ok(body), Some(reference)) => compare(&body, reference),
    };
    let class = match (valid, class.as_str()) {
        (true, _) => class,
        (false, "agrees") => "agrees (invalid in CadQuery)".to_owned(),
        (false, _) => format!("(invalid in CadQuery) {class}"),
    };
    Outcome { index, class, detail, interpreted, evaluated }
}

fn compare(body: &Body, reference: &Reference) -> (String, String) {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-3 * b.abs().max(1e-9);
    let [low, high] = body.bounds;
    let bounds = [low.x, low.y, low.z, high.x, high.y, high.z];
    let expected = reference.bbox.unwrap_or_default();
    let off = bounds.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let (volume, area) = (reference.volume.unwrap_or_default(), reference.area.unwrap_or_default());
    let solids = reference.solids.unwrap_or_default();
    let detail = format!(
        "volume {} for {volume}, area {} for {area}, box off by {off}, solids {} for {solids}",
        body.volume,
        body.area,
        body.solids.len()
    );
    let class = if !near(body.volume, volume) {
        "volume differs"
    } else if !near(body.area, area) {
        "area differs"
    } else if off > 0.01 {
        "box differs"
    } else if body.solids.len() != solids {
        "solids differ"
    } else {
        "agrees"
    };
    (class.to_owned(), detail)
}
