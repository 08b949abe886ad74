//! Programs written for parts that were never seen, executed and compared: the one road that everything takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use candle_core::{Device, Tensor};
use partwright_cadrille::input::ProgramTokenizer;
use partwright_cadrille::network::{Autoregressive, Input, NetworkError};
use partwright_geometry::metric::{CompareConfig, PreparedReference, normalised_for_evaluation};
use partwright_reconstruct::{Deadline, Executor};
use serde::{Deserialize, Serialize};

use super::Example;

/// How well programs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Parts that were looked at.
    pub count: usize,
    /// Share of programs that made no part.
    pub invalid_ratio: f64,
    /// Mean intersection over union of those that did.
    pub iou: f64,
    /// Median Chamfer distance of those that did, times 1000, both shapes brought to unit size.
    pub chamfer: f64,
    /// Share of programs that are the right one, letter by letter.
    pub exact: f64,
}

/// A part to write a program for.
#[derive(Clone, Debug)]
pub struct Task {
    /// What is seen.
    pub example: Example,
    /// The program that made it.
    pub program: String,
}

/// What came of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// What was written.
    pub program: String,
    /// Of the part that it made: intersection over union, and Chamfer distance times 1000.
    pub score: Option<(f64, f64)>,
}

/// Tasks that are written for at once by a thread.
const AT_ONCE: usize = 16;

