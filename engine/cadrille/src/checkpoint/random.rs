//! Random weights in place of a checkpoint's: to measure speed, and to test, where no checkpoint is.

use candle_core::{DType, Device, Result, Shape, Tensor};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Init, VarBuilder};

use super::load::network;
use super::{CheckpointError, Precision};
use crate::config::Config;
use crate::network::Autoregressive;

/// Tensors drawn from their name and a seed: the same name gives the same values in whatever order they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct RandomWeights {
    /// Another seed gives another network.
    pub seed: u64,
    /// Factor on the deviation the layers ask for; 1 is the family's start of training, where outputs differ little.
    pub spread: f32,
    /// Whether the network gets a head of its own.
    pub has_head: bool,
}

impl RandomWeights {
    /// The builder over these weights.
    pub fn builder(self, dtype: DType, device: &Device) -> VarBuilder<'static> {
        VarBuilder::from_backend(Box::new(self), dtype, device.clone())
    }
}

impl RandomWeights {
    /// The network for inference, as [`super::Checkpoint::load`] makes it of a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError::PrecisionUnfit`], or candle's.
    pub fn load(
        self,
        config: &Config,
        device: &Device,
        precision: Precision,
    ) -> std::result::Result<Box<dyn Autoregressive + Send + Sync>, CheckpointError> {
        precision.check(device)?;
        Ok(network(config, &self.builder(precision.dtype(), device), precision.build())?)
    }
}

impl SimpleBackend for RandomWeights {
    fn get(&self, shape: Shape, name: &str, init: Init, dtype: DType, device: &Device) -> Result<Tensor> {
        let deviation = match init {
            Init::Const(value) => return Tensor::full(value as f32, shape, device)?.to_dtype(dtype),
            Init::Randn { stdev, .. } => stdev as f32 * self.spread,
            other => candle_core::bail!("{name} asks for {other:?}; random weights are normal or constant"),
        };
        // A uniform draw of the same deviation: SplitMix64 makes a billion in seconds.
        let half_width = deviation * 3f32.sqrt();
        let mut state = name.bytes().fold(self.seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut draw = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z >> 40) as f32 / (1u64 << 23) as f32 - 1.0) * half_width
        };
        let values: Vec<f32> = (0..shape.elem_count()).map(|_| draw()).collect();
        Tensor::from_vec(values, shape, device)?.to_dtype(dtype)
    }

    fn get_unchecked(&self, name: &str, _: DType, _: &Device) -> Result<Tensor> {
        candle_core::bail!("{name} is asked for without a shape");
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.has_head || name != "lm_head.weight"
    }
}
