//! Work that must not keep the caller waiting beyond a point in time.
//!
//! Most work looks at its deadline itself. What comes from libraries does not, so it runs in a thread of its own, and
//! the caller stops waiting for it in time; the thread then ends by itself and its result is dropped.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use partwright_fit::{Deadline, Progress};

/// How often a waiting caller looks whether it was cancelled.
const TICK: Duration = Duration::from_millis(20);
/// Stack of the threads: set operations recurse.
const STACK_BYTES: usize = 64 << 20;

enum Message<T> {
    Progress(String, f64),
    Done(T),
}

struct Relay<T>(Sender<Message<T>>);

impl<T: Send> Progress for Relay<T> {
    fn report(&self, stage: &str, fraction: f64) {
        // Nobody listens any more when the caller has given up.
        let _ = self.0.send(Message::Progress(stage.to_owned(), fraction));
    }
}

/// The result of `work`; `None` when `deadline` is reached first, or when the work panicked.
pub(crate) fn within<T: Send + 'static>(
    deadline: &Deadline,
    progress: &dyn Progress,
    work: impl FnOnce(&dyn Progress) -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = channel();
    let run = move || {
        let relay = Relay(sender);
        let done = work(&relay);
        let _ = relay.0.send(Message::Done(done));
    };
    // A panic ends the thread and with it the channel.
    std::thread::Builder::new().name("reconstruct".into()).stack_size(STACK_BYTES).spawn(run).ok()?;
    loop {
        let left = deadline.at().map_or(TICK, |at| at.saturating_duration_since(Instant::now()));
        match receiver.recv_timeout(left.min(TICK)) {
            Ok(Message::Progress(stage, fraction)) => progress.report(&stage, fraction),
            Ok(Message::Done(done)) => return Some(done),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if deadline.reached() => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use partwright_fit::{CancelToken, Silent};

    use super::*;

    #[test]
    fn results_panics_and_overdue_work() {
        let soon = Deadline::new(CancelToken::default(), Some(Instant::now() + Duration::from_millis(50)));
        let never = Deadline::default();
        assert_eq!(within(&never, &Silent, |_| 7), Some(7));
        assert_eq!(within::<i32>(&never, &Silent, |_| std::panic::resume_unwind(Box::new(()))), None);
        let (_keep, wait) = channel::<()>();
        assert!(within(&soon, &Silent, move |_| wait.recv().is_ok()).is_none());
        never.cancel().cancel();
        let (_keep, wait) = channel::<()>();
        assert!(within(&never, &Silent, move |_| wait.recv().is_ok()).is_none());
    }
}
