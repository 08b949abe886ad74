//! The arrows between crates and what each layer may touch.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::{env, fs};

use partwright_tests::{files_below, root};
use serde_json::Value;

/// The crates in dependency order, each with those it may depend on.
const LAYERS: &[(&str, &[&str])] = &[
    ("partwright-geometry", &[]),
    ("partwright-brep", &["partwright-geometry"]),
    ("partwright-cadquery", &["partwright-geometry", "partwright-brep"]),
    ("partwright-cadrille", &["partwright-geometry"]),
    ("partwright-fit", &["partwright-geometry"]),
    (
        "partwright-reconstruct",
        &["partwright-geometry", "partwright-brep", "partwright-cadquery", "partwright-cadrille", "partwright-fit"],
    ),
    (
        "partwright-train",
        &[
            "partwright-geometry",
            "partwright-brep",
            "partwright-cadquery",
            "partwright-cadrille",
            "partwright-fit",
            "partwright-reconstruct",
        ],
    ),
    (
        "partwright-bench",
        &[
            "partwright-geometry",
            "partwright-brep",
            "partwright-cadquery",
            "partwright-cadrille",
            "partwright-fit",
            "partwright-reconstruct",
            "partwright-train",
        ],
    ),
    (
        "partwright",
        &[
            "partwright-geometry",
            "partwright-brep",
            "partwright-cadquery",
            "partwright-cadrille",
            "partwright-fit",
            "partwright-reconstruct",
            "partwright-train",
            "partwright-bench",
        ],
    ),
    (
        "partwright-tests",
        &[
            "partwright-geometry",
            "partwright-brep",
            "partwright-cadquery",
            "partwright-fit",
            "partwright-reconstruct",
            "partwright-bench",
        ],
    ),
];

/// What belongs to the window and to nothing below it.
const WINDOW_ONLY: &[&str] = &["egui", "eframe", "wgpu", "winit", "rfd"];

/// The engine's source files and folders that may touch files. The worker keeps the last words of its child processes in a
/// nameless temporary file and asks /proc for its own size.
const MAY_TOUCH_FILES: &[&str] = &[
    "engine/geometry/src/format",
    "engine/geometry/src/save.rs",
    "engine/brep/src/step",
    "engine/cadquery/src/worker",
    "engine/cadrille/src/checkpoint",
    "engine/cadrille/src/config.rs",
    "engine/cadrille/src/store",
    "engine/train/src/dataset",
    "engine/train/src/run_folder",
    "engine/bench/src",
];

struct Graph {
    /// Package id to name.
    names: BTreeMap<String, String>,
    /// Package id to the ids it depends on (not those of its tests alone).
    depends_on: BTreeMap<String, Vec<String>>,
}

/// The platform this machine runs; cargo's metadata of other platforms would need packages that nobody has downloaded.
fn host() -> String {
    let output = Command::new(env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()))
        .arg("-vV")
        .output()
        .expect("rustc runs, for it built this test");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

fn graph() -> Graph {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &host()])
        .current_dir(root())
        .output()
        .expect("cargo runs, for it runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let text = |value: &Value| value.as_str().expect("a string in cargo's metadata").to_owned();
    let list = |value: &Value| value.as_array().expect("a list in cargo's metadata").clone();
    let names =
        list(&metadata["packages"]).iter().map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    let depends_on = list(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| {
            let used = list(&node["deps"])
                .iter()
                .filter(|dependency| list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev"))
                .map(|dependency| text(&dependency["pkg"]))
                .collect();
            (text(&node["id"]), used)
        })
        .collect();
    Graph { names, depends_on }
}

#[test]
fn arrows_never_run_back() {
    let graph = graph();
    let known: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut seen = BTreeSet::new();
    for (id, used) in &graph.depends_on {
        let name = graph.names[id].as_str();
        if !name.starts_with("partwright") {
            continue;
        }
        let Some(allowed) = known.get(name) else { panic!("{name} has no place in the layers") };
        seen.insert(name);
        for dependency in used.iter().map(|id| graph.names[id].as_str()).filter(|name| name.starts_with("partwright")) {
            assert!(allowed.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
    assert_eq!(seen, known.keys().copied().collect(), "crates of the layers");
}

#[test]
fn the_engine_knows_no_window() {
    let graph = graph();
    for (id, name) in graph.names.iter().filter(|(_, name)| name.starts_with("partwright-")) {
        let mut reached = BTreeSet::new();
        let mut open = vec![id.as_str()];
        while let Some(id) = open.pop() {
            if reached.insert(id) {
                open.extend(graph.depends_on.get(id).into_iter().flatten().map(String::as_str));
            }
        }
        for dependency in reached.iter().map(|id| graph.names[*id].as_str()) {
            assert!(!WINDOW_ONLY.contains(&dependency), "{name} reaches {dependency}");
        }
    }
}

/// The part of a source file that ships: everything before its tests.
fn shipped(source: &str) -> &str {
    source.split("#[cfg(test)]").next().unwrap_or_default()
}

#[test]
fn only_the_named_modules_touch_files() -> std::io::Result<()> {
    let touches = ["fs", "File", "OpenOptions", "tempfile"];
    let mut offenders = Vec::new();
    for path in files_below(&root().join("engine"), &["rs"])? {
        let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let is_source = name.split('/').nth(2) == Some("src");
        if !is_source || MAY_TOUCH_FILES.iter().any(|allowed| name.starts_with(allowed)) || name.ends_with("/tests.rs")
        {
            continue;
        }
        let source = fs::read_to_string(&path)?;
        for (index, line) in shipped(&source).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            if words.any(|word| touches.contains(&word)) {
                offenders.push(format!("{name}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    assert!(offenders.is_empty(), "these must not touch files:\n{}", offenders.join("\n"));
    Ok(())
}
