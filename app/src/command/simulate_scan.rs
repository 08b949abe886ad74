//! `partwright simulate-scan`: what a scanner would see of a shape.

use std::io::Cursor;

use partwright_cadquery::Limits;
use partwright_geometry::format::{self, FileFormat};
use partwright_geometry::simulate::{ScannerConfig, Simulated, scan_of};
use partwright_geometry::{Bounds, Geometry, LengthUnit, TriMesh};
use serde_json::{Value, json};

use crate::arguments::SimulateScanArguments;
use crate::failure::Failure;
use crate::output::{Console, Destinations, Facts, FileKind};
use crate::program::{self, Programs};
use crate::scan;

/// Scans the shape and writes what was seen.
pub(crate) fn execute(arguments: &SimulateScanArguments, console: Console) -> Result<(), Failure> {
    let mut places = Destinations::new([arguments.input.as_path()], console.json());
    let output = places.accept(&arguments.output, &[FileKind::Ply])?;
    let progress = console.progress("reading");
    let (shape, unit) = read(arguments)?;
    progress.stage("scanning", 0.0);
    let size = Bounds::of_mesh(&shape).map_or(0.0, Bounds::longest_side);
    let config = ScannerConfig {
        points: arguments.points as usize,
        seed: arguments.seed,
        ..arguments.scanner.scanner().config(size)
    };
    let simulated = scan_of(&shape, &config)
        .map_err(|error| Failure::failed(format!("{}: {error}", program::place(&arguments.input))))?;
    let bytes = bytes(&simulated, arguments.mesh, unit)?;
    drop(progress);
    output.write(&bytes)?;
    if output.is_stdout() {
        return Ok(());
    }
    console.result(&object(&simulated, &config), || {
        let mut facts = Facts::new();
        facts.add("views", simulated.directions.len());
        if arguments.mesh {
            facts.add("triangles", simulated.mesh.triangles.len());
        } else {
            facts.add("points", simulated.cloud.positions.len());
        }
        facts.add("written", &output);
        facts.to_string()
    })
}

fn read(arguments: &SimulateScanArguments) -> Result<(TriMesh, LengthUnit), Failure> {
    let place = program::place(&arguments.input);
    if scan::is_program(&arguments.input) {
        let mesh = Programs::new(1)?.mesh(&program::read(&arguments.input)?, &Limits::default());
        let mesh = mesh.map_err(|failure| Failure::failed(format!("{place}: {failure}")))?;
        return Ok((mesh, LengthUnit::Unknown));
    }
    let file = scan::read(&arguments.input)?;
    match file.geometry {
        Geometry::Mesh(mesh) => Ok((mesh, file.unit)),
        Geometry::Cloud(_) => {
            Err(Failure::failed(format!("{place}: a point cloud has no surface that could be scanned"))
                .help("a mesh or a CadQuery program is needed"))
        }
    }
}

fn bytes(simulated: &Simulated, mesh: bool, unit: LengthUnit) -> Result<Vec<u8>, Failure> {
    let mut bytes = Cursor::new(Vec::new());
    let written = if mesh {
        format::write_to(FileFormat::Ply, &simulated.mesh, unit, &mut bytes)
    } else {
        format::write_cloud_to(&simulated.cloud, unit, &mut bytes)
    };
    written.map_err(|error| Failure::failed(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn object(simulated: &Simulated, config: &ScannerConfig) -> Value {
    let strays = simulated.view_of.iter().filter(|view| **view as usize == simulated.directions.len()).count();
    json!({
        "ok": true,
        "points": simulated.cloud.positions.len(),
        "strays": strays,
        "triangles": simulated.mesh.triangles.len(),
        "views": simulated.directions.iter().map(glam::DVec3::to_array).collect::<Vec<_>>(),
        "noise": config.noise,
        "registration_error": config.registration_error,
        "seed": config.seed,
    })
}
