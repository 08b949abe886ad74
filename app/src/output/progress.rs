//! A progress bar on standard error.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar that vanishes when dropped; nothing at all where standard error is no terminal.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar for the work called `what`.
    pub(crate) fn new(what: &str, visible: bool) -> Self {
        if !visible {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{elapsed}]") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    /// Names the stage of the work and how much of it is done, between 0 and 1.
    pub(crate) fn stage(&self, stage: &str, fraction: f64) {
        self.0.set_message(format!("{stage} {:3.0} %", fraction.clamp(0.0, 1.0) * 100.0));
    }

    /// Counts `done` of `total` steps.
    pub(crate) fn count(&self, done: usize, total: usize, what: &str) {
        if self.0.length() != Some(total as u64) {
            self.0.set_length(total as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} {msg} [{elapsed}, {eta} left]") {
                self.0.set_style(style);
            }
        }
        self.0.set_position(done as u64);
        self.0.set_message(what.to_owned());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
