//! One token from the scores of all.

use std::cmp::Ordering;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::SamplingError;

/// How a token is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Strategy {
    /// The most likely, of equals the first: what cadrille is evaluated with.
    Greedy,
    /// A draw.
    Random {
        /// Divides the scores: below 1 sharper, above 1 flatter.
        temperature: f64,
        /// Keeps the `k` most likely.
        top_k: Option<usize>,
        /// Of those, keeps the fewest most likely whose share is at least `p` (nucleus sampling, arXiv 1904.09751).
        top_p: Option<f64>,
    },
}

/// A token that may be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// The token.
    pub id: u32,
    /// Its weight; all kept weights together need not be 1.
    pub weight: f64,
}

impl Strategy {
    /// Refuses settings that mean nothing.
    pub(crate) fn check(self) -> Result<(), SamplingError> {
        let Self::Random { temperature, top_k, top_p } = self else { return Ok(()) };
        if !(temperature > 0.0 && temperature.is_finite()) {
            return Err(SamplingError::TemperatureNotPositive { found: temperature });
        }
        if top_k == Some(0) {
            return Err(SamplingError::TopKZero);
        }
        match top_p {
            Some(found) if !(found > 0.0 && found <= 1.0) => Err(SamplingError::TopPOutside { found }),
            _ => Ok(()),
        }
    }

    /// Takes a token; `None` where no score is finite.
    pub(crate) fn take(self, scores: &[f32], rng: &mut ChaCha8Rng) -> Option<u32> {
        let kept = kept_tokens(scores, self);
        let total: f64 = kept.iter().map(|token| token.weight).sum();
        let mut left = rng.random::<f64>() * total;
        for token in &kept {
            left -= token.weight;
            if left < 0.0 {
                return Some(token.id);
            }
        }
        // Rounding may leave a crumb after the last one.
        kept.last().map(|token| token.id)
    }
}

/// The tokens that may be drawn, in the order of their ids or, where some were cut, of their weights. Scores of minus
/// infinity are never kept.
pub fn kept_tokens(scores: &[f32], strategy: Strategy) -> Vec<Weighted> {
    let Some((best, max)) = largest(scores) else { return vec![] };
    let Strategy::Random { temperature, top_k, top_p } = strategy else {
        return vec![Weighted { id: best as u32, weight: 1.0 }];
    };
    let weight = |(id, &score): (usize, &f32)| Weighted {
        id: id as u32,
        weight: ((score as f64 - max as f64) / temperature).exp(),
    };
    let mut kept: Vec<Weighted> = scores.iter().enumerate().map(weight).filter(|token| token.weight > 0.0).collect();
    if let Some(k) = top_k
        && k < kept.len()
    {
        kept.select_nth_unstable_by(k, heavier_first);
        kept.truncate(k);
        kept.sort_unstable_by(heavier_first);
    }
    if let Some(p) = top_p {
        keep_share(&mut kept, p);
    }
    kept
}

/// The fewest heaviest tokens whose share is at least `p`.
fn keep_share(kept: &mut Vec<Weighted>, p: f64) {
    let total: f64 = kept.iter().map(|token| token.weight).sum();
    // Tokens lighter than this hold at most 1 - p together, so that the share is reached without them; sorting the whole
    // vocabulary would cost more than the rest of the choice.
    let light = (1.0 - p) * total / kept.len() as f64;
    kept.retain(|token| token.weight >= light);
    kept.sort_unstable_by(heavier_first);
    let mut share = 0.0;
    let enough = kept.iter().position(|token| {
        share += token.weight;
        share >= p * total
    });
    if let Some(last) = enough {
        kept.truncate(last + 1);
    }
}

fn heavier_first(a: &Weighted, b: &Weighted) -> Ordering {
    b.weight.total_cmp(&a.weight).then(a.id.cmp(&b.id))
}

/// Place and value of the largest finite score, of equals the first; `None` where there is none, or a score is not a
/// number.
fn largest(scores: &[f32]) -> Option<(usize, f32)> {
    let mut best: Option<(usize, f32)> = None;
    for (i, &score) in scores.iter().enumerate() {
        if score.is_nan() {
            return None;
        }
        if best.is_none_or(|(_, max)| score > max) {
            best = Some((i, score));
        }
    }
    best.filter(|(_, max)| max.is_finite())
}

