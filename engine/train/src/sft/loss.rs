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
/// the last layer and the head run for them alone.
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
    let (_, len, _) = batch.embeds.dims3()?;
    let (mut places, mut targets) = (Vec::new(), Vec::new());
    for (row, example) in examples.iter().enumerate() {
        // The place before each token of the answer predicts it; filler stands on the left.
        let first = row * len + batch.padding[row] + example.prompt.len() - 1;
        places.extend((first..first + example.answer.len()).map(|place| place as u32));
        targets.extend_from_slice(&example.answer);
    }
    let read = network.hidden_at(&batch, &places)?;
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

/// The loss of a batch and the gradients of its mean.
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
    let tokens: usize = examples.iter().map(|example| example.answer.len()).sum();
    let mean = |part: &[&Example]| {
        let found = answer_log_probabilities(network, part, weights.device())?;
        Ok((found.sum_all()? * (-1.0 / tokens as f64))?)
    };
    let (mean, gradients) = summed_gradients(weights, examples, Example::len, most_tokens, pools, mean)?;
    Ok((Loss { total: mean * tokens as f64, tokens }, gradients))
}

/// The sum of what `loss` gives for parts of `items`, and its gradients, computed by as many threads as there are `pools`.
///
/// Items of like length go into one part, which is as large as `most_tokens` allows, filler included. The parts are
/// added up in their order, whichever thread was first, so that the sums do not depend on the number of threads.
///
/// # Errors
/// [`NetworkError`], by cause: that of the first part that failed.
pub fn summed_gradients<T: Sync>(
    weights: &Weights,
    items: &[T],
    length: impl Fn(&T) -> usize,
    most_tokens: usize,
    pools: &[rayon::ThreadPool],
    loss: impl Fn(&[&T]) -> Result<Tensor, NetworkError> + Sync,
) -> Result<(f64, Gradients), NetworkError> {
    let parts = parts(items, length, most_tokens);
    let (next, sum) = (AtomicUsize::new(0), Mutex::new(Sum::default()));
    let of_part = |part: &[&T]| {
        let loss = loss(part)?;
        let total = f64::from(loss.to_scalar::<f32>()?);
        let mut store = loss.backward()?;
        Ok((total, Gradients::of(&mut store, weights.variables())?))
    };
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(i) else { return };
            let found = of_part(part);
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
        None => Ok((sum.total, sum.gradients)),
    }
}

/// Items by length, the longest first, in parts of at most `most_tokens` (one item at least).
fn parts<T>(items: &[T], length: impl Fn(&T) -> usize, most_tokens: usize) -> Vec<Vec<&T>> {
    let mut sorted: Vec<&T> = items.iter().collect();
    sorted.sort_by_key(|item| std::cmp::Reverse(length(item)));
    let mut parts: Vec<Vec<&T>> = Vec::new();
    for item in sorted {
        match parts.last_mut() {
            Some(part) if (part.len() + 1) * length(part[0]) <= most_tokens => part.push(item),
            _ => parts.push(vec![item]),
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
        let lengths: Vec<Vec<usize>> = parts(&examples, Example::len, 120)
            .iter()
            .map(|part| part.iter().map(|example| example.len()).collect())
            .collect();
        assert_eq!(lengths, [vec![310], vec![60, 50], vec![17, 16, 15]]);
    }
}
