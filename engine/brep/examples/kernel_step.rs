//! Writes the kernel's cases as STEP files with the values a reader must find in them, and meshes and checks each solid.
//!
//! `cargo run --release -p partwright-brep --example kernel_step -- OUT [CASES] [ID...]`, then
//! `python tests/python/step_reread.py OUT`. Prints what could not be evaluated, is invalid, or is not meshed
//! watertight to the tolerance, then the counts.
#![expect(clippy::print_stdout, reason = "printing a table is what this is for")]

mod cases;
mod reread;

use std::path::PathBuf;
use std::time::Instant;

use partwright_brep::checks;
use partwright_brep::tessellate::{Tolerance, tessellate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().ok_or("which folder is to be written to?")?);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "../shared/kernel-cases".into()));
    let chosen: Vec<String> = arguments.collect();
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
        return Ok(());
    }
    std::fs::create_dir_all(&out)?;
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "json") && p.file_stem().is_some_and(|s| s != "reference"))
        .collect();
    paths.sort();
    let (mut written, mut valid, mut meshed, mut triangles) = (0, 0, 0, 0);
    let mut millis: [Vec<f64>; 4] = Default::default();
    for path in paths {
        let id = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        if !chosen.is_empty() && !chosen.contains(&id) {
            continue;
        }
        let body = match cases::read(&path)?.body() {
            Ok(body) => body,
            Err(error) => {
                println!("{id} is not evaluated: {error}");
                continue;
            }
        };
        let clock = Instant::now();
        reread::write(&out, &id, &body)?;
        millis[0].push(clock.elapsed().as_secs_f64() * 1e3);
        written += 1;

        let clock = Instant::now();
        let violations = checks::check(&body.solids);
        millis[1].push(clock.elapsed().as_secs_f64() * 1e3);
        valid += usize::from(violations.is_empty());
        for violation in violations {
            println!("{id} is invalid: {violation}");
        }
        let [low, high] = body.bounds;
        let tolerance = Tolerance::new(1e-3 * (high - low).length(), 0.3).ok_or("the body has no size")?;
        let clock = Instant::now();
        let mesh = tessellate(&body.solids, tolerance);
        millis[2].push(clock.elapsed().as_secs_f64() * 1e3);
        let clock = Instant::now();
        for solid in &body.solids {
            partwright_brep::measure::solid(solid)?;
        }
        millis[3].push(clock.elapsed().as_secs_f64() * 1e3);
        match mesh {
            Ok(t) => {
                let p = |i: u32| t.mesh.positions[i as usize] - low;
                let volume: f64 = t.mesh.triangles.iter().map(|t| p(t[0]).dot(p(t[1]).cross(p(t[2]))) / 6.0).sum();
                // Within a chord of the surface everywhere, no more than a layer that thick can be missing.
                let off = (volume - body.volume).abs();
                if off > tolerance.chord() * body.area {
                    println!("{id} is meshed with the volume {volume} instead of {}", body.volume);
                } else {
                    meshed += 1;
                }
                triangles += t.mesh.triangles.len();
            }
            Err(error) => println!("{id} is not meshed: {error}"),
        }
    }
    println!("{written} written, {valid} valid, {meshed} meshed watertight ({triangles} triangles)");
    for (name, mut list) in ["step", "checks", "tessellate", "measure"].into_iter().zip(millis) {
        list.sort_by(f64::total_cmp);
        let at = |part: f64| list.get((part * (list.len().saturating_sub(1)) as f64) as usize).copied().unwrap_or(0.0);
        println!("{name:>10}: median {:.3} ms, p95 {:.3} ms, max {:.3} ms", at(0.5), at(0.95), at(1.0));
    }
    Ok(())
}
