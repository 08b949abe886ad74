//! Progress and cancellation of long work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Told how far long work has come. Implementations must return quickly; they may be called from any thread.
pub trait Progress: Sync {
    /// `stage` has come to `fraction` (0 to 1) of its own work.
    fn report(&self, stage: &str, fraction: f64);
}

/// A [`Progress`] that nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _stage: &str, _fraction: f64) {}
}

/// A flag that asks running work to stop; clones share it.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Asks the work to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked for it.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// When to stop: at a request or at a point in time, whichever comes first.
#[derive(Clone, Debug, Default)]
pub struct Deadline {
    cancel: CancelToken,
    at: Option<Instant>,
}

impl Deadline {
    /// Stops when `cancel` is set or `at` has passed (`None`: never by time).
    pub fn new(cancel: CancelToken, at: Option<Instant>) -> Self {
        Self { cancel, at }
    }

    /// Whether work should wind up now with what it has.
    pub fn reached(&self) -> bool {
        self.cancel.is_cancelled() || self.at.is_some_and(|at| Instant::now() >= at)
    }

    /// The token.
    pub fn cancel(&self) -> &CancelToken {
        &self.cancel
    }

    /// The point in time, if there is one.
    pub fn at(&self) -> Option<Instant> {
        self.at
    }
}
