//! Qwen2-VL's vision tower (arXiv 2409.12191): patches of a picture to tokens of the decoder.

use candle_core::{DType, Result, Tensor};
use candle_nn::{Init, VarBuilder};

use super::{Build, Linear, NetworkError, Ops, Picture};
use crate::config::VisionConfig;

/// Added to the variance in the tower's layer norms; a constant of the architecture that no `config.json` holds.
const LAYER_NORM_EPS: f64 = 1e-6;

/// Base of the tower's rotary frequencies; a constant of the architecture too.
const ROPE_THETA: f32 = 10_000.0;

/// The tower.
#[derive(Debug, Clone)]
pub struct Vision {
    /// The convolution over patches: since patches do not overlap, it is a linear layer on their rows.
    patch_embed: Linear,
    blocks: Vec<Block>,
    merger: Merger,
    config: VisionConfig,
    ops: Ops,
}

impl Vision {
    /// Reads `patch_embed`, `blocks` and `merger` at `vb`'s place (`visual`).
    ///
    /// # Errors
    /// candle's, naming the tensor that is absent or of another shape.
    pub fn load(config: &VisionConfig, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        let side = config.patch_size;
        let kernel = (config.embed_dim, config.in_channels, config.temporal_patch_size, side, side);
        let init = Init::Randn { mean: 0.0, stdev: 0.02 };
        let kernel = vb.pp("patch_embed.proj").get_with_hints(kernel, "weight", init)?;
        // The merger is read first: its matrix is the tower's largest, and its f32 copy is gone before the blocks come.
        let merger = Merger::load(config, &vb.pp("merger"), build)?;
        let blocks = vb.pp("blocks");
        Ok(Self {
            patch_embed: Linear::Dense(candle_nn::Linear::new(kernel.flatten_from(1)?, None)),
            blocks: (0..config.depth).map(|i| Block::load(config, &blocks.pp(i), build)).collect::<Result<_>>()?,
            merger,
            config: config.clone(),
            ops: build.ops,
        })
    }

    /// Tokens (patches / merge^2, hidden) of one picture.
    ///
    /// Frames are seen apart, as in the original; within a frame every patch sees every other.
    ///
    /// # Errors
    /// [`NetworkError::GridNotFilled`], or candle's.
    pub fn forward(&self, picture: &Picture) -> std::result::Result<Tensor, NetworkError> {
        let merge = self.config.spatial_merge_size;
        let Picture { pixel_values, grid_thw } = picture;
        let [frames, rows, columns] = *grid_thw;
        let (patches, _) = pixel_values.dims2()?;
        let filled = rows.is_multiple_of(merge) && columns.is_multiple_of(merge);
        if !filled || patches == 0 || frames * rows * columns != patches {
            return Err(NetworkError::GridNotFilled { grid_thw: *grid_thw, patches, merge });
        }
        let mut xs = self.patch_embed.forward(&self.cast(pixel_values)?)?.reshape((frames, rows * columns, ()))?;
        let (cos, sin) = self.cos_sin(*grid_thw, xs.device())?;
        for block in &self.blocks {
            xs = block.forward(&xs, &cos, &sin, self.config.num_heads, self.ops)?;
        }
        Ok(self.merger.forward(&xs, self.ops)?)
    }

    /// The pixels in the tower's type and on its device.
    fn cast(&self, pixel_values: &Tensor) -> Result<Tensor> {
        let Linear::Dense(layer) = &self.patch_embed else {
            candle_core::bail!("the patch embedding is never quantised: 1176 values make no whole blocks");
        };
        pixel_values.to_device(layer.weight().device())?.to_dtype(layer.weight().dtype())
    }

    /// `cos` and `sin` (frames, rows x columns, `head_dim / 2`), in the patches' order: blocks of merge x merge, each
    /// row by row. The first half of the channels turns by the row, the second by the column.
    fn cos_sin(&self, [frames, rows, columns]: [usize; 3], device: &candle_core::Device) -> Result<(Tensor, Tensor)> {
        let merge = self.config.spatial_merge_size;
        let quarter = self.config.embed_dim / self.config.num_heads / 4;
        let inv_freq: Vec<f32> = (0..quarter).map(|k| 1.0 / ROPE_THETA.powf(k as f32 / quarter as f32)).collect();
        let mut angles = Vec::with_capacity(rows * columns * quarter * 2);
        for n in 0..rows * columns {
            let (block, inside) = (n / (merge * merge), n % (merge * merge));
            let row = block / (columns / merge) * merge + inside / merge;
            let column = block % (columns / merge) * merge + inside % merge;
            for position in [row, column] {
                angles.extend(inv_freq.iter().map(|freq| position as f32 * freq));
            }
        }
        let angles = Tensor::from_vec(angles, (1, rows * columns, quarter * 2), device)?;
        let angles = angles.expand((frames, rows * columns, quarter * 2))?.contiguous()?;
        Ok((angles.cos()?, angles.sin()?))
    }
}