/// The logarithm of a token's probability under the scores as they are; `None` where they are no numbers.
pub(crate) fn log_probability(scores: &[f32], id: u32) -> Option<f64> {
    let (_, max) = largest(scores)?;
    let sum: f64 = scores.iter().map(|&score| (score - max).exp() as f64).sum();
    Some((scores[id as usize] - max) as f64 - sum.ln())
}

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::SeedableRng as _;

    use super::*;

    fn scores(shares: &[f64]) -> Vec<f32> {
        shares.iter().map(|share| share.ln() as f32).collect()
    }

    fn ids(strategy: Strategy, shares: &[f64]) -> Vec<u32> {
        kept_tokens(&scores(shares), strategy).iter().map(|token| token.id).collect()
    }

    fn random(top_k: Option<usize>, top_p: Option<f64>) -> Strategy {
        Strategy::Random { temperature: 1.0, top_k, top_p }
    }

    const SHARES: [f64; 5] = [0.1, 0.4, 0.05, 0.25, 0.2];

    #[test]
    fn top_p_keeps_the_fewest_that_reach_the_share() {
        for (p, want) in [
            (0.39, vec![1]),
            (0.41, vec![1, 3]),
            (0.64, vec![1, 3]),
            (0.66, vec![1, 3, 4]),
            (0.94, vec![1, 3, 4, 0]),
            (0.96, vec![1, 3, 4, 0, 2]),
        ] {
            assert_eq!(ids(random(None, Some(p)), &SHARES), want, "{p}");
        }
        assert_eq!(ids(random(None, Some(1.0)), &SHARES).len(), 5);
    }

    #[test]
    fn top_k_keeps_the_k_most_likely_and_top_p_counts_among_them() {
        assert_eq!(ids(random(Some(3), None), &SHARES), [1, 3, 4]);
        // Of the three's 0.85, half is 0.425: the first alone has 0.4.
        assert_eq!(ids(random(Some(3), Some(0.5)), &SHARES), [1, 3]);
        assert_eq!(ids(random(Some(9), None), &SHARES), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn greedy_takes_the_first_of_equals_and_nothing_of_what_is_no_number() {
        assert_eq!(ids(Strategy::Greedy, &[0.1, 0.3, 0.3]), [1]);
        assert_eq!(kept_tokens(&[f32::NEG_INFINITY; 3], Strategy::Greedy), []);
        assert_eq!(kept_tokens(&[0.0, f32::NAN], random(None, None)), []);
        assert_eq!(ids(random(None, None), &[0.5, 0.0, 0.5]), [0, 2]);
    }

    /// Draws come as often as their probability says, which a temperature of 1/2 squares.
    #[test]
    fn draws_follow_the_probabilities() {
        for (temperature, power) in [(1.0, 1), (0.5, 2)] {
            let strategy = Strategy::Random { temperature, top_k: None, top_p: None };
            let mut rng = ChaCha8Rng::seed_from_u64(7);
            let mut counts = [0usize; 5];
            for _ in 0..20_000 {
                counts[strategy.take(&scores(&SHARES), &mut rng).unwrap() as usize] += 1;
            }
            let total: f64 = SHARES.iter().map(|share| share.powi(power)).sum();
            for (count, share) in counts.into_iter().zip(SHARES) {
                let (got, want) = (count as f64 / 20_000.0, share.powi(power) / total);
                // Four deviations of a count of 20,000.
                assert!((got - want).abs() < 4.0 * (want / 20_000.0).sqrt(), "{temperature}: {got} {want}");
            }
        }
    }

    #[test]
    fn log_probabilities_are_those_of_the_shares() {
        for (id, share) in SHARES.into_iter().enumerate() {
            assert!((log_probability(&scores(&SHARES), id as u32).unwrap() - share.ln()).abs() < 1e-6);
        }
    }

    #[test]
    fn settings_that_mean_nothing_are_refused() {
        let strategy = |temperature| Strategy::Random { temperature, top_k: None, top_p: None };
        assert!(matches!(strategy(0.0).check(), Err(SamplingError::TemperatureNotPositive { .. })));
        assert!(matches!(strategy(f64::NAN).check(), Err(SamplingError::TemperatureNotPositive { .. })));
        assert!(matches!(random(Some(0), None).check(), Err(SamplingError::TopKZero)));
        assert!(matches!(random(None, Some(1.5)).check(), Err(SamplingError::TopPOutside { .. })));
        assert!(random(Some(50), Some(0.9)).check().is_ok());
    }
}
