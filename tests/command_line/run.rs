//! `partwright run`: programs to shapes and files.

use std::fs;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{listing, run, run_with, sample};

const BOX: &str = "import cadquery as cq\nr = cq.Workplane('XY').box(1, 2, 3)\n";

fn near(value: &Value, expected: f64) -> bool {
    value.as_f64().is_some_and(|value| (value - expected).abs() <= 1e-9 * expected.abs())
}

#[test]
fn a_program_becomes_every_kind_of_file() {
    let folder = tempdir().expect("a temporary folder");
    fs::write(folder.path().join("box.py"), BOX).expect("a temporary file");
    let names = ["box.step", "box.stl", "box.ply", "box.obj", "box.3mf"];
    let mut line = vec!["run", "box.py", "--json"];
    line.extend(names.iter().flat_map(|name| ["-o", name]));
    let object = run(folder.path(), &line).expect(0, "").json();
    assert!(near(&object["volume"], 6.0) && near(&object["area"], 22.0), "{object}");
    assert_eq!((&object["ok"], &object["solids"], &object["faces"]), (&json!(true), &json!(1), &json!(6)), "{object}");
    assert_eq!((&object["valid"], &object["watertight"]), (&json!(true), &json!(true)), "{object}");
    assert_eq!(object["bbox"], json!([-0.5, -1.0, -1.5, 0.5, 1.0, 1.5]), "{object}");
    let mut there: Vec<&str> = names.to_vec();
    there.push("box.py");
    there.sort_unstable();
    assert_eq!(listing(folder.path()), there);
    let step = fs::read_to_string(folder.path().join("box.step")).expect("a STEP file");
    assert!(step.starts_with("ISO-10303-21;") && step.contains("PLANE") && step.contains("MANIFOLD_SOLID_BREP"));
    for mesh in &names[1..] {
        let info = run(folder.path(), &["info", mesh, "--json"]).expect(0, "").json();
        assert_eq!((&info["watertight"], &info["triangles"]), (&json!(true), &json!(12)), "{mesh}: {info}");
    }
}

#[test]
fn the_sample_program_runs() {
    let folder = tempdir().expect("a temporary folder");
    let object = run(folder.path(), &["run", "--json", &sample("flange.py")]).expect(0, "").json();
    // Disc and hub, less bore and six bolt holes.
    let disc = |diameter: f64, height: f64| std::f64::consts::PI * diameter * diameter / 4.0 * height;
    let volume = disc(90.0, 10.0) + disc(46.0, 18.0) - disc(28.0, 28.0) - 6.0 * disc(9.0, 10.0);
    assert!(near(&object["volume"], volume), "{object} instead of {volume}");
    let compared =
        run(folder.path(), &["compare", "--json", &sample("flange.py"), &sample("flange.stl")]).expect(0, "");
    assert!(compared.json()["iou"].as_f64().is_some_and(|iou| iou > 0.995), "{compared:?}");
}

#[test]
fn standard_input_and_output() {
    let folder = tempdir().expect("a temporary folder");
    let ran = run_with(folder.path(), &["run", "-", "-o", "-"], BOX.as_bytes()).expect(0, "");
    assert!(ran.text().starts_with("ISO-10303-21;") && ran.text().ends_with("END-ISO-10303-21;\n"), "{ran:?}");
    let again = run_with(folder.path(), &["run", "-", "-o", "-"], BOX.as_bytes()).expect(0, "");
    assert_eq!(ran.stdout, again.stdout, "the same program gives the same bytes");
    run_with(folder.path(), &["run", "-", "-o", "-", "--json"], BOX.as_bytes()).expect(2, "standard output");
    assert_eq!(listing(folder.path()), Vec::<String>::new());
}

#[test]
fn a_failing_program_says_where() {
    let folder = tempdir().expect("a temporary folder");
    let check = |source: &str, kind: &str, line: Option<u32>| {
        fs::write(folder.path().join("part.py"), source).expect("a temporary file");
        let ran = run(folder.path(), &["run", "part.py", "--json", "-o", "part.step"]).expect(1, "part.py");
        let object = ran.json();
        assert_eq!((&object["ok"], &object["error"]["kind"]), (&json!(false), &json!(kind)), "{source}: {object}");
        assert_eq!(object["error"]["line"], json!(line), "{source}: {object}");
        assert_eq!(listing(folder.path()), ["part.py"], "nothing is written for {source}");
    };
    check("import cadquery as cq\nr = cq.Workplane('XY').box(1, 2,", "syntax", Some(2));
    check("import cadquery as cq\nr = cq.Workplane('XY').bax(1, 2, 3)", "attribute", Some(2));
    check("import cadquery as cq\n\nr = cq.Workplane('XY').box(undefined, 2, 3)", "name", Some(3));
    check("import os\n", "import", Some(1));
    check("x = 1\n", "no_result", None);
    fs::write(folder.path().join("part.py"), b"\xff\xfe").expect("a temporary file");
    run(folder.path(), &["run", "part.py"]).expect(1, "not UTF-8");
}

