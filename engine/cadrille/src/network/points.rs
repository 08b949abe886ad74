//! The point layer: the one thing cadrille and CAD-Recode add to their language networks.

use candle_core::{D, DType, Result, Tensor};
use candle_nn::VarBuilder;

use super::ops::round_to_bf16;
use super::{Build, Linear, Ops};

/// Features of a point: its coordinates, and sines and cosines of each at eight octaves.
pub const POINT_FEATURES: usize = 3 + 2 * 3 * OCTAVES;

/// Octaves of a coordinate: frequencies 1, 2, .. 128.
const OCTAVES: usize = 8;

/// `point_encoder`: one linear layer on the features.
#[derive(Debug, Clone)]
pub struct PointEncoder {
    projection: Linear,
}

impl PointEncoder {
    /// Reads `projection` at `vb`'s place, in f32 whatever the network's type is, and never quantised: the official
    /// code computes it so.
    ///
    /// # Errors
    /// candle's, naming the tensor that is absent or of another shape.
    pub fn load(hidden_size: usize, vb: &VarBuilder<'_>, ops: Ops) -> Result<Self> {
        let vb = vb.to_dtype(DType::F32).pp("projection");
        let build = Build { ops, quantisation: None };
        Ok(Self { projection: Linear::load(POINT_FEATURES, hidden_size, true, &vb, build)? })
    }

    /// Embeddings (n, hidden) of points (n, 3) on any device, in `dtype`, rounded through bf16 as the official code does even in an
    /// f32 network.
    ///
    /// # Errors
    /// candle's.
    pub fn forward(&self, points: &Tensor, dtype: DType) -> Result<Tensor> {
        let (Linear::Dense(layer) | Linear::Trained(layer)) = &self.projection else {
            candle_core::bail!("the point layer is never quantised");
        };
        let points = points.to_device(layer.weight().device())?;
        round_to_bf16(&self.projection.forward(&features(&points)?)?, dtype)
    }
}

/// (n, 3) to (n, 51): x y z, then sin(x), sin(2x), .. sin(128x), sin(y), .., then the cosines likewise.
fn features(points: &Tensor) -> Result<Tensor> {
    let (n, _) = points.dims2()?;
    let points = points.to_dtype(DType::F32)?;
    let octaves: Vec<f32> = (0..OCTAVES).map(|k| 2f32.powi(k as i32)).collect();
    let octaves = Tensor::from_vec(octaves, (1, 1, OCTAVES), points.device())?;
    let angles = points.unsqueeze(2)?.broadcast_mul(&octaves)?.reshape((n, 3 * OCTAVES))?;
    Tensor::cat(&[&points, &angles.sin()?, &angles.cos()?], D::Minus1)
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn features_run_over_octaves_within_a_coordinate() {
        let points = Tensor::new(&[[0.25f32, -0.5, 1.0]], &Device::Cpu).unwrap();
        let got = features(&points).unwrap().to_vec2::<f32>().unwrap().remove(0);
        assert_eq!(got.len(), POINT_FEATURES);
        let check = |i: usize, want: f32| assert!((got[i] - want).abs() < 1e-6, "{i}: {} {want}", got[i]);
        check(0, 0.25);
        check(2, 1.0);
        check(3, 0.25f32.sin());
        check(4, 0.5f32.sin());
        check(3 + 8, (-0.5f32).sin());
        check(3 + 23, 128f32.sin());
        check(27, 0.25f32.cos());
        check(50, 128f32.cos());
    }
}
