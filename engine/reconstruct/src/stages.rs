//! Where the time of a reconstruction goes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// A part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading the scan: directions, surfaces, noise.
    Understand,
    /// Making programs.
    Propose,
    /// A network writing programs; bringing them to the scan's frame, which executes them, included.
    Write,
    /// Executing them.
    Execute,
    /// Comparing what they make as far as their order needs it, the scan's preparation included.
    Rank,
    /// Improving the constants of the best; what they then make is executed and compared as any other.
    Refine,
    /// Measuring what is returned.
    Measure,
    /// Surveying the scan for the user: what its faces are, and what the result does not have.
    Survey,
}

impl Stage {
    /// All stages, in the order of the work.
    pub const ALL: [Self; 8] = [
        Self::Understand,
        Self::Propose,
        Self::Write,
        Self::Execute,
        Self::Rank,
        Self::Refine,
        Self::Measure,
        Self::Survey,
    ];

    /// The stage's name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Understand => "understand",
            Self::Propose => "propose",
            Self::Write => "write",
            Self::Execute => "execute",
            Self::Rank => "rank",
            Self::Refine => "refine",
            Self::Measure => "measure",
            Self::Survey => "survey",
        }
    }
}

/// Seconds spent in each stage. What was given up in the middle is not counted, so the sum is at most the time of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StageTimes {
    secs: [f64; Stage::ALL.len()],
}

impl StageTimes {
    /// Seconds spent in `stage`.
    pub fn secs(&self, stage: Stage) -> f64 {
        self.secs[stage as usize]
    }
}

/// Adds up the times of the stages, from any thread.
#[derive(Debug, Default)]
pub(crate) struct Stopwatch {
    nanos: [AtomicU64; Stage::ALL.len()],
}

impl Stopwatch {
    /// Does `work` and counts its time.
    pub(crate) fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let done = work();
        self.nanos[stage as usize].fetch_add(started.elapsed().as_nanos() as u64, Ordering::Relaxed);
        done
    }

    /// What was counted so far.
    pub(crate) fn times(&self) -> StageTimes {
        StageTimes { secs: self.nanos.each_ref().map(|nanos| nanos.load(Ordering::Relaxed) as f64 * 1e-9) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_add_up_by_stage() {
        let watch = Stopwatch::default();
        for _ in 0..2 {
            watch.time(Stage::Rank, || std::thread::sleep(Duration::from_millis(2)));
        }
        let times = watch.times();
        assert!(times.secs(Stage::Rank) >= 0.004);
        assert!(times.secs(Stage::Measure).abs() < f64::MIN_POSITIVE);
        assert!(Stage::ALL.iter().enumerate().all(|(i, stage)| *stage as usize == i));
    }
}
