//! Sizes of networks that a machine without a large GPU can train.

use partwright_cadrille::config::{Config, ConfigError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::tokenizer::{END_OF_TEXT, IM_END, IMAGE_PAD, VIDEO_PAD};

/// A size with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// A few thousand parameters: for tests.
    Tiny,
    /// About four million parameters: hours on a CPU.
    Nano,
    /// About thirty million parameters: days on a CPU, hours on a GPU.
    Small,
}

/// The sizes of a network, spelled as in a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the MLP.
    pub intermediate_size: usize,
    /// Number of layers.
    pub num_hidden_layers: usize,
    /// Number of query heads.
    pub num_attention_heads: usize,
    /// Number of key and value heads.
    pub num_key_value_heads: usize,
    /// Points that are read.
    pub num_points: usize,
    /// Blocks of the vision tower.
    pub vision_depth: usize,
    /// Width of the vision tower.
    pub vision_dim: usize,
    /// Heads of the vision tower.
    pub vision_heads: usize,
}

impl Preset {
    /// Its sizes. Heads have 64 channels and the vision tower's 32, which suit the matrix products of CPUs and GPUs.
    pub fn sizes(self) -> Sizes {
        match self {
            Self::Tiny => Sizes {
                hidden_size: 64,
                intermediate_size: 128,
                num_hidden_layers: 2,
                num_attention_heads: 4,
                num_key_value_heads: 2,
                num_points: 32,
                vision_depth: 1,
                vision_dim: 32,
                vision_heads: 2,
            },
            Self::Nano => Sizes {
                hidden_size: 256,
                intermediate_size: 640,
                num_hidden_layers: 6,
                num_attention_heads: 4,
                num_key_value_heads: 2,
                num_points: 128,
                vision_depth: 2,
                vision_dim: 64,
                vision_heads: 2,
            },
            Self::Small => Sizes {
                hidden_size: 512,
                intermediate_size: 1408,
                num_hidden_layers: 10,
                num_attention_heads: 8,
                num_key_value_heads: 4,
                num_points: 256,
                vision_depth: 4,
                vision_dim: 192,
                vision_heads: 6,
            },
        }
    }
}

impl Sizes {
    /// `config.json` for a tokenizer's content.
    ///
    /// # Errors
    /// Sizes that contradict each other.
    pub fn config_json(&self, tokenizer: &Value) -> Result<Value, ConfigError> {
        let added = tokenizer["added_tokens"].as_array().map(Vec::as_slice).unwrap_or_default();
        let id = |name: &str| added.iter().find(|token| token["content"] == name).map(|token| token["id"].clone());
        let pieces = tokenizer["model"]["vocab"].as_object().map_or(0, serde_json::Map::len);
        let head_dim = self.hidden_size / self.num_attention_heads.max(1);
        // The proportions of Qwen2-VL: a quarter of the pairs for time, the rest for rows and columns.
        let pairs = head_dim / 2;
        let side = (pairs - pairs / 4) / 2;
        let json = json!({
            "model_type": "qwen2_vl",
            "hidden_size": self.hidden_size,
            "intermediate_size": self.intermediate_size,
            "num_hidden_layers": self.num_hidden_layers,
            "num_attention_heads": self.num_attention_heads,
            "num_key_value_heads": self.num_key_value_heads,
            // Whole rows of vector registers.
            "vocab_size": (pieces + added.len()).next_multiple_of(16),
            "rms_norm_eps": 1e-6,
            "rope_theta": 10_000.0,
            "rope_scaling": {"type": "mrope", "mrope_section": [pairs - 2 * side, side, side]},
            "max_position_embeddings": 4096,
            "tie_word_embeddings": true,
            "bos_token_id": id(END_OF_TEXT),
            "pad_token_id": id(END_OF_TEXT),
            "eos_token_id": id(IM_END),
            "video_token_id": id(VIDEO_PAD),
            "image_token_id": id(IMAGE_PAD),
            "num_points": self.num_points,
            "vision_config": {
                "depth": self.vision_depth,
                "embed_dim": self.vision_dim,
                "hidden_size": self.hidden_size,
                "num_heads": self.vision_heads,
                "mlp_ratio": 4,
                "in_chans": 3,
                "patch_size": 14,
                "spatial_merge_size": 2,
                "temporal_patch_size": 2,
            },
        });
        Config::from_json(&json, &Value::Null)?;
        Ok(json)
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device};
    use candle_nn::{VarBuilder, VarMap};
    use partwright_cadrille::network::{Build, Cadrille};

    use super::*;

    #[test]
    fn presets_are_as_large_as_they_say() {
        let check = |preset: Preset, low: f64, high: f64| {
            let tokenizer = serde_json::from_str(&crate::tokenizer::json(&["box"])).unwrap();
            let config = preset.sizes().config_json(&tokenizer).unwrap();
            let config = Config::from_json(&config, &Value::Null).unwrap();
            let variables = VarMap::new();
            let vb = VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu);
            Cadrille::load(&config, &vb, Build::TRAINING).unwrap();
            let count: usize = variables.all_vars().iter().map(|var| var.elem_count()).sum();
            assert!((low..high).contains(&(count as f64 / 1e6)), "{preset:?}: {count}");
        };
        check(Preset::Tiny, 0.05, 0.3);
        check(Preset::Nano, 3.0, 6.0);
        check(Preset::Small, 20.0, 40.0);
    }
}
