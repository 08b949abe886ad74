//! How finely shapes are drawn while the camera moves: as finely as the adapter manages in time.
//!
//! Nothing is assumed of the adapter. Pictures in motion are timed; when they take too long the next are coarser, when they
//! take much less than they may they are finer again. A still picture is always drawn in full.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::{Detail, Gpu, MOVING_TRIANGLES};

/// The time that the views' pictures of one frame may take, in milliseconds: of the 33 of a frame, what is left after the
/// panels are painted, and a margin.
const GOAL_MS: f64 = 20.0;
/// Below this share of the goal a level with twice the triangles is tried: much of a picture is not its triangles.
const FAST: f64 = 0.7;
/// Pictures in a row that have to be slow before the next are coarser: one alone may have waited for something else.
const SLOW_IN_A_ROW: u32 = 2;
/// Pictures in a row that have to be fast before the next are finer, at first.
const FAST_IN_A_ROW: u32 = 6;
/// And at most, after finer levels have been tried in vain.
const MOST_IN_A_ROW: u32 = 240;

/// A level of detail and whether pictures have half the pixels each way.
const STEPS: [(u32, bool); 8] = {
    let [a, b, c, d, e, f] = MOVING_TRIANGLES;
    [(a, false), (b, false), (c, false), (d, false), (e, false), (f, false), (e, true), (f, true)]
};
/// Any adapter of today manages this in well under half a second.
const FIRST_STEP: usize = 3;

/// The detail of the pictures in motion.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    step: usize,
    slow: u32,
    fast: u32,
    /// Fast pictures in a row wanted before the next try.
    patience: u32,
    /// Whether the last change was to a finer step.
    tried: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { step: FIRST_STEP, slow: 0, fast: 0, patience: FAST_IN_A_ROW, tried: false }
    }
}

impl Pace {
    /// The detail of the next picture in motion.
    pub fn detail(&self) -> Detail {
        Detail::AtMost(STEPS[self.step].0)
    }

    /// Whether the next picture in motion has half the pixels each way: a large one on a slow adapter.
    pub fn is_halved(&self) -> bool {
        STEPS[self.step].1
    }

    /// The pictures of a frame in motion took so long, in milliseconds.
    pub fn note(&mut self, took_ms: f64) {
        self.slow = if took_ms > GOAL_MS { self.slow + 1 } else { 0 };
        self.fast = if took_ms < FAST * GOAL_MS { self.fast + 1 } else { 0 };
        let far_too_slow = took_ms > 2.0 * GOAL_MS;
        if (self.slow >= SLOW_IN_A_ROW || far_too_slow) && self.step + 1 < STEPS.len() {
            if self.tried {
                self.patience = (self.patience * 2).min(MOST_IN_A_ROW);
            }
            self.change(self.step + 1, false);
        } else if self.fast >= self.patience && self.step > 0 {
            self.change(self.step - 1, true);
        }
    }

    fn change(&mut self, step: usize, finer: bool) {
        (self.step, self.tried, self.slow, self.fast) = (step, finer, 0, 0);
    }
}

/// Times pictures without waiting for them.
#[derive(Debug)]
pub struct Stopwatch {
    running: Arc<AtomicBool>,
    times: (Sender<f64>, Receiver<f64>),
}

/// Pictures that are about to be submitted.
#[derive(Debug)]
pub struct Lap {
    start: Instant,
    /// When all that was submitted before was done: until then the adapter had no time for these pictures.
    free: Arc<OnceLock<Instant>>,
}

/// How often it is looked whether a picture is done: the times are right to about this.
const TICK: Duration = Duration::from_millis(1);
/// A device that takes longer has been lost or is stuck; the time is not worth knowing.
const LONGEST: Duration = Duration::from_secs(2);

impl Default for Stopwatch {
    fn default() -> Self {
        Self { running: Arc::default(), times: channel() }
    }
}

