//! `partwright bench`.

use std::fs;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{repository, run};

#[test]
fn the_kernel_table_compares_with_the_reference() {
    let folder = tempdir().expect("a temporary folder");
    // Two cases keep the test short; the whole table is the benchmark's affair.
    let cases = repository().join("tests/kernel");
    let all: Value = serde_json::from_slice(&fs::read(cases.join("reference.json")).expect("the reference"))
        .expect("the reference is JSON");
    fs::write(folder.path().join("reference.json"), json!({ "000": all["000"], "001": all["001"] }).to_string())
        .expect("a temporary file");
    for case in ["000.json", "001.json"] {
        fs::copy(cases.join(case), folder.path().join(case)).expect("a case");
    }
    fs::create_dir(folder.path().join("step")).expect("a temporary folder");
    let line = ["bench", "kernel", ".", "--json", "--step", "step", "--out", "kernel.json"];
    let object = run(folder.path(), &line).expect(0, "").json();
    assert_eq!((&object["n"], &object["volume"], &object["area"]), (&json!(2), &json!(2), &json!(2)), "{object}");
    assert_eq!((&object["silently_wrong"], &object["watertight"]), (&json!(0), &json!(2)), "{object}");
    assert!(folder.path().join("step/001.step").exists() && folder.path().join("kernel.json").exists());
    run(folder.path(), &["bench", "kernel", "missing"]).expect(1, "there is no folder");
}

/// A data set of one box and one file that is none.
fn data_set(folder: &std::path::Path) {
    let program = "import cadquery as cq\nr = cq.Workplane('XY').box(3, 2, 1)";
    fs::write(folder.join("box.py"), program).expect("a temporary file");
    run(folder, &["run", "box.py", "-o", "box.ply"]).expect(0, "");
    fs::write(folder.join("bad.ply"), "ply\nformat ascii 1.0\n").expect("a temporary file");
    let case = |id: &str, class: &str, file: &str| json!({ "id": id, "cls": class, "difficulty": "easy", "dir": ".", "files": { "gt_mesh": file } });
    let manifest = json!({ "cases": [case("bad", "B", "bad.ply"), case("box", "A", "box.ply")] });
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("a temporary file");
}

#[test]
fn a_damaged_case_is_invalid_and_does_not_stop_the_bench() {
    let folder = tempdir().expect("a temporary folder");
    data_set(folder.path());
    let line = ["bench", "manifest.json", "--json", "--time", "10", "--out", "results.json"];
    let object = run(folder.path(), &line).expect(0, "").json();
    assert_eq!((&object["summary"]["n"], &object["summary"]["invalid_percent"]), (&json!(2), &json!(50.0)), "{object}");
    let [bad, cube] = [&object["cases"][0], &object["cases"][1]];
    assert_eq!(
        (&bad["id"], &bad["valid"], &cube["id"], &cube["valid"]),
        (&json!("bad"), &json!(false), &json!("box"), &json!(true))
    );
    assert!(cube["iou"].as_f64().is_some_and(|iou| iou > 0.999), "{cube}");
    assert!(object["summary"]["mean_iou"].as_f64().is_some_and(|iou| (iou - 0.5).abs() < 1e-3), "{object}");
    assert!(folder.path().join("results.json").exists() && !folder.path().join("results.json.part").exists());
    assert_eq!((&object["worst"], &cube["verdict"]), (&json!(["bad", "box"]), &json!("good")), "{object}");
    assert!(cube["stages_s"]["execute"].as_f64().is_some_and(|secs| secs > 0.0), "{cube}");
    let text = run(folder.path(), &["bench", "manifest.json", "--class", "A", "--limit", "1"]).expect(0, "").text();
    assert!(text.contains("class A") && text.contains("mean IoU") && text.contains("mean seconds per case"), "{text}");
    // The second half of the cases, as a simulated scan and without what can be left out.
    let line =
        ["bench", "manifest.json", "--json", "--every", "2", "--offset", "1", "--input", "scan", "--noise", "0.1%"];
    let without = ["--without", "refine", "--without", "snapping", "--without", "price"];
    let object = run(folder.path(), &[&line[..], &without].concat()).expect(0, "").json();
    assert_eq!((&object["summary"]["n"], &object["cases"][0]["id"]), (&json!(1), &json!("box")), "{object}");
    assert!(object["cases"][0]["iou"].as_f64().is_some_and(|iou| iou > 0.95), "{object}");
    run(folder.path(), &["bench", "manifest.json", "--class", "Z"]).expect(2, "it holds A, B");
    run(folder.path(), &["bench", "box.py"]).expect(1, "not a manifest");
}

#[test]
fn the_network_is_measured_and_a_python_without_torch_is_told() {
    let folder = tempdir().expect("a temporary folder");
    let tiny = ["bench", "network", "--size", "tiny", "--device", "cpu", "--runs", "1", "--tokens", "3"];
    let line = [&tiny[..], &["--samples", "2", "--prompt", "20", "--no-torch", "--json"]].concat();
    let object = run(folder.path(), &line).expect(0, "").json();
    assert_eq!((&object["precision"], &object["is_random"]), (&json!("q8_0"), &json!(true)), "{object}");
    assert_eq!((&object["size"]["layers"], &object["torch"]), (&json!(2), &json!([])), "{object}");
    let positive = |value: &Value| value.as_f64().is_some_and(|value| value > 0.0);
    assert!(positive(&object["prefill_s"]) && positive(&object["bandwidth_bytes_per_s"]), "{object}");
    let samples: Vec<&Value> =
        object["decode"].as_array().into_iter().flatten().map(|speed| &speed["samples"]).collect();
    assert_eq!(samples, [&json!(1), &json!(2)]);
    assert!(positive(&object["decode"][1]["tokens_per_s"]), "{object}");
    if cfg!(target_os = "linux") {
        assert!(positive(&object["memory_loaded"]["resident"]), "{object}");
    }
    let line = [&tiny[..], &["--layers", "1", "--precision", "q4_k", "--no-torch"]].concat();
    let text = run(folder.path(), &line).expect(0, "").text();
    for part in ["the CPU, as was asked", "1 layer of 256", "as q4_k", "tokens/s", "GB/s", "left out, as was asked"] {
        assert!(text.contains(part), "'{part}' is not in: {text}");
    }
    let wrong = |arguments: &[&str], code: i32, part: &str| {
        run(folder.path(), &[&tiny[..], arguments].concat()).expect(code, part);
    };
    wrong(&["--torch", "no-such-python"], 1, "'no-such-python' does not start");
    wrong(&["--precision", "bf16", "--no-torch"], 1, "take q8_0 or f32");
    wrong(&["--precision", "q5"], 2, "none of f32, f16, bf16, q8_0, q4_k");
    run(folder.path(), &["bench", "network", "--model", "nobody"]).expect(1, "no model 'nobody'");
}
