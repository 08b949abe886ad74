//! Reconstructs the scans of a folder and compares each with its truth: `try_scan FOLDER [PART_OF_NAME] [--time SECONDS]
//! [--programs DIR] [--all]`. For every `NAME.ply` the truth is `NAME.stl`; scans without one are skipped.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use partwright_geometry::format;
use partwright_geometry::metric::{CompareConfig, PreparedReference};
use partwright_reconstruct::{CancelToken, InProcess, ReconstructConfig, Scored, Silent, reconstruct};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, rest @ ..] = &arguments[..] else {
        return Err("usage: try_scan FOLDER [PART_OF_NAME] [--time SECONDS] [--programs DIR] [--all]".into());
    };
    let after = |name: &str| rest.iter().position(|a| a == name).and_then(|i| rest.get(i + 1));
    let seconds = after("--time").map_or(Ok(30.0), |s| s.parse())?;
    let part = rest.first().filter(|a| !a.starts_with("--"));
    let all = rest.iter().any(|a| a == "--all");
    let mut scans: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.with_extension("stl").exists())
        .collect();
    scans.retain(|p| p.extension().is_some_and(|e| e == "ply"));
    scans.sort();
    let mut ious = Vec::new();
    for scan in scans {
        let name = scan.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if part.is_some_and(|part| !name.contains(part.as_str())) {
            continue;
        }
        let truth = match format::read(&scan.with_extension("stl"))?.geometry {
            partwright_geometry::Geometry::Mesh(mesh) => PreparedReference::new(&mesh, CompareConfig::default()),
            partwright_geometry::Geometry::Cloud(_) => continue,
        };
        let geometry = format::read(&scan)?.geometry;
        let time = Some(Duration::from_secs_f64(seconds));
        let config = ReconstructConfig { time, candidates: if all { 20 } else { 5 }, ..ReconstructConfig::default() };
        let start = Instant::now();
        let done = reconstruct(&geometry, &config, &InProcess::default(), &Silent, &CancelToken::default());
        let time = start.elapsed().as_secs_f64();
        let result = match done {
            Ok(result) => result,
            Err(error) => {
                println!("{name:16} {time:6.2} s FAILED {error}");
                ious.push(0.0);
                continue;
            }
        };
        let overlap = |c: &Scored| c.execution.as_ref().ok().and_then(|e| truth.overlap(&e.mesh).iou);
        let shown = if all { result.candidates.len() } else { 1 };
        for (i, best) in result.candidates.iter().take(shown).enumerate() {
            let iou = overlap(best).unwrap_or(0.0);
            if i == 0 {
                ious.push(iou);
            }
            let fault = best.execution.as_ref().err().map_or(String::new(), |f| format!(" INVALID {}", f.message));
            println!(
                "{:16} {time:6.2} s iou {iou:.4} {:7} ops {:3} p95 {:.4} {}{fault}",
                if i == 0 { name.as_str() } else { "" },
                best.judgement.verdict.name(),
                best.operations,
                best.score.as_ref().map_or(f64::NAN, |s| s.deviation.p95),
                best.origin,
            );
            if let Some(folder) = after("--programs") {
                std::fs::create_dir_all(folder)?;
                std::fs::write(Path::new(folder).join(format!("{name}.{i}.py")), &best.source)?;
            }
        }
    }
    println!("n {} mean iou {:.4}", ious.len(), ious.iter().sum::<f64>() / ious.len().max(1) as f64);
    Ok(())
}
