//! A checkpoint's `config.json`: the sizes of the network and its special tokens.
//!
//! Three layouts are read: Qwen2-VL as transformers 4.50 writes it (the decoder's fields at the top), Qwen2-VL as
//! transformers 5 writes it (the decoder's fields under `text_config`, the rope's under `rope_parameters`), and Qwen2,
//! on which CAD-Recode stands. Fields are spelled as in the file. Sampling defaults of `generation_config.json` other
//! than the end tokens are not read: cadrille decodes greedily whatever they say.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::input::{POINTS, SAMPLES};

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is absent or unreadable.
    #[error("cannot read {}: {source}; a checkpoint folder needs its config.json beside the tensors", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not JSON.
    #[error("{} is not JSON: {source}; download it again", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// A field the network cannot be built without is absent or of the wrong type.
    #[error("config.json lacks `{field}` ({expected}); the checkpoint is not one of Qwen2-VL or Qwen2, or is damaged")]
    FieldMissing {
        /// The field with its path, such as `vision_config.depth`.
        field: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// The architecture is another one.
    #[error("model_type is `{found}`; only qwen2_vl (cadrille) and qwen2 (CAD-Recode) can be run")]
    OtherArchitecture {
        /// What the file says.
        found: String,
    },
    /// Two fields contradict each other.
    #[error("config.json contradicts itself: {what}; the checkpoint is damaged or edited")]
    Contradiction {
        /// The rule that is broken, with the numbers.
        what: String,
    },
}

/// Sizes of the decoder (Qwen2 in both networks).
#[derive(Debug, Clone, PartialEq)]
pub struct TextConfig {
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the MLP.
    pub intermediate_size: usize,
    /// Number of layers.
    pub num_hidden_layers: usize,
    /// Number of query heads.
    pub num_attention_heads: usize,
    /// Number of key and value heads; divides the number of query heads.
    pub num_key_value_heads: usize,
    /// Rows of the embedding table.
    pub vocab_size: usize,
    /// Added to the mean square in RMS norm.
    pub rms_norm_eps: f64,
    /// Base of the rotary frequencies.
    pub rope_theta: f64,
    /// Pairs of channels turned by time, row and column; `None` where one position turns all (Qwen2).
    pub mrope_section: Option<[usize; 3]>,
    /// Longest sequence the network was trained for.
    pub max_position_embeddings: usize,
    /// Whether the head is the embedding table; `None` where the file does not say and the tensors decide.
    pub tie_word_embeddings: Option<bool>,
}

impl TextConfig {
    /// Channels of one head.
    pub fn head_dim(&self) -> usize {
        self.hidden_size / self.num_attention_heads
    }
}

/// Sizes of the vision tower.
#[derive(Debug, Clone, PartialEq)]
pub struct VisionConfig {
    /// Number of blocks.
    pub depth: usize,
    /// Width inside the tower.
    pub embed_dim: usize,
    /// Width of the decoder the merger writes to.
    pub hidden_size: usize,
    /// Number of heads.
    pub num_heads: usize,
    /// MLP width as a multiple of `embed_dim`.
    pub mlp_ratio: usize,
    /// Colour channels.
    pub in_channels: usize,
    /// Side of a patch in pixels.
    pub patch_size: usize,
    /// Patches per side that are merged into one token.
    pub spatial_merge_size: usize,
    /// Frames in a patch.
    pub temporal_patch_size: usize,
}

impl VisionConfig {
    /// Values of one patch row: channels x frames x height x width.
    pub fn patch_values(&self) -> usize {
        self.in_channels * self.temporal_patch_size * self.patch_size * self.patch_size
    }
}

/// A checkpoint's configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The decoder.
    pub text: TextConfig,
    /// The vision tower; absent in CAD-Recode.
    pub vision: Option<VisionConfig>,
    /// Stands for a patch of a picture given as a video; absent in CAD-Recode.
    pub video_token_id: Option<u32>,
    /// Stands for a patch of a picture; absent in CAD-Recode.
    pub image_token_id: Option<u32>,
    /// Fills batches on the left and stands where points are put.
    pub pad_token_id: u32,
    /// Tokens that end a program, of `generation_config.json` where it is there.
    pub eos_token_ids: Vec<u32>,
    /// Points the network reads: `num_points`, a field of our own; 256 where it is absent, as in the published networks.
    pub num_points: usize,
    /// Further points, where a program to be improved and the input disagree: `num_far_points`, a field of our own; 0 for
    /// networks that do not improve programs.
    pub num_far_points: usize,
}

