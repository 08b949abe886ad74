//! `partwright train`.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::tempdir;

use crate::program::{command, run, run_with};

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

/// The tiny network writes nothing of worth after three steps; that it goes through is what is looked at here.
#[test]
fn the_other_methods_go_on_from_a_model() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    configuration(here, "steps = 3");
    run(here, &["train", "sft", "sft.toml", "--quiet"]).expect(0, "");
    let write = |name: &str, parts: &str, training: &str| {
        let text = format!(
            "model = \"run/model\"\nout = \"{name}\"\n[parts]\n{parts}\n[evaluation]\nsamples = 2\n[training]\n\
             batch = 2\nsamples = 3\nmost_tokens = 12\n{training}\n"
        );
        fs::write(here.join(format!("{name}.toml")), text).expect("a temporary file");
    };
    let generator = "generator = { simple_share = 1.0, points = 64 }";
    write("mine", generator, "parts = 3");
    let mined = run(here, &["train", "mine", "mine.toml", "--json"]).expect(0, "").json();
    assert_eq!((&mined["finished"], &mined["parts"]), (&json!(true), &json!(3)));
    let table = fs::read_to_string(here.join("mine/hard.csv")).expect("a table");
    assert_eq!(table.lines().filter(|line| line.ends_with(",-10.0000,1")).count(), 3, "{table}");

    write("cppo", &format!("{generator}\nhard = \"mine/hard.csv\""), "steps = 2");
    let made = run(here, &["train", "cppo", "cppo.toml", "--json"]).expect(0, "").json();
    assert_eq!((&made["finished"], &made["steps"], &made["invalid_ratio"]), (&json!(true), &json!(2), &json!(1.0)));
    assert!(here.join("cppo/model/model.safetensors").exists());
    assert_eq!(fs::read_to_string(here.join("cppo/rewards.csv")).expect("a table").lines().count(), 3);

    // Meshes are enough; one that is no solid is left out.
    fs::create_dir(here.join("meshes")).expect("a temporary folder");
    let plate = b"import cadquery as cq\nr = cq.Workplane('XY').box(40, 30, 6)\n";
    run_with(here, &["run", "-", "-o", "meshes/plate.stl"], plate).expect(0, "");
    fs::write(here.join("meshes/broken.stl"), "no mesh").expect("a temporary file");
    write("dpo", "meshes = \"meshes\"", "parts = 2\nepochs = 1");
    // All answers are worth the same.
    run(here, &["train", "dpo", "dpo.toml"]).expect(1, "there is nothing to prefer");
    write("of_meshes", "meshes = \"meshes\"", "steps = 1");
    run(here, &["train", "cppo", "of_meshes.toml"]).expect(0, "1 meshes of meshes are no closed solids");

    write("bad", "points = 3", "steps = 1");
    run(here, &["train", "cppo", "bad.toml"]).expect(1, "`parts.generator` is missing");
    write("bad", &format!("{generator}\nhard = \"sft.toml\""), "steps = 1");
    run(here, &["train", "cppo", "bad.toml"]).expect(1, "no table of hard parts");
    fs::write(here.join("bad.toml"), "model = \"nowhere\"\n[parts]\ngenerator = {}\n[training]\n").expect("a file");
    run(here, &["train", "cppo", "bad.toml", "--out", "x"]).expect(1, "nowhere");
}
