//! Quantised weights held once.
//!
//! On CPUs with the right instructions candle 0.11 rearranges a quantised matrix at its first use and is 5 to 12 times
//! faster from then on (`Q8_0` with AVX-512 VNNI: 45 to 80 GMAC/s on a core, 6 to 9 without),
//! but keeps the first arrangement too: 3.3 GB at 2B instead of 1.6. Here the matrix is used once while it is made, and
//! if candle did rearrange it, the first arrangement is given up.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use candle_core::quantized::{GgmlDType, QMatMul, QStorage, QTensor, QuantizedType};
use candle_core::{CpuStorage, DType, Device, Module as _, Result, Tensor};
use half::f16;

/// A weight (out, in) in blocks, and the bytes one use of it reads.
///
/// Takes the weight, so that its f32 copy is gone before the next one is made.
pub(crate) fn quantise(weight: Tensor, format: GgmlDType) -> Result<(QMatMul, usize)> {
    let (out_features, in_features) = weight.dims2()?;
    let rows = QTensor::quantize(&weight, format)?;
    drop(weight);
    let bytes = rows.storage_size_in_bytes();
    if !rows.device().is_cpu() {
        return Ok((QMatMul::from_qtensor(rows)?, bytes));
    }
    let blocks = Blocks::new(format, format.from_data(rows.data()?));
    drop(rows);
    let rows = QTensor::new(QStorage::Cpu(Box::new(blocks.clone())), (out_features, in_features))?;
    let matrix = QMatMul::from_qtensor(rows)?;
    // One row, four and 32 go different ways on some CPUs (32 through AMX tiles, which candle arranges then only). The
    // blocks go only if none of these reads them as they are.
    for m in [1, 4, 32] {
        matrix.forward(&Tensor::zeros((m, in_features), DType::F32, &Device::Cpu)?)?;
    }
    blocks.give_up_if_unread();
    Ok((matrix, bytes))
}

/// The token table, with one row of zeros below.
///
/// A tied table is read row by row as well, so that its blocks must stay. The odd number of rows keeps candle from
/// rearranging it for the head: memory waits there more than arithmetic does.
pub(crate) fn quantise_table(weight: &Tensor, format: GgmlDType) -> Result<Arc<QTensor>> {
    let (out_features, in_features) = weight.dims2()?;
    let rows = QTensor::quantize(weight, format)?;
    if !out_features.is_multiple_of(4) {
        return Ok(Arc::new(rows));
    }
    // The row is added to the blocks, not to the weights, whose f32 copy is a gigabyte.
    let mut blocks = rows.data()?.into_owned();
    drop(rows);
    blocks.resize(blocks.len() + in_features / format.block_size() * format.type_size(), 0);
    let storage = QStorage::from_data(Cow::Owned(blocks), weight.device(), format)?;
    Ok(Arc::new(QTensor::new(storage, (out_features + 1, in_features))?))
}

/// Blocks that can be given up; candle's and ours are the same.
#[derive(Clone)]
struct Blocks(Arc<Inner>);

struct Inner {
    format: GgmlDType,
    /// `None` once given up.
    data: RwLock<Option<Box<dyn QuantizedType>>>,
    /// Whether a product has read them as they are.
    read: AtomicBool,
}

impl Blocks {
    fn new(format: GgmlDType, data: Box<dyn QuantizedType>) -> Self {
        Self(Arc::new(Inner { format, data: RwLock::new(Some(data)), read: AtomicBool::new(false) }))
    }

