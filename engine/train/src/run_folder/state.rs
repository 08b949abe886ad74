//! All that the next step of a run depends on, as one file of tensors.
//!
//! What is random is a function of seeds and of the number of steps, so that no generator's state is among it.

use std::collections::{BTreeMap, HashMap};

use candle_core::{Result, Tensor};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use crate::network::Weights;
use crate::optimize::Moments;

/// The state after some steps.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Steps that were made.
    pub step: u64,
    /// Time that they took, in seconds.
    pub seconds: f64,
    /// By name.
    variables: BTreeMap<String, Variable>,
}

/// One variable.
#[derive(Clone, Debug, PartialEq)]
struct Variable {
    shape: Vec<usize>,
    values: Vec<f32>,
    moments: Moments,
}

/// Names of a variable's four tensors begin so.
const PARTS: [&str; 4] = ["value.", "first.", "second.", "mean."];

impl State {
    /// Of weights and what the optimizer knows of them.
    ///
    /// # Errors
    /// candle's.
    pub fn of(step: u64, seconds: f64, weights: &Weights, moments: &[Moments]) -> Result<Self> {
        let mut variables = BTreeMap::new();
        for ((name, variable), moments) in weights.names().iter().zip(weights.variables()).zip(moments) {
            let values = variable.flatten_all()?.to_vec1()?;
            variables
                .insert(name.clone(), Variable { shape: variable.dims().to_vec(), values, moments: moments.clone() });
        }
        Ok(Self { step, seconds, variables })
    }

    /// The running mean of weights.
    ///
    /// # Errors
    /// candle's.
    pub fn mean(weights: &Weights, moments: &[Moments]) -> Result<Weights> {
        let mut tensors = BTreeMap::new();
        for ((name, variable), moments) in weights.names().iter().zip(weights.variables()).zip(moments) {
            tensors.insert(name.clone(), Tensor::from_slice(&moments.mean, variable.shape(), weights.device())?);
        }
        Weights::of(tensors, weights.device())
    }

    /// The weights and what the optimizer knows of them, in the order of `like`.
    ///
    /// # Errors
    /// A state of another network.
    pub fn restore(self, like: &Weights) -> Result<(Weights, Vec<Moments>)> {
        let fits = |(name, variable): (&String, &candle_core::Var)| {
            self.variables.get(name).is_some_and(|saved| saved.shape == variable.dims())
        };
        if self.variables.len() != like.names().len() || !like.names().iter().zip(like.variables()).all(fits) {
            candle_core::bail!("the saved state is that of another network; take another folder for this run");
        }
        let (mut tensors, mut all) = (BTreeMap::new(), Vec::new());
        for (name, Variable { shape, values, moments }) in self.variables {
            tensors.insert(name, Tensor::from_vec(values, shape, like.device())?);
            all.push(moments);
        }
        Ok((Weights::of(tensors, like.device())?, all))
    }

    /// As the content of a file.
    pub(super) fn to_bytes(&self) -> std::result::Result<Vec<u8>, safetensors::SafeTensorError> {
        let mut tensors = Vec::new();
        let mut counts = Vec::new();
        for (name, Variable { shape, values, moments }) in &self.variables {
            let Moments { first, second, steps, mean } = moments;
            counts.push(format!("{name}={steps}"));
            for (part, values) in PARTS.iter().zip([values, first, second, mean]) {
                let view = TensorView::new(Dtype::F32, shape.clone(), bytemuck::cast_slice(values))?;
                tensors.push((format!("{part}{name}"), view));
            }
        }
        let about = HashMap::from([
            ("step".to_owned(), self.step.to_string()),
            ("seconds".to_owned(), self.seconds.to_string()),
            ("steps_of".to_owned(), counts.join(",")),
        ]);
        safetensors::serialize(tensors, Some(about))
    }

    /// Reads the content of a file; `None` where it is not one of these.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (_, about) = SafeTensors::read_metadata(bytes).ok()?;
        let about = about.metadata().as_ref()?;
        let tensors = SafeTensors::deserialize(bytes).ok()?;
        let mut variables = BTreeMap::new();
        for entry in about.get("steps_of")?.split(',') {
            let (name, steps) = entry.split_once('=')?;
            let mut shape = Vec::new();
            let mut part = |part: &str| {
                let view = tensors.tensor(&format!("{part}{name}")).ok()?;
                shape = view.shape().to_vec();
                (view.dtype() == Dtype::F32).then(|| floats(view.data()))
            };
            let [values, first, second, mean] = PARTS.map(&mut part);
            let moments = Moments { first: first?, second: second?, steps: steps.parse().ok()?, mean: mean? };
            variables.insert(name.to_owned(), Variable { values: values?, shape, moments });
        }
        Some(Self { step: about.get("step")?.parse().ok()?, seconds: about.get("seconds")?.parse().ok()?, variables })
    }
}

/// Numbers of a file, where they need not be aligned.
fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// Weights as the content of a checkpoint's file.
pub(super) fn checkpoint(weights: &Weights) -> Result<Vec<u8>> {
    let mut values = Vec::new();
    for variable in weights.variables() {
        values.push(variable.flatten_all()?.to_vec1::<f32>()?);
    }
    let mut tensors = Vec::new();
    for ((name, variable), values) in weights.names().iter().zip(weights.variables()).zip(&values) {
        let view = TensorView::new(Dtype::F32, variable.dims().to_vec(), bytemuck::cast_slice(values))
            .map_err(candle_core::Error::wrap)?;
        tensors.push((name.clone(), view));
    }
    let about = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    safetensors::serialize(tensors, Some(about)).map_err(candle_core::Error::wrap)
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn a_state_comes_back_bit_by_bit() {
        let tensors = BTreeMap::from([
            ("a.weight".to_owned(), Tensor::new(&[[1f32, -0.1], [3.0, f32::MIN_POSITIVE]], &Device::Cpu).unwrap()),
            ("b".to_owned(), Tensor::new(&[0.3f32], &Device::Cpu).unwrap()),
        ]);
        let weights = Weights::of(tensors, &Device::Cpu).unwrap();
        let moments =
            |n: usize, steps: u64| Moments { first: vec![0.1; n], second: vec![0.2; n], steps, mean: vec![0.7; n] };
        let state = State::of(7, 1.25, &weights, &[moments(4, 7), moments(1, 3)]).unwrap();
        let read = State::of_bytes(&state.to_bytes().unwrap()).unwrap();
        assert_eq!(read, state);
        let (restored, all) = read.restore(&weights).unwrap();
        assert_eq!(all, [moments(4, 7), moments(1, 3)]);
        assert_eq!(restored.names(), weights.names());
        let other = BTreeMap::from([("b".to_owned(), Tensor::new(&[0.3f32], &Device::Cpu).unwrap())]);
        assert!(state.restore(&Weights::of(other, &Device::Cpu).unwrap()).is_err());
        assert_eq!(State::of_bytes(b"something else"), None);
    }
}
