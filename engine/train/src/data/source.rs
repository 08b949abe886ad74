//! Where samples come from.

use crate::Sample;
use crate::generate::{GeneratorConfig, sample};

/// Samples by number: the same number always gives the same sample, whichever thread asks, so that a run that goes on
/// sees what an uninterrupted one would have seen.
pub trait Source: Send + Sync {
    /// The sample of a number; `None` where there is none.
    fn sample(&self, number: u64) -> Option<Sample>;
}

/// Programs made at random, without end.
#[derive(Clone, Debug)]
pub struct Random {
    /// What kind.
    pub config: GeneratorConfig,
    /// Over so many samples the share of plain programs comes down from all to that of `config`.
    pub plain_until: u64,
}

impl Source for Random {
    fn sample(&self, number: u64) -> Option<Sample> {
        let mut config = self.config.clone();
        if number < self.plain_until {
            let left = 1.0 - number as f64 / self.plain_until as f64;
            config.simple_share += (1.0 - config.simple_share) * left;
        }
        sample(&config, number)
    }
}

/// A list of samples, round and round.
#[derive(Clone, Debug, Default)]
pub struct Fixed(pub Vec<Sample>);

impl Source for Fixed {
    fn sample(&self, number: u64) -> Option<Sample> {
        let place = number.checked_rem(self.0.len() as u64)?;
        self.0.get(place as usize).cloned()
    }
}
