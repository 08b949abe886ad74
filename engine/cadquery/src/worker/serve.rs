//! The child's side.

use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::{frame, trace, wire};
use crate::api::Session;
use crate::report::{self, Report, Request};
use crate::{Api, Diagnostic, DiagnosticKind};

/// Stack of the thread that runs programs: room for the interpreter's and the kernel's recursion over graphs of
/// `Limits::calls` operations.
const STACK_BYTES: usize = 256 << 20;

/// Longest request.
const REQUEST_BYTES: u64 = 64 << 20;

/// How much later than its time limit a worker ends itself, should its parent not have done so.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers requests from `input` on `output` until the input ends.
///
/// Limits the memory of this process: to be called by a process that does nothing else.
///
/// # Errors
/// When a pipe breaks, or a request makes no sense: the parent is gone or is not ours.
pub fn serve(input: impl Read + Send, output: impl Write + Send) -> io::Result<()> {
    serve_with(input, output, || Box::new(Session::new()))
}

/// As [`serve`]; `new_api` makes what stands behind `import cadquery` for each program.
fn serve_with(
    mut input: impl Read + Send,
    mut output: impl Write + Send,
    new_api: impl Fn() -> Box<dyn Api> + Send,
) -> io::Result<()> {
    let (watchdog, armed) = mpsc::channel();
    thread::Builder::new().name("watchdog".to_owned()).spawn(move || watch(&armed))?;
    thread::scope(|scope| {
        let serving = move || -> io::Result<()> {
            let base = memory_in_use();
            while let Some(bytes) = frame::read(&mut input, REQUEST_BYTES)? {
                trace::note_start();
                let request =
                    wire::decode_request(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
                limit_memory(base.saturating_add(request.limits.memory_bytes))?;
                // Only a watchdog that is gone refuses; the parent's own limit remains.
                let _ = watchdog.send(Some(request.limits.time + PATIENCE));
                let report = answer(&request, &new_api);
                let _ = watchdog.send(None);
                frame::write(&mut output, &encode(report, request.limits.reply_bytes)?)?;
            }
            Ok(())
        };
        let thread = thread::Builder::new().name("program".to_owned()).stack_size(STACK_BYTES);
        match thread.spawn_scoped(scope, serving)?.join() {
            Ok(result) => result,
            Err(_) => Err(io::Error::other("the worker panicked")),
        }
    })
}

fn answer(request: &Request, new_api: &impl Fn() -> Box<dyn Api>) -> Report {
    // A fault of the kernel must not take the worker's next programs with it; nothing of this run is used after it.
    catch_unwind(AssertUnwindSafe(|| {
        report::report_watched(request, new_api().as_mut(), &mut |call| trace::note(call))
    }))
    .unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Report::failed(Diagnostic::new(DiagnosticKind::Crash, format!("a fault of this software: {text}")))
    })
}

fn encode(report: Report, limit: usize) -> io::Result<Vec<u8>> {
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
    let bytes = wire::encode_report(report).map_err(invalid)?;
    if bytes.len() <= limit {
        return Ok(bytes);
    }
    let message = format!("the result takes {} bytes; at most {limit} are allowed", bytes.len());
    wire::encode_report(Report::failed(Diagnostic::new(DiagnosticKind::Size, message))).map_err(invalid)
}

/// Ends this process when a program overstays and the parent is no longer there to see to it.
fn watch(armed: &mpsc::Receiver<Option<Duration>>) {
    let mut patience = None;
    loop {
        let next = match patience {
            Some(time) => armed.recv_timeout(time),
            None => armed.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match next {
            Ok(time) => patience = time,
            Err(RecvTimeoutError::Timeout) => std::process::exit(1),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Limits the address space of this process, and never the next program by the one before.
#[cfg(unix)]
fn limit_memory(bytes: u64) -> io::Result<()> {
    use rlimit::Resource;
    let (_, hard) = Resource::AS.get()?;
    Resource::AS.set(bytes.min(hard), hard)?;
    // A crash leaves no memory image behind.
    Resource::CORE.set(0, 0)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Unix, where it can fail")]
fn limit_memory(_bytes: u64) -> io::Result<()> {
    Ok(())
}

/// The address space this process takes now, so that the limit means what programs add to it.
fn memory_in_use() -> u64 {
    // Linux tells in pages of 4 KiB or more; elsewhere an allowance that fits the program's text, libraries and stacks.
    const ALLOWANCE: u64 = 2 << 30;
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok());
    pages.map_or(ALLOWANCE, |pages| pages * 4096)
}