impl Config {
    /// Reads `config.json` and, where it is there, `generation_config.json` of a checkpoint's folder.
    ///
    /// # Errors
    /// [`ConfigError`], naming the file or the field.
    pub fn from_folder(folder: &Path) -> Result<Self, ConfigError> {
        let main = read(&folder.join("config.json"))?;
        let generation = folder.join("generation_config.json");
        let generation = if generation.exists() { read(&generation)? } else { Value::Null };
        Self::from_json(&main, &generation)
    }

    /// Reads the two files' contents; `generation` may be `Value::Null`.
    ///
    /// # Errors
    /// [`ConfigError::FieldMissing`], [`ConfigError::OtherArchitecture`] or [`ConfigError::Contradiction`].
    pub fn from_json(main: &Value, generation: &Value) -> Result<Self, ConfigError> {
        let model_type = main["model_type"].as_str().ok_or(missing("", "model_type", "a text"))?;
        let has_vision = match model_type {
            "qwen2_vl" => true,
            "qwen2" => false,
            found => return Err(ConfigError::OtherArchitecture { found: found.to_owned() }),
        };
        let text = Fields { path: if main["text_config"].is_object() { "text_config." } else { "" }, main };
        let text_config = text_config(&text, has_vision)?;
        let vision = if has_vision { Some(vision_config(main, text_config.hidden_size)?) } else { None };
        let token = |name: &'static str| -> Result<Option<u32>, ConfigError> {
            if has_vision { text.number(name).map(|id| Some(id as u32)) } else { Ok(None) }
        };
        let eos_token_ids = ids(&generation["eos_token_id"])
            .or_else(|| ids(text.value("eos_token_id")))
            .ok_or(missing("", "eos_token_id", "a number or a list of numbers"))?;
        let pad_token_id = [&generation["pad_token_id"], text.value("pad_token_id"), text.value("bos_token_id")]
            .into_iter()
            .find_map(|value| ids(value)?.first().copied())
            .unwrap_or(eos_token_ids[0]);
        let num_points = match &main["num_points"] {
            Value::Null => POINTS,
            value => value.as_u64().ok_or(missing("", "num_points", "a whole number"))? as usize,
        };
        let num_far_points = match &main["num_far_points"] {
            Value::Null => 0,
            value => value.as_u64().ok_or(missing("", "num_far_points", "a whole number"))? as usize,
        };
        if num_far_points > SAMPLES {
            let what = format!("num_far_points is {num_far_points}; points are chosen among {SAMPLES}");
            return Err(ConfigError::Contradiction { what });
        }
        if !(1..=SAMPLES).contains(&num_points) {
            let what = format!("num_points is {num_points}; points are chosen among {SAMPLES}");
            return Err(ConfigError::Contradiction { what });
        }
        Ok(Self {
            num_points,
            num_far_points,
            video_token_id: token("video_token_id")?,
            image_token_id: token("image_token_id")?,
            text: text_config,
            vision,
            pad_token_id,
            eos_token_ids,
        })
    }
}

fn read(path: &Path) -> Result<Value, ConfigError> {
    let bytes = std::fs::read(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| ConfigError::NotJson { path: path.to_owned(), source })
}

fn missing(path: &str, name: &str, expected: &'static str) -> ConfigError {
    ConfigError::FieldMissing { field: format!("{path}{name}"), expected }
}

/// One token id or a list of them; `None` for an absent, null or empty value.
fn ids(value: &Value) -> Option<Vec<u32>> {
    let list = match value {
        Value::Array(list) => list.iter().map(Value::as_u64).collect::<Option<Vec<_>>>()?,
        one => vec![one.as_u64()?],
    };
    if list.is_empty() { None } else { Some(list.into_iter().map(|id| id as u32).collect()) }
}

/// The decoder's fields: under `text_config` where there is one, else at the top, where tokens may stand in either.
struct Fields<'a> {
    path: &'static str,
    main: &'a Value,
}

impl<'a> Fields<'a> {
    fn value(&self, name: &str) -> &'a Value {
        let nested = &self.main["text_config"][name];
        if nested.is_null() { &self.main[name] } else { nested }
    }

    fn number(&self, name: &str) -> Result<usize, ConfigError> {
        let value = self.value(name).as_u64().ok_or_else(|| missing(self.path, name, "a whole number"))?;
        Ok(value as usize)
    }
}

