//! How fast the memory that holds the weights can be read.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use candle_core::{DType, Device, Result, Tensor};

/// Tries; the best one counts, since other programs only ever slow a reading down.
const TRIES: usize = 5;
/// Bytes that are read in one try: far more than any cache holds.
const BYTES: usize = 1_000_000_000;

/// Bytes a second: read by all threads of a CPU, or read and written by a GPU that copies.
///
/// # Errors
/// candle's, where a GPU has no room for two gigabytes.
pub(super) fn bandwidth(device: &Device) -> Result<f64> {
    if device.is_cpu() { Ok(of_cpu()) } else { of_gpu(device) }
}

fn of_cpu() -> f64 {
    let values: Vec<u64> = (0..BYTES as u64 / 8).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    best(BYTES, || {
        thread::scope(|scope| {
            for part in values.chunks(values.len().div_ceil(threads)) {
                scope.spawn(|| black_box(sum(part)));
            }
        });
        Ok(())
    })
    .unwrap_or(0.0)
}

/// Sixteen sums apart, so that no addition waits for another.
fn sum(values: &[u64]) -> [u64; 16] {
    let mut sums = [0u64; 16];
    for chunk in values.chunks_exact(16) {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum = sum.wrapping_add(*value);
        }
    }
    sums
}

fn of_gpu(device: &Device) -> Result<f64> {
    let values = Tensor::zeros(BYTES / 4, DType::F32, device)?;
    best(2 * BYTES, || {
        black_box(values.copy()?);
        device.synchronize()
    })
}

fn best(bytes: usize, mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut best = 0f64;
    for _ in 0..TRIES {
        let start = Instant::now();
        work()?;
        best = best.max(bytes as f64 / start.elapsed().as_secs_f64());
    }
    Ok(best)
}
