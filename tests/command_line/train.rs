//! `partwright train`.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::tempdir;

use crate::program::{command, run};

/// A few steps of the tiny network; `more` are further lines of `[training]`.
fn configuration(folder: &Path, more: &str) {
    let text = format!(
        "out = \"run\"\n[network]\npreset = \"tiny\"\n[data]\ngenerator = {{ simple_share = 1.0, points = 64 }}\n[evaluation]\n\
         samples = 2\nevery = 2\n[training]\nbatch = 4\nsave_every = 2\nmost_answer = 128\n{more}"
    );
    fs::write(folder.join("sft.toml"), text).expect("a temporary file");
}

#[test]
fn a_few_steps_make_a_model_that_can_be_added_and_go_on() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    configuration(here, "steps = 3");
    let made = run(here, &["train", "sft", "sft.toml", "--json", "--threads", "1"]).expect(0, "").json();
    assert_eq!((&made["finished"], &made["steps"], &made["folder"]), (&json!(true), &json!(3), &json!("run")));
    assert_eq!(made["examination"]["count"], json!(2));
    let table = || fs::read_to_string(here.join("run/losses.csv")).expect("a table");
    assert_eq!(table().lines().count(), 4, "{}", table());
    assert!(fs::read_to_string(here.join("run/curves.html")).expect("a page").contains("<svg"));
    let added = command(here, &["model", "add", "run/model", "--name", "mine", "--license", "MIT", "--json"])
        .env("PARTWRIGHT_MODELS", here.join("models"))
        .output()
        .expect("the program was built with this test");
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));

    configuration(here, "steps = 5");
    let ran = run(here, &["train", "sft", "sft.toml"]).expect(0, "goes on after step 3");
    assert!(ran.text().contains("5 (all)"), "{}", ran.text());
    assert_eq!(table().lines().count(), 6);
    // A time limit ends the run with everything saved, and another rate is another run.
    configuration(here, "steps = 100000");
    let ran = run(here, &["train", "sft", "sft.toml", "--minutes", "0.0001"]).expect(0, "").text();
    assert!(ran.contains("the same command goes on"), "{ran}");
    configuration(here, "steps = 5\nrate = 0.5");
    run(here, &["train", "sft", "sft.toml"]).expect(1, "another configuration");
}

#[test]
fn configurations_are_checked_before_anything_is_done() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    configuration(here, "steps = 3\nbatches = 2");
    run(here, &["train", "sft", "sft.toml"]).expect(1, "batches");
    configuration(here, "steps = 0");
    run(here, &["train", "sft", "sft.toml"]).expect(1, "`training.steps` has to be positive");
    run(here, &["train", "sft", "absent.toml"]).expect(1, "absent.toml");
    run(here, &["train", "sft", "sft.toml", "--minutes", "0"]).expect(2, "--minutes");
    assert!(!here.join("run").exists());
}
