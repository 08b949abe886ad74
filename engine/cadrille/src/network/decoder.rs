//! Qwen2's decoder, turned by one position (Qwen2, arXiv 2407.10671) or by three (Qwen2-VL, arXiv 2409.12191).
//!
//! Takes embeddings, not tokens, since points and patches have no token. Batches are padded on the left.

use candle_core::{Result, Tensor};
use candle_nn::kv_cache::KvCache;
use candle_nn::{Init, VarBuilder};

use super::kernel::Heads;
use super::ops::causal_mask;
use super::rotary::Rotary;
use super::{Build, Embedding, Linear, NetworkError, Ops, Positions, kernel};
use crate::config::TextConfig;

/// The decoder with its token table and head.
#[derive(Debug, Clone)]
pub struct Decoder {
    /// Vectors of the tokens.
    pub embed_tokens: Embedding,
    layers: Vec<Layer>,
    norm: Tensor,
    lm_head: Linear,
    /// Whether the head is the token table, so that its bytes count once.
    tied: bool,
    rotary: Rotary,
    config: TextConfig,
    ops: Ops,
}

impl Decoder {
    /// Reads `model.*` and, where the head is its own, `lm_head.weight`, below `vb`.
    ///
    /// # Errors
    /// candle's, naming the tensor that is absent or of another shape.
    pub fn load(config: &TextConfig, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        let model = vb.pp("model");
        // The largest tensor is read first, so that its f32 copy is gone before the layers come.
        let embed_tokens = Embedding::load(config.vocab_size, config.hidden_size, &model.pp("embed_tokens"), build)?;
        let head = vb.pp("lm_head");
        let tied = config.tie_word_embeddings.unwrap_or_else(|| !head.contains_tensor("weight"));
        let lm_head = if tied {
            embed_tokens.tied_head(config.vocab_size, build.ops)?
        } else {
            Linear::load(config.hidden_size, config.vocab_size, false, &head, build)?
        };
        let layers = model.pp("layers");
        Ok(Self {
            layers: (0..config.num_hidden_layers)
                .map(|i| Layer::load(config, &layers.pp(i), build))
                .collect::<Result<_>>()?,
            norm: norm_weight(config, &model.pp("norm"))?,
            rotary: Rotary::new(config),
            config: config.clone(),
            ops: build.ops,
            embed_tokens,
            lm_head,
            tied,
        })
    }

    /// The sizes it was made with.
    pub fn config(&self) -> &TextConfig {
        &self.config
    }

    /// Vectors (len, hidden) of tokens.
    ///
    /// # Errors
    /// [`NetworkError::TokenBeyondVocabulary`], or candle's.
    pub fn embed(&self, ids: &[u32]) -> std::result::Result<Tensor, NetworkError> {
        self.embed_tokens.forward(ids, self.config.vocab_size)
    }

    /// An empty cache for sequences of up to `capacity` tokens; longer ones make it grow.
    pub fn cache(&self, capacity: usize) -> Vec<KvCache> {
        (0..self.config.num_hidden_layers).map(|_| KvCache::new(2, capacity)).collect()
    }

    /// Hidden states (batch, len, hidden) after the last norm.
    ///
    /// `xs` (batch, len, hidden) follow what `cache` holds; `positions` are those of `xs`; `padding` counts the filler
    /// on each sequence's left. Without a cache nothing is kept: training goes that way, since writing into a cache
    /// carries no gradient.
    ///
    /// # Errors
    /// candle's, on shapes that do not fit.
    pub fn forward(
        &self,
        xs: &Tensor,
        positions: &[Positions],
        padding: &[usize],
        mut cache: Option<&mut [KvCache]>,
    ) -> Result<Tensor> {
        let (_, len, _) = xs.dims3()?;
        let past = cache.as_ref().and_then(|c| c.first()).map_or(0, KvCache::current_seq_len);
        let seeing = if self.ops == Ops::Differentiable && cache.is_none() && kernel::serves(xs) {
            let angles = self.rotary.angles(positions);
            Seeing::AtOnce(Heads {
                query: self.config.num_attention_heads,
                key: self.config.num_key_value_heads,
                channels: self.config.head_dim(),
                cos: angles.iter().map(|angle| angle.cos()).collect(),
                sin: angles.iter().map(|angle| angle.sin()).collect(),
                padding: padding.into(),
            })
        } else {
            let (cos, sin) = self.rotary.cos_sin(positions, xs.dtype(), xs.device())?;
            Seeing::ByMask { cos, sin, mask: causal_mask(padding, past, len, xs)? }
        };
        let mut xs = xs.clone();
        for (i, layer) in self.layers.iter().enumerate() {
            let cache = cache.as_mut().map(|c| &mut c[i]);
            xs = layer.forward(&xs, &seeing, cache, &self.config, self.ops)?;
        }
        self.ops.rms_norm(&xs, &self.norm, self.config.rms_norm_eps)
    }

    /// Scores (.., vocab) of the next token after hidden states (.., hidden), in the network's type.
    ///
    /// # Errors
    /// candle's.
    pub fn logits(&self, hidden: &Tensor) -> Result<Tensor> {
        self.lm_head.forward(hidden)
    }

    /// Bytes of weights that are read for one token: every layer and the head.
    pub fn bytes_per_token(&self) -> usize {
        self.layers.iter().map(Layer::bytes).sum::<usize>() + self.lm_head.bytes()
    }

