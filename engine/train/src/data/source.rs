//! Where samples come from.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Sample;
use crate::dataset::{DatasetError, Shards};
use crate::generate::{GeneratorConfig, sample};

/// Samples by number: the same number always gives the same sample, whichever thread asks, so that a run that goes on
/// sees what an uninterrupted one would have seen.
pub trait Source: Send + Sync {
    /// The sample of a number; `None` where there is none.
    ///
    /// # Errors
    /// A data set that cannot be read.
    fn sample(&self, number: u64) -> Result<Option<Sample>, DatasetError>;

    /// A sample that is never learned from, if there are such.
    ///
    /// # Errors
    /// As above.
    fn held_out(&self, number: u64) -> Result<Option<Sample>, DatasetError>;
}

/// Programs made at random, without end.
#[derive(Clone, Debug)]
pub struct Random {
    /// What kind.
    pub config: GeneratorConfig,
    /// Over so many samples the share of plain programs comes down from all to that of `config`.
    pub plain_until: u64,
}

/// Programs that are never learned from are numbered from here, where training never comes.
const HELD_OUT: u64 = 1 << 40;

impl Source for Random {
    fn sample(&self, number: u64) -> Result<Option<Sample>, DatasetError> {
        let mut config = self.config.clone();
        if number < self.plain_until {
            let left = 1.0 - number as f64 / self.plain_until as f64;
            config.simple_share += (1.0 - config.simple_share) * left;
        }
        Ok(sample(&config, number))
    }

    fn held_out(&self, number: u64) -> Result<Option<Sample>, DatasetError> {
        Ok(sample(&self.config, HELD_OUT + number))
    }
}

/// A data set on disk, in another order each time round. Its last samples are never learned from.
#[derive(Debug)]
pub struct Folder {
    shards: Shards,
    seed: u64,
    /// Samples that are learned from.
    learned: usize,
    /// The order of the round that was asked for last.
    order: Mutex<Option<Order>>,
}

/// A round and its order.
type Order = (u64, Arc<Vec<usize>>);

/// One sample of so many is held out, but no more than the latter.
const HELD_SHARE: usize = 20;
const MOST_HELD: usize = 1024;

impl Folder {
    /// Opens a data set; `seed` decides the orders.
    ///
    /// # Errors
    /// A folder without a data set, or a damaged one.
    pub fn open(path: &Path, seed: u64) -> Result<Self, DatasetError> {
        let shards = Shards::open(path)?;
        let learned = shards.len() - (shards.len() / HELD_SHARE).min(MOST_HELD);
        Ok(Self { shards, seed, learned, order: Mutex::default() })
    }

    fn order(&self, round: u64) -> Arc<Vec<usize>> {
        let mut kept = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((of, order)) if *of == round => Arc::clone(order),
            _ => {
                let mut order = self.shards.shuffled(self.seed, round);
                order.retain(|place| *place < self.learned);
                let order = Arc::new(order);
                *kept = Some((round, Arc::clone(&order)));
                order
            }
        }
    }
}

impl Source for Folder {
    fn sample(&self, number: u64) -> Result<Option<Sample>, DatasetError> {
        let Some(round) = number.checked_div(self.learned as u64) else { return Ok(None) };
        let order = self.order(round);
        order.get((number % self.learned as u64) as usize).map(|place| self.shards.sample(*place)).transpose()
    }

    fn held_out(&self, number: u64) -> Result<Option<Sample>, DatasetError> {
        let place = self.learned.saturating_add(number as usize);
        if place < self.shards.len() { self.shards.sample(place).map(Some) } else { Ok(None) }
    }
}

/// A list of samples, round and round; none is held out, so that examinations show what was learned by heart.
#[derive(Clone, Debug, Default)]
pub struct Fixed(pub Vec<Sample>);

impl Source for Fixed {
    fn sample(&self, number: u64) -> Result<Option<Sample>, DatasetError> {
        let place = number.checked_rem(self.0.len() as u64);
        Ok(place.and_then(|place| self.0.get(place as usize).cloned()))
    }

    fn held_out(&self, number: u64) -> Result<Option<Sample>, DatasetError> {
        Ok(self.0.get(number as usize).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{WriteJob, write};

    #[test]
    fn plain_programs_come_first() {
        let config = GeneratorConfig { points: 8, captions: 0, ..GeneratorConfig::default() };
        let source = Random { config: config.clone(), plain_until: 1 << 20 };
        let plain = GeneratorConfig { simple_share: 1.0, ..config.clone() };
        for number in 0..4 {
            assert_eq!(source.sample(number).unwrap(), sample(&plain, number));
            assert_eq!(source.sample((1 << 20) + number).unwrap(), sample(&config, (1 << 20) + number));
        }
        assert_eq!(source.held_out(3).unwrap(), sample(&config, HELD_OUT + 3));
    }

    #[test]
    fn a_folder_goes_round_and_keeps_some_back() {
        let folder = tempfile::tempdir().unwrap();
        let config = GeneratorConfig { simple_share: 1.0, points: 8, captions: 0, ..GeneratorConfig::default() };
        let job = WriteJob { config, count: 42, shard_size: 16 };
        let written = write(&job, folder.path(), &partwright_reconstruct::CancelToken::default(), &|_| {}).unwrap();
        let source = Folder::open(folder.path(), 3).unwrap();
        let learned = (written.samples - written.samples / HELD_SHARE) as u64;
        let round = |first: u64| -> Vec<String> {
            (first..first + learned).map(|number| source.sample(number).unwrap().unwrap().program).collect()
        };
        let (first, second) = (round(0), round(learned));
        assert_ne!(first, second, "each round has an order of its own");
        assert_eq!(first, round(0));
        let sorted = |mut programs: Vec<String>| {
            programs.sort();
            programs
        };
        assert_eq!(sorted(first.clone()), sorted(second));
        let held = source.held_out(0).unwrap().unwrap().program;
        assert!(!first.contains(&held));
        assert_eq!(source.held_out(1 << 20).unwrap(), None);
    }
}
