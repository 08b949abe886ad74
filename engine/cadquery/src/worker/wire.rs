//! The form in which requests and reports cross the pipe (postcard), and the checks on what comes back.

use std::time::Duration;

use glam::DVec3;
use partwright_brep::step::StepConfig;
use partwright_brep::tessellate::Tolerance;
use partwright_brep::{CallId, Frame, Surface};
use partwright_geometry::{LengthUnit, TriMesh};
use serde::{Deserialize, Serialize};

use crate::report::{
    FacedMesh, Fineness, Properties, Report, ReportedCall, ReportedEdge, ReportedFace, Request, Wanted,
};
use crate::{Diagnostic, Limits, ResultSource, Span};

/// The units in the order of their number on the wire.
const UNITS: [LengthUnit; 5] =
    [LengthUnit::Unknown, LengthUnit::Millimetre, LengthUnit::Centimetre, LengthUnit::Metre, LengthUnit::Inch];

#[derive(Serialize, Deserialize)]
struct WireRequest {
    source: String,
    limits: WireLimits,
    properties: bool,
    facets: bool,
    mesh: Option<WireFineness>,
    step: Option<WireStep>,
    call_volumes: bool,
    after_call: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct WireFineness {
    of_size: bool,
    chord: f64,
    angle_rad: f64,
}

#[derive(Serialize, Deserialize)]
struct WireLimits {
    time: Duration,
    memory_bytes: u64,
    recursion: usize,
    source_bytes: usize,
    nesting: usize,
    calls: usize,
    argument_values: usize,
    printed_bytes: usize,
    reply_bytes: usize,
}

#[derive(Serialize, Deserialize)]
struct WireStep {
    product: String,
    unit: usize,
    program: String,
    file_name: String,
    time_stamp: String,
}

#[derive(Serialize, Deserialize)]
struct WireReport {
    result: Option<WireSource>,
    history: Vec<WireCall>,
    diagnostics: Vec<Diagnostic>,
    printed: String,
    properties: Option<WireProperties>,
    faces: Vec<WireFace>,
    facets: Option<WireMesh>,
    facet_faces: Vec<u32>,
    mesh: Option<WireMesh>,
    triangle_faces: Vec<u32>,
    edges: Vec<WireEdge>,
    step: Option<Vec<u8>>,
    python_time: Duration,
    kernel_time: Duration,
}

#[derive(Serialize, Deserialize)]
enum WireSource {
    Named(String),
    Shown,
    LastAssigned(String),
}

#[derive(Serialize, Deserialize)]
struct WireCall {
    name: String,
    span: Span,
    arguments: String,
    has_body: bool,
    volume: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct WireProperties {
    volume: f64,
    area: f64,
    center: [f64; 3],
    bounds: [[f64; 3]; 2],
    counts: [u32; 4],
    valid: bool,
    watertight: bool,
}

#[derive(Serialize, Deserialize)]
struct WireFace {
    call: u32,
    surface: WireSurface,
    area: f64,
    center: [f64; 3],
    solid: u32,
}

/// Kind, frame (origin, x, y, z) and sizes of a surface.
#[derive(Serialize, Deserialize)]
struct WireSurface {
    kind: u8,
    frame: [[f64; 3]; 4],
    sizes: [f64; 2],
}

#[derive(Serialize, Deserialize)]
struct WireEdge {
    kind: String,
    radius: Option<f64>,
    center: Option<[f64; 3]>,
    faces: [u32; 2],
    points: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
struct WireMesh {
    positions: Vec<[f64; 3]>,
    triangles: Vec<[u32; 3]>,
}

/// What was received is not what a worker sends.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum WireError {
    /// The bytes cannot be read.
    #[error("the bytes do not form a message: {0}")]
    Unreadable(#[from] postcard::Error),
    /// A mesh refers to a point it does not have.
    #[error("a triangle refers to point {index} of {points}")]
    PointOutOfRange {
        /// The index.
        index: u32,
        /// How many there are.
        points: usize,
    },
    /// A mesh refers to a face the body does not have, or does not say for every triangle.
    #[error("the faces of a mesh's triangles do not fit its body")]
    FacesDoNotFit,
    /// A surface of a kind that there is not.
    #[error("a surface is of the unknown kind {0}")]
    UnknownSurface(u8),
    /// A tolerance or unit that cannot be.
    #[error("the request is out of range")]
    BadRequest,
}

/// The bytes of a request.
pub(crate) fn encode_request(request: &Request) -> Result<Vec<u8>, WireError> {
    let Request { source, wanted, limits } = request;
    Ok(postcard::to_stdvec(&WireRequest {
        source: source.clone(),
        limits: WireLimits {
            time: limits.time,
            memory_bytes: limits.memory_bytes,
            recursion: limits.recursion,
            source_bytes: limits.source_bytes,
            nesting: limits.nesting,
            calls: limits.calls,
            argument_values: limits.argument_values,
            printed_bytes: limits.printed_bytes,
            reply_bytes: limits.reply_bytes,
        },
        properties: wanted.properties,
        facets: wanted.facets,
        mesh: wanted.mesh.map(wire_fineness),
        step: wanted.step.as_ref().map(|config| WireStep {
            product: config.product.clone(),
            unit: UNITS.iter().position(|unit| *unit == config.unit).unwrap_or(0),
            program: config.program.clone(),
            file_name: config.file_name.clone(),
            time_stamp: config.time_stamp.clone(),
        }),
        call_volumes: wanted.call_volumes,
        after_call: wanted.after_call.map(|id| id.0),
    })?)
}

fn wire_fineness(fineness: Fineness) -> WireFineness {
    let (of_size, tolerance) = match fineness {
        Fineness::Absolute(tolerance) => (false, tolerance),
        Fineness::OfSize(tolerance) => (true, tolerance),
    };
    WireFineness { of_size, chord: tolerance.chord(), angle_rad: tolerance.angle_rad() }
}

fn fineness(wire: &WireFineness) -> Result<Fineness, WireError> {
    let tolerance = Tolerance::new(wire.chord, wire.angle_rad).ok_or(WireError::BadRequest)?;
    Ok(if wire.of_size { Fineness::OfSize(tolerance) } else { Fineness::Absolute(tolerance) })
}

/// The request of the bytes.
pub(crate) fn decode_request(bytes: &[u8]) -> Result<Request, WireError> {
    let request: WireRequest = postcard::from_bytes(bytes)?;
    let limits = request.limits;
    let step = |step: WireStep| {
        let unit = *UNITS.get(step.unit).ok_or(WireError::BadRequest)?;
        let WireStep { product, program, file_name, time_stamp, .. } = step;
        Ok::<_, WireError>(StepConfig { product, unit, program, file_name, time_stamp })
    };
    Ok(Request {
        source: request.source,
        wanted: Wanted {
            properties: request.properties,
            facets: request.facets,
            mesh: request.mesh.as_ref().map(fineness).transpose()?,
            step: request.step.map(step).transpose()?,
            call_volumes: request.call_volumes,
            after_call: request.after_call.map(CallId),
        },
        limits: Limits {
            time: limits.time,
            memory_bytes: limits.memory_bytes,
            recursion: limits.recursion,
            source_bytes: limits.source_bytes,
            nesting: limits.nesting,
            calls: limits.calls,
            argument_values: limits.argument_values,
            printed_bytes: limits.printed_bytes,
            reply_bytes: limits.reply_bytes,
        },
    })
}

/// The bytes of a report.
pub(crate) fn encode_report(report: Report) -> Result<Vec<u8>, WireError> {
    let (mesh, triangle_faces, edges) = match report.mesh {
        Some(FacedMesh { mesh, triangle_faces, edges }) => (Some(wire_mesh(&mesh)), triangle_faces, edges),
        None => (None, Vec::new(), Vec::new()),
    };
    let source = |source| match source {
        ResultSource::Named(name) => WireSource::Named(name),
        ResultSource::Shown => WireSource::Shown,
        ResultSource::LastAssigned(name) => WireSource::LastAssigned(name),
    };
    let call = |call| {
        let ReportedCall { name, span, arguments, has_body, volume } = call;
        WireCall { name, span, arguments, has_body, volume }
    };
    let face = |face: ReportedFace| WireFace {
        call: face.call.0,
        surface: wire_surface(&face.surface),
        area: face.area,
        center: face.center.to_array(),
        solid: face.solid,
    };
    let edge = |edge: ReportedEdge| {
        let ReportedEdge { kind, radius, center, faces, points } = edge;
        WireEdge { kind, radius, center: center.map(|c| c.to_array()), faces, points }
    };
    let properties = |of: Properties| WireProperties {
        volume: of.volume,
        area: of.area,
        center: of.center.to_array(),
        bounds: of.bounds.map(|corner| corner.to_array()),
        counts: [of.solids, of.faces, of.edges, of.vertices],
        valid: of.valid,
        watertight: of.watertight,
    };
    Ok(postcard::to_stdvec(&WireReport {
        result: report.result.map(source),
        history: report.history.into_iter().map(call).collect(),
        diagnostics: report.diagnostics,
        printed: report.printed,
        properties: report.properties.map(properties),
        faces: report.faces.into_iter().map(face).collect(),
        facets: report.facets.as_ref().map(wire_mesh),
        facet_faces: report.facet_faces,
        mesh,
        triangle_faces,
        edges: edges.into_iter().map(edge).collect(),
        step: report.step,
        python_time: report.python_time,
        kernel_time: report.kernel_time,
    })?)
}

/// The report of the bytes; every index in it is in range.
pub(crate) fn decode_report(bytes: &[u8]) -> Result<Report, WireError> {
    let report: WireReport = postcard::from_bytes(bytes)?;
    let source = |source| match source {
        WireSource::Named(name) => ResultSource::Named(name),
        WireSource::Shown => ResultSource::Shown,
        WireSource::LastAssigned(name) => ResultSource::LastAssigned(name),
    };
    let call = |call| {
        let WireCall { name, span, arguments, has_body, volume } = call;
        ReportedCall { name, span, arguments, has_body, volume }
    };
    let face = |face: WireFace| {
        Ok::<_, WireError>(ReportedFace {
            call: CallId(face.call),
            surface: surface(&face.surface)?,
            area: face.area,
            center: DVec3::from_array(face.center),
            solid: face.solid,
        })
    };
    let edge = |edge: WireEdge| {
        let WireEdge { kind, radius, center, faces, points } = edge;
        ReportedEdge { kind, radius, center: center.map(DVec3::from_array), faces, points }
    };
    let properties = |of: WireProperties| {
        let [solids, faces, edges, vertices] = of.counts;
        Properties {
            volume: of.volume,
            area: of.area,
            center: DVec3::from_array(of.center),
            bounds: of.bounds.map(DVec3::from_array),
            solids,
            faces,
            edges,
            vertices,
            valid: of.valid,
            watertight: of.watertight,
        }
    };
    let faces: Vec<ReportedFace> = report.faces.into_iter().map(face).collect::<Result<_, _>>()?;
    let known = |face: &u32| (*face as usize) < faces.len();
    let facets = report.facets.map(checked_mesh).transpose()?;
    let triangles = facets.as_ref().map_or(0, |facets| facets.triangles.len());
    let facet_faces = report.facet_faces;
    if !facet_faces.is_empty() && facet_faces.len() != triangles || !facet_faces.iter().all(known) {
        return Err(WireError::FacesDoNotFit);
    }
    let mesh = match report.mesh {
        None => None,
        Some(mesh) => {
            let (mesh, triangle_faces) = (checked_mesh(mesh)?, report.triangle_faces);
            if triangle_faces.len() != mesh.triangles.len() || !triangle_faces.iter().all(known) {
                return Err(WireError::FacesDoNotFit);
            }
            let edges: Vec<ReportedEdge> = report.edges.into_iter().map(edge).collect();
            if !edges.iter().flat_map(|edge| &edge.faces).all(known) {
                return Err(WireError::FacesDoNotFit);
            }
            let points = mesh.positions.len();
            let mut indices = edges.iter().flat_map(|edge| &edge.points);
            if let Some(&index) = indices.find(|index| **index as usize >= points) {
                return Err(WireError::PointOutOfRange { index, points });
            }
            Some(FacedMesh { mesh, triangle_faces, edges })
        }
    };
    Ok(Report {
        result: report.result.map(source),
        history: report.history.into_iter().map(call).collect(),
        diagnostics: report.diagnostics,
        printed: report.printed,
        properties: report.properties.map(properties),
        faces,
        facets,
        facet_faces,
        mesh,
        step: report.step,
        python_time: report.python_time,
        kernel_time: report.kernel_time,
    })
}

fn wire_surface(of: &Surface) -> WireSurface {
    let (kind, sizes) = match *of {
        Surface::Plane { .. } => (0, [0.0; 2]),
        Surface::Cylinder { radius, .. } => (1, [radius, 0.0]),
        Surface::Cone { radius, half_angle_rad, .. } => (2, [radius, half_angle_rad]),
        Surface::Sphere { radius, .. } => (3, [radius, 0.0]),
        Surface::Torus { major_radius, minor_radius, .. } => (4, [major_radius, minor_radius]),
    };
    let frame = of.frame();
    WireSurface { kind, frame: [frame.origin, frame.x, frame.y, frame.z].map(|v| v.to_array()), sizes }
}

fn surface(of: &WireSurface) -> Result<Surface, WireError> {
    let [origin, x, y, z] = of.frame.map(DVec3::from_array);
    let frame = Frame { origin, x, y, z };
    let [first, second] = of.sizes;
    Ok(match of.kind {
        0 => Surface::Plane { frame },
        1 => Surface::Cylinder { frame, radius: first },
        2 => Surface::Cone { frame, radius: first, half_angle_rad: second },
        3 => Surface::Sphere { frame, radius: first },
        4 => Surface::Torus { frame, major_radius: first, minor_radius: second },
        kind => return Err(WireError::UnknownSurface(kind)),
    })
}

fn wire_mesh(mesh: &TriMesh) -> WireMesh {
    WireMesh { positions: mesh.positions.iter().map(DVec3::to_array).collect(), triangles: mesh.triangles.clone() }
}

fn checked_mesh(mesh: WireMesh) -> Result<TriMesh, WireError> {
    let points = mesh.positions.len();
    match mesh.triangles.iter().flatten().find(|index| **index as usize >= points) {
        Some(index) => Err(WireError::PointOutOfRange { index: *index, points }),
        None => Ok(TriMesh {
            positions: mesh.positions.into_iter().map(DVec3::from_array).collect(),
            triangles: mesh.triangles,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DiagnosticKind;

    fn report() -> Report {
        let mesh = TriMesh { positions: vec![DVec3::ZERO, DVec3::X, DVec3::Y], triangles: vec![[0, 1, 2]] };
        let call = ReportedCall {
            name: "Workplane.box".into(),
            span: Span { start: 3, end: 9 },
            arguments: "1, 2".into(),
            has_body: true,
            volume: Some(6.0),
        };
        let face = ReportedFace {
            call: CallId(1),
            surface: Surface::Torus { frame: Frame::WORLD, major_radius: 3.0, minor_radius: 1.0 },
            area: 0.5,
            center: DVec3::splat(1.0 / 3.0),
            solid: 0,
        };
        let edge = ReportedEdge {
            kind: "circle".into(),
            radius: Some(2.0),
            center: Some(DVec3::Y),
            faces: [0, 0],
            points: vec![0, 2],
        };
        Report {
            result: Some(ResultSource::LastAssigned("part".into())),
            history: vec![call],
            diagnostics: vec![Diagnostic::new(DiagnosticKind::Kernel, "no").at(Span { start: 1, end: 2 }, "abc")],
            printed: "hello".into(),
            properties: Some(Properties {
                volume: 1.0,
                area: 2.0,
                center: DVec3::X,
                bounds: [DVec3::ZERO, DVec3::ONE],
                solids: 1,
                faces: 6,
                edges: 12,
                vertices: 8,
                valid: true,
                watertight: true,
            }),
            faces: vec![face],
            facets: Some(mesh.clone()),
            facet_faces: vec![0],
            mesh: Some(FacedMesh { mesh, triangle_faces: vec![0], edges: vec![edge] }),
            step: Some(b"ISO".to_vec()),
            python_time: Duration::from_micros(3),
            kernel_time: Duration::from_micros(4),
        }
    }

    #[test]
    fn requests_and_reports_cross_unchanged() {
        let request = Request {
            source: "import cadquery".into(),
            wanted: Wanted {
                properties: true,
                facets: true,
                mesh: Tolerance::new(0.1, 0.2).map(Fineness::OfSize),
                step: Some(StepConfig { unit: LengthUnit::Inch, ..StepConfig::default() }),
                call_volumes: true,
                after_call: Some(CallId(7)),
            },
            limits: Limits { calls: 3, ..Limits::default() },
        };
        let bytes = encode_request(&request).expect("encodes");
        assert_eq!(decode_request(&bytes), Ok(request));
        let bytes = encode_report(report()).expect("encodes");
        assert_eq!(decode_report(&bytes), Ok(report()));
    }

    #[test]
    fn indices_out_of_range_are_refused() {
        let check = |change: &dyn Fn(&mut Report), error: WireError| {
            let mut report = report();
            change(&mut report);
            assert_eq!(decode_report(&encode_report(report).expect("encodes")), Err(error));
        };
        let far = WireError::PointOutOfRange { index: 3, points: 3 };
        check(&|report| report.facets.as_mut().expect("is there").triangles[0][1] = 3, far.clone());
        check(&|report| report.mesh.as_mut().expect("is there").mesh.triangles[0][2] = 3, far.clone());
        check(&|report| report.mesh.as_mut().expect("is there").edges[0].points[1] = 3, far);
        check(&|report| report.mesh.as_mut().expect("is there").edges[0].faces[1] = 1, WireError::FacesDoNotFit);
        check(&|report| report.facet_faces[0] = 1, WireError::FacesDoNotFit);
        check(&|report| report.facet_faces.push(0), WireError::FacesDoNotFit);
        check(&|report| report.mesh.as_mut().expect("is there").triangle_faces[0] = 1, WireError::FacesDoNotFit);
        check(&|report| report.mesh.as_mut().expect("is there").triangle_faces.clear(), WireError::FacesDoNotFit);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_parent_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = decode_report(&bytes);
        }

        #[test]
        fn no_damage_makes_the_parent_panic(at in 0_usize..200, byte in proptest::num::u8::ANY) {
            let mut bytes = encode_report(report()).expect("encodes");
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = decode_report(&bytes);
        }
    }
}
