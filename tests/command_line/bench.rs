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
