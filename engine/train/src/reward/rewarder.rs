//! The reward, alone and of many at a time.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use partwright_geometry::TriMesh;
use partwright_geometry::metric::{CompareConfig, PreparedReference, normalised_for_evaluation};

use super::cache::Cache;
use super::{Maker, NotMade};

/// What a program is worth that makes nothing.
pub const WORTH_OF_NOTHING: f64 = -10.0;
/// What a program is worth that makes the very part.
const WORTH_OF_ALL: f64 = 10.0;
/// Rewards kept.
const CACHED: usize = 100_000;

/// What became of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its part was compared.
    Measured,
    /// It made a part, whose volume could not be compared: an overlap of 0.
    NotCompared,
    /// It made nothing.
    Invalid,
    /// It took too long.
    TimedOut,
}

/// What a program is worth for a part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reward {
    /// From 0 to 10 for one that makes something, else [`WORTH_OF_NOTHING`].
    pub value: f64,
    /// Why.
    pub fate: Fate,
}

impl Reward {
    /// The overlap it stands for; `None` where nothing was made.
    pub fn iou(&self) -> Option<f64> {
        matches!(self.fate, Fate::Measured | Fate::NotCompared).then_some(self.value / WORTH_OF_ALL)
    }
}

/// A part that programs are to make, laid into the unit cube.
pub struct Target {
    prepared: PreparedReference,
    number: u64,
}

impl Target {
    /// The part with this surface; `None` where it encloses no volume.
    pub fn new(mesh: &TriMesh) -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let prepared = PreparedReference::new(&normalised_for_evaluation(mesh), CompareConfig::default());
        prepared.solid().is_ok().then(|| Self { prepared, number: NEXT.fetch_add(1, Ordering::Relaxed) })
    }
}

/// Says what programs are worth, several at a time.
pub struct Rewarder<'a> {
    maker: &'a dyn Maker,
    cache: Mutex<Cache>,
}

impl<'a> Rewarder<'a> {
    /// With parts made by `maker`.
    pub fn new(maker: &'a dyn Maker) -> Self {
        Self { maker, cache: Mutex::new(Cache::new(CACHED)) }
    }

    /// What a program is worth for a part. Both are centred and scaled to one size first, so that neither place nor size
    /// matters.
    pub fn reward(&self, target: &Target, source: &str) -> Reward {
        let cached = || self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = cached().get(target.number, source) {
            return known;
        }
        let nothing = |fate| Reward { value: WORTH_OF_NOTHING, fate };
        let reward = match self.maker.make(source) {
            Err(NotMade::Invalid) => nothing(Fate::Invalid),
            // A busy machine may be quicker next time.
            Err(NotMade::TimedOut) => return nothing(Fate::TimedOut),
            Ok(mesh) => match target.prepared.overlap(&normalised_for_evaluation(&mesh)).iou {
                Some(iou) => Reward { value: WORTH_OF_ALL * iou.clamp(0.0, 1.0), fate: Fate::Measured },
                None => Reward { value: 0.0, fate: Fate::NotCompared },
            },
        };
        cached().put(target.number, source, reward);
        reward
    }

    /// What many programs are worth, each for its part, in their order.
    pub fn rewards(&self, programs: &[(&Target, &str)]) -> Vec<Reward> {
        let next = AtomicUsize::new(0);
        let threads = self.maker.at_a_time().clamp(1, programs.len().max(1));
        let work = || {
            let mut found = Vec::new();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some((target, source)) = programs.get(i) else { return found };
                found.push((i, self.reward(target, source)));
            }
        };
        let mut all: Vec<(usize, Reward)> = std::thread::scope(|scope| {
            let working: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            working.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
        });
        all.sort_by_key(|(i, _)| *i);
        all.into_iter().map(|(_, reward)| reward).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use partwright_cadquery::Limits;

    use super::*;
    use crate::reward::OfThisProcess;

    fn program(body: &str) -> String {
        format!("import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr={body}")
    }

    #[test]
    fn programs_are_worth_what_they_share() {
        let maker = OfThisProcess { limits: Limits { time: Duration::from_secs(5), ..Limits::default() }, threads: 2 };
        let target = Target::new(&maker.make(&program("w0.box(200,100,50)")).expect("a box")).expect("it is closed");
        let rewarder = Rewarder::new(&maker);
        let bodies = [
            // The part itself, and elsewhere in another size: the same.
            ("w0.box(200,100,50)", 10.0, Fate::Measured),
            ("w0.workplane(offset=30).box(20,10,5)", 10.0, Fate::Measured),
            // Half of the height: both are centred.
            ("w0.box(200,100,25)", 5.0, Fate::Measured),
            ("w0.bax(1,1,1)", WORTH_OF_NOTHING, Fate::Invalid),
            ("w0.sketch().rect(1,1)", WORTH_OF_NOTHING, Fate::Invalid),
            ("w0.box(", WORTH_OF_NOTHING, Fate::Invalid),
        ];
        let sources: Vec<String> = bodies.iter().map(|(body, ..)| program(body)).collect();
        let asked: Vec<(&Target, &str)> = sources.iter().map(|source| (&target, source.as_str())).collect();
        for _ in 0..2 {
            let found = rewarder.rewards(&asked);
            for ((body, value, fate), reward) in bodies.iter().zip(&found) {
                assert!((reward.value - value).abs() < 1e-6 && reward.fate == *fate, "{body}: {reward:?}");
                assert_eq!(reward.iou().is_some(), *fate == Fate::Measured);
            }
        }
    }

    #[test]
    fn what_takes_too_long_is_worth_nothing() {
        let maker =
            OfThisProcess { limits: Limits { time: Duration::from_millis(1), ..Limits::default() }, threads: 1 };
        let own = OfThisProcess::default();
        let target = Target::new(&own.make(&program("w0.box(1,1,1)")).expect("a box")).expect("it is closed");
        let reward = Rewarder::new(&maker).reward(&target, "while True:\n    pass\n");
        assert_eq!((reward.value, reward.fate), (WORTH_OF_NOTHING, Fate::TimedOut));
        assert_eq!(reward.iou(), None);
    }
}
