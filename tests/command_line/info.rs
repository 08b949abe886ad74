//! `partwright info` on good and bad files.

use std::fs;

use serde_json::json;
use tempfile::tempdir;

use crate::program::{run, run_with, sample};

const TETRAHEDRON: &str = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n";

#[test]
fn a_mesh_and_a_cloud_are_described() {
    let folder = tempdir().expect("a temporary folder");
    let cloud = run(folder.path(), &["info", "--json", &sample("bracket-scan.ply")]).expect(0, "").json();
    assert_eq!((&cloud["kind"], &cloud["normals"], &cloud["format"]), (&json!("cloud"), &json!(true), &json!("PLY")));
    let mesh = run(folder.path(), &["info", "--json", &sample("flange.stl")]).expect(0, "").json();
    assert_eq!((&mesh["kind"], &mesh["watertight"], &mesh["faults"]), (&json!("mesh"), &json!(true), &json!([])));
    let text = run(folder.path(), &["info", &sample("flange.stl")]).expect(0, "").text();
    assert!(text.contains("watertight  yes") && text.contains("No fault found."), "{text}");
}

#[test]
fn a_survey_is_told_when_it_is_asked_for() {
    let folder = tempdir().expect("a temporary folder");
    for (name, exact) in [("flange.stl", true), ("bracket-scan.ply", false)] {
        let plain = run(folder.path(), &["info", "--json", &sample(name)]).expect(0, "").json();
        assert!(plain.get("features").is_none());
        let object = run(folder.path(), &["info", "--features", "--json", &sample(name)]).expect(0, "").json();
        let features = &object["features"];
        assert_eq!((&features["exact"], &features["complete"]), (&json!(exact), &json!(true)), "{name}");
        let segments = features["segments"].as_array().expect("a list");
        let has = |kind: &str| segments.iter().any(|s| s["kind"] == kind);
        assert!(has("plane") && has("cylinder"), "{name}: {features}");
    }
    let text = run(folder.path(), &["info", "--features", &sample("flange.stl")]).expect(0, "").text();
    assert!(text.contains("cylinder") && text.contains("radius") && text.contains("sharp edges"), "{text}");
}

#[test]
fn standard_input_is_read() {
    let folder = tempdir().expect("a temporary folder");
    let whole = run_with(folder.path(), &["info", "-", "--json"], TETRAHEDRON.as_bytes()).expect(0, "").json();
    assert_eq!((&whole["watertight"], &whole["triangles"]), (&json!(true), &json!(4)));
    let open = TETRAHEDRON.replace("f 2 3 4\n", "");
    let open = run_with(folder.path(), &["info", "-", "--json"], open.as_bytes()).expect(0, "").json();
    assert_eq!((&open["watertight"], &open["boundary_edges"]), (&json!(false), &json!(3)));
    assert!(open["faults"][0].as_str().is_some_and(|fault| fault.contains("holes")), "{open}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = tempdir().expect("a temporary folder");
    let check = |name: &str, content: Option<&[u8]>, part: &str| {
        if let Some(content) = content {
            fs::write(folder.path().join(name), content).expect("a temporary file");
        }
        let ran = run(folder.path(), &["info", name]).expect(1, part);
        assert!(ran.stderr.contains(name) && ran.stdout.is_empty(), "{ran:?}");
        let object = run(folder.path(), &["info", name, "--json"]).expect(1, part).json();
        assert_eq!(object["ok"], json!(false), "{object}");
    };
    check("missing.stl", None, "there is no file");
    check("empty.stl", Some(b""), "empty");
    check("photo.png", Some(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "photo.png");
    check("cut.ply", Some(b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\n"), "PLY");
    check("index.obj", Some(b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n"), "line 4");
    check("part.py", Some(b"r = 1"), "is a program");
    fs::create_dir(folder.path().join("folder")).expect("a temporary folder");
    check("folder", None, "is a folder");
}

#[test]
fn quiet_says_nothing() {
    let folder = tempdir().expect("a temporary folder");
    let ran = run(folder.path(), &["info", "--quiet", &sample("flange.stl")]).expect(0, "");
    assert!(ran.stdout.is_empty() && ran.stderr.is_empty(), "{ran:?}");
}
