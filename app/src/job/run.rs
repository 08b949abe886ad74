//! Running a program.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use partwright_brep::CallId;
use partwright_cadquery::worker::Cancel;
use partwright_cadquery::{Diagnostic, DiagnosticKind, Limits};
use partwright_reconstruct::CancelToken;

use super::{JobId, JobKind, Jobs, Outcome};
use crate::document::{CallVolumes, ItemId, Part};
use crate::program::Programs;

/// How often a waiting run looks whether it was cancelled.
const TICK: Duration = Duration::from_millis(10);

/// Runs a program; with `after_call` the body is the one that there is after that call.
pub(crate) fn run(
    jobs: &mut Jobs,
    programs: &Arc<Programs>,
    item: ItemId,
    source: &str,
    limits: &Limits,
    after_call: Option<u32>,
) -> JobId {
    let (source, programs, limits): (Arc<str>, _, _) = (source.into(), Arc::clone(programs), limits.clone());
    jobs.start(JobKind::Run, Some(item), "", move |_, cancel| {
        let result = part(&programs, &source, &limits, after_call, cancel);
        Outcome::Ran { item, source, result: result.map(Arc::new).map_err(Box::new) }
    })
}

/// Runs a program in a worker process and waits for its part.
///
/// # Errors
/// The first thing that went wrong in the program, or that it was cancelled.
pub(crate) fn part(
    programs: &Programs,
    source: &Arc<str>,
    limits: &Limits,
    after_call: Option<u32>,
    cancel: &CancelToken,
) -> Result<Part, Diagnostic> {
    let report = with_flag(cancel, |flag| programs.shown(source, after_call.map(CallId), limits, flag))?;
    Part::of_report(Arc::clone(source), report)
        .ok_or_else(|| Diagnostic::new(DiagnosticKind::Crash, "the worker did not send what it was asked for"))
}

/// Measures the body after every call of a program.
pub(crate) fn call_volumes(
    jobs: &mut Jobs,
    programs: &Arc<Programs>,
    item: ItemId,
    source: &Arc<str>,
    limits: &Limits,
) -> JobId {
    let (source, programs, limits) = (Arc::clone(source), Arc::clone(programs), limits.clone());
    jobs.start(JobKind::Steps, Some(item), "", move |_, cancel| {
        let volumes = with_flag(cancel, |flag| programs.call_volumes(&source, &limits, flag));
        Outcome::Stepped { item, volumes: CallVolumes { source, volumes } }
    })
}

/// Does `work` with a flag of the workers that is set as soon as `cancel` is.
pub(super) fn with_flag<T>(cancel: &CancelToken, work: impl FnOnce(&Cancel) -> T) -> T {
    let flag = Cancel::new();
    // Dropped when the work is over, however it ends: then nobody has to watch any more.
    let (working, over) = channel::<()>();
    std::thread::scope(|scope| {
        let _working = working;
        scope.spawn({
            let flag = &flag;
            move || {
                while over.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    if cancel.is_cancelled() {
                        flag.cancel();
                        break;
                    }
                }
            }
        });
        work(&flag)
    })
}
