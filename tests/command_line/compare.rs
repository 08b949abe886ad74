//! `partwright compare`.

use std::fs;

use tempfile::tempdir;

use crate::program::{run, sample};

/// A box from the origin as OBJ.
fn cuboid(x: f64, y: f64, z: f64) -> String {
    let corners = (0..8).map(|i| {
        let pick = |bit: usize, size: f64| if i >> bit & 1 == 1 { size } else { 0.0 };
        format!("v {} {} {}\n", pick(0, x), pick(1, y), pick(2, z))
    });
    let faces = ["1 3 4 2", "5 6 8 7", "1 2 6 5", "3 7 8 4", "1 5 7 3", "2 4 8 6"];
    corners.chain(faces.iter().map(|face| format!("f {face}\n"))).collect()
}

#[test]
fn boxes_overlap_as_they_should() {
    let folder = tempdir().expect("a temporary folder");
    for (name, text) in
        [("a.obj", cuboid(1.0, 2.0, 3.0)), ("b.obj", cuboid(1.0, 2.0, 1.5)), ("c.obj", cuboid(2.0, 4.0, 6.0))]
    {
        fs::write(folder.path().join(name), text).expect("a temporary file");
    }
    let check = |arguments: &[&str], iou: f64| {
        let mut line = vec!["compare", "--json"];
        line.extend(arguments);
        let object = run(folder.path(), &line).expect(0, "").json();
        let found = object["iou"].as_f64().expect("boxes are solids");
        assert!((found - iou).abs() < 1e-6, "{arguments:?}: {object}");
        assert_eq!(object["method"], "boolean", "{object}");
        object
    };
    let same = check(&["a.obj", "a.obj"], 1.0);
    assert!(same["deviation"]["max"].as_f64().is_some_and(|max| max < 1e-9), "{same}");
    let half = check(&["a.obj", "b.obj"], 0.5);
    assert!(half["deviation"]["max"].as_f64().is_some_and(|max| (max - 1.5).abs() < 1e-6), "{half}");
    check(&["a.obj", "c.obj"], 0.125);
    check(&["--normalize", "a.obj", "c.obj"], 1.0);
}

#[test]
fn a_cloud_has_distances_but_no_iou() {
    let folder = tempdir().expect("a temporary folder");
    let scan = sample("bracket-scan.ply");
    let object = run(folder.path(), &["compare", "--json", &scan, &scan]).expect(0, "").json();
    assert!(object["iou"].is_null() && object["method"] == "undefined", "{object}");
    assert!(object["method_reason"].as_str().is_some_and(|reason| reason.contains("cloud")), "{object}");
}

#[test]
fn standard_input_serves_one_side_only() {
    let folder = tempdir().expect("a temporary folder");
    run(folder.path(), &["compare", "-", "-"]).expect(2, "only one");
    run(folder.path(), &["compare", "no.stl", "no.stl"]).expect(1, "no.stl");
}
