//! Executing CadQuery programs and making files of their shapes.
//!
//! Programs come from anywhere, so they run in worker processes of this very program: nothing they do can take it down.

use std::fmt;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use partwright_brep::CallId;
use partwright_brep::step::StepConfig;
use partwright_brep::tessellate::Tolerance;
use partwright_cadquery::worker::{Cancel, Pool, PoolConfig};
use partwright_cadquery::{Diagnostic, DiagnosticKind, Fineness, Limits, Properties, Report, Request, Wanted};
use partwright_geometry::format::{FileFormat, write_to};
use partwright_geometry::{LengthUnit, TriMesh};
use serde_json::{Value, json};

use crate::command::info::corners;
use crate::failure::Failure;
use crate::output::FileKind;
use crate::scan;

/// Largest turn of the normal along an edge of a written mesh: 15 degrees give a full circle 24 edges.
const MESH_ANGLE_RAD: f64 = std::f64::consts::PI / 12.0;

/// The chord tolerance of a written mesh as a share of the part's diagonal, unless the user gives one.
const MESH_TOLERANCE_OF_SIZE: f64 = 1.0 / 2000.0;

/// Executes programs in worker processes.
#[derive(Debug)]
pub(crate) struct Programs {
    pool: Pool,
    cancel: Cancel,
}

/// The files wanted of a program's shape.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// What to make.
    pub(crate) kinds: Vec<FileKind>,
    /// Chord tolerance of meshes, in the program's unit.
    pub(crate) tolerance: Option<f64>,
    /// The name of the product in a STEP file.
    pub(crate) name: String,
    /// The program's length unit.
    pub(crate) unit: LengthUnit,
}

/// What a program made.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// Exact measures.
    pub(crate) properties: Properties,
    /// How long it took to execute and evaluate.
    pub(crate) time: Duration,
    /// What it printed.
    pub(crate) printed: String,
}

/// Why a program made nothing.
#[derive(Clone, Debug)]
pub(crate) struct ProgramFailure(Diagnostic);

impl Programs {
    /// Worker processes, at most `workers` at a time; none is started yet.
    pub(crate) fn new(workers: usize) -> Result<Self, Failure> {
        let executable = std::env::current_exe()
            .map_err(|error| Failure::failed(format!("this program cannot find its own file: {error}")))?;
        Ok(Self::of_executable(executable, workers))
    }

    /// Worker processes of `executable`, which is this program.
    pub(crate) fn of_executable(executable: PathBuf, workers: usize) -> Self {
        let config = PoolConfig { executable, arguments: vec!["worker".into()], workers };
        Self { pool: Pool::new(config), cancel: Cancel::new() }
    }

    /// As many workers as there are cores.
    pub(crate) fn on_all_cores() -> Result<Self, Failure> {
        Self::new(thread::available_parallelism().map_or(1, usize::from))
    }

    /// The workers themselves.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// How many programs run at a time at most.
    pub(crate) fn workers(&self) -> usize {
        self.pool.workers()
    }

    /// The flag that stops all programs.
    pub(crate) fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// Executes a program and measures its shape.
    pub(crate) fn measure(&self, source: &str, limits: &Limits) -> Result<Made, ProgramFailure> {
        let wanted = Wanted { properties: true, ..Wanted::default() };
        made(&mut self.report(source, wanted, limits, &self.cancel)?)
    }

    /// Executes a program, measures its shape and makes files of it, in the order asked for.
    pub(crate) fn make(
        &self,
        source: &str,
        files: &Files,
        limits: &Limits,
        cancel: &Cancel,
    ) -> Result<(Made, Vec<Vec<u8>>), ProgramFailure> {
        let step = files.kinds.contains(&FileKind::Step).then(|| StepConfig {
            product: files.name.clone(),
            unit: files.unit,
            ..StepConfig::default()
        });
        let meshed = files.kinds.iter().any(|kind| FileKind::MESHES.contains(kind));
        let mesh = meshed.then(|| fineness(files.tolerance)).transpose()?;
        let mut report =
            self.report(source, Wanted { properties: true, step, mesh, ..Wanted::default() }, limits, cancel)?;
        let made = made(&mut report)?;
        let bytes = files.kinds.iter().map(|kind| file(*kind, files.unit, &report)).collect::<Result<_, _>>()?;
        Ok((made, bytes))
    }

    /// The mesh of a program's shape.
    pub(crate) fn mesh(&self, source: &str, limits: &Limits) -> Result<TriMesh, ProgramFailure> {
        let wanted = Wanted { mesh: Some(fineness(None)?), ..Wanted::default() };
        Ok(self.report(source, wanted, limits, &self.cancel)?.mesh.ok_or_else(nothing)?.mesh)
    }

