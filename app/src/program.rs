//! Executing CadQuery programs and exporting their shapes.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use partwright_brep::step::{self, StepConfig};
use partwright_brep::tessellate::{Tolerance, tessellate};
use partwright_brep::{Body, Shape};
use partwright_cadquery::api::Session;
use partwright_cadquery::{Diagnostic, DiagnosticKind, Limits, run_in_process};
use partwright_geometry::format::{FileFormat, write_to};
use partwright_geometry::{LengthUnit, TriMesh, repair};
use serde_json::{Value, json};

use crate::command::info::corners;
use crate::failure::Failure;
use crate::output::FileKind;
use crate::scan;

/// Deeply nested programs take stack to interpret.
const STACK_BYTES: usize = 64 << 20;

/// Largest turn of the normal along an edge of a written mesh: 15 degrees give a full circle 24 edges.
const MESH_ANGLE_RAD: f64 = std::f64::consts::PI / 12.0;

/// The chord tolerance of a written mesh as a share of the part's diagonal, unless the user gives one.
const MESH_TOLERANCE_OF_SIZE: f64 = 1.0 / 2000.0;

/// What is asked of a program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The files to make of its shape.
    pub(crate) files: Vec<FileKind>,
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
    /// Exact volume.
    pub(crate) volume: f64,
    /// Exact area.
    pub(crate) area: f64,
    /// Lower and upper corner of the box.
    pub(crate) bbox: [f64; 6],
    /// Number of solids.
    pub(crate) solids: usize,
    /// Number of faces.
    pub(crate) faces: usize,
    /// Whether every check of the solid passes.
    pub(crate) valid: bool,
    /// Whether its mesh is watertight.
    pub(crate) watertight: bool,
    /// How long it took.
    pub(crate) time: Duration,
    /// Its mesh.
    pub(crate) mesh: TriMesh,
    /// The files asked for, in their order.
    pub(crate) files: Vec<Vec<u8>>,
    /// What it printed.
    pub(crate) printed: String,
}

impl Made {
    /// The fields of `run --json`.
    pub(crate) fn object(&self) -> Value {
        json!({
            "ok": true,
            "volume": self.volume,
            "area": self.area,
            "bbox": self.bbox,
            "solids": self.solids,
            "faces": self.faces,
            "valid": self.valid,
            "watertight": self.watertight,
            "time_ms": self.time.as_secs_f64() * 1e3,
        })
    }
}

/// The fields of `run --json` for a program that failed.
pub(crate) fn failure_object(diagnostic: &Diagnostic) -> Value {
    let position = diagnostic.position;
    json!({
        "ok": false,
        "error": {
            "kind": diagnostic.kind.name(),
            "message": diagnostic.message,
            "line": position.map(|position| position.line),
            "column": position.map(|position| position.column),
            "call": diagnostic.call,
        },
    })
}

/// Reads a program; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let (place, bytes) = if path == Path::new("-") {
        ("standard input".to_owned(), scan::read_stdin()?)
    } else {
        scan::must_be_a_file(path)?;
        let place = format!("'{}'", path.display());
        let bytes = std::fs::read(path).map_err(|error| Failure::failed(format!("{place} cannot be read: {error}")))?;
        (place, bytes)
    };
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Failure::failed(format!("{place} is not text: byte {offset} is not UTF-8"))
            .help("a CadQuery program is a Python source file")
    })
}

/// The mesh of a program's shape.
pub(crate) fn mesh(path: &Path) -> Result<TriMesh, Failure> {
    let source = read(path)?;
    execute(&source, &Wanted::default(), &Limits::default())
        .map(|made| made.mesh)
        .map_err(|diagnostic| Failure::failed(format!("'{}': {diagnostic}", path.display())))
}

/// Executes a program and makes what is wanted of its shape.
pub(crate) fn execute(source: &str, wanted: &Wanted, limits: &Limits) -> Result<Made, Diagnostic> {
    let fault = |text: String| Err(Diagnostic::new(DiagnosticKind::Crash, text));
    thread::scope(|scope| {
        let attempt = || execute_here(source, wanted, limits);
        match thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, attempt) {
            Ok(running) => running
                .join()
                .unwrap_or_else(|_| fault("the program met a fault of this software; please report it".to_owned())),
            Err(error) => fault(format!("a thread cannot be started: {error}")),
        }
    })
}

fn execute_here(source: &str, wanted: &Wanted, limits: &Limits) -> Result<Made, Diagnostic> {
    let started = Instant::now();
    let mut session = Session::new();
    let run = run_in_process(source, limits, &mut session);
    if let Some(diagnostic) = run.diagnostics.first() {
        return Err(diagnostic.clone());
    }
    let no_result = || Diagnostic::new(DiagnosticKind::NoResult, "the program made no shape");
    let shape: &Shape = run.shape.as_ref().ok_or_else(no_result)?;
    let body = shape.body().map_err(|error| run.kernel_diagnostic(&error, source))?;
    let kernel = |text: String| Diagnostic::new(DiagnosticKind::Kernel, text);
    let files =
        wanted.files.iter().map(|kind| export(&body, *kind, wanted)).collect::<Result<_, _>>().map_err(kernel)?;
    let watertight = repair::inspect(&body.mesh).watertight;
    Ok(Made {
        volume: body.volume,
        area: body.area,
        bbox: corners(body.bounds),
        solids: body.solids.len(),
        faces: body.faces.len(),
        valid: watertight,
        watertight,
        time: started.elapsed(),
        mesh: body.mesh.clone(),
        files,
        printed: run.printed,
    })
}

fn export(body: &Arc<Body>, kind: FileKind, wanted: &Wanted) -> Result<Vec<u8>, String> {
    if kind == FileKind::Step {
        let config = StepConfig { product: wanted.name.clone(), unit: wanted.unit, ..StepConfig::default() };
        let mut bytes = Vec::new();
        step::write(&body.solids, &config, &mut bytes).map_err(|error| error.to_string())?;
        return Ok(bytes);
    }
    let [low, high] = body.bounds;
    let chord = wanted.tolerance.unwrap_or((high - low).length() * MESH_TOLERANCE_OF_SIZE);
    let tolerance = Tolerance::new(chord, MESH_ANGLE_RAD).ok_or("the tolerance of the mesh must be positive")?;
    let mesh = tessellate(&body.solids, tolerance).map_err(|error| error.to_string())?.mesh;
    let format = match kind {
        FileKind::Stl => FileFormat::Stl,
        FileKind::Ply => FileFormat::Ply,
        FileKind::Obj => FileFormat::Obj,
        FileKind::ThreeMf => FileFormat::ThreeMf,
        FileKind::Step | FileKind::Program | FileKind::Json => return Err(format!("{kind:?} is no mesh")),
    };
    let mut bytes = Cursor::new(Vec::new());
    write_to(format, &mesh, wanted.unit, &mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
