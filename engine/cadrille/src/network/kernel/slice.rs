//! Tensors as slices of f32, and back.

use candle_core::{CpuStorage, DType, Layout, Result, Storage, Tensor};

/// Whether the kernels can take a tensor.
pub(crate) fn serves(xs: &Tensor) -> bool {
    xs.device().is_cpu() && xs.dtype() == DType::F32
}

/// The values of a contiguous operand in the forward direction.
pub(super) fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((from, to)) => Ok(&storage.as_slice::<f32>()?[from..to]),
        None => candle_core::bail!("the kernels of training take contiguous tensors"),
    }
}

/// Calls `use_values` on the values of tensors, made contiguous where they are not: the backward direction.
pub(super) fn with_values<const N: usize, T>(
    tensors: [&Tensor; N],
    use_values: impl FnOnce([&[f32]; N]) -> Result<T>,
) -> Result<T> {
    let mut contiguous = Vec::with_capacity(N);
    for tensor in tensors {
        contiguous.push(tensor.contiguous()?);
    }
    let guards: Vec<_> = contiguous.iter().map(Tensor::storage_and_layout).collect();
    let mut slices: [&[f32]; N] = [&[]; N];
    for (slice, (storage, layout)) in slices.iter_mut().zip(&guards) {
        let Storage::Cpu(storage) = &**storage else {
            candle_core::bail!("the kernels of training run on the CPU");
        };
        *slice = values(storage, layout)?;
    }
    use_values(slices)
}
