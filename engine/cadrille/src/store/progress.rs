//! How far long work is, told to the caller, who may stop it.

use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use super::StoreError;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Bytes arrive.
    Downloading,
    /// Bytes on the disk are read and hashed.
    Checking,
    /// Waiting before the next try.
    Waiting,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being done.
    pub stage: Stage,
    /// The file it is done to.
    pub file: &'a str,
    /// Bytes of this file that are done, and how many it has (0 while that is not known).
    pub file_bytes: [u64; 2],
    /// Bytes of all files that are done, and how many they have.
    pub all_bytes: [u64; 2],
}

/// Called at every piece of work; `Break` stops it with [`StoreError::Cancelled`].
pub type Watch<'a> = dyn FnMut(&Progress<'_>) -> ControlFlow<()> + 'a;

/// Tells of one file within the whole.
pub(super) struct Teller<'a, 'w> {
    pub(super) watch: &'a mut Watch<'w>,
    pub(super) file: &'a str,
    /// Bytes of the files before this one.
    pub(super) before: u64,
    /// Bytes of all files.
    pub(super) total: u64,
}

impl Teller<'_, '_> {
    /// Tells that `done` of `of` bytes of the file are done.
    pub(super) fn tell(&mut self, stage: Stage, done: u64, of: u64) -> Result<(), StoreError> {
        let all_bytes = [self.before + done, self.total.max(self.before + done)];
        match (self.watch)(&Progress { stage, file: self.file, file_bytes: [done, of], all_bytes }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(StoreError::Cancelled),
        }
    }

    /// Waits, asking ten times a second whether to go on.
    pub(super) fn wait(&mut self, duration: Duration, done: u64, of: u64) -> Result<(), StoreError> {
        const STEP: Duration = Duration::from_millis(100);
        let end = Instant::now() + duration;
        loop {
            self.tell(Stage::Waiting, done, of)?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(STEP));
        }
    }
}
