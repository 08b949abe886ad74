//! A run with its evaluated shape, as plain data: what callers ask of a program and what they get.

use std::time::{Duration, Instant};

use glam::DVec3;
use partwright_brep::checks;
use partwright_brep::step::{self, StepConfig};
use partwright_brep::tessellate::{self, Tessellation, Tolerance};
use partwright_brep::{Body, CallId, Curve, Shape, Surface, evaluate};
use partwright_geometry::{TriMesh, repair};

use crate::interpreter::Watch;
use crate::run::run_watched;
use crate::{Api, Diagnostic, DiagnosticKind, Limits, ResultSource, Run, Span};

/// What a caller wants to know of a program's shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Exact volume, area, counts ([`Report::properties`], [`Report::faces`]).
    pub properties: bool,
    /// The facet mesh of the mesh-only path, without a rebuild: cheap, for IoU and rewards.
    pub facets: bool,
    /// A watertight mesh of the analytic faces.
    pub mesh: Option<Fineness>,
    /// The STEP file of the analytic solids.
    pub step: Option<StepConfig>,
    /// The volume of the body after every call ([`ReportedCall::volume`]), as far as half of the time reaches.
    pub call_volumes: bool,
    /// Look at the body after this call of the history in place of the result.
    pub after_call: Option<CallId>,
}

/// How fine a mesh is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fineness {
    /// The chord is a length in the program's unit.
    Absolute(Tolerance),
    /// The chord is a share of the diagonal of the body's box.
    OfSize(Tolerance),
}

impl Fineness {
    /// The tolerance for a body in the box `bounds`; `None` for one without any size.
    fn of_body(self, bounds: [DVec3; 2]) -> Option<Tolerance> {
        match self {
            Self::Absolute(tolerance) => Some(tolerance),
            Self::OfSize(share) => Tolerance::new(share.chord() * bounds[0].distance(bounds[1]), share.angle_rad()),
        }
    }
}

/// A program and what is wanted of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The program's text.
    pub source: String,
    /// What is wanted.
    pub wanted: Wanted,
    /// What it may use.
    pub limits: Limits,
}

/// One call of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedCall {
    /// Its name: `Workplane.box`.
    pub name: String,
    /// Its place in the source.
    pub span: Span,
    /// Its arguments as Python would print them.
    pub arguments: String,
    /// Whether there is a body after it, to be asked for by [`Wanted::after_call`].
    pub has_body: bool,
    /// The volume of that body, exact, if wanted; `None` also when it cannot be made.
    pub volume: Option<f64>,
}

/// Measures of a body, exact, in the program's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Properties {
    /// Volume.
    pub volume: f64,
    /// Area.
    pub area: f64,
    /// Centre of volume.
    pub center: DVec3,
    /// Bounding box, lower and upper corner.
    pub bounds: [DVec3; 2],
    /// Number of solids.
    pub solids: u32,
    /// Number of faces.
    pub faces: u32,
    /// Number of edges.
    pub edges: u32,
    /// Number of vertices.
    pub vertices: u32,
    /// Whether every check of the solids passes.
    pub valid: bool,
    /// Whether the facet mesh is watertight.
    pub watertight: bool,
}

/// One face of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedFace {
    /// The call that made it.
    pub call: CallId,
    /// The surface it lies on.
    pub surface: Surface,
    /// Its area.
    pub area: f64,
    /// Its centre of area.
    pub center: DVec3,
    /// The solid it belongs to.
    pub solid: u32,
}

/// One edge of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedEdge {
    /// The kind of its curve: `line`, `circle`, `ellipse`, `spline`.
    pub kind: String,
    /// Radius, where the curve is a circle.
    pub radius: Option<f64>,
    /// Centre, where the curve is a circle or an ellipse.
    pub center: Option<DVec3>,
    /// The faces on its two sides, as indices of [`Report::faces`]; one face twice along a seam.
    pub faces: [u32; 2],
    /// The points it is drawn with, as indices of the mesh's positions, from its first vertex to its second.
    pub points: Vec<u32>,
}

/// A mesh whose triangles know their face.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FacedMesh {
    /// The mesh.
    pub mesh: TriMesh,
    /// Index of every triangle's face in [`Report::faces`].
    pub triangle_faces: Vec<u32>,
    /// The body's edges along it.
    pub edges: Vec<ReportedEdge>,
}

/// What became of a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Where the result was found; `None` when there is none.
    pub result: Option<ResultSource>,
    /// Every call that reached the API, also of a program that failed; the index is the [`CallId`].
    pub history: Vec<ReportedCall>,
    /// What went wrong; empty when everything wanted is there.
    pub diagnostics: Vec<Diagnostic>,
    /// What the program printed.
    pub printed: String,
    /// Exact measures, if wanted.
    pub properties: Option<Properties>,
    /// The faces of the body, if properties or a mesh are wanted.
    pub faces: Vec<ReportedFace>,
    /// The facet mesh, if wanted.
    pub facets: Option<TriMesh>,
    /// Index in [`Report::faces`] of the face of every triangle of the facet mesh, if properties are wanted with it.
    pub facet_faces: Vec<u32>,
    /// The mesh of the analytic faces, if wanted.
    pub mesh: Option<FacedMesh>,
    /// The STEP file, if wanted.
    pub step: Option<Vec<u8>>,
    /// Time spent in Python and the API.
    pub python_time: Duration,
    /// Time spent evaluating and exporting the shape.
    pub kernel_time: Duration,
}

