//! The network that comes with the program: with nothing installed it makes executed programs of a scan, of four views and of a
//! sentence. How good they are is measured by `bench models`, not here.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::run;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/samples");

/// The programs of the network that made a solid.
fn solids(report: &Value) -> Vec<&Value> {
    let candidates = report["candidates"].as_array().expect("a list");
    candidates
        .iter()
        .filter(|one| {
            one["network"]["model"] == json!("partwright-nano") && one["volume"].as_f64().is_some_and(|v| v > 0.0)
        })
        .collect()
}

#[test]
fn scans_views_and_sentences_become_solids() {
    let folder = tempdir().expect("a temporary folder");
    let check = |line: &[&str], shown: &str| {
        let all =
            [&["reconstruct"], line, &["--samples", "4", "--candidates", "20", "--time", "60", "--json"]].concat();
        let report = run(folder.path(), &all).expect(0, "").json();
        let solids = solids(&report);
        // In later rounds it is shown its own programs, too.
        let how: Vec<&Value> = solids.iter().map(|solid| &solid["network"]["shown"]).collect();
        assert!(
            how.contains(&&json!(shown)),
            "{shown}: {how:?} {}",
            report["candidates"].as_array().map_or(0, Vec::len)
        );
        assert!(report["network"].as_str().is_some_and(|network| network.contains("runs on")));
        solids[0]["bbox"].clone()
    };
    let sample = |name: &str| Path::new(SAMPLES).join(name).display().to_string();
    let scan = sample("flange.stl");
    check(&[&scan, "--model", "partwright-nano"], "points");
    check(
        &[&scan, "--text", "a round flange with a hub", "--model", "partwright-nano"],
        "several kinds of input at once",
    );
    let views: Vec<String> = (1..=4).map(|number| sample(&format!("flange-{number}.png"))).collect();
    let views: Vec<&str> = views.iter().map(String::as_str).collect();
    let bounds = check(&[views.as_slice(), &["--size", "90"]].concat(), "pictures");
    let side = |axis: usize| {
        let corner = |place: usize| bounds[place].as_f64().unwrap_or_default();
        corner(axis + 3) - corner(axis)
    };
    let longest = (0..3).map(side).fold(0.0, f64::max);
    assert!((longest - 90.0).abs() < 1e-6, "{bounds}");
    check(&["--text", "a plate of 200 x 120 x 20 with a hole of diameter 60 through its middle"], "descriptions");
}
