//! `partwright compare`: how far two shapes agree.

use std::path::Path;

use partwright_cadquery::Limits;
use partwright_geometry::metric::{
    CompareConfig, Comparison, Deviation, IouMethod, PreparedReference, normalised_for_evaluation,
};
use partwright_geometry::{Geometry, PointCloud};
use serde_json::{Value, json};

use crate::arguments::CompareArguments;
use crate::failure::Failure;
use crate::number::number;
use crate::output::{Console, Facts};
use crate::program::{self, Programs};
use crate::scan;

/// Compares the two shapes and prints the numbers.
pub(crate) fn execute(arguments: &CompareArguments, console: Console) -> Result<(), Failure> {
    if arguments.a == Path::new("-") && arguments.b == Path::new("-") {
        return Err(Failure::usage("only one of the two shapes can come from standard input"));
    }
    let progress = console.progress("reading");
    let a = read(&arguments.a)?;
    let b = read(&arguments.b)?;
    progress.stage("comparing", 0.0);
    let config = CompareConfig { seed: arguments.seed, ..CompareConfig::default() };
    let prepare = |shape: Geometry| {
        let shape = if arguments.normalize { normalized(shape) } else { shape };
        PreparedReference::of_geometry(shape, config)
    };
    let comparison = prepare(a).compare_with(&prepare(b));
    drop(progress);
    console.result(&object(&comparison), || facts(&comparison).to_string())
}

fn read(path: &Path) -> Result<Geometry, Failure> {
    if !scan::is_program(path) {
        return Ok(scan::read(path)?.geometry);
    }
    let mesh = Programs::new(1)?.mesh(&program::read(path)?, &Limits::default());
    mesh.map(Geometry::Mesh).map_err(|failure| Failure::failed(format!("{}: {failure}", path.display())))
}

fn normalized(shape: Geometry) -> Geometry {
    match shape {
        Geometry::Mesh(mesh) => Geometry::Mesh(normalised_for_evaluation(&mesh)),
        Geometry::Cloud(cloud) => {
            // A cloud is treated as the vertices of a mesh without triangles.
            let PointCloud { positions, normals, colors } = cloud;
            let mesh = normalised_for_evaluation(&partwright_geometry::TriMesh { positions, triangles: Vec::new() });
            Geometry::Cloud(PointCloud { positions: mesh.positions, normals, colors })
        }
    }
}

fn object(comparison: &Comparison) -> Value {
    let (method, reason) = method(&comparison.iou_method);
    let deviation = |deviation: Option<Deviation>| {
        deviation.map(|Deviation { mean, p95, max }| json!({ "mean": mean, "p95": p95, "max": max }))
    };
    json!({
        "ok": true,
        "iou": comparison.iou,
        "method": method,
        "method_reason": reason,
        "chamfer": comparison.chamfer.is_finite().then_some(comparison.chamfer),
        "deviation": deviation(comparison.deviation),
        "deviation_back": deviation(comparison.deviation_back),
        "hausdorff": comparison.hausdorff,
        "volume_a": comparison.volume_a,
        "volume_b": comparison.volume_b,
        "area_a": comparison.area_a,
        "area_b": comparison.area_b,
    })
}

fn facts(comparison: &Comparison) -> Facts {
    let (method, reason) = method(&comparison.iou_method);
    let how = reason.map_or_else(|| method.to_owned(), |reason| format!("{method}: {reason}"));
    let deviation =
        |Deviation { mean, p95, max }| format!("mean {}  p95 {}  max {}", number(mean), number(p95), number(max));
    let pair = |a: Option<f64>, b: Option<f64>| {
        let side = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), number);
        format!("{} / {}", side(a), side(b))
    };
    let mut facts = Facts::new();
    facts
        .add("IoU", comparison.iou.map_or_else(|| "undefined".to_owned(), |iou| format!("{iou:.6}")))
        .add("IoU found by", how)
        .add("Chamfer distance", number(comparison.chamfer))
        .add_some("deviation A to B", comparison.deviation.map(deviation))
        .add_some("deviation B to A", comparison.deviation_back.map(deviation))
        .add_some("Hausdorff distance", comparison.hausdorff.map(number))
        .add("volume A / B", pair(comparison.volume_a, comparison.volume_b))
        .add("area A / B", pair(comparison.area_a, comparison.area_b));
    facts
}

/// The method's name and, where it is not the usual one, the reason.
fn method(method: &IouMethod) -> (&'static str, Option<&str>) {
    match method {
        IouMethod::Boolean => ("boolean", None),
        IouMethod::InsideTests { reason, .. } => ("inside_tests", Some(reason)),
        IouMethod::Undefined { reason } => ("undefined", Some(reason)),
    }
}
