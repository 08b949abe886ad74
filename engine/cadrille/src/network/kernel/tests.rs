//! Each kernel against the elementary operations: values and gradients.

use candle_core::{D, Device, Result, Tensor, Var};

use super::*;
use crate::network::Ops;
use crate::network::ops::causal_mask;

/// Values that look random, of about unit size.
fn variable(shape: &[usize], seed: usize) -> Var {
    let count: usize = shape.iter().product();
    let values: Vec<f32> = (0..count).map(|i| (((i + 13 * seed) * 7919 % 2003) as f32 / 1001.0 - 1.0) * 1.5).collect();
    Var::from_tensor(&Tensor::from_vec(values, shape, &Device::Cpu).unwrap()).unwrap()
}

/// Compares values and the gradients of all variables, under weights that differ from value to value.
fn check(name: &str, variables: &[Var], kernel: &dyn Fn() -> Result<Tensor>, elementary: &dyn Fn() -> Result<Tensor>) {
    let (got, want) = (kernel().unwrap(), elementary().unwrap());
    assert_eq!(got.dims(), want.dims(), "{name}");
    let near = |what: &str, got: &Tensor, want: &Tensor| {
        let size = |x: &Tensor| x.abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        let error = size(&(got - want).unwrap());
        assert!(error <= 2e-5 * size(want).max(1.0), "{name}: {what} differs by {error} of {}", size(want));
    };
    near("the value", &got, &want);
    let weights = variable(got.dims(), 99);
    let gradients = |ys: &Tensor| (ys * weights.as_tensor()).unwrap().sum_all().unwrap().backward().unwrap();
    let (got, want) = (gradients(&got), gradients(&want));
    for (i, variable) in variables.iter().enumerate() {
        near(&format!("gradient {i}"), got.get(variable).unwrap(), want.get(variable).unwrap());
    }
}

#[test]
fn linear_layers() {
    let (xs, weight, bias, residual) =
        (variable(&[2, 5, 24], 1), variable(&[40, 24], 2), variable(&[40], 3), variable(&[2, 5, 40], 4));
    let plain = || xs.broadcast_matmul(&weight.t()?);
    check("linear", &[xs.clone(), weight.clone()], &|| linear(&xs, &weight, None), &plain);
    let variables = [xs.clone(), weight.clone(), bias.clone()];
    check("bias", &variables, &|| linear(&xs, &weight, Some(&bias)), &|| plain()?.broadcast_add(&bias));
    let variables = [xs.clone(), weight.clone(), residual.clone()];
    check("residual", &variables, &|| linear_onto(&residual, &xs, &weight), &|| plain()? + residual.as_tensor());
    assert!(linear(&xs, &variable(&[40, 23], 2), None).is_err());
}

#[test]
fn norms() {
    let (xs, weight) = (variable(&[3, 7, 40], 1), variable(&[40], 2));
    let elementary = || candle_nn::ops::rms_norm_slow(&xs, &weight, 1e-6);
    check("norm", &[xs.clone(), weight.clone()], &|| rms_norm(&xs, &weight, 1e-6), &elementary);
}

#[test]
fn gates() {
    let (gate, up) = (variable(&[3, 37], 1), variable(&[3, 37], 2));
    let elementary = || gate.as_tensor() * candle_nn::ops::sigmoid(&gate)? * up.as_tensor();
    check("gate", &[gate.clone(), up.clone()], &|| gated(&gate, &up), &elementary);
}

#[test]
fn probabilities() {
    let scores = variable(&[4, 50], 1);
    let targets = [0, 49, 7, 7];
    let elementary = || {
        let all = candle_nn::ops::log_softmax(scores.as_tensor(), D::Minus1)?;
        all.gather(&Tensor::new(&targets, &Device::Cpu)?.unsqueeze(1)?, 1)?.squeeze(1)
    };
    check("probabilities", &[scores.clone()], &|| log_probabilities(&scores, &targets), &elementary);
    assert!(log_probabilities(&scores, &[0, 50, 0, 0]).is_err() && log_probabilities(&scores, &[0]).is_err());
}

/// More rows than a block, shared key heads, and sequences with filler, whose rows do not count.
#[test]
fn attention_of_several_blocks() {
    let (batch, len, query, key, channels) = (3, 150, 4, 2, 8);
    let q = variable(&[batch, len, query * channels], 1);
    let (k, v) = (variable(&[batch, len, key * channels], 2), variable(&[batch, len, key * channels], 3));
    let angles: Vec<f32> = (0..batch * len * channels / 2).map(|i| (i * 31 % 57) as f32 / 9.0).collect();
    let padding = [0, 70, 5];
    let heads = Heads {
        query,
        key,
        channels,
        cos: angles.iter().map(|angle| angle.cos()).collect(),
        sin: angles.iter().map(|angle| angle.sin()).collect(),
        padding: padding.as_slice().into(),
    };
    let counts: Vec<f32> = padding.iter().flat_map(|&n| (0..len).map(move |i| f32::from(i >= n))).collect();
    let counts = Tensor::from_vec(counts, (batch, len, 1), &Device::Cpu).unwrap();
    let elementary = || {
        let ops = Ops::Differentiable;
        let split =
            |xs: &Tensor, heads: usize| xs.reshape((batch, len, heads, channels))?.transpose(1, 2)?.contiguous();
        let angles = Tensor::from_vec(angles.clone(), (batch, len, channels / 2), &Device::Cpu)?;
        let (cos, sin) = (angles.cos()?, angles.sin()?);
        let (q, k) = (ops.rope(&split(&q, query)?, &cos, &sin)?, ops.rope(&split(&k, key)?, &cos, &sin)?);
        let mask = causal_mask(&padding, 0, len, &q)?;
        ops.attention(&q, &k, &split(&v, key)?, mask.as_ref())?.broadcast_mul(&counts)
    };
    let kernel = || attention(&q, &k, &v, heads.clone());
    check("attention", &[q.clone(), k.clone(), v.clone()], &kernel, &elementary);
}
