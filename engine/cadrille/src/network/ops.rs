//! The one place that chooses between fused operations and operations that carry gradients.

use candle_core::quantized::GgmlDType;
use candle_core::{D, DType, Result, Tensor};

use super::kernel;

/// Which implementation of norms, softmax and rotation runs.
///
/// candle's fused kernels return tensors without a history: a loss through them trains nothing and says nothing
/// (measured, `prototypes/README.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ops {
    /// candle-nn's fused kernels: for inference.
    Fused,
    /// The same with gradients, for training: our own kernels on CPUs in f32, candle's elementary operations elsewhere.
    Differentiable,
}

/// How a network is made from its tensors.
#[derive(Debug, Clone, Copy)]
pub struct Build {
    /// Which operations run.
    pub ops: Ops,
    /// Block format the linear layers are brought to; `None` keeps them in the builder's type.
    pub quantisation: Option<GgmlDType>,
}

impl Build {
    /// Fused operations on dense layers.
    pub const INFERENCE: Self = Self { ops: Ops::Fused, quantisation: None };
    /// Operations with gradients on dense layers.
    pub const TRAINING: Self = Self { ops: Ops::Differentiable, quantisation: None };
}

impl Ops {
    /// `xs / rms(xs) * weight` over the last axis.
    ///
    /// # Errors
    /// candle's, on shapes that do not fit.
    pub fn rms_norm(self, xs: &Tensor, weight: &Tensor, eps: f64) -> Result<Tensor> {
        match self {
            Self::Fused => candle_nn::ops::rms_norm(&xs.contiguous()?, weight, eps as f32),
            Self::Differentiable if kernel::serves(xs) => kernel::rms_norm(xs, weight, eps),
            Self::Differentiable => candle_nn::ops::rms_norm_slow(xs, weight, eps as f32),
        }
    }

    /// `(xs - mean) / deviation * weight + bias` over the last axis.
    ///
    /// # Errors
    /// candle's, on shapes that do not fit.
    pub fn layer_norm(self, xs: &Tensor, weight: &Tensor, bias: &Tensor, eps: f64) -> Result<Tensor> {
        match self {
            Self::Fused => candle_nn::ops::layer_norm(&xs.contiguous()?, weight, bias, eps as f32),
            Self::Differentiable => candle_nn::ops::layer_norm_slow(xs, weight, bias, eps as f32),
        }
    }

    /// `gate sigmoid(gate) up`, each by each.
    ///
    /// # Errors
    /// candle's, on shapes that differ.
    pub fn gated(self, gate: &Tensor, up: &Tensor) -> Result<Tensor> {
        match self {
            Self::Differentiable if kernel::serves(gate) => kernel::gated(gate, up),
            _ => gate.silu()? * up,
        }
    }

    /// Softmax over the last axis.
    ///
    /// # Errors
    /// candle's.
    pub fn softmax(self, xs: &Tensor) -> Result<Tensor> {
        match self {
            Self::Fused => candle_nn::ops::softmax_last_dim(&xs.contiguous()?),
            Self::Differentiable => candle_nn::ops::softmax(xs, D::Minus1),
        }
    }

    /// Turns channel `i` against channel `i + head_dim / 2`: `xs` (batch, heads, len, `head_dim`), `cos` and `sin`
    /// (batch, len, `head_dim / 2`).
    ///
    /// # Errors
    /// candle's, on shapes that do not fit.
    pub fn rope(self, xs: &Tensor, cos: &Tensor, sin: &Tensor) -> Result<Tensor> {
        match self {
            Self::Fused => candle_nn::rotary_emb::rope(&xs.contiguous()?, &cos.contiguous()?, &sin.contiguous()?),
            // candle's `rope_slow` knows one sequence of angles only, not one for each of a batch.
            Self::Differentiable => {
                let half = xs.dim(D::Minus1)? / 2;
                let (first, second) = (xs.narrow(D::Minus1, 0, half)?, xs.narrow(D::Minus1, half, half)?);
                let (cos, sin) = (cos.unsqueeze(1)?, sin.unsqueeze(1)?);
                let turned_first = (first.broadcast_mul(&cos)? - second.broadcast_mul(&sin)?)?;
                let turned_second = (second.broadcast_mul(&cos)? + first.broadcast_mul(&sin)?)?;
                Tensor::cat(&[turned_first, turned_second], D::Minus1)
            }
        }
    }

    /// Attention of `q` (batch, heads, len, `head_dim`) over `k` and `v` (batch, `kv_heads`, total, `head_dim`), where
    /// `mask` (batch or 1, 1, len, total) is added to the scores. Gives (batch, len, heads x `head_dim`).
    ///
    /// Query heads that share a key head are laid beside each other as rows, so that keys and values are not repeated.
    ///
    /// # Errors
    /// candle's, on shapes that do not fit.
    pub fn attention(self, q: &Tensor, k: &Tensor, v: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
        let (b, heads, len, head_dim) = q.dims4()?;
        let (_, kv_heads, total, _) = k.dims4()?;
        let rows = heads / kv_heads * len;
        let scale = 1.0 / (head_dim as f64).sqrt();
        let q = (q.contiguous()?.reshape((b, kv_heads, rows, head_dim))? * scale)?;
        let mut scores = q.matmul(&k.transpose(2, 3)?)?;
        if let Some(mask) = mask {
            scores = scores.reshape((b, heads, len, total))?.broadcast_add(mask)?;
        }
        let weights = self.softmax(&scores.reshape((b, kv_heads, rows, total))?)?;
        let ys = weights.matmul(v)?.reshape((b, heads, len, head_dim))?;
        ys.transpose(1, 2)?.reshape((b, len, heads * head_dim))
    }
}

