//! A linear layer.

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor};

use super::product::{Matrix, product};
use super::slice::{values, with_values};
use super::wide::wide;

/// `xs weight^T + bias`: `xs` (.., in), `weight` (out, in), `bias` (out).
///
/// # Errors
/// candle's, on shapes that do not fit.
pub(crate) fn linear(xs: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    let (xs, weight) = (xs.contiguous()?, weight.contiguous()?);
    match bias {
        Some(bias) => xs.apply_op3(&weight, &bias.contiguous()?, Linear { onto: Onto::Bias }),
        None => xs.apply_op2(&weight, Linear { onto: Onto::Nothing }),
    }
}

/// `residual + xs weight^T`: `residual` (.., out).
///
/// # Errors
/// candle's, on shapes that do not fit.
pub(crate) fn linear_onto(residual: &Tensor, xs: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let (xs, weight, residual) = (xs.contiguous()?, weight.contiguous()?, residual.contiguous()?);
    xs.apply_op3(&weight, &residual, Linear { onto: Onto::Residual })
}

/// What the product is added to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Onto {
    Nothing,
    /// A row, to every row.
    Bias,
    /// Another value for each.
    Residual,
}

struct Linear {
    onto: Onto,
}

impl Linear {
    fn forward(
        &self,
        (xs, xs_layout): (&[f32], &Layout),
        (weight, weight_layout): (&[f32], &Layout),
        onto: &[f32],
    ) -> Result<(CpuStorage, Shape)> {
        let (out, inner) = weight_layout.shape().dims2()?;
        let dims = xs_layout.dims();
        if dims.last() != Some(&inner) {
            candle_core::bail!("a layer of {inner} inputs was given {dims:?}");
        }
        let rows = xs.len() / inner.max(1);
        let mut ys = match self.onto {
            Onto::Nothing => vec![0.0; rows * out],
            Onto::Bias => onto.repeat(rows),
            Onto::Residual => onto.to_vec(),
        };
        if ys.len() != rows * out {
            candle_core::bail!("{} values cannot be added to {rows} rows of {out}", onto.len());
        }
        let weight = Matrix::rows(weight, inner).transposed();
        let onto = self.onto != Onto::Nothing;
        product(&mut ys, out, [rows, out, inner], Matrix::rows(xs, inner), weight, onto)?;
        let shape: Vec<usize> = dims[..dims.len() - 1].iter().copied().chain([out]).collect();
        Ok((CpuStorage::F32(ys), shape.into()))
    }

    /// The gradients of the inputs and the weight.
    fn backward(xs: &Tensor, weight: &Tensor, grad: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (out, inner) = weight.dims2()?;
        let (mut of_xs, mut of_weight) = (None, None);
        with_values([xs, weight, grad], |[x, w, g]| {
            let rows = x.len() / inner.max(1);
            if xs.track_op() {
                let mut dx = vec![0.0; x.len()];
                product(&mut dx, inner, [rows, inner, out], Matrix::rows(g, out), Matrix::rows(w, inner), false)?;
                of_xs = Some(Tensor::from_vec(dx, xs.shape(), xs.device())?);
            }
            if weight.track_op() {
                let mut dw = vec![0.0; w.len()];
                let transposed = Matrix::rows(g, out).transposed();
                product(&mut dw, inner, [out, inner, rows], transposed, Matrix::rows(x, inner), false)?;
                of_weight = Some(Tensor::from_vec(dw, weight.shape(), weight.device())?);
            }
            Ok(())
        })?;
        Ok((of_xs, of_weight))
    }
}

impl CustomOp2 for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(&self, s1: &CpuStorage, l1: &Layout, s2: &CpuStorage, l2: &Layout) -> Result<(CpuStorage, Shape)> {
        self.forward((values(s1, l1)?, l1), (values(s2, l2)?, l2), &[])
    }

    fn bwd(&self, xs: &Tensor, weight: &Tensor, _: &Tensor, grad: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Self::backward(xs, weight, grad)
    }
}

impl CustomOp3 for Linear {
    fn name(&self) -> &'static str {
        "linear onto"
    }

    fn cpu_fwd(
        &self,
        s1: &CpuStorage,
        l1: &Layout,
        s2: &CpuStorage,
        l2: &Layout,
        s3: &CpuStorage,
        l3: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.forward((values(s1, l1)?, l1), (values(s2, l2)?, l2), values(s3, l3)?)
    }

    fn bwd(
        &self,
        xs: &Tensor,
        weight: &Tensor,
        onto: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (of_xs, of_weight) = Self::backward(xs, weight, grad)?;
        let of_onto = match self.onto {
            Onto::Bias => Some(with_values([grad], |[g]| {
                let columns = onto.elem_count();
                let mut sums = vec![0f32; columns];
                wide(|| {
                    for row in g.chunks_exact(columns) {
                        for (sum, value) in sums.iter_mut().zip(row) {
                            *sum += value;
                        }
                    }
                });
                Tensor::from_vec(sums, onto.shape(), onto.device())
            })?),
            Onto::Nothing | Onto::Residual => Some(grad.clone()),
        };
        Ok((of_xs, of_weight, of_onto))
    }
}
