//! Runs the cases of a bench, several at a time, each in a child process.
//!
//! A child reads its [`CaseJob`] as JSON from standard input and prints its [`CaseOutcome`] as JSON on standard output.
//! One that dies, prints something else or does not come back in time is an invalid case; nothing it does can stop the
//! bench. Which worker runs a case never changes its result, and the results stand in the manifest's order.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::case::{Ablation, CaseJob, CaseOutcome, InputKind, Scanner};
use super::manifest::{Case, CaseInput};
use super::{CaseResult, CaseStatus};

/// Bytes read of a child's outcome. A program and a few numbers are far smaller; what is longer is not an outcome.
const LONGEST_OUTCOME: u64 = 16 << 20;

/// What a bench runs: two benches that are equal give equal results, times aside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bench {
    /// The manifest.
    pub manifest: PathBuf,
    /// Only these classes; all when empty.
    pub classes: Vec<String>,
    /// Of these only every so manieth, beginning with the one at `offset`.
    pub every: usize,
    /// Index of the first case taken.
    pub offset: usize,
    /// Only the first so many cases.
    pub limit: Option<usize>,
    /// What the reconstruction sees of a case that has a mesh.
    pub input: InputKind,
    /// How many points are sampled where it sees points.
    pub points: usize,
    /// The scanner where it sees a simulated scan.
    pub scanner: Scanner,
    /// What is left out of the reconstruction.
    pub without: Vec<Ablation>,
    /// Time budget per case in seconds.
    pub time_s: f64,
    /// Seed of every case.
    pub seed: u64,
    /// Which build of the program runs, so that results of two builds are never mixed.
    pub build: String,
}

impl Bench {
    /// What has to be done for `case`.
    pub fn job(&self, case: &Case) -> CaseJob {
        let (input, kind) = match &case.input {
            CaseInput::Mesh(path) => (path, self.input),
            CaseInput::Cloud(path) => (path, InputKind::Cloud),
        };
        CaseJob {
            input: input.clone(),
            kind,
            truth: case.truth.clone(),
            time_s: self.time_s,
            seed: self.seed,
            points: self.points,
            scanner: self.scanner,
            without: self.without.clone(),
        }
    }
}

/// How the cases are run.
#[derive(Clone, Debug)]
pub struct RunnerConfig {
    /// The program to start for every case.
    pub executable: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// How many cases run at a time.
    pub jobs: usize,
    /// Threads each of them may use.
    pub threads_per_job: usize,
    /// What a case may take beyond its time budget for starting, reading and measuring, in seconds.
    pub grace_secs: f64,
}

/// A bench that cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// The user stopped it.
    #[error("the bench was cancelled with {finished} of {total} cases finished")]
    Cancelled {
        /// Cases finished.
        finished: usize,
        /// All cases.
        total: usize,
    },
    /// Finished cases cannot be kept.
    #[error("the finished cases cannot be kept: {0}")]
    Ledger(#[from] io::Error),
}

