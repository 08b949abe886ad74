//! Executing programs in worker processes, which can be killed: for programs from anywhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use partwright_cadquery::worker::{Cancel, Pool};
use partwright_cadquery::{Diagnostic, DiagnosticKind, Limits, Report, Request, Wanted};
use partwright_fit::Deadline;

use crate::execute::line_of;
use crate::{ExecutedFace, Execution, Executor, Properties};

/// How often a waiting caller looks whether it was cancelled.
const TICK: Duration = Duration::from_millis(20);

/// Executes in the workers of a pool.
#[derive(Debug)]
pub struct Workers<'a> {
    pool: &'a Pool,
    limits: Limits,
}

impl<'a> Workers<'a> {
    /// Runs programs in `pool`, each within `limits`.
    pub fn new(pool: &'a Pool, limits: Limits) -> Self {
        Self { pool, limits }
    }
}

impl Executor for Workers<'_> {
    fn execute(&self, source: &str, deadline: &Deadline) -> Result<Execution, Box<Diagnostic>> {
        if deadline.cancel().is_cancelled() {
            return failed(DiagnosticKind::Cancelled, "stopped by the caller");
        }
        let left = deadline.at().map(|at| at.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return failed(DiagnosticKind::Time, "there was no time left to execute the program");
        }
        let time = left.map_or(self.limits.time, |left| left.min(self.limits.time));
        let request = Request {
            source: source.to_owned(),
            wanted: Wanted { properties: true, facets: true, ..Wanted::default() },
            limits: Limits { time, ..self.limits.clone() },
        };
        let (cancel, done) = (Cancel::new(), AtomicBool::new(false));
        // The pool listens to a flag of its own, which follows the deadline: waiting for a free worker counts, too.
        let ran = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    if deadline.reached() {
                        cancel.cancel();
                        break;
                    }
                    std::thread::sleep(TICK);
                }
            });
            let ran = self.pool.run(&request, &cancel);
            done.store(true, Ordering::Relaxed);
            ran
        });
        match ran {
            Err(error) => failed(DiagnosticKind::Crash, &error.to_string()),
            Ok(_) if cancel.is_cancelled() && !deadline.cancel().is_cancelled() => {
                failed(DiagnosticKind::Time, "executing the program took too long")
            }
            Ok(report) => execution(report, source),
        }
    }
}

/// What a report holds, or the first thing that went wrong.
fn execution(report: Report, source: &str) -> Result<Execution, Box<Diagnostic>> {
    if let Some(fault) = report.diagnostics.into_iter().next() {
        return Err(Box::new(fault));
    }
    let (Some(p), Some(mesh)) = (report.properties, report.facets) else {
        return failed(DiagnosticKind::NoResult, "the program made no shape");
    };
    let properties = Properties {
        volume: p.volume,
        area: p.area,
        bounds: p.bounds,
        valid: p.valid,
        solids: p.solids as usize,
        faces: p.faces as usize,
    };
    let history = report.history;
    let face = |face: partwright_cadquery::ReportedFace| ExecutedFace {
        kind: face.surface.kind(),
        area: face.area,
        center: face.center,
        made_by: history
            .get(face.call.0 as usize)
            .map(|call| (call.name.clone(), line_of(source, call.span.start as usize))),
    };
    let faces = report.faces.into_iter().map(face).collect();
    Ok(Execution { mesh, properties, faces, face_of: report.facet_faces, shape: None })
}

fn failed<T>(kind: DiagnosticKind, message: &str) -> Result<T, Box<Diagnostic>> {
    Err(Box::new(Diagnostic::new(kind, message.to_owned())))
}

#[cfg(test)]
mod tests {
    use partwright_cadquery::worker::PoolConfig;
    use partwright_fit::CancelToken;

    use super::*;

    #[test]
    fn faults_of_the_pool_and_of_the_caller_have_their_kind() {
        let config = PoolConfig { executable: "/nowhere/partwright".into(), arguments: Vec::new(), workers: 1 };
        let pool = Pool::new(config);
        let workers = Workers::new(&pool, Limits::default());
        let check = |deadline: &Deadline, expected: DiagnosticKind| {
            assert_eq!(workers.execute("r = 1", deadline).map(|_| ()).unwrap_err().kind, expected);
        };
        check(&Deadline::default(), DiagnosticKind::Crash);
        check(&Deadline::new(CancelToken::default(), Some(Instant::now())), DiagnosticKind::Time);
        let stopped = Deadline::default();
        stopped.cancel().cancel();
        check(&stopped, DiagnosticKind::Cancelled);
    }

    #[test]
    fn reports_become_executions() {
        assert_eq!(execution(Report::default(), "").unwrap_err().kind, DiagnosticKind::NoResult);
        let fault = Report::failed(Diagnostic::new(DiagnosticKind::Memory, "too much"));
        assert_eq!(execution(fault, "").unwrap_err().kind, DiagnosticKind::Memory);
    }
}