#[derive(Debug, Clone)]
struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
}

impl LayerNorm {
    fn load(size: usize, vb: &VarBuilder<'_>) -> Result<Self> {
        Ok(Self {
            weight: vb.get_with_hints(size, "weight", Init::Const(1.0))?,
            bias: vb.get_with_hints(size, "bias", Init::Const(0.0))?,
        })
    }

    fn forward(&self, xs: &Tensor, ops: Ops) -> Result<Tensor> {
        ops.layer_norm(xs, &self.weight, &self.bias, LAYER_NORM_EPS)
    }
}

#[derive(Debug, Clone)]
struct Block {
    norm1: LayerNorm,
    qkv: Linear,
    proj: Linear,
    norm2: LayerNorm,
    fc1: Linear,
    fc2: Linear,
}

impl Block {
    fn load(config: &VisionConfig, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        let width = config.embed_dim;
        let inner = width * config.mlp_ratio;
        Ok(Self {
            norm1: LayerNorm::load(width, &vb.pp("norm1"))?,
            qkv: Linear::load(width, 3 * width, true, &vb.pp("attn.qkv"), build)?,
            proj: Linear::load(width, width, true, &vb.pp("attn.proj"), build)?,
            norm2: LayerNorm::load(width, &vb.pp("norm2"))?,
            fc1: Linear::load(width, inner, true, &vb.pp("mlp.fc1"), build)?,
            fc2: Linear::load(inner, width, true, &vb.pp("mlp.fc2"), build)?,
        })
    }

    fn forward(&self, xs: &Tensor, cos: &Tensor, sin: &Tensor, heads: usize, ops: Ops) -> Result<Tensor> {
        let (frames, patches, width) = xs.dims3()?;
        let dtype = xs.dtype();
        let qkv =
            self.qkv.forward(&self.norm1.forward(xs, ops)?)?.reshape((frames, patches, 3, heads, width / heads))?;
        let part = |i: usize| qkv.narrow(2, i, 1)?.squeeze(2)?.transpose(1, 2)?.contiguous();
        // The original turns in f32 whatever the tower's type is.
        let turn = |xs: Tensor| ops.rope(&xs.to_dtype(DType::F32)?, cos, sin)?.to_dtype(dtype);
        let ys = ops.attention(&turn(part(0)?)?, &turn(part(1)?)?, &part(2)?, None)?;
        let xs = (xs + self.proj.forward(&ys)?)?;
        let hidden = self.fc1.forward(&self.norm2.forward(&xs, ops)?)?;
        xs + self.fc2.forward(&quick_gelu(&hidden)?)?
    }
}

/// `x sigmoid(1.702 x)`, from operations that carry gradients.
fn quick_gelu(xs: &Tensor) -> Result<Tensor> {
    xs * ((xs * -1.702)?.exp()? + 1.0)?.recip()?
}

/// Lays merge x merge patches beside each other and brings them to the decoder's width.
#[derive(Debug, Clone)]
struct Merger {
    ln_q: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    width: usize,
}

impl Merger {
    fn load(config: &VisionConfig, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        let width = config.embed_dim * config.spatial_merge_size * config.spatial_merge_size;
        Ok(Self {
            ln_q: LayerNorm::load(config.embed_dim, &vb.pp("ln_q"))?,
            fc1: Linear::load(width, width, true, &vb.pp("mlp.0"), build)?,
            fc2: Linear::load(width, config.hidden_size, true, &vb.pp("mlp.2"), build)?,
            width,
        })
    }

    /// (frames, patches, width) to (tokens, hidden).
    fn forward(&self, xs: &Tensor, ops: Ops) -> Result<Tensor> {
        let xs = self.ln_q.forward(xs, ops)?.reshape(((), self.width))?;
        self.fc2.forward(&self.fc1.forward(&xs)?.gelu_erf()?)
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn quick_gelu_is_what_its_formula_says() {
        let xs = Tensor::new(&[-3f32, 0.0, 0.5, 100.0, -200.0], &Device::Cpu).unwrap();
        let got = quick_gelu(&xs).unwrap().to_vec1::<f32>().unwrap();
        let want = [-3f64, 0.0, 0.5, 100.0, -200.0].map(|x| x / (1.0 + (-1.702 * x).exp()));
        for (got, want) in got.into_iter().zip(want) {
            assert!((got as f64 - want).abs() < 1e-6, "{got} {want}");
        }
    }
}
