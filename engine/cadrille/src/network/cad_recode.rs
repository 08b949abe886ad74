//! CAD-Recode (arXiv 2412.14042): Qwen2 with a point layer, which reads points.

use candle_core::Result;
use candle_nn::VarBuilder;

use super::input::{Sequence, dtype_of, embed_after, pad_left};
use super::{Autoregressive, Build, Decoder, Embedded, Input, NetworkError, PointEncoder, rope_index};
use crate::config::Config;

/// The decoder and the point layer.
#[derive(Debug, Clone)]
pub struct CadRecode {
    decoder: Decoder,
    point_encoder: PointEncoder,
    config: Config,
}

impl CadRecode {
    /// Reads `model.*`, `lm_head` and `point_encoder.*` below `vb`.
    ///
    /// # Errors
    /// candle's, naming the tensor that is absent or of another shape.
    pub fn load(config: &Config, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        Ok(Self {
            decoder: Decoder::load(&config.text, vb, build)?,
            point_encoder: PointEncoder::load(config.text.hidden_size, &vb.pp("point_encoder"), build.ops)?,
            config: config.clone(),
        })
    }

    fn sequence(&self, input: &Input) -> std::result::Result<Sequence, NetworkError> {
        if !input.pictures.is_empty() {
            return Err(NetworkError::NoVision);
        }
        let dtype = dtype_of(&self.decoder);
        let first = input.points.as_ref().map(|points| self.point_encoder.forward(points, dtype)).transpose()?;
        let embeds = embed_after(&self.decoder, &input.ids, first)?;
        let (positions, next) = rope_index(&input.ids, &[], &[], 1)?;
        Ok(Sequence { embeds, positions, next })
    }
}

impl Autoregressive for CadRecode {
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
