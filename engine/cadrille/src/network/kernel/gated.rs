//! The gate of the MLP (`SwiGLU`, arXiv 2002.05202).

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

use super::slice::{values, with_values};
use super::wide::{sigmoid, wide};

/// `gate sigmoid(gate) up`, each by each.
///
/// # Errors
/// candle's, on shapes that differ.
pub(crate) fn gated(gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    gate.contiguous()?.apply_op2(&up.contiguous()?, Gated)
}

struct Gated;

impl CustomOp2 for Gated {
    fn name(&self) -> &'static str {
        "gated"
    }

    fn cpu_fwd(&self, s1: &CpuStorage, l1: &Layout, s2: &CpuStorage, l2: &Layout) -> Result<(CpuStorage, Shape)> {
        let (gate, up) = (values(s1, l1)?, values(s2, l2)?);
        if l1.dims() != l2.dims() {
            candle_core::bail!("a gate of {:?} does not fit {:?}", l1.dims(), l2.dims());
        }
        let mut ys = vec![0.0; gate.len()];
        wide(|| {
            for ((y, g), u) in ys.iter_mut().zip(gate).zip(up) {
                *y = g * sigmoid(*g) * u;
            }
        });
        Ok((CpuStorage::F32(ys), l1.shape().clone()))
    }

    fn bwd(&self, gate: &Tensor, up: &Tensor, _: &Tensor, grad: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        with_values([gate, up, grad], |[gates, ups, grads]| {
            let (mut of_gate, mut of_up) = (vec![0f32; gates.len()], vec![0f32; gates.len()]);
            wide(|| {
                let to = of_gate.iter_mut().zip(&mut of_up);
                for ((((to_gate, to_up), g), u), d) in to.zip(gates).zip(ups).zip(grads) {
                    let s = sigmoid(*g);
                    *to_gate = d * u * s * (1.0 + g * (1.0 - s));
                    *to_up = d * g * s;
                }
            });
            let tensor = |values| Tensor::from_vec(values, gate.shape(), gate.device());
            Ok((Some(tensor(of_gate)?), Some(tensor(of_up)?)))
        })
    }
}