/// Writes a program for each task, greedily, with as many threads as there are `pools`, and has `executor` run it. What
/// an untrained network writes may be anything: outside of tests, the executor should use processes of its own.
///
/// # Errors
/// [`NetworkError`], by cause.
pub fn attempts<N: Autoregressive + Sync>(
    network: &N,
    tokenizer: &ProgramTokenizer,
    tasks: &[Task],
    most_tokens: usize,
    pools: &[rayon::ThreadPool],
    executor: &dyn Executor,
) -> Result<Vec<Attempt>, NetworkError> {
    let groups: Vec<&[Task]> = tasks.chunks(AT_ONCE).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(group) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
            let place = group.as_ptr() as usize;
            let attempts = of_group(network, tokenizer, group, most_tokens, executor);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, attempts));
        }
    };
    std::thread::scope(|scope| {
        for pool in pools {
            scope.spawn(|| pool.install(work));
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    let groups = done.into_iter().map(|(_, attempts)| attempts).collect::<Result<Vec<_>, _>>()?;
    Ok(groups.into_iter().flatten().collect())
}

/// Sums attempts up.
pub fn evaluation(tasks: &[Task], attempts: &[Attempt]) -> Evaluation {
    let scores: Vec<(f64, f64)> = attempts.iter().filter_map(|attempt| attempt.score).collect();
    let mut chamfers: Vec<f64> = scores.iter().map(|score| score.1).collect();
    chamfers.sort_by(f64::total_cmp);
    let count = attempts.len();
    let exact = tasks.iter().zip(attempts).filter(|(task, attempt)| task.program == attempt.program).count();
    Evaluation {
        count,
        invalid_ratio: 1.0 - scores.len() as f64 / count.max(1) as f64,
        iou: scores.iter().fold(0.0, |sum, score| sum + score.0) / scores.len().max(1) as f64,
        chamfer: chamfers.get(chamfers.len() / 2).copied().unwrap_or(f64::INFINITY),
        exact: exact as f64 / count.max(1) as f64,
    }
}

fn of_group(
    network: &dyn Autoregressive,
    tokenizer: &ProgramTokenizer,
    tasks: &[Task],
    most_tokens: usize,
    executor: &dyn Executor,
) -> Result<Vec<Attempt>, NetworkError> {
    let inputs =
        tasks.iter().map(|task| task.example.input(&Device::Cpu, false)).collect::<candle_core::Result<Vec<_>>>()?;
    let written = greedy(network, &inputs, most_tokens)?;
    let attempt = |(task, ids): (&Task, Vec<u32>)| {
        let program = tokenizer.decode(&ids).unwrap_or_default();
        let score = score(&task.program, &program, executor);
        Attempt { program, score }
    };
    Ok(tasks.iter().zip(written).map(attempt).collect())
}

/// The most likely token after another, for several inputs at once; end tokens are left out.
///
/// # Errors
/// [`NetworkError`], by cause.
pub fn greedy(
    network: &dyn Autoregressive,
    inputs: &[Input],
    most_tokens: usize,
) -> Result<Vec<Vec<u32>>, NetworkError> {
    let mut written = vec![Vec::new(); inputs.len()];
    let (mut state, mut scores) = network.prefill(inputs, most_tokens)?;
    let mut active: Vec<usize> = (0..inputs.len()).collect();
    for _ in 0..most_tokens {
        let ids = best(&scores)?;
        let going: Vec<usize> =
            (0..active.len()).filter(|&row| !network.config().eos_token_ids.contains(&ids[row])).collect();
        for &row in &going {
            written[active[row]].push(ids[row]);
        }
        if going.is_empty() {
            break;
        }
        if going.len() < active.len() {
            state = state.select(&going)?;
            active = going.iter().map(|&row| active[row]).collect();
        }
        let last: Vec<u32> = going.iter().map(|&row| ids[row]).collect();
        scores = network.step(&last, &mut state)?;
    }
    Ok(written)
}

fn best(scores: &Tensor) -> candle_core::Result<Vec<u32>> {
    scores.argmax(candle_core::D::Minus1)?.to_vec1::<u32>()
}

/// Intersection over union and Chamfer distance times 1000 of what two programs make; `None` where the second makes
/// nothing.
pub fn score(right: &str, written: &str, executor: &dyn Executor) -> Option<(f64, f64)> {
    let made = |source: &str| executor.execute(source, &Deadline::default()).ok();
    let written = normalised_for_evaluation(&made(written)?.mesh);
    let right = normalised_for_evaluation(&made(right)?.mesh);
    let reference = PreparedReference::new(&right, CompareConfig { samples: 2048, ..CompareConfig::default() });
    // A solid that cannot be compared is as good as none shared.
    Some((reference.overlap(&written).iou.unwrap_or(0.0), reference.chamfer(&written) * 1000.0))
}

#[cfg(test)]
mod tests {
    use partwright_reconstruct::InProcess;

    use super::*;

    #[test]
    fn scores_of_programs() {
        let program = |body: &str| format!("import cadquery as cq\nw0=cq.Workplane('XY')\nr={body}");
        let right = program("w0.box(200,100,100)");
        let score = |right: &str, written: &str| score(right, written, &InProcess::default());
        let (iou, chamfer) = score(&right, &right).unwrap();
        assert!((iou - 1.0).abs() < 1e-9 && chamfer < 3.0, "{iou} {chamfer}");
        let (iou, _) = score(&right, &program("w0.box(200,100,50)")).unwrap();
        assert!((iou - 0.5).abs() < 1e-9, "{iou}");
        assert_eq!(score(&right, &program("w0.bx(200,100,50)")), None);
    }

    #[test]
    fn attempts_are_summed_up() {
        let example = Example { prompt: vec![], points: vec![], picture: None, answer: vec![] };
        let task = |program: &str| Task { example: example.clone(), program: program.to_owned() };
        let attempt = |program: &str, score| Attempt { program: program.to_owned(), score };
        let tasks = [task("a"), task("b"), task("c"), task("d")];
        let attempts = [
            attempt("a", Some((1.0, 0.1))),
            attempt("x", Some((0.5, 3.0))),
            attempt("y", Some((0.6, 2.0))),
            attempt("", None),
        ];
        let found = evaluation(&tasks, &attempts);
        assert_eq!((found.count, found.invalid_ratio, found.chamfer, found.exact), (4, 0.25, 2.0, 0.25));
        assert!((found.iou - 0.7).abs() < 1e-12);
    }
}
