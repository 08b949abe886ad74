//! Ctrl+C: the first one asks the work to stop and keep what there is, the second ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

/// Calls `stop` at the first Ctrl+C from here on.
pub(crate) fn on_interrupt(stop: impl Fn() + Send + 'static) -> Result<(), Failure> {
    let asked = AtomicBool::new(false);
    watch(move || {
        if asked.swap(true, Ordering::SeqCst) {
            // The user insists. Output files are written aside and renamed, so none is left half-written.
            std::process::exit(1);
        }
        stop();
    })
}

/// Leaves Ctrl+C to the parent: a terminal sends it to child processes too, but the parent decides what becomes of them.
pub(crate) fn leave_to_parent() -> Result<(), Failure> {
    watch(|| {})
}

fn watch(handler: impl Fn() + Send + 'static) -> Result<(), Failure> {
    ctrlc::set_handler(handler).map_err(|error| Failure::failed(format!("Ctrl+C cannot be watched: {error}")))
}
