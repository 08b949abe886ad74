//! A linear layer that is dense or quantised.

use std::sync::Arc;

use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{Module as _, Result, Tensor};
use candle_nn::{Init, VarBuilder};

use super::packed::quantise;
use super::{Build, Ops, kernel};

/// `ys = xs weight^T + bias`, with `weight` (out, in).
#[derive(Debug, Clone)]
pub enum Linear {
    /// candle-nn's layer, in the network's type.
    Dense(candle_nn::Linear),
    /// The same, with the operations of training.
    Trained(candle_nn::Linear),
    /// Weights in blocks of 8 or 4 bits; inputs and outputs in f32.
    Quantised {
        /// The blocks.
        weight: QMatMul,
        /// Bytes of the blocks.
        bytes: usize,
        /// Outputs.
        out_features: usize,
        /// Added to the outputs, in f32.
        bias: Option<Tensor>,
    },
}

impl Linear {
    /// Reads `weight` (`out_features`, `in_features`) and, if `bias`, `bias` (`out_features`) at `vb`'s place, and
    /// quantises where `build` asks for it and rows split into whole blocks.
    ///
    /// # Errors
    /// candle's, naming the tensor that is absent or of another shape.
    pub fn load(
        in_features: usize,
        out_features: usize,
        bias: bool,
        vb: &VarBuilder<'_>,
        build: Build,
    ) -> Result<Self> {
        // The deviation the Qwen2 family starts its training with; it counts only where variables are made.
        let init = Init::Randn { mean: 0.0, stdev: 0.02 };
        let weight = vb.get_with_hints((out_features, in_features), "weight", init)?;
        let bias = if bias { Some(vb.get_with_hints(out_features, "bias", Init::Const(0.0))?) } else { None };
        match build.quantisation {
            Some(format) if in_features.is_multiple_of(format.block_size()) => {
                let (weight, bytes) = quantise(weight, format)?;
                Ok(Self::Quantised { weight, bytes, out_features, bias })
            }
            _ => Ok(Self::of(weight, bias, build.ops)),
        }
    }

    /// A layer of dense weights.
    pub fn of(weight: Tensor, bias: Option<Tensor>, ops: Ops) -> Self {
        let layer = candle_nn::Linear::new(weight, bias);
        match ops {
            Ops::Fused => Self::Dense(layer),
            Ops::Differentiable => Self::Trained(layer),
        }
    }

    /// A layer without bias on quantised rows, of which the first `out_features` count.
    ///
    /// # Errors
    /// candle's.
    pub fn from_rows(rows: Arc<QTensor>, out_features: usize) -> Result<Self> {
        let bytes = rows.storage_size_in_bytes();
        Ok(Self::Quantised { weight: QMatMul::from_arc(rows)?, bytes, out_features, bias: None })
    }

    /// `xs` (.., in) to (.., out).
    ///
    /// # Errors
    /// candle's, on shapes that do not fit.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        match self {
            Self::Trained(layer) if kernel::serves(xs) => kernel::linear(xs, layer.weight(), layer.bias()),
            Self::Dense(layer) | Self::Trained(layer) => layer.forward(&xs.contiguous()?),
            Self::Quantised { weight, out_features, bias, .. } => {
                let ys = weight.forward(&xs.contiguous()?)?;
                let ys = ys.narrow(candle_core::D::Minus1, 0, *out_features)?;
                match bias {
                    Some(bias) => ys.broadcast_add(bias),
                    None => ys.contiguous(),
                }
            }
        }
    }

    /// `residual` plus what the layer makes of `xs`.
    ///
    /// # Errors
    /// candle's, on shapes that do not fit.
    pub fn forward_onto(&self, residual: &Tensor, xs: &Tensor) -> Result<Tensor> {
        match self {
            Self::Trained(layer) if kernel::serves(xs) && layer.bias().is_none() => {
                kernel::linear_onto(residual, xs, layer.weight())
            }
            _ => residual + self.forward(xs)?,
        }
    }

    /// Bytes read to apply the layer once: the weights and the bias.
    pub fn bytes(&self) -> usize {
        let of = |t: &Tensor| t.elem_count() * t.dtype().size_in_bytes();
        match self {
            Self::Dense(layer) | Self::Trained(layer) => of(layer.weight()) + layer.bias().map_or(0, of),
            Self::Quantised { bytes, bias, .. } => bytes + bias.as_ref().map_or(0, of),
        }
    }
}

#[cfg(test)]
mod tests {
    use candle_core::quantized::GgmlDType;
    use candle_core::{DType, Device};

    use super::*;
    use crate::network::Ops;

    fn layers(in_features: usize, format: GgmlDType) -> (Linear, Linear, Tensor) {
        let values: Vec<f32> = (0..32 * in_features).map(|i| ((i * 37 % 101) as f32 - 50.0) / 100.0).collect();
        let weight = Tensor::from_vec(values, (32, in_features), &Device::Cpu).unwrap();
        let bias = Tensor::arange(0f32, 32.0, &Device::Cpu).unwrap();
        let tensors = [("weight".to_owned(), weight), ("bias".to_owned(), bias)].into();
        let vb = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
        let load =
            |quantisation| Linear::load(in_features, 32, true, &vb, Build { ops: Ops::Fused, quantisation }).unwrap();
        let xs: Vec<f32> = (0..3 * in_features).map(|i| ((i * 13 % 17) as f32 - 8.0) / 8.0).collect();
        (load(None), load(Some(format)), Tensor::from_vec(xs, (1, 3, in_features), &Device::Cpu).unwrap())
    }

    /// The largest error relative to the largest output; 8 and 4 bits are good to half a step of 127 and 7.5.
    #[test]
    fn quantised_layers_come_near_the_dense_one() {
        for (format, tolerance) in [(GgmlDType::Q8_0, 0.01), (GgmlDType::Q4K, 0.08)] {
            let (dense, quantised, xs) = layers(256, format);
            assert!(matches!(quantised, Linear::Quantised { .. }));
            let (want, got) = (dense.forward(&xs).unwrap(), quantised.forward(&xs).unwrap());
            assert_eq!(got.dims3().unwrap(), (1, 3, 32));
            let scale: f32 = want.abs().unwrap().max_all().unwrap().to_scalar().unwrap();
            let error: f32 = (want - got).unwrap().abs().unwrap().max_all().unwrap().to_scalar().unwrap();
            assert!(error < tolerance * scale, "{format:?}: {error} of {scale}");
            assert!(quantised.bytes() < dense.bytes() / 3);
        }
    }

    #[test]
    fn rows_that_make_no_whole_blocks_stay_dense() {
        let (_, layer, _) = layers(51, GgmlDType::Q8_0);
        assert!(matches!(layer, Linear::Dense(_)));
    }
}