impl Stopwatch {
    /// Begins before the pictures are submitted; `None` while another time is being taken.
    pub fn start(&self, gpu: &Gpu) -> Option<Lap> {
        if self.running.swap(true, Ordering::AcqRel) {
            return None;
        }
        let lap = Lap { start: Instant::now(), free: Arc::default() };
        let free = Arc::clone(&lap.free);
        gpu.queue.on_submitted_work_done(move || {
            let _ = free.set(Instant::now());
        });
        Some(lap)
    }

    /// The pictures were submitted: takes the time when they are done.
    pub fn stop(&self, gpu: &Gpu, lap: Lap) {
        let Lap { start, free } = lap;
        let (sender, running, device) = (self.times.0.clone(), Arc::clone(&self.running), gpu.device.clone());
        gpu.queue.on_submitted_work_done(move || {
            let begun = free.get().map_or(start, |free| start.max(*free));
            let _ = sender.send(begun.elapsed().as_secs_f64() * 1e3);
            running.store(false, Ordering::Release);
        });
        let running = Arc::clone(&self.running);
        // Looks only, and never waits within the device: that would hold up the window's own work with it.
        let watch = move || {
            while running.load(Ordering::Acquire) && start.elapsed() < LONGEST {
                std::thread::sleep(TICK);
                let _ = device.poll(wgpu::PollType::Poll);
            }
            running.store(false, Ordering::Release);
        };
        if std::thread::Builder::new().name("stopwatch".into()).spawn(watch).is_err() {
            self.running.store(false, Ordering::Release);
        }
    }

    /// The times taken since the last call, in milliseconds.
    pub fn times(&self) -> impl Iterator<Item = f64> + '_ {
        self.times.1.try_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn most(pace: &Pace) -> u32 {
        match pace.detail() {
            Detail::AtMost(most) => most,
            Detail::Full => u32::MAX,
        }
    }

    /// An adapter that draws so many triangles in a millisecond; where it comes to rest, and how often it changed after that.
    fn settle(triangles_per_ms: f64, fixed_ms: f64) -> (Pace, usize) {
        let mut pace = Pace::default();
        let mut changes = 0;
        for frame in 0..1000 {
            let before = pace.step;
            let pixels = if pace.is_halved() { 0.25 } else { 1.0 };
            pace.note(pixels * fixed_ms + f64::from(most(&pace)) / triangles_per_ms);
            changes += usize::from(frame >= 300 && before != pace.step);
        }
        (pace, changes)
    }

    #[test]
    fn a_fast_adapter_gets_the_finest_and_a_slow_one_the_coarsest() {
        assert_eq!(settle(1e6, 1.0).0.step, 0);
        assert_eq!(settle(1.0, 500.0).0.step, STEPS.len() - 1);
    }

    #[test]
    fn an_adapter_between_comes_to_rest_within_the_goal() {
        for triangles_per_ms in [1_000.0, 2_000.0, 3_000.0, 5_000.0, 9_000.0] {
            let (pace, changes) = settle(triangles_per_ms, 6.0);
            let took = 6.0 + f64::from(most(&pace)) / triangles_per_ms;
            assert!(took <= GOAL_MS, "{triangles_per_ms}: {took}");
            assert!(changes <= 14, "{triangles_per_ms}: it swings {changes} times in 700 pictures");
        }
    }

    #[test]
    fn one_slow_picture_changes_nothing_and_a_very_slow_one_does() {
        let mut pace = Pace::default();
        pace.note(GOAL_MS * 1.5);
        pace.note(GOAL_MS * 0.8);
        assert_eq!(pace.step, FIRST_STEP);
        pace.note(GOAL_MS * 3.0);
        assert_eq!(pace.step, FIRST_STEP + 1);
    }

    #[test]
    fn large_pictures_on_a_slow_adapter_are_halved() {
        assert!(settle(1_000.0, 60.0).0.is_halved());
    }
}
