//! Ctrl+C: the first one asks the work to stop and keep what there is, the second ends the program at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

/// Watches Ctrl+C (and SIGTERM) from here on; the flag turns true at the first.
pub(crate) fn on_interrupt() -> Result<Arc<AtomicBool>, Failure> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::SeqCst) {
            // The user insists. Output files are written aside and renamed, so none is left half-written.
            std::process::exit(1);
        }
    })
    .map_err(|error| Failure::failed(format!("Ctrl+C cannot be watched: {error}")))?;
    Ok(cancelled)
}