impl Report {
    /// A report of nothing but a failure.
    pub fn failed(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic], ..Self::default() }
    }
}

/// Runs a program in this process and evaluates its shape; see [`run_in_process`](crate::run_in_process) for what this
/// does not protect against.
pub fn report_in_process(request: &Request, api: &mut dyn Api) -> Report {
    report_watched(request, api, &mut |_| {})
}

/// As [`report_in_process`]; `watch` is told of every call before it is made and of the evaluation.
pub(crate) fn report_watched(request: &Request, api: &mut dyn Api, watch: &mut Watch<'_>) -> Report {
    let started = Instant::now();
    let run = run_watched(&request.source, &request.limits, api, watch);
    let python_time = started.elapsed();
    let mut report = Report {
        result: run.result.clone(),
        history: run
            .history
            .calls
            .iter()
            .map(|call| ReportedCall {
                name: call.name.clone(),
                span: call.span,
                arguments: call.arguments.clone(),
                has_body: call.shape.is_some(),
                volume: None,
            })
            .collect(),
        diagnostics: run.diagnostics.clone(),
        printed: run.printed.clone(),
        python_time,
        ..Report::default()
    };
    let shape = match request.wanted.after_call {
        None => run.shape.clone(),
        Some(id) => {
            let shape = run.history.get(id).and_then(|call| call.shape.clone());
            if shape.is_none() && report.diagnostics.is_empty() {
                let message = format!("there is no body after call {}", id.0);
                report.diagnostics.push(Diagnostic::new(DiagnosticKind::NoResult, message));
            }
            shape
        }
    };
    if let Some(shape) = shape {
        watch(None);
        if let Err(diagnostic) = evaluate_into(&mut report, &shape, &run, request) {
            report.diagnostics.push(diagnostic);
        }
    }
    if request.wanted.call_volumes {
        watch(None);
        for (reported, call) in report.history.iter_mut().zip(&run.history.calls) {
            if started.elapsed() > request.limits.time / 2 {
                break;
            }
            reported.volume = call.shape.as_ref().and_then(|shape| Some(shape.body().ok()?.volume));
        }
    }
    report.kernel_time = started.elapsed().saturating_sub(python_time);
    report
}

fn evaluate_into(report: &mut Report, shape: &Shape, run: &Run, request: &Request) -> Result<(), Diagnostic> {
    let wanted = &request.wanted;
    let fault = |error| run.kernel_diagnostic(&error, &request.source);
    if !wanted.properties && wanted.mesh.is_none() && wanted.step.is_none() {
        if wanted.facets {
            let facets = evaluate::facet_mesh(shape).map_err(fault)?;
            report.facets = Some(std::sync::Arc::unwrap_or_clone(facets));
        }
        return Ok(());
    }
    let body = shape.body().map_err(fault)?;
    if wanted.facets {
        // The body has facets already; evaluating them alone would do the boolean twice.
        report.facets = Some(body.mesh.clone());
    }
    if wanted.facets && wanted.properties {
        report.facet_faces = body.mesh_faces.iter().map(|face| face.0).collect();
    }
    if wanted.properties || wanted.mesh.is_some() {
        report.faces = faces(&body);
    }
    if wanted.properties {
        report.properties = Some(properties(&body));
    }
    let failed = |what: &str, why: String| Diagnostic::new(DiagnosticKind::Kernel, format!("{what}: {why}"));
    if let Some(fineness) = wanted.mesh {
        let tolerance =
            fineness.of_body(body.bounds).ok_or_else(|| failed("mesh", "the shape has no size".to_owned()))?;
        let mesh =
            tessellate::tessellate(&body.solids, tolerance).map_err(|error| failed("mesh", error.to_string()))?;
        report.mesh = Some(faced(mesh));
    }
    if let Some(config) = &wanted.step {
        let mut bytes = Vec::new();
        step::write(&body.solids, config, &mut bytes).map_err(|error| failed("STEP", error.to_string()))?;
        report.step = Some(bytes);
    }
    Ok(())
}

fn properties(body: &Body) -> Properties {
    Properties {
        volume: body.volume,
        area: body.area,
        center: body.center,
        bounds: body.bounds,
        solids: body.solids.len() as u32,
        faces: body.faces.len() as u32,
        edges: body.edges.len() as u32,
        vertices: body.vertices.len() as u32,
        valid: checks::check(&body.solids).is_empty(),
        watertight: repair::inspect(&body.mesh).watertight,
    }
}

fn faced(mesh: Tessellation) -> FacedMesh {
    let Tessellation { mesh, triangle_faces, edges, edge_curves, edge_faces } = mesh;
    let edge = |((points, curve), faces): ((Vec<u32>, Curve), [u32; 2])| {
        let (radius, center) = match &curve {
            Curve::Circle { frame, radius } => (Some(*radius), Some(frame.origin)),
            Curve::Ellipse { frame, .. } => (None, Some(frame.origin)),
            Curve::Line | Curve::Spline { .. } => (None, None),
        };
        ReportedEdge { kind: curve.kind().to_owned(), radius, center, faces, points }
    };
    FacedMesh { mesh, triangle_faces, edges: edges.into_iter().zip(edge_curves).zip(edge_faces).map(edge).collect() }
}

fn faces(body: &Body) -> Vec<ReportedFace> {
    let face = |info: &partwright_brep::FaceInfo| ReportedFace {
        call: info.call,
        surface: info.surface,
        area: info.area,
        center: info.center,
        solid: info.solid,
    };
    body.faces.iter().map(face).collect()
}
