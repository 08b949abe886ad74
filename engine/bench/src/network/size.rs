//! Sizes of networks that are made of random weights.

use partwright_cadrille::config::{Config, ConfigError, TextConfig};
use serde::Serialize;

/// Sizes of a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NetworkSize {
    /// Layers of the decoder.
    pub layers: usize,
    /// Width of the residual stream.
    pub hidden: usize,
    /// Width inside the MLP.
    pub inner: usize,
    /// Query heads.
    pub heads: usize,
    /// Heads of keys and values.
    pub kv_heads: usize,
    /// Tokens.
    pub vocabulary: usize,
    /// Base of the rotary frequencies.
    pub rope_theta: f64,
    /// Blocks of the vision tower; 0 without one.
    pub vision_blocks: usize,
}

/// A size that makes no network.
#[derive(Debug, thiserror::Error)]
#[error("no network can be made of this size: {0}")]
pub struct SizeError(#[from] ConfigError);

impl NetworkSize {
    /// Qwen2-VL-2B, which cadrille is.
    pub const CADRILLE: Self = Self {
        layers: 28,
        hidden: 1536,
        inner: 8960,
        heads: 12,
        kv_heads: 2,
        vocabulary: 151_936,
        rope_theta: 1e6,
        vision_blocks: 32,
    };

    /// Small enough to be made in no time: to see that everything works.
    pub const TINY: Self = Self {
        layers: 2,
        hidden: 256,
        inner: 512,
        heads: 2,
        kv_heads: 1,
        vocabulary: 1024,
        vision_blocks: 2,
        ..Self::CADRILLE
    };

    /// The same with another number of layers; the vision tower shrinks with the decoder.
    #[must_use]
    pub fn with_layers(self, layers: usize) -> Self {
        Self { layers, vision_blocks: (self.vision_blocks * layers).div_ceil(self.layers), ..self }
    }

    /// The size of a network that is there.
    pub fn of(config: &Config) -> Self {
        let TextConfig { hidden_size, intermediate_size, num_hidden_layers, .. } = config.text;
        Self {
            layers: num_hidden_layers,
            hidden: hidden_size,
            inner: intermediate_size,
            heads: config.text.num_attention_heads,
            kv_heads: config.text.num_key_value_heads,
            vocabulary: config.text.vocab_size,
            rope_theta: config.text.rope_theta,
            vision_blocks: config.vision.as_ref().map_or(0, |vision| vision.depth),
        }
    }

    /// The configuration of cadrille in this size. No token ends a program, so that every run writes equally many.
    ///
    /// # Errors
    /// [`SizeError`] for widths that heads do not divide.
    pub fn config(&self) -> Result<Config, SizeError> {
        // Qwen2-VL turns pairs of channels by time, row and column as 2 : 3 : 3.
        let pairs = self.hidden / self.heads.max(1) / 2;
        let sections = [pairs / 4, pairs * 3 / 8, pairs - pairs / 4 - pairs * 3 / 8];
        let last = self.vocabulary.saturating_sub(1);
        let json = serde_json::json!({
            "model_type": "qwen2_vl", "hidden_size": self.hidden, "intermediate_size": self.inner,
            "num_hidden_layers": self.layers, "num_attention_heads": self.heads, "num_key_value_heads": self.kv_heads,
            "vocab_size": self.vocabulary, "rms_norm_eps": 1e-6, "rope_theta": self.rope_theta,
            "rope_scaling": {"type": "mrope", "mrope_section": sections}, "max_position_embeddings": 32_768,
            "tie_word_embeddings": true, "bos_token_id": 0, "eos_token_id": 0,
            "video_token_id": last, "image_token_id": last,
            "vision_config": {"depth": self.vision_blocks, "embed_dim": 1280, "hidden_size": self.hidden,
                "num_heads": 16, "mlp_ratio": 4, "in_chans": 3, "patch_size": 14, "spatial_merge_size": 2,
                "temporal_patch_size": 2},
        });
        let config = Config::from_json(&json, &serde_json::Value::Null)?;
        Ok(Config { eos_token_ids: vec![], ..config })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_come_back_from_their_configuration() -> Result<(), SizeError> {
        for size in [NetworkSize::CADRILLE, NetworkSize::TINY, NetworkSize::CADRILLE.with_layers(3)] {
            assert_eq!(NetworkSize::of(&size.config()?), size);
        }
        assert_eq!(NetworkSize::CADRILLE.config()?.text.mrope_section, Some([16, 24, 24]));
        assert!(NetworkSize { heads: 5, ..NetworkSize::TINY }.config().is_err());
        Ok(())
    }
}
