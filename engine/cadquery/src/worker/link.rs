//! One child process, seen from the parent.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::{Cancel, PoolConfig, frame, trace};

/// How often a waiting parent looks whether it was called off.
const TICK: Duration = Duration::from_millis(10);

/// How much of a dead worker's standard error is read.
const LOG_BYTES: u64 = 4 << 20;

/// A worker process. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Link {
    /// There until it is killed.
    child: Option<Child>,
    requests: Sender<(Vec<u8>, u64)>,
    replies: Receiver<io::Result<Option<Vec<u8>>>>,
    log: File,
}

/// How an exchange ended.
#[derive(Debug)]
pub(crate) enum Exchange {
    /// With an answer.
    Reply(Vec<u8>),
    /// It took too long.
    TimedOut,
    /// It was called off.
    Cancelled,
    /// The worker died or sent what is no frame: why, as far as is known.
    Broken(String),
}

impl Link {
    /// Starts a worker.
    pub(crate) fn start(config: &PoolConfig) -> io::Result<Self> {
        // A file rather than a pipe: nobody has to drain it, and it outlives the worker.
        let log = tempfile::Builder::new().prefix("partwright-worker").append(true).tempfile()?.into_file();
        let mut child = Command::new(&config.executable)
            .args(&config.arguments)
            // Several workers share the machine; one of them takes one core, and few allocation arenas of address space.
            .env("RAYON_NUM_THREADS", "1")
            .env("MALLOC_ARENA_MAX", "2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log.try_clone()?))
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the worker has no pipes"));
        };
        let (requests, to_send) = mpsc::channel();
        let (answers, replies) = mpsc::channel();
        thread::Builder::new()
            .name("worker pipe".to_owned())
            .spawn(move || converse(stdin, stdout, &to_send, &answers))?;
        Ok(Self { child: Some(child), requests, replies, log })
    }

    /// Sends a request and waits for its answer of at most `limit` bytes. After anything but a reply the worker is of no
    /// more use.
    pub(crate) fn exchange(&self, request: Vec<u8>, limit: u64, time: Duration, cancel: &Cancel) -> Exchange {
        // What earlier programs left in the log is of no interest; a log that cannot be cut only gets longer.
        let _ = self.log.set_len(0);
        if self.requests.send((request, limit)).is_err() {
            return Exchange::Broken("the worker is gone".to_owned());
        }
        let deadline = Instant::now() + time;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.replies.recv_timeout(left.min(TICK)) {
                Ok(Ok(Some(reply))) => return Exchange::Reply(reply),
                Ok(Ok(None)) => return Exchange::Broken("the worker ended".to_owned()),
                Ok(Err(error)) => return Exchange::Broken(error.to_string()),
                Err(RecvTimeoutError::Disconnected) => return Exchange::Broken("the worker is gone".to_owned()),
                Err(RecvTimeoutError::Timeout) if cancel.is_cancelled() => return Exchange::Cancelled,
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Exchange::TimedOut,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Kills the worker and says what it was doing and what its runtime printed.
    pub(crate) fn post_mortem(mut self) -> (Option<trace::Doing>, String) {
        self.kill();
        let mut text = Vec::new();
        let read = self.log.seek(SeekFrom::Start(0)).and_then(|_| (&self.log).take(LOG_BYTES).read_to_end(&mut text));
        match read {
            Ok(_) => trace::read(&String::from_utf8_lossy(&text)),
            Err(error) => (None, error.to_string()),
        }
    }

    /// Ends an idle worker and waits until it is gone.
    pub(crate) fn end(mut self) {
        if let Some(mut child) = self.child.take() {
            // Both fail only for a process that is no more.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Both fail only for a process that is no more. A process with much memory takes its time to go: a thread of
            // its own waits for it (and where none can be had, it is left to the system).
            let _ = child.kill();
            let _ = thread::Builder::new().name("worker burial".to_owned()).spawn(move || child.wait());
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Writes requests and reads replies in turn; in a thread of its own, since either may wait for ever on a worker that
/// hangs. Ends with the worker or the link.
fn converse(
    mut stdin: ChildStdin,
    mut stdout: ChildStdout,
    requests: &Receiver<(Vec<u8>, u64)>,
    replies: &Sender<io::Result<Option<Vec<u8>>>>,
) {
    for (request, limit) in requests {
        let reply = frame::write(&mut stdin, &request).and_then(|()| frame::read(&mut stdout, limit));
        let last = !matches!(reply, Ok(Some(_)));
        if replies.send(reply).is_err() || last {
            return;
        }
    }
}
