//! `partwright bench models`, with the tiny random checkpoint: what is looked at is that the table is made.

use std::fs;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::run;

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/cadrille/tests/fixtures/cadrille-tiny/tiny_model");

#[test]
fn a_model_is_examined_in_every_way() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    let plate = "import cadquery as cq\nr = cq.Workplane('XY').box(40, 30, 6)\n";
    fs::create_dir(here.join("case")).expect("a temporary folder");
    crate::program::run_with(here, &["run", "-", "-o", "case/plate.stl"], plate.as_bytes()).expect(0, "");
    let manifest =
        json!({ "cases": [{ "id": "plate", "cls": "A", "dir": "case", "files": { "gt_mesh": "plate.stl" } }] });
    fs::write(here.join("manifest.json"), manifest.to_string()).expect("a temporary file");
    let model = format!("random={TINY}");
    let line = [
        "bench",
        "models",
        "--model",
        &model,
        "--generated",
        "2",
        "--manifest",
        "manifest.json",
        "--class",
        "A",
        "--pool",
        "6",
        "--samples",
        "2",
        "--constrained",
        "--report",
        "report.md",
        "--out",
        "out.json",
        "--json",
    ];
    let found = run(here, &line).expect(0, "").json();
    let rows = found["rows"].as_array().expect("rows");
    let facts: Vec<(&Value, &Value)> = rows.iter().map(|row| (&row["set"], &row["shown"])).collect();
    assert_eq!(
        facts,
        [
            (&json!("generated"), &json!("points")),
            (&json!("generated"), &json!("pictures")),
            (&json!("generated"), &json!("text")),
            (&json!("class A"), &json!("points")),
            (&json!("class A"), &json!("pictures")),
        ]
    );
    // The fit makes the plate, whatever the random model writes.
    assert!(rows[3]["pool"]["iou"].as_f64().is_some_and(|iou| iou > 95.0), "{}", rows[3]);
    assert!(rows[0]["pool"].is_null() && rows[4]["pool"].is_null());
    let report = fs::read_to_string(here.join("report.md")).expect("the report");
    assert!(report.contains("best of 2") && report.contains("| random | class A | points | 1 |"), "{report}");
    let outcomes: Value = serde_json::from_slice(&fs::read(here.join("out.json")).expect("outcomes")).expect("JSON");
    assert_eq!(outcomes[0]["outcomes"][0]["attempts"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_is_missing_is_said() {
    let folder = tempdir().expect("a temporary folder");
    let check = |line: &[&str], code: i32, part: &str| {
        run(folder.path(), &[&["bench", "models"], line].concat()).expect(code, part);
    };
    check(&["--model", "a=nowhere"], 1, "nowhere");
    check(&["--model", "nobody"], 1, "no model 'nobody'");
    check(&["--model", "a=x", "--generated", "0"], 2, "there are no parts");
    check(&["--model", "a=x", "--manifest", "absent.json"], 1, "absent.json");
}
