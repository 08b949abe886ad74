//! Prints how long files take to load, and what is wrong with them.
//!
//! `cargo run --release -p partwright-geometry --example load_times -- FILE...` for files;
//! with `--make N FOLDER` it first writes a closed surface of about N triangles in every format.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::error::Error;
use std::f64::consts::TAU;
use std::path::{Path, PathBuf};
use std::time::Instant;

use glam::DVec3;
use partwright_geometry::{Geometry, LengthUnit, TriMesh, format, repair};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let files = match arguments.as_slice() {
        [flag, count, folder] if flag == "--make" => make(count.parse()?, Path::new(folder))?,
        files => files.iter().map(PathBuf::from).collect(),
    };
    for file in files {
        let start = Instant::now();
        let scan = format::read(&file)?;
        let loaded = start.elapsed().as_secs_f64();
        print!("{}: {} ({}), loaded in {loaded:.2} s", file.display(), scan.format, scan.encoding);
        match &scan.geometry {
            Geometry::Cloud(cloud) => println!(", {} points", cloud.positions.len()),
            Geometry::Mesh(mesh) => {
                let start = Instant::now();
                let report = repair::inspect(mesh);
                let inspected = start.elapsed().as_secs_f64();
                println!(
                    ", {} triangles, watertight {}, inspected in {inspected:.2} s",
                    report.triangles, report.watertight
                );
            }
        }
    }
    Ok(())
}

/// Writes a wavy torus in every format and returns the files.
fn make(triangles: u32, folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let side = (f64::from(triangles) / 2.0).sqrt().round() as u32;
    let point = |i: u32, j: u32| {
        let (u, v) = (f64::from(i) / f64::from(side) * TAU, f64::from(j) / f64::from(side) * TAU);
        let tube = 10.0 + (7.0 * u).sin();
        let ring = 40.0 + tube * v.cos();
        DVec3::new(ring * u.cos(), ring * u.sin(), tube * v.sin())
    };
    let grid = || (0..side).flat_map(move |i| (0..side).map(move |j| (i, j)));
    let index = |i: u32, j: u32| i % side * side + j % side;
    let corners = |(i, j)| {
        let [a, b, c, d] = [index(i, j), index(i + 1, j), index(i + 1, j + 1), index(i, j + 1)];
        [[a, b, c], [a, c, d]]
    };
    let mesh = TriMesh {
        positions: grid().map(|(i, j)| point(i, j)).collect(),
        triangles: grid().flat_map(corners).collect(),
    };
    let mut files = Vec::new();
    for extension in ["stl", "ply", "obj", "3mf"] {
        let file = folder.join(format!("torus_{triangles}.{extension}"));
        let start = Instant::now();
        format::write(&file, &mesh, LengthUnit::Millimetre)?;
        println!("{}: written in {:.2} s", file.display(), start.elapsed().as_secs_f64());
        files.push(file);
    }
    Ok(files)
}
