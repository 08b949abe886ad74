//! `partwright generate`.

use std::fs;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::{listing, run};

#[test]
fn a_folder_is_filled_kept_and_grown() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    let line = |count: &'static str| {
        ["generate", count, "--out", "parts", "--points", "16", "--shard-size", "8", "--style", "mixed", "--json"]
    };
    let made = run(here, &line("12")).expect(0, "").json();
    assert_eq!((&made["written"]["samples"], &made["written"]["found"]), (&json!(12), &json!(0)), "{made}");
    let first_shard = here.join("parts/shard-000000.safetensors");
    let before = fs::read(&first_shard).expect("the first shard");
    let grown = run(here, &line("20")).expect(0, "").json();
    assert_eq!((&grown["written"]["samples"], &grown["written"]["found"]), (&json!(20), &json!(8)), "{grown}");
    assert_eq!(before, fs::read(&first_shard).expect("the first shard"));
    let files = ["dataset.json", "shard-000000.jsonl", "shard-000000.safetensors", "shard-000001.jsonl"];
    assert_eq!(listing(&here.join("parts"))[..4], files);
    // Every program of a folder can be run, and is reported.
    let text = fs::read_to_string(here.join("parts/shard-000000.jsonl")).expect("the lines");
    let line: Value = serde_json::from_str(text.lines().next().unwrap_or_default()).expect("a JSON object");
    assert!(line["captions"].as_array().is_some_and(|captions| captions.len() >= 3), "{line}");
    fs::write(here.join("part.py"), line["program"].as_str().expect("a program")).expect("a temporary file");
    let ran = run(here, &["run", "part.py", "--json"]).expect(0, "").json();
    assert!(ran.to_string().contains("volume"), "{ran}");
}

#[test]
fn other_options_and_other_folders_are_refused() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    run(here, &["generate", "2", "--out", "parts", "--points", "8"]).expect(0, "");
    run(here, &["generate", "2", "--out", "parts", "--points", "8", "--seed", "5"])
        .expect(1, "seed is 0 there, 5 here");
    fs::create_dir(here.join("mine")).expect("a temporary folder");
    fs::write(here.join("mine/thesis.txt"), "words").expect("a temporary file");
    run(here, &["generate", "2", "--out", "mine"]).expect(1, "'mine' has files in it");
    run(here, &["generate", "2"]).expect(2, "add --out FOLDER");
    run(here, &["generate", "2", "--stream", "--json"]).expect(2, "no place");
    run(here, &["generate", "2", "--report", "--simple", "1.5"]).expect(2, "");
}

#[test]
fn a_stream_is_the_same_for_the_same_seed() {
    let folder = tempdir().expect("a temporary folder");
    let here = folder.path();
    let stream = |seed: &str| run(here, &["generate", "5", "--stream", "--seed", seed]).expect(0, "").text();
    let first = stream("1");
    assert_eq!(first.lines().count(), 5);
    assert!(first.lines().all(|line| line.contains("import cadquery as cq")), "{first}");
    assert_eq!(first, stream("1"));
    assert_ne!(first, stream("2"));
    // A stream may be compared with what it was made by.
    fs::write(here.join("others.jsonl"), &first).expect("a temporary file");
    let report = ["generate", "5", "--seed", "1", "--report", "--beside", "others.jsonl", "--json"];
    let object = run(here, &report).expect(0, "").json();
    let rows = object["report"].as_object().expect("a table");
    assert!(rows.len() > 20 && rows.values().all(|row| row[0] == row[1]), "{object}");
    run(here, &["generate", "3", "--sheet", "sheet.png"]).expect(0, "");
    assert!(fs::read(here.join("sheet.png")).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG")));
}
