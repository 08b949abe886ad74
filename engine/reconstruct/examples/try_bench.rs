//! Reconstructs the cases of a benchmark manifest and prints a line for each and a summary:
//! `try_bench MANIFEST.json CLASSES [PART_OF_ID] [--time SECONDS] [--programs DIR] [--points N] [--every N]
//! [--no-refine] [--no-snap] [--all-candidates]`. Cases run in
//! this process, one after another; with `--points` meshes are seen as so many samples without normals, with `--every`
//! only every so manieth case runs (`--from` leaves out so many before). `--all-candidates` prints what is known of every
//! candidate, which tells a bad choice from a lack of good ones. Overlaps are those of both shapes laid into the unit cube.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use partwright_geometry::metric::{CompareConfig, PreparedReference, normalised_for_evaluation};
use partwright_geometry::{Geometry, PointCloud, format, sample};
use partwright_reconstruct::{CancelToken, InProcess, ReconstructConfig, Scored, Silent, reconstruct};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [manifest, classes, rest @ ..] = &arguments[..] else {
        return Err("usage: try_bench MANIFEST.json CLASSES [PART_OF_ID] [--programs DIR]".into());
    };
    let after = |name: &str| rest.iter().position(|a| a == name).and_then(|i| rest.get(i + 1));
    let programs = after("--programs");
    let seconds = after("--time").map_or(Ok(30.0), |s| s.parse())?;
    let points: Option<usize> = after("--points").map(|n| n.parse()).transpose()?;
    let every = after("--every").map_or(Ok(1), |n| n.parse::<usize>())?.max(1);
    let from = after("--from").map_or(Ok(0), |n| n.parse::<usize>())?;
    let part = rest.first().filter(|a| !a.starts_with("--"));
    let root = Path::new(manifest).parent().map(PathBuf::from).unwrap_or_default();
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(manifest)?)?;
    let classes: Vec<&str> = classes.split(',').collect();
    let (mut ious, mut times, mut failed) = (Vec::new(), Vec::new(), 0);
    let mut number = 0;
    for case in document["cases"].as_array().into_iter().flatten() {
        let (id, class) = (case["id"].as_str().unwrap_or(""), case["cls"].as_str().unwrap_or(""));
        if !classes.contains(&class) || part.is_some_and(|part| !id.contains(part.as_str())) {
            continue;
        }
        number += 1;
        if (number - 1) % every != from % every {
            continue;
        }
        let files = &case["files"];
        let folder = root.join(case["dir"].as_str().unwrap_or(""));
        let input = ["scan_mesh", "scan_points", "gt_mesh"].iter().find_map(|k| files[*k].as_str()).unwrap_or("");
        let scan = format::read(&folder.join(input))?.geometry;
        let truth = match files["gt_mesh"].as_str() {
            Some(file) => format::read(&folder.join(file))?.geometry,
            None => scan.clone(),
        };
        let truth = match &truth {
            Geometry::Mesh(mesh) => PreparedReference::new(&normalised_for_evaluation(mesh), CompareConfig::default()),
            Geometry::Cloud(cloud) => PreparedReference::of_cloud(cloud, CompareConfig::default()),
        };
        let scan = match (points, scan) {
            (Some(n), Geometry::Mesh(mesh)) => Geometry::Cloud(PointCloud {
                positions: sample::surface(&mesh, n, 0).positions,
                ..PointCloud::default()
            }),
            (_, scan) => scan,
        };
        let start = Instant::now();
        let has = |name: &str| rest.iter().any(|a| a == name);
        let config = ReconstructConfig {
            time: Some(Duration::from_secs_f64(seconds)),
            refine: !has("--no-refine"),
            snap: !has("--no-snap"),
            candidates: if has("--all-candidates") { 20 } else { ReconstructConfig::default().candidates },
            ..ReconstructConfig::default()
        };
        let done = reconstruct(&scan, &config, &InProcess::default(), &Silent, &CancelToken::default());
        let time = start.elapsed().as_secs_f64();
        times.push(time);
        let line = match &done {
            Err(error) => format!("FAILED {error}"),
            Ok(result) => match result.candidates.first() {
                Some(best) => match &best.execution {
                    Err(fault) => format!("INVALID {:?} {}", fault.kind, fault.message),
                    Ok(made) => {
                        let iou = truth.overlap(&normalised_for_evaluation(&made.mesh)).iou;
                        ious.extend(iou);
                        format!(
                            "iou {} {:7} ops {:3} chars {:5} p95 {:.4} {}{}",
                            iou.map_or("  none".into(), |v| format!("{v:.4}")),
                            best.judgement.verdict.name(),
                            best.operations,
                            best.program_length(),
                            best.score.as_ref().map_or(f64::NAN, |s| s.deviation.p95),
                            best.origin,
                            if result.complete { "" } else { " INCOMPLETE" },
                        )
                    }
                },
                None => "FAILED no candidate".to_owned(),
            },
        };
        failed += usize::from(line.starts_with("FAILED") || line.starts_with("INVALID"));
        let invalid = done.as_ref().map_or(0, |d| d.candidates.iter().filter(|c| c.execution.is_err()).count());
        println!(
            "{class} {id:38} {time:6.2} s {line}{}",
            if invalid > 0 { format!(" ({invalid} invalid)") } else { String::new() }
        );
        if let (true, Ok(result)) = (has("--all-candidates"), &done) {
            for candidate in &result.candidates {
                print_candidate(candidate, &truth);
            }
        }
        if let (Some(folder), Ok(result)) = (programs, &done) {
            std::fs::create_dir_all(folder)?;
            for (i, c) in result.candidates.iter().enumerate() {
                let fault = c.execution.as_ref().err().map_or(String::new(), |f| format!("# {}\n", f.message));
                std::fs::write(Path::new(folder).join(format!("{id}.{i}.py")), format!("{fault}{}", c.source))?;
            }
        }
    }
    ious.sort_by(f64::total_cmp);
    times.sort_by(f64::total_cmp);
    let counted = (ious.len() + failed).max(1);
    println!(
        "n {} mean iou (failed count 0) {:.4} median {:.4} failed {failed} time median {:.2} p95 {:.2} max {:.2}",
        times.len(),
        ious.iter().sum::<f64>() / counted as f64,
        ious.get(ious.len() / 2).unwrap_or(&0.0),
        times.get(times.len() / 2).unwrap_or(&0.0),
        times.get(times.len() * 95 / 100).unwrap_or(&0.0),
        times.last().unwrap_or(&0.0),
    );
    Ok(())
}

/// A line of what is known of a candidate.
fn print_candidate(candidate: &Scored, truth: &PreparedReference) {
    let Ok(made) = &candidate.execution else { return };
    let iou = truth.overlap(&normalised_for_evaluation(&made.mesh)).iou.unwrap_or(f64::NAN);
    let Some(score) = &candidate.score else { return };
    let found = &score.evidence;
    println!(
        "  iou {iou:.4} ops {} chars {} mean {:.6} explained {:.4} confirmed {:.4} disputed {:.5} open {:.5} shifted {:.5} \
         reframed {:.5} thickness {:.5} area {:.5} volume {:.6} noise {:.7} spacing {:.5} valid {} {}",
        candidate.operations,
        candidate.program_length(),
        score.deviation.mean,
        found.explained,
        found.confirmed,
        found.disputed,
        found.disputed_unconfirmed,
        found.shifted,
        found.reframed,
        found.thickness,
        made.properties.area,
        made.properties.volume,
        found.sampling.noise,
        found.sampling.spacing,
        made.properties.valid,
        candidate.origin,
    );
}