    /// Whether the head is the token table.
    pub fn is_tied(&self) -> bool {
        self.tied
    }
}

fn norm_weight(config: &TextConfig, vb: &VarBuilder<'_>) -> Result<Tensor> {
    vb.get_with_hints(config.hidden_size, "weight", Init::Const(1.0))
}

#[derive(Debug, Clone)]
struct Layer {
    input_layernorm: Tensor,
    self_attn: Attention,
    post_attention_layernorm: Tensor,
    mlp: Mlp,
}

impl Layer {
    fn load(config: &TextConfig, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        Ok(Self {
            input_layernorm: norm_weight(config, &vb.pp("input_layernorm"))?,
            self_attn: Attention::load(config, &vb.pp("self_attn"), build)?,
            post_attention_layernorm: norm_weight(config, &vb.pp("post_attention_layernorm"))?,
            mlp: Mlp::load(config, &vb.pp("mlp"), build)?,
        })
    }

    fn forward(
        &self,
        xs: &Tensor,
        seeing: &Seeing,
        cache: Option<&mut KvCache>,
        config: &TextConfig,
        ops: Ops,
    ) -> Result<Tensor> {
        let hidden = ops.rms_norm(xs, &self.input_layernorm, config.rms_norm_eps)?;
        let seen = self.self_attn.seen(&hidden, seeing, cache, config, ops)?;
        let xs = self.self_attn.o_proj.forward_onto(xs, &seen)?;
        let hidden = ops.rms_norm(&xs, &self.post_attention_layernorm, config.rms_norm_eps)?;
        self.mlp.down_proj.forward_onto(&xs, &self.mlp.inner(&hidden, ops)?)
    }

    fn bytes(&self) -> usize {
        let Attention { q_proj, k_proj, v_proj, o_proj } = &self.self_attn;
        let Mlp { gate_proj, up_proj, down_proj } = &self.mlp;
        [q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj].into_iter().map(Linear::bytes).sum()
    }
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "fields are spelled as in the checkpoint")]
struct Attention {
    q_proj: Linear,
    k_proj: Linear,
    v_proj: Linear,
    o_proj: Linear,
}

impl Attention {
    fn load(config: &TextConfig, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        let hidden = config.hidden_size;
        let key = config.num_key_value_heads * config.head_dim();
        Ok(Self {
            q_proj: Linear::load(hidden, hidden, true, &vb.pp("q_proj"), build)?,
            k_proj: Linear::load(hidden, key, true, &vb.pp("k_proj"), build)?,
            v_proj: Linear::load(hidden, key, true, &vb.pp("v_proj"), build)?,
            o_proj: Linear::load(hidden, hidden, false, &vb.pp("o_proj"), build)?,
        })
    }

    /// What each place gathers, before the last layer.
    fn seen(
        &self,
        xs: &Tensor,
        seeing: &Seeing,
        cache: Option<&mut KvCache>,
        config: &TextConfig,
        ops: Ops,
    ) -> Result<Tensor> {
        let (q, k, v) = (self.q_proj.forward(xs)?, self.k_proj.forward(xs)?, self.v_proj.forward(xs)?);
        let (cos, sin, mask) = match seeing {
            Seeing::AtOnce(heads) => return kernel::attention(&q, &k, &v, heads.clone()),
            Seeing::ByMask { cos, sin, mask } => (cos, sin, mask.as_ref()),
        };
        let (b, len, _) = xs.dims3()?;
        let heads =
            |xs: Tensor, heads: usize| xs.reshape((b, len, heads, config.head_dim()))?.transpose(1, 2)?.contiguous();
        let q = heads(q, config.num_attention_heads)?;
        let k = heads(k, config.num_key_value_heads)?;
        let v = heads(v, config.num_key_value_heads)?;
        let (q, k) = (ops.rope(&q, cos, sin)?, ops.rope(&k, cos, sin)?);
        let (k, v) = match cache {
            Some(cache) => cache.append(&k, &v)?,
            None => (k, v),
        };
        ops.attention(&q, &k, &v, mask)
    }
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "fields are spelled as in the checkpoint")]
struct Mlp {
    gate_proj: Linear,
    up_proj: Linear,
    down_proj: Linear,
}

impl Mlp {
    fn load(config: &TextConfig, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        Ok(Self {
            gate_proj: Linear::load(hidden, inner, false, &vb.pp("gate_proj"), build)?,
            up_proj: Linear::load(hidden, inner, false, &vb.pp("up_proj"), build)?,
            down_proj: Linear::load(inner, hidden, false, &vb.pp("down_proj"), build)?,
        })
    }

    /// What the gate lets through, before the last layer.
    fn inner(&self, xs: &Tensor, ops: Ops) -> Result<Tensor> {
        ops.gated(&self.gate_proj.forward(xs)?, &self.up_proj.forward(xs)?)
    }
}

/// What each place may see and how it turns, for all layers.
enum Seeing {
    /// As tensors, for any device and with a cache.
    ByMask {
        /// Of (batch, len, `head_dim / 2`).
        cos: Tensor,
        /// Likewise.
        sin: Tensor,
        /// Added to the scores.
        mask: Option<Tensor>,
    },
    /// For the kernel of training.
    AtOnce(Heads),
}
