//! DPO: pairs of answers of which one is better, and a reference that the network may leave only for good reasons.

use candle_core::{Device, Result, Tensor};
use partwright_cadrille::network::{Autoregressive, Cadrille, NetworkError};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::rollout::Attempted;
use super::{DpoConfig, preference_loss};
use crate::network::Weights;
use crate::optimize::Gradients;
use crate::sft::{Example, answer_log_probabilities, summed_gradients};

/// Two answers for one part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The better one.
    pub better: Example,
    /// The worse one.
    pub worse: Example,
    /// The logarithms of their probabilities under the reference.
    pub reference: [f32; 2],
}

impl Pair {
    fn len(&self) -> usize {
        self.better.len() + self.worse.len()
    }
}

/// A random pair of answers of each part, ranked by what they are worth; none of a part whose answers are worth the same.
/// The reference is not known yet.
pub fn pairs(attempted: &[Attempted], seed: u64) -> Vec<Pair> {
    let mut all = Vec::new();
    for one in attempted {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(one.number);
        let worth = |i: usize| one.answers[i].reward.value;
        let usable: Vec<usize> = (0..one.answers.len()).filter(|i| !one.answers[*i].tokens.is_empty()).collect();
        let different: Vec<(usize, usize)> = usable
            .iter()
            .flat_map(|&i| usable.iter().map(move |&j| (i, j)))
            .filter(|(i, j)| worth(*i) > worth(*j) + 1e-9)
            .collect();
        if different.is_empty() {
            continue;
        }
        let (better, worse) = different[random.random_range(0..different.len())];
        all.push(Pair { better: one.example(better), worse: one.example(worse), reference: [0.0; 2] });
    }
    all
}

/// Takes `network` as the reference of all pairs.
///
/// # Errors
/// [`NetworkError`], by cause.
pub fn refer(
    pairs: &mut [Pair],
    network: &(dyn Autoregressive + Sync),
    device: &Device,
) -> std::result::Result<(), NetworkError> {
    for pair in pairs {
        for (known, example) in pair.reference.iter_mut().zip([&pair.better, &pair.worse]) {
            *known = answer_log_probabilities(network, &[example], device)?.sum_all()?.to_scalar()?;
        }
    }
    Ok(())
}

/// The mean loss of pairs, and its gradients.
///
/// # Errors
/// [`NetworkError`], by cause.
pub fn update(
    network: &Cadrille,
    weights: &Weights,
    pairs: &[&Pair],
    config: &DpoConfig,
    pools: &[rayon::ThreadPool],
) -> std::result::Result<(f64, Gradients), NetworkError> {
    let share = 1.0 / pairs.len().max(1) as f64;
    let loss = |part: &[&&Pair]| {
        let examples: Vec<&Example> =
            part.iter().map(|pair| &pair.better).chain(part.iter().map(|pair| &pair.worse)).collect();
        let tokens = answer_log_probabilities(network, &examples, weights.device())?;
        let sums = sums(&tokens, &examples)?;
        let count = part.len();
        let reference =
            |i: usize| Tensor::new(part.iter().map(|pair| pair.reference[i]).collect::<Vec<f32>>(), weights.device());
        let (better, worse) = (sums.narrow(0, 0, count)?, sums.narrow(0, count, count)?);
        let loss = preference_loss(&better, &worse, [&reference(0)?, &reference(1)?], config.beta)?;
        Ok((loss * share)?)
    };
    summed_gradients(weights, pairs, |pair| pair.len(), config.part_tokens, pools, loss)
}

/// Sums of the tokens of each example.
fn sums(tokens: &Tensor, examples: &[&Example]) -> Result<Tensor> {
    let mut at = 0;
    let sums = examples.iter().map(|example| {
        let sum = tokens.narrow(0, at, example.answer.len())?.sum_all();
        at += example.answer.len();
        sum
    });
    Tensor::stack(&sums.collect::<Result<Vec<_>>>()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::{Fate, Reward};
    use crate::rl::rollout::Answer;

    #[test]
    fn pairs_are_ranked_and_equal_ones_left_out() {
        let seen = Example { prompt: vec![1], points: vec![], picture: None, answer: vec![] };
        let answer =
            |token: u32, value: f64| Answer { tokens: vec![token], reward: Reward { value, fate: Fate::Measured } };
        let attempted = [
            Attempted { number: 0, seen: seen.clone(), answers: vec![answer(1, 3.0), answer(2, 9.0), answer(3, 9.0)] },
            Attempted { number: 1, seen: seen.clone(), answers: vec![answer(4, 5.0), answer(5, 5.0)] },
        ];
        for seed in 0..20 {
            let found = pairs(&attempted, seed);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].worse.answer, [1]);
            assert!(matches!(found[0].better.answer[..], [2 | 3]));
        }
    }

    #[test]
    fn sums_are_those_of_each_answer() {
        let example = |n: usize| Example { prompt: vec![1], points: vec![], picture: None, answer: vec![0; n] };
        let examples = [example(2), example(1), example(3)];
        let tokens = Tensor::new(vec![1f32, 2.0, 4.0, 8.0, 16.0, 32.0], &Device::Cpu).unwrap();
        let found = sums(&tokens, &examples.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(found.to_vec1::<f32>().unwrap(), [3.0, 4.0, 56.0]);
    }
}
