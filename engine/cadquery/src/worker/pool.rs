//! The parent's side: a few workers, and a queue before them.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Cancel;
use super::link::{Exchange, Link};
use super::trace::Doing;
use super::wire::{self, WireError};
use crate::report::{Report, Request};
use crate::{Diagnostic, DiagnosticKind};

/// How much longer than its time limit a program may take before its worker is killed: time for the worker to say itself
/// where the program was, and to send what it has.
const GRACE: Duration = Duration::from_millis(200);

/// How often a queued caller looks whether it was called off.
const TICK: Duration = Duration::from_millis(20);

/// Room for what stands around the counted bytes of a reply.
const FRAME_SLACK: u64 = 1 << 16;

/// How to start workers.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// The program that calls [`serve`](super::serve): this program itself.
    pub executable: PathBuf,
    /// Its arguments: the hidden subcommand.
    pub arguments: Vec<OsString>,
    /// How many at most; at least one is used.
    pub workers: usize,
}

/// Why a program could not even be tried.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The worker's executable does not start.
    #[error("cannot start a worker process ({executable}): {cause}")]
    CannotStart {
        /// The executable.
        executable: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The request cannot be sent.
    #[error("cannot send a program to a worker: {0}")]
    CannotSend(String),
}

/// Worker processes, started when they are first needed, reused, and replaced when they have to be killed. To be shared
/// between threads; dropping it kills all workers.
#[derive(Debug)]
pub struct Pool {
    config: PoolConfig,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Link>,
    busy: usize,
    queue: VecDeque<u64>,
    next_ticket: u64,
}

impl Pool {
    /// A pool without any worker yet.
    pub fn new(config: PoolConfig) -> Self {
        Self { config, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Runs a program in the next free worker and waits for the report; callers are served in the order of their coming.
    ///
    /// Whatever the program does shows in the report: a program that takes too long or too much ends its worker, and the
    /// report says so. No more than `request.limits.time` and a fifth of a second pass once a worker is free.
    ///
    /// # Errors
    /// When no worker can be started.
    pub fn run(&self, request: &Request, cancel: &Cancel) -> Result<Report, PoolError> {
        let bytes = wire::encode_request(request).map_err(|error| PoolError::CannotSend(error.to_string()))?;
        let Some(idle) = self.wait_for_turn(cancel) else {
            return Ok(Report::failed(cancelled()));
        };
        let _seat = Seat { pool: self };
        let limit = request.limits.reply_bytes as u64 + FRAME_SLACK;
        let time = request.limits.time + GRACE;
        if let Some(link) = idle {
            let exchange = link.exchange(bytes.clone(), limit, time, cancel);
            // A worker that died idle, before the program reached it, is no fault of the program.
            if let Some(report) = self.conclude(link, exchange, request, true) {
                return Ok(report);
            }
        }
        let link = self.start()?;
        let exchange = link.exchange(bytes, limit, time, cancel);
        Ok(self.conclude(link, exchange, request, false).unwrap_or_default())
    }

    /// The report of an exchange; the worker is put back if it is still good. `None` when the program never reached the
    /// worker and `may_repeat`.
    fn conclude(&self, link: Link, exchange: Exchange, request: &Request, may_repeat: bool) -> Option<Report> {
        Some(match exchange {
            Exchange::Reply(reply) => match wire::decode_report(&reply) {
                Ok(report) => {
                    self.lock().idle.push(link);
                    report
                }
                Err(error) => nonsense(&error),
            },
            Exchange::Cancelled => Report::failed(cancelled()),
            Exchange::TimedOut => {
                let (doing, _) = link.post_mortem();
                let seconds = request.limits.time.as_secs_f64();
                let message = format!("took longer than {seconds} s{}", while_doing(doing.as_ref()));
                Report::failed(placed(Diagnostic::new(DiagnosticKind::Time, message), doing, &request.source))
            }
            Exchange::Broken(why) => {
                let (doing, printed) = link.post_mortem();
                if doing.is_none() && may_repeat {
                    return None;
                }
                Report::failed(placed(cause_of_death(request, &why, &printed), doing, &request.source))
            }
        })
    }

    /// Number of workers at most.
    pub fn workers(&self) -> usize {
        self.config.workers.max(1)
    }

    fn start(&self) -> Result<Link, PoolError> {
        Link::start(&self.config)
            .map_err(|cause| PoolError::CannotStart { executable: self.config.executable.clone(), cause })
    }

    /// Waits until a seat is free and takes it, with an idle worker if there is one; `None` when called off.
    #[expect(clippy::option_option, reason = "called off, a seat without a worker, a seat with one")]
    fn wait_for_turn(&self, cancel: &Cancel) -> Option<Option<Link>> {
        let mut state = self.lock();
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        state.queue.push_back(ticket);
        loop {
            if cancel.is_cancelled() {
                state.queue.retain(|waiting| *waiting != ticket);
                self.changed.notify_all();
                return None;
            }
            if state.queue.front() == Some(&ticket) && state.busy < self.workers() {
                state.queue.pop_front();
                state.busy += 1;
                self.changed.notify_all();
                return Some(state.idle.pop());
            }
            let waited = self.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is consistent between any two of its changes, whoever panicked in between.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the idle workers and waits for them, so that none outlives the pool.
impl Drop for Pool {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut self.lock().idle);
        idle.into_iter().for_each(Link::end);
    }
}

/// A place among the busy; given back when dropped.
struct Seat<'a> {
    pool: &'a Pool,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.pool.lock().busy -= 1;
        self.pool.changed.notify_all();
    }
}

fn cancelled() -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Cancelled, "cancelled")
}

fn nonsense(error: &WireError) -> Report {
    Report::failed(Diagnostic::new(DiagnosticKind::Crash, format!("the worker sent nonsense: {error}")))
}

fn while_doing(doing: Option<&Doing>) -> &'static str {
    match doing {
        Some(Doing::Call { .. }) => ", in or after this call",
        Some(Doing::Evaluating) => ", building the shape",
        Some(Doing::Starting) | None => "",
    }
}

fn placed(diagnostic: Diagnostic, doing: Option<Doing>, source: &str) -> Diagnostic {
    match doing {
        Some(Doing::Call { id, span, name }) => diagnostic.at(span, source).in_call(name, id),
        Some(Doing::Starting | Doing::Evaluating) | None => diagnostic,
    }
}

/// What the runtime's last words say about a worker's end.
fn cause_of_death(request: &Request, why: &str, printed: &str) -> Diagnostic {
    let mib = request.limits.memory_bytes >> 20;
    if printed.contains("memory allocation of") || printed.contains("capacity overflow") {
        return Diagnostic::new(DiagnosticKind::Memory, format!("takes more than {mib} MiB of memory"));
    }
    if printed.contains("overflowed its stack") {
        return Diagnostic::new(DiagnosticKind::Recursion, "nested or recursed too deep");
    }
    let said = printed.lines().next_back().unwrap_or(why);
    Diagnostic::new(DiagnosticKind::Crash, format!("the worker process ended, a fault of this software: {said}"))
}
