//! Runs cases of a manifest in this process, one after another, and prints each outcome as a line of JSON:
//! `measure_cases MANIFEST.json CLASSES [--points N] [--every N] [--offset N] [--time SECONDS]
//! [--noise SHARE] [--views N] [--dropout SHARE] [--outliers SHARE]`; with `--noise` the meshes are seen by a simulated scanner. What `partwright bench`
//! does in child processes, without the program: for looking at what verdicts rest on.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use std::path::Path;

use partwright_bench::reconstruction::{Bench, Extent, InputKind, Manifest, SAMPLED_POINTS, Scanner, Selection};
use partwright_reconstruct::InProcess;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [manifest, classes, rest @ ..] = &arguments[..] else {
        return Err("usage: measure_cases MANIFEST.json CLASSES [--points N] [--every N] [--offset N]".into());
    };
    let after = |name: &str| rest.iter().position(|a| a == name).and_then(|i| rest.get(i + 1));
    let points: Option<usize> = after("--points").map(|n| n.parse()).transpose()?;
    let selection = Selection {
        classes: classes.split(',').map(str::to_owned).collect(),
        every: after("--every").map_or(Ok(1), |n| n.parse())?,
        offset: after("--offset").map_or(Ok(0), |n| n.parse())?,
        limit: None,
    };
    let noise: Option<f64> = after("--noise").map(|n| n.parse()).transpose()?;
    let bench = Bench {
        input: match (noise, points) {
            (Some(_), _) => InputKind::Scan,
            (None, Some(_)) => InputKind::Points,
            (None, None) => InputKind::Mesh,
        },
        scanner: Scanner {
            views: after("--views").map_or(Ok(8), |n| n.parse())?,
            noise: Extent::Share(noise.unwrap_or_default()),
            dropout: after("--dropout").map_or(Ok(0.0), |n| n.parse())?,
            outliers: after("--outliers").map_or(Ok(0.0), |n| n.parse())?,
            ..Scanner::default()
        },
        points: points.unwrap_or(SAMPLED_POINTS),
        time_s: after("--time").map_or(Ok(60.0), |s| s.parse())?,
        ..Bench::default()
    };
    for case in Manifest::read(Path::new(manifest))?.select(&selection)? {
        let job = bench.job(&case);
        let mut line = serde_json::to_value(job.run(&InProcess::default())?)?;
        line["id"] = case.id.into();
        line["class"] = case.class.into();
        println!("{line}");
    }
    Ok(())
}
