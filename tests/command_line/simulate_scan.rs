//! `partwright simulate-scan`.

use std::fs;

use serde_json::json;
use tempfile::tempdir;

use crate::program::run;

#[test]
fn a_program_is_scanned_and_the_scan_is_read_again() {
    let folder = tempdir().expect("a temporary folder");
    let program = "import cadquery as cq\nr = cq.Workplane('XY').box(30, 20, 10)\n";
    fs::write(folder.path().join("box.py"), program).expect("a temporary file");
    let line =
        ["simulate-scan", "box.py", "-o", "scan.ply", "--views", "6", "--points", "5000", "--noise", "0.1", "--json"];
    let object = run(folder.path(), &line).expect(0, "").json();
    assert_eq!((&object["points"], &object["strays"]), (&json!(5000), &json!(0)), "{object}");
    assert_eq!(object["views"].as_array().map(Vec::len), Some(6), "{object}");
    let compared = run(folder.path(), &["compare", "scan.ply", "box.py", "--json"]).expect(0, "").json();
    // The mean distance of a normal distribution is 0.8 of its deviation.
    let mean = compared["deviation"]["mean"].as_f64().expect("a number");
    assert!((0.06..0.1).contains(&mean), "{compared}");
    // The same seed gives the same file, another one another.
    let first = fs::read(folder.path().join("scan.ply")).expect("the scan");
    let again = ["simulate-scan", "box.py", "-o", "again.ply", "--views", "6", "--points", "5000", "--noise", "0.1"];
    run(folder.path(), &again).expect(0, "");
    assert_eq!(first, fs::read(folder.path().join("again.ply")).expect("the scan"));
    run(folder.path(), &[&again[..], &["--seed", "1"]].concat()).expect(0, "");
    assert_ne!(first, fs::read(folder.path().join("again.ply")).expect("the scan"));
}

#[test]
fn sheets_are_a_mesh_and_clouds_are_no_shape() {
    let folder = tempdir().expect("a temporary folder");
    let program = "import cadquery as cq\nr = cq.Workplane('XY').box(3, 2, 1)\n";
    fs::write(folder.path().join("box.py"), program).expect("a temporary file");
    let line = ["simulate-scan", "box.py", "-o", "mesh.ply", "--mesh", "--one-sided", "--points", "2000"];
    run(folder.path(), &line).expect(0, "");
    let info = run(folder.path(), &["info", "mesh.ply", "--json"]).expect(0, "").json();
    assert!(info.to_string().contains("triangles"), "{info}");
    fs::write(folder.path().join("points.xyz"), "0 0 0\n1 0 0\n0 1 0\n").expect("a temporary file");
    run(folder.path(), &["simulate-scan", "points.xyz", "-o", "a.ply"]).expect(1, "no surface");
    run(folder.path(), &["simulate-scan", "box.py", "-o", "a.stl"]).expect(2, "");
}
