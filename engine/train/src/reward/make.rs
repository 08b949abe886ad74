//! Making the part of a program, facets alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use partwright_brep::evaluate::facet_mesh;
use partwright_cadquery::api::Session;
use partwright_cadquery::worker::{Cancel, Pool};
use partwright_cadquery::{DiagnosticKind, Limits, Request, Wanted, run_in_process};
use partwright_geometry::TriMesh;

/// Why a program made nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMade {
    /// It is no program, or makes no body.
    Invalid,
    /// It took longer than it may.
    TimedOut,
}

/// Makes parts.
pub trait Maker: Sync {
    /// The closed facets of what `source` makes.
    ///
    /// # Errors
    /// [`NotMade`]: it makes nothing.
    fn make(&self, source: &str) -> Result<TriMesh, NotMade>;

    /// How many may be made at a time.
    fn at_a_time(&self) -> usize;
}

/// In worker processes: for text from anywhere.
#[derive(Debug)]
pub struct OfWorkers<'a> {
    pool: &'a Pool,
    limits: Limits,
    cancel: Cancel,
}

impl<'a> OfWorkers<'a> {
    /// In the workers of `pool`, each program for `time` at most (cadrille's evaluation gives it 3 s).
    pub fn new(pool: &'a Pool, time: Duration) -> Self {
        Self { pool, limits: Limits { time, ..Limits::default() }, cancel: Cancel::new() }
    }

    /// The flag that stops all of them.
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }
}

impl Maker for OfWorkers<'_> {
    fn make(&self, source: &str) -> Result<TriMesh, NotMade> {
        let request = Request {
            source: source.to_owned(),
            wanted: Wanted { facets: true, ..Wanted::default() },
            limits: self.limits.clone(),
        };
        let report = self.pool.run(&request, &self.cancel).map_err(|_| NotMade::Invalid)?;
        match report.diagnostics.first() {
            Some(fault) if fault.kind == DiagnosticKind::Time => Err(NotMade::TimedOut),
            Some(_) => Err(NotMade::Invalid),
            None => report.facets.filter(|mesh| !mesh.triangles.is_empty()).ok_or(NotMade::Invalid),
        }
    }

    fn at_a_time(&self) -> usize {
        self.pool.workers()
    }
}

/// In this process: for programs of the dialect alone, which cannot do anything but make parts.
#[derive(Clone, Debug)]
pub struct OfThisProcess {
    /// What a program may use.
    pub limits: Limits,
    /// How many run at a time.
    pub threads: usize,
}

impl Default for OfThisProcess {
    fn default() -> Self {
        Self { limits: Limits::default(), threads: std::thread::available_parallelism().map_or(1, usize::from) }
    }
}

impl Maker for OfThisProcess {
    fn make(&self, source: &str) -> Result<TriMesh, NotMade> {
        let made = catch_unwind(AssertUnwindSafe(|| {
            let run = run_in_process(source, &self.limits, &mut Session::new());
            if run.diagnostics.first().is_some_and(|fault| fault.kind == DiagnosticKind::Time) {
                return Err(NotMade::TimedOut);
            }
            let mesh = facet_mesh(&run.shape.ok_or(NotMade::Invalid)?).map_err(|_| NotMade::Invalid)?;
            Ok(Arc::unwrap_or_clone(mesh))
        }));
        made.unwrap_or(Err(NotMade::Invalid))
            .and_then(|mesh| if mesh.triangles.is_empty() { Err(NotMade::Invalid) } else { Ok(mesh) })
    }

    fn at_a_time(&self) -> usize {
        self.threads
    }
}
