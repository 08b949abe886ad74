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

#[test]
fn published_sets_are_found_where_cadrille_has_them() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    let plate = "import cadquery as cq\nr = cq.Workplane('XY').box(40, 30, 6)\n";
    fs::create_dir_all(here.join("data/deepcad_test_mesh")).expect("a temporary folder");
    crate::program::run_with(here, &["run", "-", "-o", "data/deepcad_test_mesh/00000007.stl"], plate.as_bytes())
        .expect(0, "");
    fs::write(here.join("data/deepcad_test_mesh/00000008.stl"), "no mesh").expect("a temporary file");
    let model = format!("random={TINY}");
    let line =
        ["bench", "models", "--model", &model, "--generated", "0", "--samples", "1", "--published", "data", "--json"];
    let found = run(here, &line).expect(0, "").json();
    let rows = found["rows"].as_array().expect("rows");
    let facts: Vec<_> = rows.iter().map(|row| (&row["set"], &row["shown"], &row["likeliest"]["count"])).collect();
    let one = json!(1);
    let set = json!("DeepCAD");
    assert_eq!(facts, [(&set, &json!("points"), &one), (&set, &json!("pictures"), &one)]);
    let nothing = [&line[..9], &["case", "--json"]].concat();
    run(here, &nothing).expect(1, "none of the published sets");
}

#[test]
fn rounds_of_improving_stand_beside_rounds_of_new_programs() {
    let folder = tempdir().expect("a temporary folder");
    let line = [
        "bench",
        "models",
        "--model",
        "partwright-nano",
        "--generated",
        "3",
        "--shown",
        "points",
        "--samples",
        "2",
        "--rounds",
        "2",
        "--constrained",
        "--json",
    ];
    let found = run(folder.path(), &line).expect(0, "").json();
    let [_, _, rounds] = found["rounds"][0].as_array().expect("one line").as_slice() else { panic!("{found}") };
    let means =
        |key: &str| -> Vec<f64> { rounds[key].as_array().expect("a list").iter().filter_map(Value::as_f64).collect() };
    let (improved, redrawn) = (means("improved"), means("redrawn"));
    assert_eq!((improved.len(), redrawn.len()), (3, 3), "{found}");
    assert!(improved.is_sorted() && redrawn.is_sorted() && (improved[0] - redrawn[0]).abs() < 1e-9, "{found}");
}
