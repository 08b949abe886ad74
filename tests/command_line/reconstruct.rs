//! `partwright reconstruct`: a scan to STEP, program and report.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{command, listing, run, run_with, sample};

const PLATE: &str = "import cadquery as cq\n\
    r = cq.Workplane('XY', origin=(300, -120, 45)).box(40, 30, 6).faces('>Z').workplane().hole(12)\n";

/// A plate with a hole as STL, 300 away from the origin.
fn plate(folder: &Path) {
    let ran = run_with(folder, &["run", "-", "-o", "plate.stl"], PLATE.as_bytes());
    ran.expect(0, "");
}

#[test]
fn a_mesh_becomes_program_step_mesh_and_report() {
    let folder = tempdir().expect("a temporary folder");
    plate(folder.path());
    let line = [
        "reconstruct",
        "plate.stl",
        "-o",
        "out.step",
        "--program",
        "out.py",
        "--mesh",
        "out.ply",
        "--report",
        "out.json",
        "--units",
        "mm",
    ];
    let text = run(folder.path(), &line).expect(0, "").text();
    assert!(text.contains("verdict") && text.contains("out.step"), "{text}");
    assert_eq!(listing(folder.path()), ["out.json", "out.ply", "out.py", "out.step", "plate.stl"]);
    let report: Value = serde_json::from_slice(&fs::read(folder.path().join("out.json")).expect("the report"))
        .expect("the report is JSON");
    assert_eq!((&report["verdict"], &report["unit"]), (&json!("good"), &json!("mm")), "{report}");
    let best = &report["candidates"][0];
    assert!(best["iou"].as_f64().is_some_and(|iou| iou > 0.99), "{best}");
    // The program stands where the scan stands.
    let compared = run(folder.path(), &["compare", "--json", "out.py", "plate.stl"]).expect(0, "").json();
    assert!(compared["iou"].as_f64().is_some_and(|iou| iou > 0.99), "{compared}");
    let compared = run(folder.path(), &["compare", "--json", "out.ply", "plate.stl"]).expect(0, "").json();
    assert!(compared["iou"].as_f64().is_some_and(|iou| iou > 0.99), "{compared}");
    let step = fs::read_to_string(folder.path().join("out.step")).expect("the STEP file");
    assert!(step.contains("CYLINDRICAL_SURFACE") && step.contains("MILLI"), "{}", &step[..1000.min(step.len())]);
}

#[test]
fn the_sample_scan_becomes_a_solid() {
    let folder = tempdir().expect("a temporary folder");
    let line = ["reconstruct", &sample("bracket-scan.ply"), "-o", "b.step", "--program", "b.py", "--json"];
    let report = run(folder.path(), &line).expect(0, "").json();
    assert_eq!(listing(folder.path()), ["b.py", "b.step"]);
    assert_eq!(report["input"]["kind"], "cloud");
    // The scan is 80 x 50 x 48 mm; whatever was found has about that size and lies where the scan lies.
    let expected = [260.0, -145.0, 45.0, 340.0, -95.0, 93.0];
    let bbox = report["candidates"][0]["bbox"].as_array().expect("a box").clone();
    for (found, expected) in bbox.iter().zip(expected) {
        assert!(found.as_f64().is_some_and(|found| (found - expected).abs() < 2.0), "{bbox:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_program() {
    let folder = tempdir().expect("a temporary folder");
    plate(folder.path());
    let program = || run(folder.path(), &["reconstruct", "plate.stl", "--program", "-", "--seed", "3"]).expect(0, "");
    let first = program();
    assert!(first.text().contains("import cadquery as cq\n"), "{first:?}");
    assert_eq!(first.stdout, program().stdout);
}

#[test]
fn the_normalized_frame_is_centred_and_200_long() {
    let folder = tempdir().expect("a temporary folder");
    plate(folder.path());
    let line = ["reconstruct", "plate.stl", "--frame", "normalized", "--json"];
    let report = run(folder.path(), &line).expect(0, "").json();
    let bbox = report["candidates"][0]["bbox"].as_array().expect("a box").clone();
    for (found, expected) in bbox.iter().zip([-100.0, -75.0, -15.0, 100.0, 75.0, 15.0]) {
        assert!(found.as_f64().is_some_and(|found| (found - expected).abs() < 1.0), "{bbox:?}");
    }
    assert!((report["scan_from_program"][0][0].as_f64().unwrap_or_default() - 0.2).abs() < 1e-6, "{report}");
}

#[test]
fn wrong_inputs_and_outputs_are_refused_before_any_work() {
    let folder = tempdir().expect("a temporary folder");
    plate(folder.path());
    let check = |arguments: &[&str], code: i32, part: &str| {
        let mut line = vec!["reconstruct"];
        line.extend(arguments);
        run(folder.path(), &line).expect(code, part);
        assert_eq!(listing(folder.path()), ["plate.stl"]);
    };
    let before = fs::read(folder.path().join("plate.stl")).expect("the scan");
    check(&["missing.stl", "-o", "a.step"], 1, "there is no file 'missing.stl'");
    check(&["plate.stl", "--mesh", "plate.stl"], 2, "is the input");
    check(&["plate.stl", "-o", "a.stl"], 2, "known extensions: .step");
    check(&["plate.stl", "-o", "no/a.step"], 1, "create the folder first");
    check(&["plate.stl", "-o", "-", "--program", "-"], 2, "one result only");
    assert_eq!(fs::read(folder.path().join("plate.stl")).expect("the scan"), before);
    fs::write(folder.path().join("empty.ply"), "").expect("a temporary file");
    run(folder.path(), &["reconstruct", "empty.ply", "-o", "a.step"]).expect(1, "empty");
    assert_eq!(listing(folder.path()), ["empty.ply", "plate.stl"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_whole_files_or_none() {
    let folder = tempdir().expect("a temporary folder");
    let line = ["reconstruct", &sample("bracket-scan.ply"), "-o", "b.step", "--program", "b.py", "--time", "600"];
    for pause in [30, 400] {
        let child = command(folder.path(), &line)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program was built with this test");
        std::thread::sleep(Duration::from_millis(pause));
        let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()) || cfg!(not(target_os = "linux")));
        let output = child.wait_with_output().expect("the program ends");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        // Before the handler stands, the signal ends the program at once; after, the program says that it was stopped,
        // unless it was done already.
        let stopped = output.status.code().is_none() || words.contains("error:");
        assert!(stopped || output.status.success(), "{words}");
        for name in listing(folder.path()) {
            assert!(["b.py", "b.step"].contains(&name.as_str()), "{name} was left behind");
            let text = fs::read_to_string(folder.path().join(&name)).expect("a whole file");
            assert!(text.ends_with('\n') && text.len() > 20, "{name} is cut short");
        }
    }
}
