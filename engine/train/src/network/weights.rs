//! The weights of a network as variables with names, and the network made of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use candle_core::{DType, Device, Result, Shape, Tensor, Var};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder};
use partwright_cadrille::checkpoint::RandomWeights;
use partwright_cadrille::config::Config;
use partwright_cadrille::network::{Build, Cadrille};

/// Variables in f32 in the order of their names, whatever type the network computes in.
#[derive(Clone, Debug)]
pub struct Weights {
    names: Vec<String>,
    variables: Vec<Var>,
    device: Device,
}

impl Weights {
    /// Weights as a network begins with: the same for one configuration and seed.
    ///
    /// Layers that write into the residual stream begin smaller the more of them there are (GPT-2).
    ///
    /// # Errors
    /// candle's: a configuration without a vision tower, a device without memory.
    pub fn random(config: &Config, seed: u64, device: &Device) -> Result<Self> {
        let made = Arc::new(Mutex::new(BTreeMap::new()));
        let residual = 1.0 / (2.0 * config.text.num_hidden_layers as f32).sqrt();
        let backend = Collecting {
            made: made.clone(),
            plain: RandomWeights { seed, spread: 1.0, has_head: false },
            residual: RandomWeights { seed, spread: residual, has_head: false },
        };
        Cadrille::load(
            config,
            &VarBuilder::from_backend(Box::new(backend), DType::F32, device.clone()),
            Build::TRAINING,
        )?;
        let made = std::mem::take(&mut *made.lock().unwrap_or_else(PoisonError::into_inner));
        Self::of(made, device)
    }

    /// Weights with these values.
    ///
    /// # Errors
    /// candle's.
    pub fn of(tensors: BTreeMap<String, Tensor>, device: &Device) -> Result<Self> {
        let (mut names, mut variables) = (Vec::new(), Vec::new());
        for (name, tensor) in tensors {
            names.push(name);
            variables.push(Var::from_tensor(&tensor.to_device(device)?.to_dtype(DType::F32)?)?);
        }
        Ok(Self { names, variables, device: device.clone() })
    }

    /// The network that these variables make, computing in `dtype`; gradients reach the variables through it. It sees later
    /// values of the variables only if `dtype` is f32.
    ///
    /// # Errors
    /// candle's, for a configuration of another network.
    pub fn network(&self, config: &Config, dtype: DType) -> Result<Cadrille> {
        let by_name = self.names.iter().cloned().zip(self.variables.iter().cloned()).collect();
        let backend = Named(by_name);
        Cadrille::load(
            config,
            &VarBuilder::from_backend(Box::new(backend), dtype, self.device.clone()),
            Build::TRAINING,
        )
    }

    /// The network that the variables make as they are now, for inference: later steps do not change it.
    ///
    /// # Errors
    /// candle's, for a configuration of another network.
    pub fn snapshot(&self, config: &Config) -> Result<Cadrille> {
        let fixed = |(name, variable): (&String, &Var)| Ok((name.clone(), variable.as_tensor().detach().copy()?));
        let tensors = self.names.iter().zip(&self.variables).map(fixed).collect::<Result<_>>()?;
        Cadrille::load(config, &VarBuilder::from_tensors(tensors, DType::F32, &self.device), Build::INFERENCE)
    }

    /// Names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Variables, in the order of the names.
    pub fn variables(&self) -> &[Var] {
        &self.variables
    }

    /// Where they are.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// How many numbers there are.
    pub fn parameters(&self) -> usize {
        self.variables.iter().map(|variable| variable.elem_count()).sum()
    }
}

/// Makes random weights and keeps them.
struct Collecting {
    made: Arc<Mutex<BTreeMap<String, Tensor>>>,
    plain: RandomWeights,
    residual: RandomWeights,
}

impl SimpleBackend for Collecting {
    fn get(&self, shape: Shape, name: &str, init: Init, dtype: DType, device: &Device) -> Result<Tensor> {
        let writes = ["o_proj.weight", "down_proj.weight"].iter().any(|end| name.ends_with(end));
        let random = if writes { &self.residual } else { &self.plain };
        let tensor = random.get(shape, name, init, dtype, device)?;
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), tensor.clone());
        Ok(tensor)
    }

    fn get_unchecked(&self, name: &str, dtype: DType, device: &Device) -> Result<Tensor> {
        self.plain.get_unchecked(name, dtype, device)
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.plain.contains_tensor(name)
    }
}

/// Variables by their names, each brought to the type that is asked for.
struct Named(BTreeMap<String, Var>);

impl SimpleBackend for Named {
    fn get(&self, shape: Shape, name: &str, _: Init, dtype: DType, device: &Device) -> Result<Tensor> {
        let tensor = self.get_unchecked(name, dtype, device)?;
        if tensor.shape() != &shape {
            candle_core::bail!("{name} has shape {:?}, the network needs {shape:?}", tensor.shape());
        }
        Ok(tensor)
    }

    fn get_unchecked(&self, name: &str, dtype: DType, _: &Device) -> Result<Tensor> {
        match self.0.get(name) {
            Some(variable) => variable.as_tensor().to_dtype(dtype),
            None => candle_core::bail!("there is no weight {name}"),
        }
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}
