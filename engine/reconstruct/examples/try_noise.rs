//! Reconstructs simulated scans of known meshes, noisier and less complete from cell to cell of a table, and prints the mean
//! overlap in each: `try_noise MANIFEST.json CLASSES [--every N] [--from N] [--noise 0,1e-4,...] [--kinds full,one-sided,...]
//! [--points N] [--time SECONDS] [--cases]`. Noise is a standard deviation as a share of the part's longest side. Every
//! `--every`-th mesh of the manifest's classes is a part; `--cases` prints a line for each scan. Overlaps are those of both
//! shapes where they are: a part that is laid elsewhere is wrong.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use glam::DVec3;
use partwright_geometry::metric::{CompareConfig, PreparedReference};
use partwright_geometry::simulate::{ScannerConfig, scan_of};
use partwright_geometry::{Bounds, Geometry, TriMesh, format};
use partwright_reconstruct::{CancelToken, InProcess, ReconstructConfig, Silent, reconstruct};

const NOISE: [f64; 6] = [0.0, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2];
const KINDS: [&str; 4] = ["full", "one-sided", "dropout", "outliers"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [manifest, classes, rest @ ..] = &arguments[..] else {
        return Err("usage: try_noise MANIFEST.json CLASSES [--every N] [--noise LIST] [--kinds LIST]".into());
    };
    let after = |name: &str| rest.iter().position(|a| a == name).and_then(|i| rest.get(i + 1));
    let every = after("--every").map_or(Ok(20), |n| n.parse::<usize>())?.max(1);
    let from = after("--from").map_or(Ok(0), |n| n.parse::<usize>())?;
    let points = after("--points").map_or(Ok(10_000), |n| n.parse::<usize>())?;
    let seconds = after("--time").map_or(Ok(30.0), |s| s.parse())?;
    let noises: Vec<f64> = match after("--noise") {
        Some(list) => list.split(',').map(str::parse).collect::<Result<_, _>>()?,
        None => NOISE.to_vec(),
    };
    let kinds: Vec<&str> = after("--kinds").map_or_else(|| KINDS.to_vec(), |list| list.split(',').collect());
    let parts = parts(Path::new(manifest), classes, every, from)?;
    println!("{} parts, {points} points", parts.len());
    let mut table = Vec::new();
    for kind in &kinds {
        let mut row = Vec::new();
        for &noise in &noises {
            let (mut sum, start) = (0.0, Instant::now());
            for (id, part) in &parts {
                let iou = overlap(part, kind, noise, points, seconds);
                if rest.iter().any(|a| a == "--cases") {
                    println!("{kind:10} {noise:.0e} {id:38} {iou:.4}");
                }
                sum += iou;
            }
            row.push((sum / parts.len().max(1) as f64, start.elapsed().as_secs_f64() / parts.len().max(1) as f64));
        }
        table.push(row);
    }
    println!("{:10}{}", "", noises.iter().map(|n| format!("{n:>16.0e}")).collect::<Vec<_>>().concat());
    for (kind, row) in kinds.iter().zip(&table) {
        let cells: Vec<String> = row.iter().map(|(iou, time)| format!("  {iou:.4} ({time:4.1} s)")).collect();
        println!("{kind:10}{}", cells.concat());
    }
    Ok(())
}

/// The meshes of the classes, each with its case's name.
fn parts(
    manifest: &Path,
    classes: &str,
    every: usize,
    from: usize,
) -> Result<Vec<(String, TriMesh)>, Box<dyn std::error::Error>> {
    let root = manifest.parent().map(PathBuf::from).unwrap_or_default();
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(manifest)?)?;
    let mut found = Vec::new();
    for class in classes.split(',') {
        let cases = document["cases"].as_array().into_iter().flatten().filter(|c| c["cls"] == class);
        for case in cases.skip(from).step_by(every) {
            let file = case["files"]["gt_mesh"].as_str().unwrap_or("");
            if let Geometry::Mesh(mesh) =
                format::read(&root.join(case["dir"].as_str().unwrap_or("")).join(file))?.geometry
            {
                found.push((case["id"].as_str().unwrap_or("").to_owned(), mesh));
            }
        }
    }
    Ok(found)
}

/// The overlap of a part with what comes of its scan; 0 where nothing does.
fn overlap(part: &TriMesh, kind: &str, noise: f64, points: usize, seconds: f64) -> f64 {
    let size = Bounds::of_mesh(part).map_or(1.0, Bounds::longest_side);
    let scanner = ScannerConfig {
        views: if kind == "one-sided" { 4 } else { 12 },
        one_sided: (kind == "one-sided").then_some(DVec3::new(0.4, -0.5, 1.0)),
        dropout: if kind == "dropout" { 0.2 } else { 0.0 },
        outliers: if kind == "outliers" { 0.05 } else { 0.0 },
        noise: noise * size,
        points,
        ..ScannerConfig::default()
    };
    let Ok(scan) = scan_of(part, &scanner) else { return 0.0 };
    let config = ReconstructConfig { time: Some(Duration::from_secs_f64(seconds)), ..ReconstructConfig::default() };
    let scan = Geometry::Cloud(scan.cloud);
    let Ok(found) = reconstruct(&scan, &config, &InProcess::default(), &Silent, &CancelToken::default()) else {
        return 0.0;
    };
    let Some(made) = found.best().and_then(|best| best.execution.as_ref().ok()) else { return 0.0 };
    PreparedReference::new(part, CompareConfig::default()).overlap(&made.mesh).iou.unwrap_or(0.0)
}
