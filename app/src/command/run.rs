//! `partwright run`: executes a CadQuery program and writes its shape.

mod batch;

use std::path::Path;
use std::time::Duration;

use partwright_cadquery::Limits;
use serde_json::json;

use crate::arguments::RunArguments;
use crate::cancel;
use crate::failure::Failure;
use crate::number::{number, vector};
use crate::output::{Console, Destination, Destinations, Facts, FileKind, print};
use crate::program::{self, Files, Made, Programs};

/// Executes the program, or all programs of a batch.
pub(crate) fn execute(arguments: &RunArguments, console: Console) -> Result<(), Failure> {
    let limits = Limits { time: Duration::from_secs_f64(arguments.time), ..Limits::default() };
    match (&arguments.batch, &arguments.program) {
        (Some(batch), _) => batch::execute(batch, &limits, console),
        (None, Some(path)) => single(path, arguments, &limits, console),
        (None, None) => Err(Failure::usage("a program or --batch is needed")),
    }
}

fn single(path: &Path, arguments: &RunArguments, limits: &Limits, console: Console) -> Result<(), Failure> {
    let mut destinations = Destinations::new([path], console.json());
    let outputs: Vec<Destination> = arguments
        .output
        .iter()
        .map(|output| destinations.accept(output, FileKind::SHAPES))
        .collect::<Result<_, _>>()?;
    let source = program::read(path)?;
    let files = Files {
        kinds: outputs.iter().map(|output| output.kind).collect(),
        tolerance: arguments.tolerance,
        name: program::part_name(path),
        ..Files::default()
    };
    let programs = Programs::new(1)?;
    let cancel = programs.cancel().clone();
    cancel::on_interrupt(move || cancel.cancel())?;
    let progress = console.progress("executing");
    let outcome = programs.make(&source, &files, limits, programs.cancel());
    drop(progress);
    let (made, written) = outcome.map_err(|failure| {
        let said = format!("{}: {failure}", program::place(path));
        if console.json() {
            // A closed standard output leaves nobody to tell.
            let _ = print(&format!("{}\n", failure.object()));
            Failure::reported(said)
        } else {
            Failure::failed(said)
        }
    })?;
    for (output, bytes) in outputs.iter().zip(&written) {
        output.write(bytes)?;
    }
    if !made.properties.valid {
        console.note("the solid does not pass all checks: other programs may read it differently");
    }
    let mut object = made.object();
    object["printed"] = json!(made.printed);
    if outputs.iter().any(Destination::is_stdout) {
        return Ok(());
    }
    console.result(&object, || text(&made, &outputs))
}

fn text(made: &Made, outputs: &[Destination]) -> String {
    let Made { properties, time, printed } = made;
    let [low, high] = properties.bounds;
    let yes_no = |holds: bool| if holds { "yes" } else { "no" };
    let mut facts = Facts::new();
    facts
        .add("volume", number(properties.volume))
        .add("area", number(properties.area))
        .add("size", vector(high - low))
        .add("solids", properties.solids)
        .add("faces", properties.faces)
        .add("valid", yes_no(properties.valid))
        .add("watertight", yes_no(properties.watertight))
        .add("time", format!("{:.1} ms", time.as_secs_f64() * 1e3));
    for output in outputs {
        facts.add("written", output);
    }
    format!("{printed}{facts}")
}