/// What is added to attention's scores: 0 where a row may look, minus infinity where it may not. `None` where
/// everything is visible. Shape (batch or 1, 1, `len`, `past + len`); `padding` counts the filler on each row's left.
///
/// A filler row sees itself, so that its softmax is finite; no other row sees it.
///
/// # Errors
/// candle's.
pub(crate) fn causal_mask(padding: &[usize], past: usize, len: usize, like: &Tensor) -> Result<Option<Tensor>> {
    let padded = padding.iter().any(|&n| n > 0);
    if len == 1 && !padded {
        return Ok(None);
    }
    let rows = if padded { padding } else { &[0] };
    let total = past + len;
    let mut values = Vec::with_capacity(rows.len() * len * total);
    for &filler in rows {
        for i in past..total {
            values
                .extend((0..total).map(|j| if j == i || (filler..i).contains(&j) { 0f32 } else { f32::NEG_INFINITY }));
        }
    }
    let mask = Tensor::from_vec(values, (rows.len(), 1, len, total), like.device())?;
    Ok(Some(mask.to_dtype(like.dtype())?))
}

/// Rounds through bf16 and back, as the official code does with the points' embeddings even in an f32 network.
///
/// # Errors
/// candle's.
pub(crate) fn round_to_bf16(xs: &Tensor, dtype: DType) -> Result<Tensor> {
    xs.to_dtype(DType::BF16)?.to_dtype(dtype)
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::*;

    fn ramp(shape: &[usize]) -> Tensor {
        let n: usize = shape.iter().product();
        let values: Vec<f32> = (0..n).map(|i| ((i * 7 % 23) as f32 - 11.0) / 8.0).collect();
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }

    fn largest_difference(a: &Tensor, b: &Tensor) -> f32 {
        (a - b).unwrap().abs().unwrap().max_all().unwrap().to_scalar().unwrap()
    }

    fn flat(tensor: &Tensor) -> Vec<f32> {
        tensor.flatten_all().unwrap().to_vec1().unwrap()
    }

    /// An operation, called on its variable input.
    type Case = (&'static str, Box<dyn Fn(Ops, &Tensor) -> Tensor>, Tensor);

    fn cases() -> Vec<Case> {
        let weight = (ramp(&[8]) + 2.0).unwrap();
        let bias = ramp(&[8]);
        let (norm_weight, layer_weight) = (weight.clone(), weight);
        let (cos, sin) = (ramp(&[2, 5, 4]).cos().unwrap(), ramp(&[2, 5, 4]).sin().unwrap());
        vec![
            (
                "rms_norm",
                Box::new(move |ops: Ops, x: &Tensor| ops.rms_norm(x, &norm_weight, 1e-6).unwrap()),
                ramp(&[2, 3, 8]),
            ),
            (
                "layer_norm",
                Box::new(move |ops: Ops, x: &Tensor| ops.layer_norm(x, &layer_weight, &bias, 1e-6).unwrap()),
                ramp(&[3, 8]),
            ),
            ("softmax", Box::new(|ops: Ops, x: &Tensor| ops.softmax(x).unwrap()), ramp(&[3, 8])),
            ("rope", Box::new(move |ops: Ops, x: &Tensor| ops.rope(x, &cos, &sin).unwrap()), ramp(&[2, 3, 5, 8])),
        ]
    }

    #[test]
    fn both_kinds_agree() {
        for (name, operation, x) in cases() {
            let difference = largest_difference(&operation(Ops::Fused, &x), &operation(Ops::Differentiable, &x));
            assert!(difference < 1e-5, "{name}: {difference}");
        }
    }

    #[test]
    fn differentiable_operations_carry_gradients() {
        for (name, operation, x) in cases() {
            let variable = Var::from_tensor(&x).unwrap();
            let loss = operation(Ops::Differentiable, &variable).sqr().unwrap().sum_all().unwrap();
            assert!(loss.backward().unwrap().get(&variable).is_some(), "{name}");
        }
    }

    /// Shared key heads give what repeating them gives.
    #[test]
    fn grouped_attention_is_repeated_attention() {
        let (q, k, v) = (ramp(&[2, 4, 3, 8]), ramp(&[2, 2, 3, 8]), (ramp(&[2, 2, 3, 8]) * 0.7).unwrap());
        let mask = causal_mask(&[0, 1], 0, 3, &q).unwrap();
        let grouped = Ops::Fused.attention(&q, &k, &v, mask.as_ref()).unwrap();
        let repeat =
            |x: &Tensor| x.unsqueeze(2).unwrap().expand((2, 2, 2, 3, 8)).unwrap().reshape((2, 4, 3, 8)).unwrap();
        let repeated = Ops::Differentiable.attention(&q, &repeat(&k), &repeat(&v), mask.as_ref()).unwrap();
        assert!(largest_difference(&grouped, &repeated) < 1e-5);
    }

    #[test]
    fn the_mask_hides_the_future_and_the_filler() {
        let like = Tensor::zeros(1, DType::F32, &Device::Cpu).unwrap();
        let mask = causal_mask(&[0, 2], 0, 3, &like).unwrap().unwrap();
        let visible: Vec<u8> = flat(&mask).iter().map(|&m| (m == 0.0).into()).collect();
        assert_eq!(visible[..9], [1, 0, 0, 1, 1, 0, 1, 1, 1]);
        assert_eq!(visible[9..], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        assert!(causal_mask(&[0], 7, 1, &like).unwrap().is_none());
        assert_eq!(flat(&causal_mask(&[1], 2, 1, &like).unwrap().unwrap()), [f32::NEG_INFINITY, 0.0, 0.0]);
    }
}