/// Runs `cases` and gives their results in the same order; `before` holds results of an earlier, interrupted run.
///
/// `on_finished` is called for every case as it finishes, on the calling thread, with the number of finished cases.
///
/// # Errors
/// The bench was cancelled, or `on_finished` failed.
pub fn run(
    bench: &Bench,
    cases: &[Case],
    before: &[CaseResult],
    config: &RunnerConfig,
    cancelled: &AtomicBool,
    mut on_finished: impl FnMut(&CaseResult, usize) -> io::Result<()>,
) -> Result<Vec<CaseResult>, RunnerError> {
    let mut results: Vec<Option<CaseResult>> =
        cases.iter().map(|case| before.iter().find(|result| result.id == case.id).cloned()).collect();
    let open: Vec<usize> = (0..cases.len()).filter(|&index| results[index].is_none()).collect();
    let mut finished = cases.len() - open.len();
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let mut failure = None;
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..config.jobs.clamp(1, open.len().max(1)) {
            let (sender, open, next, failed) = (sender.clone(), &open, &next, &failed);
            scope.spawn(move || {
                while let Some(&index) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let stop = || cancelled.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed);
                    let Some(result) = run_case(bench, &cases[index], config, &stop) else { break };
                    if sender.send((index, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for (index, result) in receiver {
            finished += 1;
            if let Err(error) = on_finished(&result, finished) {
                failed.store(true, Ordering::Relaxed);
                failure = Some(error);
            }
            results[index] = Some(result);
        }
    });
    if let Some(error) = failure {
        return Err(error.into());
    }
    let done: Vec<CaseResult> = results.into_iter().flatten().collect();
    if done.len() < cases.len() {
        return Err(RunnerError::Cancelled { finished: done.len(), total: cases.len() });
    }
    Ok(done)
}

/// Runs one case; `None` when it was cancelled.
fn run_case(bench: &Bench, case: &Case, config: &RunnerConfig, stop: &dyn Fn() -> bool) -> Option<CaseResult> {
    if stop() {
        return None;
    }
    let job = bench.job(case);
    let started = Instant::now();
    let ended = child(&job, config, stop);
    let secs = started.elapsed().as_secs_f64();
    let failed =
        |reason: String| CaseOutcome { reason: Some(reason), iou_counts: true, time_s: secs, ..CaseOutcome::default() };
    let (status, outcome) = match ended {
        Ended::Cancelled => return None,
        Ended::Overran => (CaseStatus::Overran, failed(format!("stopped after {secs:.1} s"))),
        Ended::Crashed(reason) => (CaseStatus::Crashed, failed(reason)),
        Ended::Finished(outcome) => (CaseStatus::Done, *outcome),
    };
    let Case { id, class, difficulty, .. } = case.clone();
    Some(CaseResult { id, class, difficulty, status, outcome })
}

/// How a child process ended.
enum Ended {
    Finished(Box<CaseOutcome>),
    Crashed(String),
    Overran,
    Cancelled,
}

fn child(job: &CaseJob, config: &RunnerConfig, stop: &dyn Fn() -> bool) -> Ended {
    let started = Instant::now();
    match spawn(job, config) {
        Ok((child, out, err)) => {
            let limit = Duration::from_secs_f64(job.time_s + config.grace_secs);
            watch(child, out, err, started + limit, stop)
        }
        Err(error) => Ended::Crashed(format!("'{}' cannot be started: {error}", config.executable.display())),
    }
}

type Reader = thread::JoinHandle<Vec<u8>>;

fn spawn(job: &CaseJob, config: &RunnerConfig) -> io::Result<(Child, Reader, Reader)> {
    let mut child = Command::new(&config.executable)
        .args(&config.arguments)
        .env("RAYON_NUM_THREADS", config.threads_per_job.max(1).to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let text = serde_json::to_vec(job)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A child that dies before reading is seen by its exit status.
        let _ = stdin.write_all(&text);
    }
    let read = |stream: Option<Box<dyn io::Read + Send>>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(mut stream) = stream {
                let _ = stream.by_ref().take(LONGEST_OUTCOME).read_to_end(&mut bytes);
                // The child must not block on a full pipe.
                let _ = io::copy(&mut stream, &mut io::sink());
            }
            bytes
        })
    };
    let out = read(child.stdout.take().map(|stream| Box::new(stream) as _));
    let err = read(child.stderr.take().map(|stream| Box::new(stream) as _));
    Ok((child, out, err))
}

