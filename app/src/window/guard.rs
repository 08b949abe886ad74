//! Watches that the window stays quick: what takes long belongs into a job.

use std::time::{Duration, Instant};

/// The longest that a panel, an action or an event may take of a frame.
const BUDGET: Duration = Duration::from_millis(1);

/// The worst time that each part of a frame took so far.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    worst: Vec<(&'static str, Duration)>,
}

impl Guard {
    /// Notes that `part` of the frame has run since `since`. A sentence for the log when it broke the budget and was worse
    /// than ever before, by half at least.
    pub(super) fn note(&mut self, part: &'static str, since: Instant) -> Option<String> {
        self.note_time(part, since.elapsed())
    }

    fn note_time(&mut self, part: &'static str, took: Duration) -> Option<String> {
        let known = self.worst.iter_mut().find(|(name, _)| *name == part);
        let before = known.as_ref().map_or(Duration::ZERO, |(_, worst)| *worst);
        if took > before {
            match known {
                Some((_, worst)) => *worst = took,
                None => self.worst.push((part, took)),
            }
        }
        let worse = took > BUDGET && took > before.max(BUDGET).mul_f64(1.5);
        worse.then(|| {
            let [took, budget] = [took, BUDGET].map(|time| time.as_secs_f64() * 1e3);
            format!("Slow frame: {part} took {took:.1} ms of {budget:.0} ms")
        })
    }

    /// The parts of the frame and the longest that each took.
    pub fn worst(&self) -> &[(&'static str, Duration)] {
        &self.worst
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_slow_is_said_once_until_it_is_worse() {
        let mut guard = Guard::default();
        let mut check = |part, ms: f64, said: bool| {
            let sentence = guard.note_time(part, Duration::from_secs_f64(ms / 1e3));
            assert_eq!(sentence.is_some(), said, "{part} {ms}: {sentence:?}");
        };
        check("items", 0.9, false);
        check("items", 2.0, true);
        check("items", 2.5, false);
        check("items", 4.0, true);
        check("code", 1.6, true);
        assert_eq!(guard.worst()[0], ("items", Duration::from_millis(4)));
    }
}
