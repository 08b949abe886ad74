//! `partwright reconstruct` with a model: points, pictures and text, from the command line to candidates.

use std::fs;
use std::path::Path;

use image::{Rgb, RgbImage};
use serde_json::json;
use tempfile::tempdir;

use crate::program::{run, run_with};

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/cadrille/tests/fixtures/cadrille-tiny/tiny_model");

fn with_model(folder: &Path) {
    run(folder, &["model", "add", TINY, "--name", "tiny", "--license", "MIT"]).expect(0, "");
}

fn pictures(folder: &Path) {
    for (i, name) in ["a.png", "b.png", "c.png", "d.png", "e.png"].iter().enumerate() {
        let picture = RgbImage::from_pixel(90, 60, Rgb([40 * i as u8, 90, 200]));
        picture.save(folder.join(name)).expect("a temporary file");
    }
}

/// A plate as STL.
fn plate(folder: &Path) {
    let program = b"import cadquery as cq\nr = cq.Workplane('XY').box(40, 30, 6)\n";
    run_with(folder, &["run", "-", "-o", "plate.stl"], program).expect(0, "");
}

#[test]
fn a_scan_is_shown_to_the_model_beside_the_fit() {
    let folder = tempdir().expect("a temporary folder");
    with_model(folder.path());
    plate(folder.path());
    let line = [
        "reconstruct",
        "plate.stl",
        "--model",
        "tiny",
        "--samples",
        "2",
        "--candidates",
        "20",
        "--json",
        "--time",
        "60",
    ];
    let report = run(folder.path(), &line).expect(0, "").json();
    assert_eq!(report["verdict"], "good");
    let candidates = report["candidates"].as_array().expect("a list");
    let written: Vec<_> = candidates.iter().filter(|candidate| candidate["network"].is_object()).collect();
    assert!(!written.is_empty(), "{report}");
    assert_eq!((&written[0]["network"]["model"], &written[0]["network"]["shown"]), (&json!("tiny"), &json!("points")));
    assert!(report["criterion"].as_str().is_some_and(|criterion| criterion.starts_with("measured")));
    assert!(report["network"].as_str().is_some_and(|network| network.contains("runs on")));
    // Where the fit agrees, a model that nobody named is left alone.
    let report = run(folder.path(), &["reconstruct", "plate.stl", "--json"]).expect(0, "").json();
    assert!(report["network"].is_null());
}

/// The tiny model is a random one: its programs are executed, or refused with a reason.
#[test]
fn pictures_and_text_become_candidates() {
    let folder = tempdir().expect("a temporary folder");
    with_model(folder.path());
    pictures(folder.path());
    let check = |line: &[&str], shown: &str| {
        let all = [&["reconstruct"], line, &["--samples", "3", "--report", "r.json", "--size", "80"]].concat();
        let ran = run(folder.path(), &all);
        let report = fs::read(folder.path().join("r.json")).expect("the report is there in any case");
        let report: serde_json::Value = serde_json::from_slice(&report).expect("the report is JSON");
        match report["ok"].as_bool() {
            Some(true) => ran.expect(0, ""),
            _ => ran.expect(1, "made a solid"),
        };
        assert!(report["criterion"].as_str().is_some_and(|criterion| criterion.contains("agreement")), "{report}");
        for candidate in report["candidates"].as_array().expect("a list") {
            assert_eq!(candidate["network"]["shown"], shown);
            assert!(candidate["error"].is_string() || candidate["volume"].is_f64(), "{candidate}");
            assert_ne!(candidate["verdict"], "good");
        }
        fs::remove_file(folder.path().join("r.json")).expect("it was read");
    };
    check(&["a.png", "b.png", "c.png", "d.png"], "pictures");
    check(&["a.png"], "pictures");
    check(&["--text", "a plate with four holes"], "descriptions");
}

#[test]
fn what_is_missing_or_mixed_is_said() {
    let folder = tempdir().expect("a temporary folder");
    pictures(folder.path());
    plate(folder.path());
    let check = |line: &[&str], code: i32, part: &str| {
        let all = [&["reconstruct"], line].concat();
        run(folder.path(), &all).expect(code, part);
    };
    check(&["a.png", "--model", "none"], 2, "--model none");
    check(&["--text", " "], 2, "empty");
    check(&["--text", "a plate", "--model", "none"], 2, "--model none");
    check(&["plate.stl", "--model", "nobody"], 1, "no model 'nobody'");
    check(&["plate.stl", "a.png"], 2, "cannot be mixed");
    check(&["plate.stl", "plate.stl"], 2, "one scan");
    check(&["a.png", "b.png", "c.png", "d.png", "e.png"], 2, "at most 4");
    check(&["plate.stl", "--size", "3"], 2, "--size");
    check(&["f.png"], 1, "there is no file 'f.png'");
    fs::write(folder.path().join("g.png"), b"no picture").expect("a temporary file");
    check(&["g.png"], 1, "g.png");
    // Without a model a scan is fitted as ever.
    check(&["plate.stl", "--model", "none"], 0, "");
}
