//! Executes programs and prints what each makes, or why it makes nothing, and what its solid violates:
//! `try_program [--step DIR] PROGRAM.py...`. With `--step` each solid is written with the values that
//! `tests/python/step_reread.py` must find in it.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use partwright_brep::step::{self, StepConfig};
use partwright_brep::{Body, checks};
use partwright_reconstruct::{Deadline, Executor as _, InProcess};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut folder = None;
    if arguments.first().is_some_and(|a| a == "--step") && arguments.len() > 1 {
        folder = Some(PathBuf::from(arguments.remove(1)));
        arguments.remove(0);
    }
    for path in arguments {
        let source = std::fs::read_to_string(&path)?;
        let start = Instant::now();
        let made = InProcess::default().execute(&source, &Deadline::default());
        let time = start.elapsed().as_secs_f64();
        let made = match made {
            Ok(made) => made,
            Err(fault) => {
                println!("{path}: {time:.2} s {:?} {}", fault.kind, fault.message);
                continue;
            }
        };
        let p = made.properties;
        let Some(shape) = made.shape else { continue };
        let body = shape.body()?;
        let violations = checks::check(&body.solids);
        let first = violations.first().map_or_else(|| "valid".to_owned(), |v| format!("{} x {v}", violations.len()));
        println!("{path}: {time:.2} s volume {:.6} faces {} solids {} {first}", p.volume, p.faces, p.solids);
        if let Some(folder) = &folder {
            let name = Path::new(&path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
            write(folder, &name, &body)?;
        }
    }
    Ok(())
}

fn write(folder: &Path, name: &str, body: &Body) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let mut text = Vec::new();
    step::write(&body.solids, &StepConfig { product: name.to_owned(), ..StepConfig::default() }, &mut text)?;
    std::fs::write(folder.join(format!("{name}.step")), text)?;
    let [low, high] = body.bounds;
    let expected = serde_json::json!({
        "volume": body.volume, "area": body.area, "bounds": [low.x, low.y, low.z, high.x, high.y, high.z],
        "solids": body.solids.len(),
    });
    std::fs::write(folder.join(format!("{name}.json")), expected.to_string())?;
    Ok(())
}
