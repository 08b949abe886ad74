//! The programs of `tests/programs`: each measures what the real CadQuery measured (`expected.json` of its folder,
//! recorded by `tests/python/cadquery_compare.py`), or is refused as CadQuery refuses it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use partwright_brep::Body;
use partwright_cadquery::api::Session;
use partwright_cadquery::{DiagnosticKind, Limits, run_in_process};
use serde_json::Value;

fn folder(topic: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/programs").join(topic)
}

/// What a program measures, or why it has no shape.
fn run(source: &str) -> Result<Arc<Body>, String> {
    let run = run_in_process(source, &Limits::default(), &mut Session::new());
    match (&run.shape, run.diagnostics.first()) {
        (Some(shape), _) => shape.body().map_err(|error| run.kernel_diagnostic(&error, source).to_string()),
        (None, Some(diagnostic)) => Err(diagnostic.to_string()),
        (None, None) => Err(String::new()),
    }
}

fn compare(source: &str, expected: &Value) -> Result<(), String> {
    if let Some(error) = expected.get("error") {
        return match run(source) {
            Ok(body) => Err(format!("CadQuery refuses it with {error}, here it has volume {}", body.volume)),
            Err(message) if message.is_empty() => Err("neither a shape nor a message".to_owned()),
            Err(_) => Ok(()),
        };
    }
    let body = run(source)?;
    let near = |what: &str, found: f64, expected: &Value, tolerance: f64| {
        let expected = expected.as_f64().ok_or_else(|| format!("{what} was not recorded"))?;
        let off = (found - expected).abs();
        if off <= tolerance * expected.abs().max(1.0) { Ok(()) } else { Err(format!("{what} {found} for {expected}")) }
    };
    near("volume", body.volume, &expected["volume"], 1e-6)?;
    near("area", body.area, &expected["area"], 1e-6)?;
    near("solids", body.solids.len() as f64, &expected["solids"], 0.0)?;
    let [low, high] = body.bounds;
    for (at, found) in [low.x, low.y, low.z, high.x, high.y, high.z].into_iter().enumerate() {
        // CadQuery's boxes are up to 1e-7 too large.
        near("box", found, &expected["bbox"][at], 1e-6)?;
    }
    Ok(())
}

/// Runs every program of a topic; all that fail are named at once.
fn check(topic: &str) {
    let folder = folder(topic);
    let text =
        std::fs::read_to_string(folder.join("expected.json")).expect("the recorded values are in the repository");
    let expected: serde_json::Map<String, Value> = serde_json::from_str(&text).expect("they are JSON");
    assert!(!expected.is_empty());
    let failures: Vec<String> = expected
        .iter()
        .filter_map(|(name, expected)| {
            let source = std::fs::read_to_string(folder.join(name).with_extension("py")).expect("each has its program");
            compare(&source, expected).err().map(|fault| format!("{topic}/{name}: {fault}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn primitives() {
    check("primitives");
}

#[test]
fn sketches() {
    check("sketches");
}

#[test]
fn drawing() {
    check("drawing");
}

#[test]
fn features() {
    check("features");
}

#[test]
fn booleans() {
    check("booleans");
}

#[test]
fn motions() {
    check("motions");
}

#[test]
fn selections() {
    check("selections");
}

#[test]
fn everyday() {
    check("everyday");
}

/// What CadQuery has and this program does not is refused as such, with what to write instead.
#[test]
fn unsupported() {
    let mut seen = 0;
    for entry in std::fs::read_dir(folder("unsupported")).expect("the folder is in the repository") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_some_and(|extension| extension == "py") {
            seen += 1;
            let source = std::fs::read_to_string(&path).expect("a program is text");
            let run = run_in_process(&source, &Limits::default(), &mut Session::new());
            let found: Vec<_> =
                run.diagnostics.iter().map(|d| (d.kind, d.message.contains("; "), d.position)).collect();
            let expected = matches!(found[..], [(DiagnosticKind::Unsupported, true, Some(_))]);
            assert!(expected, "{}: {:?}", path.display(), run.diagnostics);
        }
    }
    assert!(seen > 0);
}

#[test]
fn errors() {
    check("errors");
}
