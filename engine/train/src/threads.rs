//! The threads that learn.

use candle_core::Device;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// A pool of one thread for each that learns: candle asks for all threads of the pool it runs in. `threads` 0 takes all
/// cores; a GPU is fed by one.
///
/// # Errors
/// A system that gives no threads.
pub(crate) fn pools(threads: usize, device: &Device) -> Result<Vec<ThreadPool>, ThreadPoolBuildError> {
    let threads = match (threads, device.is_cpu()) {
        (_, false) => 1,
        (0, true) => std::thread::available_parallelism().map_or(1, usize::from),
        (threads, true) => threads,
    };
    (0..threads).map(|_| ThreadPoolBuilder::new().num_threads(1).build()).collect()
}
