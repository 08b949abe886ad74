//! Batches in order, made by threads of their own ahead of time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Batches that wait to be taken, at most.
const AHEAD: usize = 4;

/// Batches by number, in order.
pub struct Stream<T> {
    receiver: Receiver<(u64, T)>,
    /// Batches that came before their turn.
    early: BTreeMap<u64, T>,
    next: u64,
}

impl<T: Send + 'static> Stream<T> {
    /// Begins with the batch `first`; `make` makes the batch of a number and is called by `threads` threads. They end when
    /// the stream is dropped.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new(first: u64, threads: usize, make: impl Fn(u64) -> T + Send + Sync + 'static) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(AHEAD);
        let (make, next) = (Arc::new(make), Arc::new(AtomicU64::new(first)));
        for _ in 0..threads.max(1) {
            let (sender, make, next): (SyncSender<(u64, T)>, _, _) =
                (sender.clone(), Arc::clone(&make), Arc::clone(&next));
            // Programs are executed here: deep chains of calls recurse in interpreter and kernel.
            std::thread::Builder::new().name("samples".into()).stack_size(64 << 20).spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if sender.send((number, make(number))).is_err() {
                        return;
                    }
                }
            })?;
        }
        Ok(Self { receiver, early: BTreeMap::new(), next: first })
    }

    /// The next batch; `None` where the threads that make them have died.
    pub fn next_batch(&mut self) -> Option<T> {
        loop {
            if let Some(batch) = self.early.remove(&self.next) {
                self.next += 1;
                return Some(batch);
            }
            let (number, batch) = self.receiver.recv().ok()?;
            self.early.insert(number, batch);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn batches_come_in_order_whoever_was_first() {
        let make = |number: u64| {
            std::thread::sleep(Duration::from_millis(number % 3));
            number * 10
        };
        let mut stream = Stream::new(5, 3, make).unwrap();
        for number in 5..30 {
            assert_eq!(stream.next_batch(), Some(number * 10));
        }
    }

    #[test]
    fn a_stream_whose_threads_died_says_so() {
        let mut stream = Stream::new(0, 1, |number: u64| assert!(number < 2)).unwrap();
        assert_eq!([stream.next_batch(), stream.next_batch(), stream.next_batch()], [Some(()), Some(()), None]);
    }
}