    /// Executes a program for showing its shape, or the one after a call: measures, faces, their mesh, and the facets that
    /// candidates are measured with.
    pub(crate) fn shown(
        &self,
        source: &str,
        after_call: Option<CallId>,
        limits: &Limits,
        cancel: &Cancel,
    ) -> Result<Report, Diagnostic> {
        let shown = || {
            let mesh = Some(fineness(None)?);
            let wanted = Wanted { properties: true, facets: true, mesh, after_call, ..Wanted::default() };
            self.report(source, wanted, limits, cancel)
        };
        shown().map_err(|failure| failure.0)
    }

    /// The volume of the body after every call of a program, as far as they can be told in the time.
    pub(crate) fn call_volumes(&self, source: &str, limits: &Limits, cancel: &Cancel) -> Vec<Option<f64>> {
        let wanted = Wanted { call_volumes: true, ..Wanted::default() };
        let report = self.report(source, wanted, limits, cancel);
        report.map(|report| report.history.iter().map(|call| call.volume).collect()).unwrap_or_default()
    }

    fn report(&self, source: &str, wanted: Wanted, limits: &Limits, cancel: &Cancel) -> Result<Report, ProgramFailure> {
        let request = Request { source: source.to_owned(), wanted, limits: limits.clone() };
        let mut report = self.pool.run(&request, cancel).map_err(|error| crash(error.to_string()))?;
        if report.diagnostics.is_empty() { Ok(report) } else { Err(ProgramFailure(report.diagnostics.swap_remove(0))) }
    }
}

impl Made {
    /// The fields of `run --json`.
    pub(crate) fn object(&self) -> Value {
        let properties = &self.properties;
        json!({
            "ok": true,
            "volume": properties.volume,
            "area": properties.area,
            "bbox": corners(properties.bounds),
            "solids": properties.solids,
            "faces": properties.faces,
            "valid": properties.valid,
            "watertight": properties.watertight,
            "time_ms": self.time.as_secs_f64() * 1e3,
        })
    }
}

impl ProgramFailure {
    /// The kind's name.
    pub(crate) fn kind(&self) -> &'static str {
        self.0.kind.name()
    }

    /// The fields of `run --json`.
    pub(crate) fn object(&self) -> Value {
        let Diagnostic { kind, message, position, call, .. } = &self.0;
        json!({
            "ok": false,
            "error": {
                "kind": kind.name(),
                "message": message,
                "line": position.map(|position| position.line),
                "column": position.map(|position| position.column),
                "call": call,
            },
        })
    }
}

impl fmt::Display for ProgramFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn made(report: &mut Report) -> Result<Made, ProgramFailure> {
    let properties = report.properties.ok_or_else(nothing)?;
    let printed = std::mem::take(&mut report.printed);
    Ok(Made { properties, time: report.python_time + report.kernel_time, printed })
}

fn nothing() -> ProgramFailure {
    crash("the worker did not send what it was asked for".to_owned())
}

fn crash(message: String) -> ProgramFailure {
    ProgramFailure(Diagnostic::new(DiagnosticKind::Crash, message))
}

/// How fine a written or shown mesh is: with the chord `chosen`, in the program's unit, or one that follows the size.
fn fineness(chosen: Option<f64>) -> Result<Fineness, ProgramFailure> {
    let tolerance = |chord| Tolerance::new(chord, MESH_ANGLE_RAD);
    let fineness = match chosen {
        Some(chord) => tolerance(chord).map(Fineness::Absolute),
        None => tolerance(MESH_TOLERANCE_OF_SIZE).map(Fineness::OfSize),
    };
    fineness.ok_or_else(|| crash("the tolerance of the mesh is not a positive length".to_owned()))
}

fn file(kind: FileKind, unit: LengthUnit, report: &Report) -> Result<Vec<u8>, ProgramFailure> {
    let format = match kind {
        FileKind::Step => return report.step.clone().ok_or_else(nothing),
        FileKind::Stl => FileFormat::Stl,
        FileKind::Ply => FileFormat::Ply,
        FileKind::Obj => FileFormat::Obj,
        FileKind::ThreeMf => FileFormat::ThreeMf,
        FileKind::Program | FileKind::Json | FileKind::Png | FileKind::Markdown => {
            return Err(crash(format!("{kind:?} is no shape")));
        }
    };
    let mesh = report.mesh.as_ref().ok_or_else(nothing)?;
    let mut bytes = Cursor::new(Vec::new());
    write_to(format, &mesh.mesh, unit, &mut bytes).map_err(|error| crash(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// How an input is called in messages; `-` is standard input.
pub(crate) fn place(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { format!("'{}'", path.display()) }
}

/// The name of the part in an input: that of the file.
pub(crate) fn part_name(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| stem != "-").unwrap_or_else(|| "part".to_owned())
}

/// Reads a program; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let place = place(path);
    let bytes = if path == Path::new("-") {
        scan::read_stdin()?
    } else {
        scan::must_be_a_file(path)?;
        std::fs::read(path).map_err(|error| Failure::failed(format!("{place} cannot be read: {error}")))?
    };
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Failure::failed(format!("{place} is not text: byte {offset} is not UTF-8"))
            .help("a CadQuery program is a Python source file")
    })
}