fn text_config(fields: &Fields<'_>, mrope: bool) -> Result<TextConfig, ConfigError> {
    // transformers 5 moved the rope's numbers into `rope_parameters`; 4.50 has `rope_theta` beside `rope_scaling`.
    let parameters = fields.value("rope_parameters");
    let rope_theta = parameters["rope_theta"]
        .as_f64()
        .or_else(|| fields.value("rope_theta").as_f64())
        .ok_or_else(|| missing(fields.path, "rope_theta", "a number"))?;
    let mrope_section = if mrope {
        let sections = [&parameters["mrope_section"], &fields.value("rope_scaling")["mrope_section"]]
            .into_iter()
            .find_map(ids)
            .and_then(|list| <[u32; 3]>::try_from(list).ok())
            .ok_or_else(|| missing(fields.path, "rope_scaling.mrope_section", "three whole numbers"))?;
        Some(sections.map(|n| n as usize))
    } else {
        None
    };
    let text = TextConfig {
        hidden_size: fields.number("hidden_size")?,
        intermediate_size: fields.number("intermediate_size")?,
        num_hidden_layers: fields.number("num_hidden_layers")?,
        num_attention_heads: fields.number("num_attention_heads")?,
        num_key_value_heads: fields.number("num_key_value_heads")?,
        vocab_size: fields.number("vocab_size")?,
        rms_norm_eps: fields
            .value("rms_norm_eps")
            .as_f64()
            .ok_or_else(|| missing(fields.path, "rms_norm_eps", "a number"))?,
        rope_theta,
        mrope_section,
        max_position_embeddings: fields.number("max_position_embeddings")?,
        // In a nested layout the top's word counts: it is the one that transformers obeys.
        tie_word_embeddings: fields.main["tie_word_embeddings"]
            .as_bool()
            .or_else(|| fields.value("tie_word_embeddings").as_bool()),
    };
    check_text(&text)?;
    Ok(text)
}

fn check_text(text: &TextConfig) -> Result<(), ConfigError> {
    let contradiction = |what: String| Err(ConfigError::Contradiction { what });
    let (hidden, heads, kv_heads) = (text.hidden_size, text.num_attention_heads, text.num_key_value_heads);
    if heads == 0 || !hidden.is_multiple_of(heads) || !text.head_dim().is_multiple_of(2) {
        return contradiction(format!(
            "hidden_size {hidden} is not an even number of channels for each of {heads} heads"
        ));
    }
    if kv_heads == 0 || !heads.is_multiple_of(kv_heads) {
        return contradiction(format!("{heads} query heads cannot be shared by {kv_heads} key heads"));
    }
    if let Some(sections) = text.mrope_section
        && sections.iter().sum::<usize>() * 2 != text.head_dim()
    {
        return contradiction(format!("mrope_section {sections:?} does not make half of {} channels", text.head_dim()));
    }
    Ok(())
}

