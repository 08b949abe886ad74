//! `partwright model` without a network: the tests of the store have a hub of their own.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::tempdir;

use crate::program::{Ran, command};

/// Runs `partwright model` with the models in `folder`.
fn model(folder: &Path, arguments: &[&str]) -> Ran {
    let output = command(folder, &["model"])
        .args(arguments)
        .env("PARTWRIGHT_MODELS", folder.join("models"))
        // Nobody listens there: no test may reach a real hub.
        .env("HF_ENDPOINT", "http://127.0.0.1:1")
        .env_remove("HF_TOKEN")
        .output()
        .expect("the program was built with this test");
    Ran {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_folder_is_added_checked_and_removed() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    let empty = model(here, &["list", "--json"]).expect(0, "").json();
    assert_eq!((&empty["installed"], &empty["default"]), (&json!([]), &json!("partwright-nano")));
    assert_eq!(empty["known"][0]["license"], json!("CC BY-NC 4.0"));
    assert!(!here.join("models").exists(), "asking creates nothing");
    for action in ["remove", "verify", "default"] {
        model(here, &[action, "partwright-nano"]).expect(2, "comes with the program");
    }

    let mine = here.join("mine");
    let tiny = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/cadrille/tests/fixtures/cadrille-tiny/tiny_model");
    copied(Path::new(tiny), &mine);
    let packed = model(here, &["pack", "mine", "half", "--json"]).expect(0, "").json();
    let whole = std::fs::metadata(mine.join("model.safetensors")).expect("the weights").len();
    assert!(packed["bytes"].as_u64().is_some_and(|bytes| bytes < whole * 2 / 3), "{packed} {whole}");
    model(here, &["pack", "mine", "half"]).expect(2, "there already");
    model(here, &["add", "half", "--name", "half"]).expect(0, "");
    model(here, &["remove", "half"]).expect(0, "");

    let added = model(here, &["add", "mine", "--license", "MIT", "--json"]).expect(0, "").json();
    assert_eq!((&added["model"]["name"], &added["default"]), (&json!("mine"), &json!("mine")));
    let listed = model(here, &["list"]).expect(0, "").text();
    assert!(listed.contains("(default)") && listed.contains("MIT") && listed.contains("cadrille-rl"), "{listed}");
    assert_eq!(model(here, &["default"]).expect(0, "").text(), "mine\n");
    model(here, &["verify"]).expect(0, "");

    let config = fs::read_to_string(mine.join("config.json")).expect("it was copied");
    fs::write(mine.join("config.json"), config.replacen(':', ";", 1)).expect("a temporary file");
    model(here, &["verify"]).expect(1, "add mine again");
    let faulty = model(here, &["verify", "mine", "--json"]).expect(1, "not as they were").json();
    assert_eq!(
        (&faulty["ok"], &faulty["models"][0]["faults"][0]),
        (&json!(false), &json!("config.json has other content than when it was installed"))
    );
    model(here, &["remove", "mine"]).expect(0, "");
    assert!(mine.join("config.json").exists());
    model(here, &["remove", "mine"]).expect(1, "no model 'mine'");
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a temporary folder");
    for file in fs::read_dir(from).expect("the fixture is in the repository") {
        let file = file.expect("a file");
        fs::copy(file.path(), to.join(file.file_name())).expect("a temporary file");
    }
}

#[test]
fn a_model_that_cannot_be_loaded_is_not_installed() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    let tiny = concat!(env!("CARGO_MANIFEST_DIR"), "/../engine/cadrille/tests/fixtures/cadrille-tiny/tiny_model");
    copied(Path::new(tiny), &here.join("broken"));
    let tensors = here.join("broken/model.safetensors");
    let whole = fs::read(&tensors).expect("it was copied");
    fs::write(&tensors, &whole[..5000]).expect("a temporary file");
    model(here, &["add", "broken"]).expect(1, "model.safetensors");
    fs::write(&tensors, &whole).expect("a temporary file");
    fs::write(here.join("broken/config.json"), "{").expect("a temporary file");
    model(here, &["add", "broken"]).expect(1, "config.json");
    assert_eq!(model(here, &["list", "--json"]).expect(0, "").json()["installed"], json!([]));
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempdir().expect("a temporary folder");
    fs::write(folder.path().join("file"), "").expect("a temporary file");
    let check = |arguments: &[&str], code: i32, part: &str| {
        model(folder.path(), arguments).expect(code, part);
    };
    check(&["pull", "cadrill"], 2, "neither a known model nor OWNER/REPO");
    check(&["pull", "../x"], 2, "neither a known model nor OWNER/REPO");
    check(&["add", "nowhere"], 1, "nowhere is no folder");
    check(&["add", "file"], 1, "is a file, not the folder of a model");
    check(&["default", "cadrille"], 1, "no model 'cadrille'");
    check(&["verify", "cadrille"], 1, "no model 'cadrille'");
    check(&["fly"], 2, "fly");
}
