//! How surprised a network is by answers, and the gradients of that.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use candle_core::{Device, Tensor};
use partwright_cadrille::network::{Autoregressive, NetworkError, log_probabilities};

use super::Example;
use crate::network::Weights;
use crate::optimize::Gradients;

/// The loss of some examples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// Sum over the answers' tokens of minus the logarithm of their probability.
    pub total: f64,
    /// Tokens of the answers.
    pub tokens: usize,
}

impl Loss {
    /// For each token.
    pub fn mean(&self) -> f64 {
        self.total / self.tokens.max(1) as f64
    }
}

/// For each token of the answers, example after example, the logarithm of its probability. Only the answers are scored:
/// the head, the largest layer of small networks, runs for them alone.
///
/// # Errors
/// [`NetworkError`], by cause.
pub fn answer_log_probabilities(
    network: &dyn Autoregressive,
    examples: &[&Example],
    device: &Device,
) -> Result<Tensor, NetworkError> {
    let inputs = examples.iter().map(|example| example.input(device, true)).collect::<candle_core::Result<Vec<_>>>()?;
    let batch = network.embed(&inputs)?;
    let hidden = network.hidden(&batch)?;
    let (rows, len, width) = hidden.dims3()?;
    let (mut places, mut targets) = (Vec::new(), Vec::new());
    for (row, example) in examples.iter().enumerate() {
        // The place before each token of the answer predicts it; filler stands on the left.
        let first = row * len + batch.padding[row] + example.prompt.len() - 1;
        places.extend((first..first + example.answer.len()).map(|place| place as u32));
        targets.extend_from_slice(&example.answer);
    }
    let places = Tensor::new(places, device)?;
    let read = hidden.reshape((rows * len, width))?.index_select(&places, 0)?;
    Ok(log_probabilities(&network.decoder().logits(&read)?, &targets)?)
}

/// The loss without gradients.
///
/// # Errors
/// [`NetworkError`], by cause.
pub fn loss(network: &dyn Autoregressive, examples: &[&Example], device: &Device) -> Result<Loss, NetworkError> {
    let found = answer_log_probabilities(network, examples, device)?;
    Ok(Loss { total: -f64::from(found.sum_all()?.to_scalar::<f32>()?), tokens: found.elem_count() })
}

/// The loss of a batch and the gradients of its mean, computed in parts by as many threads as there are `pools`.
///
/// Examples of like length go into one part, which is as large as `most_tokens` allows, filler included. The parts are
/// added up in their order, whichever thread was first, so that the sums do not depend on the number of threads.
///
/// # Errors
/// [`NetworkError`], by cause: that of the first part that failed.
pub fn gradients<N: Autoregressive + Sync>(
    network: &N,
    weights: &Weights,
    examples: &[Example],
    most_tokens: usize,
    pools: &[rayon::ThreadPool],
) -> Result<(Loss, Gradients), NetworkError> {
    let parts = parts(examples, most_tokens);
    let tokens: usize = examples.iter().map(|example| example.answer.len()).sum();
    let (next, sum) = (AtomicUsize::new(0), Mutex::new(Sum::default()));
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(i) else { return };
            let found = of_part(network, weights, part, tokens);
            sum.lock().unwrap_or_else(PoisonError::into_inner).take(i, found);
        }
    };
    std::thread::scope(|scope| {
        for pool in pools {
            // candle asks for all threads of the pool it runs in: here there is one.
            scope.spawn(|| pool.install(work));
        }
    });
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    match sum.failed {
        Some(error) => Err(error),
        None => Ok((Loss { total: sum.total, tokens }, sum.gradients)),
    }
}

fn of_part(
    network: &dyn Autoregressive,
    weights: &Weights,
    part: &[&Example],
    tokens: usize,
) -> Result<(f64, Gradients), NetworkError> {
    let found = answer_log_probabilities(network, part, weights.device())?.sum_all()?;
    let total = -f64::from(found.to_scalar::<f32>()?);
    let mut store = (found * (-1.0 / tokens as f64))?.backward()?;
    Ok((total, Gradients::of(&mut store, weights.variables())?))
}

/// Examples by length, the longest first, in parts of at most `most_tokens` (one example at least).
fn parts(examples: &[Example], most_tokens: usize) -> Vec<Vec<&Example>> {
    let mut sorted: Vec<&Example> = examples.iter().collect();
    sorted.sort_by_key(|example| std::cmp::Reverse(example.len()));
    let mut parts: Vec<Vec<&Example>> = Vec::new();
    for example in sorted {
        match parts.last_mut() {
            Some(part) if (part.len() + 1) * part[0].len() <= most_tokens => part.push(example),
            _ => parts.push(vec![example]),
        }
    }
    parts
}

/// Parts that have been added up, and those that wait for one before them.
#[derive(Default)]
struct Sum {
    total: f64,
    gradients: Gradients,
    added: usize,
    waiting: BTreeMap<usize, Result<(f64, Gradients), NetworkError>>,
    failed: Option<NetworkError>,
}

impl Sum {
    fn take(&mut self, i: usize, part: Result<(f64, Gradients), NetworkError>) {
        self.waiting.insert(i, part);
        while let Some(part) = self.waiting.remove(&self.added) {
            self.added += 1;
            match part {
                Ok((total, gradients)) => {
                    self.total += total;
                    self.gradients.add(gradients);
                }
                Err(error) => self.failed = self.failed.take().or(Some(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_like_lengths_and_no_more_than_they_may() {
        let example =
            |len: usize| Example { prompt: vec![0; 10], points: vec![], picture: None, answer: vec![0; len + 1] };
        let examples: Vec<Example> = [5, 50, 6, 40, 7, 300].into_iter().map(example).collect();
        let lengths: Vec<Vec<usize>> =
            parts(&examples, 120).iter().map(|part| part.iter().map(|example| example.len()).collect()).collect();
        assert_eq!(lengths, [vec![310], vec![60, 50], vec![17, 16, 15]]);
    }
}