    /// Called while the matrix is being made, by the thread that makes it: nobody holds a pointer into the blocks.
    fn give_up_if_unread(&self) {
        if !self.0.read.load(Ordering::Relaxed) {
            *self.0.data.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    fn with<T>(&self, use_blocks: impl FnOnce(&(dyn QuantizedType + 'static)) -> Result<T>) -> Result<T> {
        self.0.read.store(true, Ordering::Relaxed);
        match &*self.0.data.read().unwrap_or_else(PoisonError::into_inner) {
            Some(data) => use_blocks(data.as_ref()),
            None => candle_core::bail!("these weights are held in candle's own arrangement only"),
        }
    }

    /// What does not count as a reading; `otherwise` once the blocks are given up.
    fn peek<T>(&self, look: impl FnOnce(&(dyn QuantizedType + 'static)) -> T, otherwise: T) -> T {
        match &*self.0.data.read().unwrap_or_else(PoisonError::into_inner) {
            Some(data) => look(data.as_ref()),
            None => otherwise,
        }
    }
}

impl QuantizedType for Blocks {
    fn dtype(&self) -> GgmlDType {
        self.0.format
    }

    fn matmul_t(&self, mkn: (usize, usize, usize), lhs: &[f32], dst: &mut [f32]) -> Result<()> {
        self.with(|data| data.matmul_t(mkn, lhs, dst))
    }

    fn matmul_t_f16(&self, mkn: (usize, usize, usize), lhs: &[f16], dst: &mut [f16]) -> Result<()> {
        self.with(|data| data.matmul_t_f16(mkn, lhs, dst))
    }

    fn embedding(&self, ids: &[u32], rows: usize, hidden: usize) -> Result<CpuStorage> {
        self.with(|data| data.embedding(ids, rows, hidden))
    }

    fn dequantize(&self, elem_count: usize) -> Result<CpuStorage> {
        self.with(|data| data.dequantize(elem_count))
    }

    fn storage_size_in_bytes(&self) -> usize {
        self.peek(QuantizedType::storage_size_in_bytes, 0)
    }

    /// Of no bytes once the blocks are given up: candle makes a slice of it, which must not be null.
    fn as_ptr(&self) -> *const u8 {
        self.peek(QuantizedType::as_ptr, std::ptr::NonNull::<u64>::dangling().as_ptr().cast_const().cast())
    }

    fn block_size(&self) -> usize {
        self.0.format.block_size()
    }

    /// candle fills blocks only where it made them; these are full from the start.
    fn from_float(&mut self, _: &[f32]) {}

    /// As above.
    fn from_float_imatrix(&mut self, _: &[f32], _: &[f32], _: usize) {}

    fn size(&self) -> usize {
        self.peek(QuantizedType::size, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows and columns in whole tiles of every CPU's arrangement.
    fn weight() -> Tensor {
        let values: Vec<f32> = (0..32 * 512).map(|i| ((i * 37 % 101) as f32 - 50.0) / 100.0).collect();
        Tensor::from_vec(values, (32, 512), &Device::Cpu).unwrap()
    }

    /// Whatever way candle takes, batches of any size give what candle's own matrix gives.
    #[test]
    fn products_are_those_of_an_ordinary_matrix() {
        for format in [GgmlDType::Q8_0, GgmlDType::Q4K] {
            let (matrix, bytes) = quantise(weight(), format).unwrap();
            assert_eq!(bytes, 32 * 512 / format.block_size() * format.type_size());
            let ordinary = QMatMul::from_qtensor(QTensor::quantize(&weight(), format).unwrap()).unwrap();
            for m in [1, 2, 3, 4, 5, 7, 16, 33] {
                let xs: Vec<f32> = (0..m * 512).map(|i| ((i * 13 % 17) as f32 - 8.0) / 8.0).collect();
                let xs = Tensor::from_vec(xs, (m, 512), &Device::Cpu).unwrap();
                let (got, want) = (matrix.forward(&xs).unwrap(), ordinary.forward(&xs).unwrap());
                assert_eq!(got.to_vec2::<f32>().unwrap(), want.to_vec2::<f32>().unwrap(), "{format:?} x {m}");
            }
        }
    }

    /// Blocks that a product has read stay, others go and are then refused.
    #[test]
    fn blocks_go_only_if_nothing_read_them() {
        let rows = QTensor::quantize(&weight(), GgmlDType::Q8_0).unwrap();
        let blocks = || Blocks::new(GgmlDType::Q8_0, GgmlDType::Q8_0.from_data(rows.data().unwrap()));
        let unread = blocks();
        unread.give_up_if_unread();
        assert_eq!(unread.storage_size_in_bytes(), 0);
        assert!(unread.dequantize(32 * 512).is_err());
        let read = blocks();
        read.matmul_t((1, 512, 32), &[0.0; 512], &mut [0.0; 32]).unwrap();
        read.give_up_if_unread();
        assert!(read.dequantize(32 * 512).is_ok());
    }

    #[test]
    fn a_table_gives_its_rows() {
        let table = quantise_table(&weight(), GgmlDType::Q8_0).unwrap();
        assert_eq!(table.shape().dims(), [33, 512]);
        let got = table.embedding(&Tensor::new(&[31u32, 0], &Device::Cpu).unwrap()).unwrap();
        let want = weight().index_select(&Tensor::new(&[31u32, 0], &Device::Cpu).unwrap(), 0).unwrap();
        let error: f32 = (got - want).unwrap().abs().unwrap().max_all().unwrap().to_scalar().unwrap();
        // Half a step of 127 to the largest value, 0.5.
        assert!(error <= 0.5 / 127.0 / 2.0 + 1e-4, "{error}");
    }
}
