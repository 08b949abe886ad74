//! Executing a program: the one place where a candidate's text becomes a body.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use glam::DVec3;
use partwright_brep::Shape;
use partwright_cadquery::api::Session;
use partwright_cadquery::{Diagnostic, DiagnosticKind, Limits, run_in_process};
use partwright_fit::Deadline;
use partwright_geometry::TriMesh;

/// Exact properties of an executed program's body, in the program's coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Properties {
    /// Volume.
    pub volume: f64,
    /// Area.
    pub area: f64,
    /// Lower and upper corner of the box.
    pub bounds: [DVec3; 2],
    /// Whether the solids pass all checks; see `partwright_brep::checks`.
    pub valid: bool,
    /// Number of solids.
    pub solids: usize,
    /// Number of faces.
    pub faces: usize,
}

/// One face of an executed program's body.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutedFace {
    /// The kind of its surface: `plane`, `cylinder`, `cone`, `sphere`, `torus`.
    pub kind: &'static str,
    /// Exact area.
    pub area: f64,
    /// Centre of area.
    pub center: DVec3,
    /// The call that made it, and the line of the program it stands on, from 1.
    pub made_by: Option<(String, usize)>,
}

/// What an executed program made.
#[derive(Clone, Debug)]
pub struct Execution {
    /// The watertight facets of the body.
    pub mesh: TriMesh,
    /// Its exact properties.
    pub properties: Properties,
    /// Its faces.
    pub faces: Vec<ExecutedFace>,
    /// Index of every facet's face in `faces`; as long as the mesh's triangles, or empty where it is not known.
    pub face_of: Vec<u32>,
    /// The body itself, where it was made in this process.
    pub shape: Option<Shape>,
}

/// Executes programs. Implementations never panic and keep to the deadline as well as they can.
pub trait Executor: Sync {
    /// Runs `source` to its body.
    ///
    /// # Errors
    /// What went wrong in the program, with its place.
    fn execute(&self, source: &str, deadline: &Deadline) -> Result<Execution, Box<Diagnostic>>;
}

/// Executes in a thread of this process: for programs this software wrote itself. Panics are caught; a kernel that does
/// not come back within the limit is given up and left to end on its own.
#[derive(Clone, Debug)]
pub struct InProcess {
    /// Bounds of each run.
    pub limits: Limits,
}

impl Default for InProcess {
    fn default() -> Self {
        Self { limits: Limits { time: Duration::from_secs(6), ..Limits::default() } }
    }
}

/// How often a waiting caller looks whether it was cancelled.
const TICK: Duration = Duration::from_millis(20);
/// Stack of the thread a program runs in: deep chains of calls recurse in interpreter and kernel.
const STACK_BYTES: usize = 64 << 20;

impl Executor for InProcess {
    fn execute(&self, source: &str, deadline: &Deadline) -> Result<Execution, Box<Diagnostic>> {
        let failed = |kind: DiagnosticKind, message: &str| Box::new(Diagnostic::new(kind, message.to_owned()));
        let (sender, receiver) = channel();
        let (text, limits) = (source.to_owned(), self.limits.clone());
        let spawned = std::thread::Builder::new().name("candidate".into()).stack_size(STACK_BYTES).spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| run(&text, &limits)));
            let outcome = outcome.unwrap_or_else(|_| {
                let message = "the kernel failed on this program; this is a fault of this software, please report it";
                Err(Box::new(Diagnostic::new(DiagnosticKind::Crash, message.to_owned())))
            });
            // Nobody listens any more when the caller has given up.
            let _ = sender.send(outcome);
        });
        if let Err(error) = spawned {
            return Err(failed(DiagnosticKind::Crash, &format!("no thread to run the program in: {error}")));
        }
        let until = Instant::now() + self.limits.time;
        loop {
            match receiver.recv_timeout(TICK) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(failed(
                        DiagnosticKind::Crash,
                        "the thread that ran the program ended without a result",
                    ));
                }
                Err(RecvTimeoutError::Timeout) if deadline.cancel().is_cancelled() => {
                    return Err(failed(DiagnosticKind::Cancelled, "stopped by the caller"));
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() >= until || deadline.reached() => {
                    return Err(failed(DiagnosticKind::Time, "executing the program took too long"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

fn run(source: &str, limits: &Limits) -> Result<Execution, Box<Diagnostic>> {
    let mut session = Session::new();
    let mut run = run_in_process(source, limits, &mut session);
    let Some(shape) = run.shape.take() else {
        let nothing = || Diagnostic::new(DiagnosticKind::NoResult, "the program made no shape".to_owned());
        return Err(Box::new(run.diagnostics.into_iter().next().unwrap_or_else(nothing)));
    };
    let body = shape.body().map_err(|error| Box::new(run.kernel_diagnostic(&error, source)))?;
    let properties = Properties {
        volume: body.volume,
        area: body.area,
        bounds: body.bounds,
        valid: partwright_brep::checks::check(&body.solids).is_empty(),
        solids: body.solids.len(),
        faces: body.faces.len(),
    };
    let face = |face: &partwright_brep::FaceInfo| ExecutedFace {
        kind: face.surface.kind(),
        area: face.area,
        center: face.center,
        made_by: run.history.get(face.call).map(|call| (call.name.clone(), line_of(source, call.span.start as usize))),
    };
    Ok(Execution {
        mesh: body.mesh.clone(),
        properties,
        faces: body.faces.iter().map(face).collect(),
        face_of: body.mesh_faces.iter().map(|face| face.0).collect(),
        shape: Some(shape),
    })
}

/// The line, from 1, on which the byte at `place` stands.
pub(crate) fn line_of(source: &str, place: usize) -> usize {
    1 + source.bytes().take(place).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use partwright_fit::CancelToken;

    use super::*;

    #[test]
    fn a_program_becomes_a_body_and_a_fault_a_diagnostic() {
        let run = |source: &str| InProcess::default().execute(source, &Deadline::default());
        let made = run("import cadquery as cq\nr = cq.Workplane('XY').box(1, 2, 3)\n").unwrap();
        assert!((made.properties.volume - 6.0).abs() < 1e-9);
        assert_eq!((made.properties.solids, made.properties.faces), (1, 6));
        assert_eq!((made.faces.len(), made.face_of.len()), (6, made.mesh.triangles.len()));
        assert_eq!(
            (made.faces[0].kind, made.faces[0].made_by.clone()),
            ("plane", Some(("Workplane.box".to_owned(), 2)))
        );
        let fault = run("import cadquery as cq\nr = cq.Workplane('XY').bx(1, 2, 3)\n").unwrap_err();
        assert_eq!(fault.kind, DiagnosticKind::Attribute);
    }

    #[test]
    fn a_cancelled_run_comes_back_at_once() {
        let cancel = CancelToken::default();
        cancel.cancel();
        let deadline = Deadline::new(cancel, None);
        let fault = InProcess::default().execute("while True:\n    pass\n", &deadline).unwrap_err();
        assert_eq!(fault.kind, DiagnosticKind::Cancelled);
    }
}
