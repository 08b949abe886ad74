//! The losses of reinforcement learning, from logarithms of probabilities. Only operations that carry gradients.

use candle_core::{Result, Tensor};

/// The clipped objective of PPO (arXiv 1707.06347), negative and summed over all tokens: `now` and `before` are logarithms of
/// the tokens' probabilities under the network that learns and the one that wrote, `advantages` those of the tokens' samples;
/// all (tokens). A ratio beyond `1 - clip .. 1 + clip` gains nothing any more.
///
/// # Errors
/// candle's: tensors of different lengths.
pub fn clipped_loss(now: &Tensor, before: &Tensor, advantages: &Tensor, clip: f64) -> Result<Tensor> {
    let ratio = (now - before.detach())?.exp()?;
    let within = ratio.clamp(1.0 - clip, 1.0 + clip)?;
    let gained = (&ratio * advantages)?.minimum(&(within * advantages)?)?;
    gained.sum_all()?.neg()
}

/// The loss of preferences (DPO, arXiv 2305.18290), summed over pairs: logarithms of the probabilities of whole answers, the
/// better and the worse of each pair, under the network that learns and under the reference; all (pairs).
///
/// # Errors
/// candle's: tensors of different lengths.
pub fn preference_loss(better: &Tensor, worse: &Tensor, reference: [&Tensor; 2], beta: f64) -> Result<Tensor> {
    let [better_before, worse_before] = reference.map(Tensor::detach);
    let margin = (((better - better_before)? - (worse - worse_before)?)? * beta)?;
    // -ln sigmoid(x) = max(-x, 0) + ln(1 + exp(-|x|)), which never overflows.
    let less = margin.neg()?.relu()?;
    (less + (margin.abs()?.neg()?.exp()? + 1.0)?.log()?)?.sum_all()
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-5, "{a} is not {b}");
    }

    fn vector(values: &[f32]) -> Tensor {
        Tensor::new(values, &Device::Cpu).unwrap()
    }

    fn value(tensor: &Tensor) -> f64 {
        f64::from(tensor.to_scalar::<f32>().unwrap())
    }

    #[test]
    fn the_clipped_objective_by_hand() {
        // Ratios 1, 1.5, 0.5, 1.5 with advantages 2, 2, -1, -1 and clip 0.1:
        // 2, min(3, 2.2) = 2.2, min(-0.5, -0.9) = -0.9, min(-1.5, -1.1) = -1.5.
        let now = Var::from_tensor(&vector(&[0.0, 1.5f32.ln(), 0.5f32.ln(), 1.5f32.ln()])).unwrap();
        let loss = clipped_loss(&now, &vector(&[0.0; 4]), &vector(&[2.0, 2.0, -1.0, -1.0]), 0.1).unwrap();
        close(value(&loss), -(2.0 + 2.2 - 0.9 - 1.5));
        // What is clipped does not pull any more; the others pull by ratio times advantage.
        let gradient = loss.backward().unwrap().get(&now).unwrap().to_vec1::<f32>().unwrap();
        for (found, expected) in gradient.iter().zip([-2.0, 0.0, 0.0, 1.5]) {
            close(f64::from(*found), expected);
        }
    }

    #[test]
    fn the_preference_loss_by_hand() {
        let better = Var::from_tensor(&vector(&[-1.0, -60.0])).unwrap();
        let loss =
            preference_loss(&better, &vector(&[-3.0, 60.0]), [&vector(&[-2.0, 0.0]), &vector(&[-2.5, 0.0])], 0.3);
        let loss = loss.unwrap();
        // Margins 0.3 (1 + 0.5) = 0.45 and 0.3 (-60 - 60) = -36.
        close(value(&loss), (1.0 + (-0.45f64).exp()).ln() + 36.0);
        let gradient = loss.backward().unwrap().get(&better).unwrap().to_vec1::<f32>().unwrap();
        close(f64::from(gradient[0]), -0.3 / (1.0 + 0.45f64.exp()));
        close(f64::from(gradient[1]), -0.3);
    }
}
