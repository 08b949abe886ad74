//! Writes proposals for the cases of a benchmark manifest as JSON lines, with their estimates and times:
//! `propose_bench MANIFEST.json CLASSES [PART_OF_ID] > proposals.jsonl`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use partwright_fit::{CancelToken, Deadline, ProposeConfig, Silent, Target, propose};
use partwright_geometry::{Geometry, format};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [manifest, classes, rest @ ..] = &arguments[..] else {
        return Err("usage: propose_bench MANIFEST.json CLASSES [PART_OF_ID]".into());
    };
    let root = Path::new(manifest).parent().map(PathBuf::from).unwrap_or_default();
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(manifest)?)?;
    let classes: Vec<&str> = classes.split(',').collect();
    let mut out = std::io::stdout().lock();
    for case in document["cases"].as_array().into_iter().flatten() {
        let (id, class) = (case["id"].as_str().unwrap_or(""), case["cls"].as_str().unwrap_or(""));
        if !classes.contains(&class) || rest.first().is_some_and(|part| !id.contains(part.as_str())) {
            continue;
        }
        let files = &case["files"];
        let file = ["scan_mesh", "scan_points", "gt_mesh"].iter().find_map(|k| files[*k].as_str()).unwrap_or("");
        let scan = format::read(&root.join(case["dir"].as_str().unwrap_or("")).join(file))?;
        let Geometry::Mesh(mesh) = scan.geometry else { continue };
        let start = Instant::now();
        let deadline = Deadline::new(CancelToken::default(), Some(start + Duration::from_secs(20)));
        let target = Target::new(&mesh, 8);
        let understood = start.elapsed();
        let proposals =
            target.as_ref().map(|t| propose(t, &ProposeConfig::default(), &Silent, &deadline)).unwrap_or_default();
        let time = start.elapsed().as_secs_f64();
        let list: Vec<_> = proposals
            .iter()
            .map(|p| serde_json::json!({ "estimate": p.estimate, "features": p.features, "origin": p.origin.to_string(), "source": p.source }))
            .collect();
        let first = proposals.first();
        eprintln!(
            "{class} {id:40} {:7.3} s (understanding {:.3}) estimate {:.4} features {:3} {} {}",
            time,
            understood.as_secs_f64(),
            first.map_or(0.0, |p| p.estimate),
            first.map_or(0, |p| p.features),
            first.map_or(String::new(), |p| p.origin.to_string()),
            if target.is_some_and(|t| t.exact) { "" } else { "(not exact)" },
        );
        let path = root.join(case["dir"].as_str().unwrap_or("")).join(files["gt_mesh"].as_str().unwrap_or(file));
        writeln!(out, "{}", serde_json::json!({ "id": id, "class": class, "time": time, "mesh": path, "proposals": list }))?;
    }
    Ok(())
}
