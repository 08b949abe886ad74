//! `AdamW` (arXiv 1711.05101) with a state that can be saved, and a running mean of the weights.

use candle_core::{DType, Result, Tensor, Var};
use rayon::prelude::*;

use super::Gradients;

/// Its numbers, other than the rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamWConfig {
    /// Weight of the past in the mean of gradients.
    pub beta1: f64,
    /// Weight of the past in the mean of their squares.
    pub beta2: f64,
    /// Added to the root of the latter.
    pub eps: f64,
    /// Share of a weight that is taken off, times the rate. Only of matrices: norms and biases keep their size.
    pub weight_decay: f64,
    /// Weight of the past in the running mean of the weights, once there is a past.
    pub mean_decay: f64,
}

impl Default for AdamWConfig {
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0.01, mean_decay: 0.999 }
    }
}

/// What is kept of one variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Running mean of gradients.
    pub first: Vec<f32>,
    /// Running mean of their squares.
    pub second: Vec<f32>,
    /// Steps that moved the variable.
    pub steps: u64,
    /// Running mean of the variable.
    pub mean: Vec<f32>,
}

/// The optimizer.
#[derive(Clone, Debug)]
pub struct AdamW {
    config: AdamWConfig,
    moments: Vec<Moments>,
}

impl AdamW {
    /// At the beginning.
    ///
    /// # Errors
    /// candle's.
    pub fn new(config: AdamWConfig, variables: &[Var]) -> Result<Self> {
        let fresh = |variable: &Var| {
            let mean = values(variable)?;
            Ok(Moments { first: vec![0.0; mean.len()], second: vec![0.0; mean.len()], steps: 0, mean })
        };
        Ok(Self { config, moments: variables.iter().map(fresh).collect::<Result<_>>()? })
    }

    /// Going on from a saved state, in the order of the variables.
    ///
    /// # Errors
    /// A state of other variables.
    pub fn resumed(config: AdamWConfig, variables: &[Var], moments: Vec<Moments>) -> Result<Self> {
        let fits = |(variable, moments): (&Var, &Moments)| {
            [&moments.first, &moments.second, &moments.mean].iter().all(|m| m.len() == variable.elem_count())
        };
        if variables.len() != moments.len() || !variables.iter().zip(&moments).all(fits) {
            candle_core::bail!("the optimizer's state is that of another network");
        }
        Ok(Self { config, moments })
    }

    /// The state, in the order of the variables.
    pub fn moments(&self) -> &[Moments] {
        &self.moments
    }

    /// Moves the variables against `gradients` times `scale`. Variables without a gradient stay as they are; so does what
    /// is known of them.
    ///
    /// # Errors
    /// candle's.
    pub fn step(&mut self, variables: &[Var], gradients: &Gradients, rate: f64, scale: f64) -> Result<()> {
        let config = self.config;
        let all = self.moments.par_iter_mut().zip(variables).zip(&gradients.0);
        all.try_for_each(|((moments, variable), gradient)| match gradient {
            Some(gradient) => moved(config, moments, variable, gradient, rate, scale),
            None => Ok(()),
        })
    }
}

fn values(variable: &Var) -> Result<Vec<f32>> {
    variable.as_tensor().to_dtype(DType::F32)?.flatten_all()?.to_vec1()
}

