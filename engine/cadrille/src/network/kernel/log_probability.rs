//! The logarithm of the probability that scores give to a token.

use candle_core::{CpuStorage, CustomOp1, D, DType, Layout, Result, Shape, Tensor};

use super::slice::{serves, values, with_values};
use super::wide::{exp, largest, wide};

/// For each row of `scores` (n, vocab) the logarithm of the probability of its target, as (n), in f32; carries gradients on
/// every device.
///
/// # Errors
/// candle's, for another number of targets or one beyond the vocabulary.
pub fn log_probabilities(scores: &Tensor, targets: &[u32]) -> Result<Tensor> {
    let (rows, vocabulary) = scores.dims2()?;
    if rows != targets.len() || targets.iter().any(|&target| target as usize >= vocabulary) {
        candle_core::bail!("{} targets do not fit scores of ({rows}, {vocabulary})", targets.len());
    }
    if serves(scores) {
        return scores.contiguous()?.apply_op1(LogProbabilities { targets: targets.into() });
    }
    let scores = scores.to_dtype(DType::F32)?;
    let all = candle_nn::ops::log_softmax(&scores, D::Minus1)?;
    all.gather(&Tensor::new(targets, scores.device())?.unsqueeze(1)?, 1)?.squeeze(1)
}

struct LogProbabilities {
    targets: Box<[u32]>,
}

impl CustomOp1 for LogProbabilities {
    fn name(&self) -> &'static str {
        "log probabilities"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, vocabulary) = layout.shape().dims2()?;
        let scores = values(storage, layout)?;
        let mut found = vec![0f32; rows];
        wide(|| {
            let of_rows = scores.chunks_exact(vocabulary).zip(&self.targets);
            for (found, (row, &target)) in found.iter_mut().zip(of_rows) {
                let top = largest(row);
                let total: f32 = row.iter().map(|x| exp(x - top)).sum();
                *found = row[target as usize] - top - total.ln();
            }
        });
        Ok((CpuStorage::F32(found), rows.into()))
    }

    fn bwd(&self, scores: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let (_, vocabulary) = scores.dims2()?;
        with_values([scores, grad], |[rows, grads]| {
            let mut to = vec![0f32; rows.len()];
            wide(|| {
                let of_rows = rows.chunks_exact(vocabulary).zip(&self.targets).zip(grads);
                for (to, ((row, &target), grad)) in to.chunks_exact_mut(vocabulary).zip(of_rows) {
                    let top = largest(row);
                    let mut total = 0.0;
                    for (to, x) in to.iter_mut().zip(row) {
                        *to = exp(x - top);
                    }
                    total += super::wide::sum(to);
                    let share = -grad / total;
                    for to in to.iter_mut() {
                        *to *= share;
                    }
                    to[target as usize] += grad;
                }
            });
            Ok(Some(Tensor::from_vec(to, scores.shape(), scores.device())?))
        })
    }
}
