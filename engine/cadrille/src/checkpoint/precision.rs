//! The types a network's weights can be brought to.

use candle_core::quantized::GgmlDType;
use candle_core::{DType, Device};

use super::CheckpointError;
use crate::network::{Build, Ops};

/// Type of the weights in memory. Activations are in the same type, or in f32 where weights are quantised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits: the reference, on any device.
    F32,
    /// 16 bits with five of exponent: for GPUs without bf16.
    F16,
    /// 16 bits with eight of exponent, as the checkpoints are: for GPUs.
    Bf16,
    /// Blocks of 32 weights of 8 bits, made while loading: the choice on CPUs.
    Q8_0,
    /// Blocks of 256 weights of 4 bits, made while loading: half the memory, less exact.
    Q4K,
}

impl Precision {
    /// Type of activations and of layers that are not quantised.
    pub fn dtype(self) -> DType {
        match self {
            Self::F16 => DType::F16,
            Self::Bf16 => DType::BF16,
            Self::F32 | Self::Q8_0 | Self::Q4K => DType::F32,
        }
    }

    /// Block format of the linear layers.
    pub fn quantisation(self) -> Option<GgmlDType> {
        match self {
            Self::Q8_0 => Some(GgmlDType::Q8_0),
            Self::Q4K => Some(GgmlDType::Q4K),
            Self::F32 | Self::F16 | Self::Bf16 => None,
        }
    }

    /// How a network for inference is made.
    pub fn build(self) -> Build {
        Build { ops: Ops::Fused, quantisation: self.quantisation() }
    }

    /// Refuses what would run, but badly.
    pub(crate) fn check(self, device: &Device) -> Result<(), CheckpointError> {
        let refuse = |device, why| Err(CheckpointError::PrecisionUnfit { precision: self, device, why });
        match (self, device.is_cpu()) {
            // 0.24 tokens a second were measured for bf16 at 2B on two cores, where f32 gives 3.3 and Q8_0 11.
            (Self::Bf16 | Self::F16, true) => {
                refuse("the CPU", "it is ten times slower than f32 there; take q8_0 or f32")
            }
            (Self::Q8_0 | Self::Q4K, false) => refuse("a GPU", "quantisation at load is made for CPUs; take bf16"),
            _ => Ok(()),
        }
    }
}

impl std::fmt::Display for Precision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::Q8_0 => "q8_0",
            Self::Q4K => "q4_k",
        })
    }
}

impl std::str::FromStr for Precision {
    type Err = String;

    /// The name that is displayed, as the command line takes it.
    fn from_str(name: &str) -> Result<Self, String> {
        let all = [Self::F32, Self::F16, Self::Bf16, Self::Q8_0, Self::Q4K];
        let named = all.into_iter().find(|precision| precision.to_string() == name);
        named.ok_or_else(|| format!("`{name}` is none of f32, f16, bf16, q8_0, q4_k"))
    }
}
