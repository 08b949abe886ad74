//! Compares pairs of mesh files and prints one line of tab-separated numbers each, for `tests/python/metrics_reference.py`.
//!
//!     cargo run --release -p partwright-geometry --example compare_pairs -- SAMPLES A.ply B.ply [A.ply B.ply ..]
//!
//! SAMPLES is the number of points on each surface; the time is that of 8192, what a program compares with by default.
//! Columns: iou, method, chamfer, mean, p95 and max deviation from A to B, the same back, Hausdorff distance, volumes of A and
//! B, areas of A and B, milliseconds. A value that is missing prints as `-`.

use std::{
    hint::black_box,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
    time::Instant,
};

use partwright_geometry::{
    Geometry, TriMesh, format,
    metric::{CompareConfig, Deviation, IouMethod, compare},
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((Ok(samples), files)) = arguments.split_first().map(|(first, rest)| (first.parse(), rest)) else {
        let _ = writeln!(io::stderr(), "usage: compare_pairs SAMPLES A.ply B.ply [A.ply B.ply ..]");
        return ExitCode::FAILURE;
    };
    for pair in files.chunks(2) {
        if let Err(failure) = print_comparison(pair, samples) {
            let _ = writeln!(io::stderr(), "{}: {failure}", pair.join(" and "));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn print_comparison(pair: &[String], samples: usize) -> Result<(), String> {
    let [a, b] = pair else { return Err("a second file is missing".into()) };
    let (a, b) = (read(a)?, read(b)?);
    let started = Instant::now();
    let _ = black_box(compare(&a, &b, &CompareConfig::default()));
    let milliseconds = started.elapsed().as_secs_f64() * 1e3;
    let found = compare(&a, &b, &CompareConfig { samples, ..CompareConfig::default() });
    let method = match found.iou_method {
        IouMethod::Boolean => "boolean",
        IouMethod::InsideTests { .. } => "points",
        IouMethod::Undefined { .. } => "none",
    };
    let spread = |d: Option<Deviation>| [d.map(|d| d.mean), d.map(|d| d.p95), d.map(|d| d.max)];
    let numbers = [
        [Some(found.chamfer)].as_slice(),
        &spread(found.deviation),
        &spread(found.deviation_back),
        &[found.hausdorff, found.volume_a, found.volume_b, found.area_a, found.area_b, Some(milliseconds)],
    ]
    .concat();
    let text = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:.12e}"));
    let columns: Vec<String> =
        [text(found.iou), method.into()].into_iter().chain(numbers.into_iter().map(text)).collect();
    writeln!(io::stdout(), "{}", columns.join("\t")).map_err(|error| error.to_string())
}

fn read(path: &str) -> Result<TriMesh, String> {
    match format::read(Path::new(path)).map_err(|error| error.to_string())?.geometry {
        Geometry::Mesh(mesh) => Ok(mesh),
        Geometry::Cloud(_) => Err(format!("{path} is a point cloud")),
    }
}