#[test]
fn outputs_are_checked_before_anything_runs() {
    let folder = tempdir().expect("a temporary folder");
    fs::write(folder.path().join("box.py"), BOX).expect("a temporary file");
    let check = |output: &str, code: i32, part: &str| {
        run(folder.path(), &["run", "box.py", "-o", output]).expect(code, part);
        assert_eq!(listing(folder.path()), ["box.py"]);
    };
    check("box.iges", 2, "known extensions: .step");
    check("box", 2, "no extension");
    check("missing/box.step", 1, "create the folder first");
    run(folder.path(), &["run", "box.py", "-o", "a.step", "-o", "./a.step"]).expect(2, "twice");
    assert_eq!(fs::read_to_string(folder.path().join("box.py")).expect("the program"), BOX);
}

#[test]
fn an_old_file_survives_a_failure() {
    let folder = tempdir().expect("a temporary folder");
    fs::write(folder.path().join("part.step"), "old").expect("a temporary file");
    fs::write(folder.path().join("part.py"), "r = nothing").expect("a temporary file");
    run(folder.path(), &["run", "part.py", "-o", "part.step"]).expect(1, "nothing");
    assert_eq!(fs::read_to_string(folder.path().join("part.step")).expect("the old file"), "old");
}

#[test]
fn a_batch_answers_in_order() {
    let folder = tempdir().expect("a temporary folder");
    let program = |size: u32| format!("import cadquery as cq\nr = cq.Workplane('XY').box({size}, 1, 1)");
    let reference = |volume: f64| json!({ "volume": volume, "solids": 1, "valid": true });
    let lines = [
        json!({ "id": "one", "code": program(1), "ref": reference(1.0) }),
        json!({ "id": "bad", "code": "r = " }),
        json!({ "id": "two", "code": program(2), "ref": reference(3.0), "other": [] }),
        json!({ "id": "three", "code": program(3), "ref": { "valid": null } }),
    ];
    let text = lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n") + "\n";
    fs::write(folder.path().join("all.jsonl"), text).expect("a temporary file");
    let ran = run(folder.path(), &["run", "--batch", "all.jsonl"]).expect(0, "agree");
    let answers: Vec<Value> =
        ran.text().lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, ["one", "bad", "two", "three"]);
    assert!(near(&answers[2]["volume"], 2.0), "{answers:?}");
    assert_eq!(answers[1]["error"]["kind"], "syntax");
    assert_eq!((&answers[0]["disagrees"], &answers[2]["disagrees"]), (&json!([]), &json!(["volume"])));
    assert!(ran.stderr.contains("1 of 2"), "{}", ran.stderr);
    fs::write(folder.path().join("broken.jsonl"), "{\"id\": \"a\"}\n").expect("a temporary file");
    run(folder.path(), &["run", "--batch", "broken.jsonl"]).expect(1, "line 1");
    run(folder.path(), &["run", "--batch", "none.jsonl"]).expect(1, "there is no file");
}

#[test]
fn hostile_programs_end_in_time_with_a_clear_message() {
    let folder = tempdir().expect("a temporary folder");
    let check = |source: &str, kinds: &[&str]| {
        fs::write(folder.path().join("part.py"), source).expect("a temporary file");
        let object = run(folder.path(), &["run", "part.py", "--json", "--time", "2"]).expect(1, "part.py").json();
        let kind = object["error"]["kind"].as_str().unwrap_or_default().to_owned();
        assert!(kinds.contains(&kind.as_str()), "{source}: {object}");
    };
    check("while True:\n    pass", &["time"]);
    check("while True:\n    try:\n        x = 1 / 0\n    except:\n        pass", &["time"]);
    check("r = 10 ** 10 ** 10", &["time", "memory", "size", "python"]);
    check("r = 'a' * 10 ** 12", &["memory", "size", "python"]);
    check("def f():\n    return f()\nf()", &["recursion"]);
    check(&format!("r = {}1{}", "[".repeat(5000), "]".repeat(5000)), &["syntax", "recursion", "size"]);
    check("r = open('/etc/passwd').read()", &["forbidden", "name", "python"]);
}