fn vision_config(main: &Value, hidden_size: usize) -> Result<VisionConfig, ConfigError> {
    let vision = &main["vision_config"];
    let number = |name: &'static str| -> Result<usize, ConfigError> {
        let value = vision[name].as_u64().ok_or_else(|| missing("vision_config.", name, "a whole number"))?;
        Ok(value as usize)
    };
    let config = VisionConfig {
        depth: number("depth")?,
        embed_dim: number("embed_dim")?,
        hidden_size: number("hidden_size")?,
        num_heads: number("num_heads")?,
        mlp_ratio: number("mlp_ratio")?,
        // Qwen2-VL's own file spells it `in_chans`; transformers writes `in_channels`.
        in_channels: number("in_channels").or_else(|_| number("in_chans"))?,
        patch_size: number("patch_size")?,
        spatial_merge_size: number("spatial_merge_size")?,
        temporal_patch_size: number("temporal_patch_size")?,
    };
    if config.hidden_size != hidden_size {
        let what = format!("the vision tower writes {} channels, the decoder reads {hidden_size}", config.hidden_size);
        return Err(ConfigError::Contradiction { what });
    }
    if config.num_heads == 0 || !config.embed_dim.is_multiple_of(config.num_heads * 4) {
        let what = format!("embed_dim {} does not split into {} heads by fours", config.embed_dim, config.num_heads);
        return Err(ConfigError::Contradiction { what });
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flat() -> Value {
        json!({
            "model_type": "qwen2_vl", "hidden_size": 64, "intermediate_size": 160, "num_hidden_layers": 2,
            "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 448, "rms_norm_eps": 1e-6,
            "rope_theta": 1e6, "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]},
            "max_position_embeddings": 4096, "tie_word_embeddings": true, "eos_token_id": 402, "bos_token_id": 400,
            "video_token_id": 413, "image_token_id": 412,
            "vision_config": {"depth": 2, "embed_dim": 32, "hidden_size": 64, "num_heads": 2, "mlp_ratio": 4,
                "in_chans": 3, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2},
        })
    }

    /// The same network as transformers 5 writes it.
    fn nested() -> Value {
        let mut main = flat();
        let top = main.as_object_mut().unwrap();
        let mut text = serde_json::Map::new();
        for name in [
            "hidden_size",
            "intermediate_size",
            "num_hidden_layers",
            "num_attention_heads",
            "num_key_value_heads",
            "vocab_size",
            "rms_norm_eps",
            "max_position_embeddings",
            "eos_token_id",
            "bos_token_id",
        ] {
            text.insert(name.to_owned(), top.remove(name).unwrap());
        }
        top.remove("rope_theta");
        top.remove("rope_scaling");
        text.insert("rope_parameters".to_owned(), json!({"rope_theta": 1e6, "mrope_section": [2, 3, 3]}));
        top.insert("text_config".to_owned(), Value::Object(text));
        main
    }

    #[test]
    fn both_layouts_give_the_same() {
        let a = Config::from_json(&flat(), &Value::Null).unwrap();
        assert_eq!(a, Config::from_json(&nested(), &Value::Null).unwrap());
        assert_eq!(a.text.head_dim(), 16);
        assert_eq!((a.pad_token_id, a.eos_token_ids), (400, vec![402]));
        assert_eq!(a.vision.unwrap().patch_values(), 1176);
    }

    #[test]
    fn generation_config_names_the_end_tokens() {
        let generation = json!({"eos_token_id": [402, 400], "pad_token_id": 401});
        let config = Config::from_json(&flat(), &generation).unwrap();
        assert_eq!((config.pad_token_id, config.eos_token_ids), (401, vec![402, 400]));
    }

    #[test]
    fn cad_recode_has_no_vision() {
        let mut main = flat();
        main["model_type"] = json!("qwen2");
        let config = Config::from_json(&main, &Value::Null).unwrap();
        assert_eq!((config.vision, config.text.mrope_section, config.video_token_id), (None, None, None));
    }

    /// Every field whose absence stops the network, with the name the message must give.
    #[test]
    fn networks_may_read_fewer_points() {
        let mut main = flat();
        let read = |main: &Value| Config::from_json(main, &Value::Null).map(|config| config.num_points);
        assert_eq!(read(&main).unwrap(), 256);
        main["num_points"] = json!(128);
        assert_eq!(read(&main).unwrap(), 128);
        main["num_points"] = json!(0);
        assert!(read(&main).unwrap_err().to_string().contains("num_points is 0"));
        main["num_points"] = json!("many");
        assert!(read(&main).unwrap_err().to_string().contains("num_points"));
    }

    #[test]
    fn a_missing_field_is_named() {
        let check = |main: &Value, field: &str| {
            let message = Config::from_json(main, &Value::Null).unwrap_err().to_string();
            assert!(message.contains(&format!("`{field}`")), "{message}");
        };
        for field in ["hidden_size", "vocab_size", "rope_theta", "rms_norm_eps", "video_token_id", "eos_token_id"] {
            let mut main = flat();
            main.as_object_mut().unwrap().remove(field);
            check(&main, field);
        }
        let mut main = flat();
        main["rope_scaling"] = Value::Null;
        check(&main, "rope_scaling.mrope_section");
        let mut main = flat();
        main["vision_config"]["depth"] = Value::Null;
        check(&main, "vision_config.depth");
        let mut main = nested();
        main["text_config"]["hidden_size"] = Value::Null;
        check(&main, "text_config.hidden_size");
    }

    #[test]
    fn contradictions_are_refused() {
        for (field, value) in [("num_key_value_heads", json!(3)), ("hidden_size", json!(66))] {
            let mut main = flat();
            main[field] = value;
            let error = Config::from_json(&main, &Value::Null).unwrap_err();
            assert!(matches!(error, ConfigError::Contradiction { .. }), "{error}");
        }
    }
}
