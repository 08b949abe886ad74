//! `partwright run`: executes a CadQuery program and writes its shape.

mod batch;

use std::path::Path;
use std::time::Duration;

use partwright_cadquery::Limits;
use serde_json::json;

use crate::arguments::RunArguments;
use crate::command::info::number;
use crate::failure::Failure;
use crate::output::{Console, Destination, Destinations, Facts, FileKind};
use crate::program::{self, Made, Wanted};

/// Executes the program, or all programs of a batch.
pub(crate) fn execute(arguments: &RunArguments, console: &Console) -> Result<(), Failure> {
    let limits = Limits { time: Duration::from_secs_f64(arguments.time), ..Limits::default() };
    match (&arguments.batch, &arguments.program) {
        (Some(batch), _) => batch::execute(batch, &limits, console),
        (None, Some(path)) => single(path, arguments, &limits, console),
        (None, None) => Err(Failure::usage("a program or --batch is needed")),
    }
}

fn single(path: &Path, arguments: &RunArguments, limits: &Limits, console: &Console) -> Result<(), Failure> {
    let mut destinations = Destinations::new([path], console.json());
    let outputs: Vec<Destination> = arguments
        .output
        .iter()
        .map(|output| destinations.accept(output, FileKind::SHAPES))
        .collect::<Result<_, _>>()?;
    let source = program::read(path)?;
    let wanted = Wanted {
        files: outputs.iter().map(|output| output.kind).collect(),
        tolerance: arguments.tolerance,
        name: path.file_stem().map_or_else(|| "part".to_owned(), |stem| stem.to_string_lossy().into_owned()),
        ..Wanted::default()
    };
    let progress = console.progress("executing");
    let made = program::execute(&source, &wanted, limits);
    drop(progress);
    let made = match made {
        Ok(made) => made,
        Err(diagnostic) if console.json() => {
            console.print(&format!("{}\n", program::failure_object(&diagnostic)))?;
            return Err(Failure::reported(format!("{}: {diagnostic}", path.display())));
        }
        Err(diagnostic) => return Err(Failure::failed(format!("{}: {diagnostic}", path.display()))),
    };
    for (output, bytes) in outputs.iter().zip(&made.files) {
        output.write(bytes)?;
    }
    let mut object = made.object();
    object["printed"] = json!(made.printed);
    if outputs.iter().any(Destination::is_stdout) {
        return Ok(());
    }
    console.result(&object, || text(&made, &outputs))
}

fn text(made: &Made, outputs: &[Destination]) -> String {
    let [x0, y0, z0, x1, y1, z1] = made.bbox;
    let size = [x1 - x0, y1 - y0, z1 - z0].map(number).join(" x ");
    let mut facts = Facts::new();
    facts
        .add("volume", number(made.volume))
        .add("area", number(made.area))
        .add("size", size)
        .add("solids", made.solids)
        .add("faces", made.faces)
        .add("valid", if made.valid { "yes" } else { "no" })
        .add("time", format!("{:.1} ms", made.time.as_secs_f64() * 1e3));
    for output in outputs {
        facts.add("written", output);
    }
    format!("{}{facts}", made.printed)
}
