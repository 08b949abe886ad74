//! cadrille (arXiv 2505.22914): Qwen2-VL with a point layer, which reads points, pictures or text.

use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

use super::input::{Sequence, dtype_of, embed_after, pad_left};
use super::{Autoregressive, Build, Decoder, Embedded, Input, NetworkError, PointEncoder, Vision, rope_index};
use crate::config::Config;

/// The decoder, the vision tower and the point layer.
#[derive(Debug, Clone)]
pub struct Cadrille {
    decoder: Decoder,
    visual: Vision,
    point_encoder: PointEncoder,
    config: Config,
}

impl Cadrille {
    /// Reads `model.*`, `lm_head`, `visual.*` and `point_encoder.*` below `vb`.
    ///
    /// # Errors
    /// candle's, naming the tensor that is absent or of another shape, or a configuration without a vision tower.
    pub fn load(config: &Config, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        let Some(vision) = &config.vision else {
            candle_core::bail!("cadrille needs a vision_config in config.json; CAD-Recode has none");
        };
        Ok(Self {
            decoder: Decoder::load(&config.text, vb, build)?,
            visual: Vision::load(vision, &vb.pp("visual"), build)?,
            point_encoder: PointEncoder::load(config.text.hidden_size, &vb.pp("point_encoder"), build.ops)?,
            config: config.clone(),
        })
    }

    /// The vision tower.
    pub fn visual(&self) -> &Vision {
        &self.visual
    }

    fn sequence(&self, input: &Input) -> std::result::Result<Sequence, NetworkError> {
        let dtype = dtype_of(&self.decoder);
        let first = input.points.as_ref().map(|points| self.point_encoder.forward(points, dtype)).transpose()?;
        let mut embeds = embed_after(&self.decoder, &input.ids, first)?;
        let tokens: Vec<u32> = [self.config.video_token_id, self.config.image_token_id].into_iter().flatten().collect();
        let grids: Vec<[usize; 3]> = input.pictures.iter().map(|picture| picture.grid_thw).collect();
        let merge = self.config.vision.as_ref().map_or(1, |vision| vision.spatial_merge_size);
        let (positions, next) = rope_index(&input.ids, &tokens, &grids, merge)?;
        let mut from = 0;
        for picture in &input.pictures {
            let patches = self.visual.forward(picture)?.to_dtype(dtype)?;
            let (n, _) = patches.dims2()?;
            // `rope_index` has made sure that each picture finds its run of tokens.
            from += input.ids[from..].iter().position(|id| tokens.contains(id)).unwrap_or(0);
            embeds = replace_rows(&embeds, from, &patches)?;
            from += n;
        }
        Ok(Sequence { embeds, positions, next })
    }
}

impl Autoregressive for Cadrille {
    fn config(&self) -> &Config {
        &self.config
    }

    fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    fn embed(&self, inputs: &[Input]) -> std::result::Result<Embedded, NetworkError> {
        let batch = inputs.iter().map(|input| self.sequence(input)).collect::<std::result::Result<_, _>>()?;
        pad_left(&self.decoder, batch, self.config.pad_token_id)
    }
}

/// `xs` (len, hidden) with `rows` (n, hidden) in place of those from `from` on; carries gradients.
fn replace_rows(xs: &Tensor, from: usize, rows: &Tensor) -> Result<Tensor> {
    let ((len, _), (n, _)) = (xs.dims2()?, rows.dims2()?);
    let after = from + n;
    let parts = [xs.narrow(0, 0, from)?, rows.clone(), xs.narrow(0, after, len - after)?];
    let parts: Vec<&Tensor> = parts.iter().filter(|part| part.elem_count() > 0).collect();
    Tensor::cat(&parts, 0)
}