fn watch(mut child: Child, out: Reader, err: Reader, deadline: Instant, stop: &dyn Fn() -> bool) -> Ended {
    const POLL: Duration = Duration::from_millis(5);
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Err(error) => break Err(Ended::Crashed(error.to_string())),
            Ok(None) if stop() => break Err(Ended::Cancelled),
            Ok(None) if Instant::now() >= deadline => break Err(Ended::Overran),
            Ok(None) => thread::sleep(POLL),
        }
    };
    if ended.is_err() {
        // It may have ended meanwhile; either way it is gone after this.
        let _ = child.kill();
        let _ = child.wait();
    }
    let out = out.join().unwrap_or_default();
    let err = err.join().unwrap_or_default();
    match ended {
        Err(ended) => ended,
        Ok(status) => match serde_json::from_slice::<CaseOutcome>(&out) {
            Ok(outcome) if status.success() => Ended::Finished(Box::new(outcome)),
            _ => Ended::Crashed(last_words(status, &err)),
        },
    }
}

fn last_words(status: ExitStatus, err: &[u8]) -> String {
    let text = String::from_utf8_lossy(err);
    let words: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(3).collect();
    if words.is_empty() { status.to_string() } else { format!("{status}: {}", words.join(" / ")) }
}

/// A name for this build of the program: two builds differ in it.
///
/// # Errors
/// An executable that cannot be looked at.
pub fn build_name(executable: &Path, version: &str) -> io::Result<String> {
    let metadata = std::fs::metadata(executable)?;
    let modified = metadata.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{version}-{}-{}", metadata.len(), modified.as_nanos()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const OUTCOME: &str = r#"{"valid":true,"verdict":"good","reason":null,"iou":0.5,"iou_method":"boolean","cd_x1000":1.0,"iou_counts":true,"time_s":0.25,"operations":2,"program":"r = 1"}"#;

    fn bench_with(script: &str, cases: usize) -> Result<Vec<CaseResult>, RunnerError> {
        let cases: Vec<Case> = (0..cases)
            .map(|index| Case {
                id: format!("case-{index}"),
                class: "A".into(),
                difficulty: "easy".into(),
                input: CaseInput::Mesh(format!("{index}.ply").into()),
                truth: None,
            })
            .collect();
        let bench = Bench { time_s: 0.2, ..Bench::default() };
        let config = RunnerConfig {
            executable: "/bin/sh".into(),
            arguments: vec!["-c".into(), script.replace("OUTCOME", OUTCOME)],
            jobs: 2,
            threads_per_job: 1,
            grace_secs: 0.8,
        };
        run(&bench, &cases, &[], &config, &AtomicBool::new(false), |_, _| Ok(()))
    }

    #[test]
    fn children_that_misbehave_are_invalid_cases() {
        let check = |script: &str, status: CaseStatus, valid: bool, reason: &str| {
            let results = bench_with(script, 1).expect("the bench goes on");
            assert_eq!((results[0].status, results[0].outcome.valid), (status, valid), "{script}: {results:?}");
            assert!(results[0].outcome.reason.clone().unwrap_or_default().contains(reason), "{script}: {results:?}");
        };
        check("cat >/dev/null; echo 'OUTCOME'", CaseStatus::Done, true, "");
        check("echo 'OUTCOME'; exit 3", CaseStatus::Crashed, false, "3");
        check("echo nonsense", CaseStatus::Crashed, false, "");
        check("echo no luck >&2; kill -SEGV $$", CaseStatus::Crashed, false, "no luck");
        check("exec sleep 60", CaseStatus::Overran, false, "stopped");
        check("exec yes", CaseStatus::Overran, false, "stopped");
    }

    #[test]
    fn results_stand_in_the_order_of_the_cases() {
        // The first case takes longest.
        let script = r#"read job; case "$job" in *0.ply*) sleep 0.3;; esac; echo 'OUTCOME'"#;
        let results = bench_with(script, 5).expect("the bench goes on");
        let ids: Vec<&str> = results.iter().map(|result| result.id.as_str()).collect();
        assert_eq!(ids, ["case-0", "case-1", "case-2", "case-3", "case-4"]);
        assert!(results.iter().all(|result| result.outcome.valid));
    }
}
