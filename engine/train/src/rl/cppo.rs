//! Dr. CPPO: groups of answers, the few that say most, and a clipped step towards the better ones.

use candle_core::Tensor;

use super::rollout::Attempted;
use super::{CppoConfig, advantages, clipped_loss, worth_learning};
use crate::network::Weights;
use crate::optimize::Gradients;
use crate::sft::{Example, answer_log_probabilities, summed_gradients};
use partwright_cadrille::network::{Autoregressive, Cadrille, NetworkError};

/// An answer to learn from.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What was seen, and the answer.
    pub example: Example,
    /// How much better it is than its group.
    pub advantage: f64,
    /// The logarithms of its tokens' probabilities when it was written.
    pub before: Vec<f32>,
}

/// The answers worth learning from, with the probabilities they have under `writer`, the network that wrote them.
///
/// # Errors
/// [`NetworkError`], by cause.
pub fn kept(
    attempted: &[Attempted],
    config: &CppoConfig,
    writer: &(dyn Autoregressive + Sync),
    device: &candle_core::Device,
) -> Result<Vec<Kept>, NetworkError> {
    let mut all = Vec::new();
    for one in attempted {
        let rewards: Vec<f64> = one.answers.iter().map(|answer| answer.reward.value).collect();
        let advantages = advantages(&rewards);
        for i in worth_learning(&advantages, config.kept) {
            let example = one.example(i);
            if example.answer.is_empty() {
                continue;
            }
            let before = answer_log_probabilities(writer, &[&example], device)?.to_vec1()?;
            all.push(Kept { example, advantage: advantages[i], before });
        }
    }
    Ok(all)
}

/// The loss of kept answers, for each of them, and its gradients.
///
/// # Errors
/// [`NetworkError`], by cause.
pub fn update(
    network: &Cadrille,
    weights: &Weights,
    kept: &[Kept],
    config: &CppoConfig,
    pools: &[rayon::ThreadPool],
) -> Result<(f64, Gradients), NetworkError> {
    let share = 1.0 / kept.len().max(1) as f64;
    let loss = |part: &[&Kept]| {
        let examples: Vec<&Example> = part.iter().map(|kept| &kept.example).collect();
        let now = answer_log_probabilities(network, &examples, weights.device())?;
        let before: Vec<f32> = part.iter().flat_map(|kept| kept.before.iter().copied()).collect();
        let advantage = |kept: &&Kept| std::iter::repeat_n(kept.advantage as f32, kept.example.answer.len());
        let advantages: Vec<f32> = part.iter().flat_map(advantage).collect();
        let vector = |values: Vec<f32>| Tensor::new(values, weights.device());
        Ok((clipped_loss(&now, &vector(before)?, &vector(advantages)?, config.ratio_clip)? * share)?)
    };
    summed_gradients(weights, kept, |kept| kept.example.len(), config.part_tokens, pools, loss)
}
