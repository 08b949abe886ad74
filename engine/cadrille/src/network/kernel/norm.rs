//! The RMS norm.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

use super::slice::{values, with_values};
use super::wide::{dot, wide};

/// `xs / rms(xs) * weight` over the last axis.
///
/// # Errors
/// candle's, on shapes that do not fit.
pub(crate) fn rms_norm(xs: &Tensor, weight: &Tensor, eps: f64) -> Result<Tensor> {
    xs.contiguous()?.apply_op2(&weight.contiguous()?, RmsNorm { eps: eps as f32 })
}

struct RmsNorm {
    eps: f32,
}

impl RmsNorm {
    #[inline]
    fn scale(&self, x: &[f32]) -> f32 {
        1.0 / (dot(x, x) / x.len() as f32 + self.eps).sqrt()
    }
}

impl CustomOp2 for RmsNorm {
    fn name(&self) -> &'static str {
        "rms norm"
    }

    fn cpu_fwd(&self, s1: &CpuStorage, l1: &Layout, s2: &CpuStorage, l2: &Layout) -> Result<(CpuStorage, Shape)> {
        let (xs, weight) = (values(s1, l1)?, values(s2, l2)?);
        if l1.dims().last() != Some(&weight.len()) {
            candle_core::bail!("a norm of {} values was given {:?}", weight.len(), l1.dims());
        }
        let mut ys = vec![0.0; xs.len()];
        wide(|| {
            for (y, x) in ys.chunks_exact_mut(weight.len()).zip(xs.chunks_exact(weight.len())) {
                let scale = self.scale(x);
                for ((y, x), w) in y.iter_mut().zip(x).zip(weight) {
                    *y = x * scale * w;
                }
            }
        });
        Ok((CpuStorage::F32(ys), l1.shape().clone()))
    }

    fn bwd(&self, xs: &Tensor, weight: &Tensor, _: &Tensor, grad: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        with_values([xs, weight, grad], |[x, w, g]| {
            let width = w.len();
            let (mut dx, mut dw) = (vec![0f32; x.len()], vec![0f32; width]);
            wide(|| {
                let mut weighed = vec![0f32; width];
                for ((dx, x), g) in dx.chunks_exact_mut(width).zip(x.chunks_exact(width)).zip(g.chunks_exact(width)) {
                    let scale = self.scale(x);
                    for i in 0..width {
                        weighed[i] = g[i] * w[i];
                        dw[i] += g[i] * x[i] * scale;
                    }
                    let along = dot(&weighed, x) / width as f32 * scale * scale * scale;
                    for i in 0..width {
                        dx[i] = weighed[i] * scale - x[i] * along;
                    }
                }
            });
            let tensor = |values, like: &Tensor| Tensor::from_vec(values, like.shape(), like.device());
            Ok((Some(tensor(dx, xs)?), Some(tensor(dw, weight)?)))
        })
    }
}
