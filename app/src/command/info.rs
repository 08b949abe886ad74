//! `partwright info`: what a file holds and what is wrong with it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use glam::DVec3;
use partwright_fit::{CancelToken, Deadline, Survey};
use partwright_geometry::format::ScanFile;
use partwright_geometry::repair::{self, MeshReport};
use partwright_geometry::{Bounds, Geometry, LengthUnit, PointCloud};
use serde_json::{Value, json};

use crate::arguments::InfoArguments;
use crate::cancel;
use crate::command::features;
use crate::failure::Failure;
use crate::number::{number, vector};
use crate::output::{Console, Facts};
use crate::scan;

/// Prints what the file holds.
pub(crate) fn execute(arguments: &InfoArguments, console: Console) -> Result<(), Failure> {
    let file = scan::read(&arguments.file)?;
    let Description { mut object, facts, faults } = match &file.geometry {
        Geometry::Mesh(mesh) => describe_mesh(&repair::inspect(mesh)),
        Geometry::Cloud(cloud) => describe_cloud(cloud),
    };
    object["format"] = json!(file.format.to_string());
    object["encoding"] = json!(file.encoding.to_string());
    object["unit"] = json!(unit_name(file.unit));
    object["notes"] = json!(file.notes);
    object["faults"] = json!(faults);
    let survey = if arguments.features { surveyed(&file.geometry, arguments.time)? } else { None };
    if arguments.features {
        object["features"] = survey.as_ref().map_or(Value::Null, features::object);
    }
    console.result(&object, || {
        let mut text = text(&file, &facts, &faults);
        if arguments.features {
            text.push('\n');
            match &survey {
                Some(survey) => text.push_str(&features::facts(survey).to_string()),
                None => text.push_str("There is nothing to survey.\n"),
            }
        }
        text
    })
}

/// The survey of the scan within `time_secs`; Ctrl+C ends it with what there is.
fn surveyed(scan: &Geometry, time_secs: f64) -> Result<Option<Survey>, Failure> {
    let stop = CancelToken::default();
    let interrupted = stop.clone();
    cancel::on_interrupt(move || interrupted.cancel())?;
    let deadline = Deadline::new(stop, Some(Instant::now() + Duration::from_secs_f64(time_secs)));
    Ok(Survey::of_geometry(scan, &deadline))
}

/// What a file holds, for programs and for people, and what is wrong with it.
struct Description {
    object: Value,
    facts: Facts,
    faults: Vec<String>,
}

fn describe_mesh(report: &MeshReport) -> Description {
    let bounds = report.bounds.map(|bounds| [bounds.min, bounds.max]);
    let mut facts = Facts::new();
    facts
        .add("holds", "a mesh")
        .add("triangles", report.triangles)
        .add("vertices", report.vertices)
        .add("bodies", report.bodies)
        .add("watertight", if report.watertight { "yes" } else { "no" })
        .add_some("size", bounds.map(|[low, high]| vector(high - low)))
        .add_some("centre", bounds.map(|[low, high]| vector(low.midpoint(high))))
        .add("area", number(report.area))
        .add_some("volume", report.volume.map(number));
    let mut faults = Vec::new();
    let mut fault = |count: usize, what: &str| {
        if count > 0 {
            faults.push(format!("{count} {what}"));
        }
    };
    fault(report.degenerate, "degenerate triangles");
    fault(report.duplicate, "duplicate triangles");
    fault(report.boundary_edges, "boundary edges: the surface has holes");
    fault(report.non_manifold_edges, "edges with more than two triangles");
    fault(report.inconsistent_edges, "edges whose triangles face opposite sides");
    fault(report.unused_vertices, "vertices that no triangle uses");
    if report.volume.is_some_and(|volume| volume < 0.0) {
        faults.push("the surface is inside out".to_owned());
    }
    let object = json!({
        "kind": "mesh",
        "triangles": report.triangles,
        "vertices": report.vertices,
        "repeated_vertices": report.repeated_vertices,
        "unused_vertices": report.unused_vertices,
        "degenerate": report.degenerate,
        "duplicate": report.duplicate,
        "boundary_edges": report.boundary_edges,
        "non_manifold_edges": report.non_manifold_edges,
        "inconsistent_edges": report.inconsistent_edges,
        "watertight": report.watertight,
        "shells": report.shells,
        "bodies": report.bodies,
        "bbox": bounds.map(corners),
        "area": report.area,
        "volume": report.volume,
    });
    Description { object, facts, faults }
}

fn describe_cloud(cloud: &PointCloud) -> Description {
    let bounds = Bounds::of_points(cloud.positions.iter().copied()).map(|bounds| [bounds.min, bounds.max]);
    let mut facts = Facts::new();
    facts
        .add("holds", "a point cloud")
        .add("points", cloud.positions.len())
        .add("normals", if cloud.normals.is_some() { "yes" } else { "no" })
        .add("colours", if cloud.colors.is_some() { "yes" } else { "no" })
        .add_some("size", bounds.map(|[low, high]| vector(high - low)))
        .add_some("centre", bounds.map(|[low, high]| vector(low.midpoint(high))));
    let object = json!({
        "kind": "cloud",
        "points": cloud.positions.len(),
        "normals": cloud.normals.is_some(),
        "colors": cloud.colors.is_some(),
        "bbox": bounds.map(corners),
    });
    Description { object, facts, faults: Vec::new() }
}

fn text(file: &ScanFile, facts: &Facts, faults: &[String]) -> String {
    let mut head = Facts::new().aligned_with(facts);
    head.add("format", format!("{} ({})", file.format, file.encoding)).add("unit", unit_name(file.unit));
    let mut text = format!("{head}{facts}");
    for note in &file.notes {
        let _ = writeln!(text, "note: {note}");
    }
    for fault in faults {
        let _ = writeln!(text, "fault: {fault}");
    }
    if faults.is_empty() {
        text.push_str("No fault found.\n");
    }
    text
}

/// The unit's short name.
pub(crate) fn unit_name(unit: LengthUnit) -> &'static str {
    match unit {
        LengthUnit::Millimetre => "mm",
        LengthUnit::Centimetre => "cm",
        LengthUnit::Metre => "m",
        LengthUnit::Inch => "inch",
        LengthUnit::Unknown => "unknown",
    }
}

/// Lower corner, then upper corner.
pub(crate) fn corners([low, high]: [DVec3; 2]) -> [f64; 6] {
    [low.x, low.y, low.z, high.x, high.y, high.z]
}