fn moved(
    config: AdamWConfig,
    moments: &mut Moments,
    variable: &Var,
    gradient: &[f32],
    rate: f64,
    scale: f64,
) -> Result<()> {
    moments.steps += 1;
    let t = moments.steps.min(i32::MAX as u64) as i32;
    // Both means begin at nothing, and are brought up accordingly.
    let step = (rate / (1.0 - config.beta1.powi(t))) as f32;
    let second_scale = (1.0 / (1.0 - config.beta2.powi(t))) as f32;
    let decay = if variable.rank() >= 2 { (1.0 - rate * config.weight_decay) as f32 } else { 1.0 };
    // A running mean that forgets the beginning quickly: its first steps have a shorter past.
    let mean_decay = config.mean_decay.min((1.0 + f64::from(t)) / (10.0 + f64::from(t))) as f32;
    let (beta1, beta2, eps, scale) = (config.beta1 as f32, config.beta2 as f32, config.eps as f32, scale as f32);
    let mut weights = values(variable)?;
    let state = moments.first.iter_mut().zip(&mut moments.second).zip(&mut moments.mean);
    for (((weight, gradient), first), (second, mean)) in weights
        .iter_mut()
        .zip(gradient)
        .zip(state)
        .map(|((w, g), ((first, second), mean))| (((w, g), first), (second, mean)))
    {
        let gradient = gradient * scale;
        *first = beta1 * *first + (1.0 - beta1) * gradient;
        *second = beta2 * *second + (1.0 - beta2) * gradient * gradient;
        *weight = *weight * decay - step * *first / ((*second * second_scale).sqrt() + eps);
        *mean = mean_decay * *mean + (1.0 - mean_decay) * *weight;
    }
    variable.set(&Tensor::from_vec(weights, variable.shape(), variable.device())?)
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn two_steps_by_hand() {
        let matrix = Var::from_tensor(&Tensor::new(&[[1f32, -2.0]], &Device::Cpu).unwrap()).unwrap();
        let bias = Var::from_tensor(&Tensor::new(&[3f32], &Device::Cpu).unwrap()).unwrap();
        let other = Var::from_tensor(&Tensor::new(&[5f32], &Device::Cpu).unwrap()).unwrap();
        let variables = [matrix.clone(), bias.clone(), other.clone()];
        let config = AdamWConfig { beta1: 0.9, beta2: 0.99, eps: 1e-8, weight_decay: 0.1, mean_decay: 0.5 };
        let mut adamw = AdamW::new(config, &variables).unwrap();
        let first = Gradients(vec![Some(vec![0.5, -4.0]), Some(vec![2.0]), None]);
        adamw.step(&variables, &first, 0.1, 0.5).unwrap();
        // The first step goes by the rate against each sign, whatever the gradient's size; matrices shrink by a hundredth.
        let near = |variable: &Var, want: &[f32]| {
            let got = variable.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-5), "{got:?} {want:?}");
        };
        near(&matrix, &[0.99 - 0.1, -1.98 + 0.1]);
        near(&bias, &[2.9]);
        near(&other, &[5.0]);
        // Mean of the weights: the first decay is 2/11.
        let mean = adamw.moments()[1].mean[0];
        assert!((mean - (2.0 / 11.0 * 3.0 + 9.0 / 11.0 * 2.9)).abs() < 1e-5, "{mean}");
        // Second step of the bias: gradients 1, then -3 (after scaling).
        adamw.step(&variables, &Gradients(vec![None, Some(vec![-3.0]), None]), 0.1, 1.0).unwrap();
        let (m, v): (f64, f64) = (0.9 * 0.1 + 0.1 * -3.0, 0.99 * 0.01 + 0.01 * 9.0);
        let want = 2.9 - 0.1 * (m / (1.0 - 0.81)) / ((v / (1.0 - 0.9801)).sqrt() + 1e-8);
        near(&bias, &[want as f32]);
        near(&matrix, &[0.89, -1.88]);
        assert_eq!([adamw.moments()[0].steps, adamw.moments()[1].steps, adamw.moments()[2].steps], [1, 2, 0]);
    }

    #[test]
    fn a_saved_state_goes_on_and_another_networks_is_refused() {
        let variable = || Var::from_tensor(&Tensor::new(&[1f32, 2.0], &Device::Cpu).unwrap()).unwrap();
        let (whole, parts) = ([variable()], [variable()]);
        let config = AdamWConfig::default();
        let gradients = |x: f32| Gradients(vec![Some(vec![x, -x])]);
        let mut straight = AdamW::new(config, &whole).unwrap();
        let mut first = AdamW::new(config, &parts).unwrap();
        straight.step(&whole, &gradients(0.3), 0.1, 1.0).unwrap();
        first.step(&parts, &gradients(0.3), 0.1, 1.0).unwrap();
        let mut second = AdamW::resumed(config, &parts, first.moments().to_vec()).unwrap();
        straight.step(&whole, &gradients(-0.1), 0.1, 1.0).unwrap();
        second.step(&parts, &gradients(-0.1), 0.1, 1.0).unwrap();
        assert_eq!(whole[0].to_vec1::<f32>().unwrap(), parts[0].to_vec1::<f32>().unwrap());
        assert_eq!(straight.moments(), second.moments());
        assert!(AdamW::resumed(config, &[variable(), variable()], first.moments().to_vec()).is_err());
    }
}
