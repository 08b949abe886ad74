//! `partwright bench network`: how fast the network writes.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use partwright_bench::network::{
    NetworkBenchError, NetworkResults, NetworkSettings, NetworkSize, Torch, TorchError, Weights, measure, table,
};
use partwright_cadrille::checkpoint::Checkpoint;
use partwright_cadrille::device;
use serde_json::json;

use crate::arguments::{DeviceName, NetworkBenchArguments, SizeName};
use crate::cancel;
use crate::command::model;
use crate::failure::Failure;
use crate::output::Console;

/// Measures and prints the table.
pub(crate) fn execute(arguments: &NetworkBenchArguments, console: Console) -> Result<(), Failure> {
    // A Python without torch is told before anything is measured.
    let torch = torch(arguments)?;
    let mut choice = match arguments.device {
        DeviceName::Auto => device::choose(),
        DeviceName::Cpu => device::cpu(),
    };
    choice.precision = arguments.precision.unwrap_or(choice.precision);
    let settings = NetworkSettings {
        choice,
        samples: arguments.samples as usize,
        tokens: arguments.tokens as usize,
        prompt: arguments.prompt as usize,
        runs: arguments.runs as usize,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    cancel::on_interrupt(move || interrupted.store(true, Ordering::SeqCst))?;
    let progress = console.progress("making the network");
    let watch = |what: &str, done: usize, of: usize| {
        progress.count(done, of, what);
        if stop.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let measured = match &arguments.model {
        Some(name) => {
            let folder = model::store()?.folder(name).map_err(|error| Failure::failed(error.to_string()))?;
            let checkpoint = Checkpoint::open(&folder).map_err(|error| Failure::failed(error.to_string()))?;
            measure(Weights::Checkpoint(&checkpoint), &settings, &watch)
        }
        None => measure(Weights::Random(size(arguments)), &settings, &watch),
    };
    let mut results = measured.map_err(|error| match error {
        NetworkBenchError::Cancelled => Failure::cancelled("stopped"),
        error => Failure::failed(error.to_string()),
    })?;
    drop(progress);
    match torch {
        Ok(torch) => beside(&torch, &settings, &mut results, console),
        Err(note) => results.torch_note = Some(note),
    }
    console.result(&json!(results), || table(&results))
}

fn size(arguments: &NetworkBenchArguments) -> NetworkSize {
    let size = match arguments.size {
        SizeName::Cadrille => NetworkSize::CADRILLE,
        SizeName::Tiny => NetworkSize::TINY,
    };
    arguments.layers.map_or(size, |layers| size.with_layers(layers as usize))
}

/// torch in every type that is used where ours ran. Having it fail takes nothing from what was measured before.
fn beside(torch: &Torch, settings: &NetworkSettings, results: &mut NetworkResults, console: Console) {
    let types = Torch::types(settings);
    for (done, dtype) in types.iter().enumerate() {
        let progress = console.progress("PyTorch");
        progress.count(done, types.len(), &format!("PyTorch in {dtype}"));
        match torch.measure(results, settings, dtype) {
            Ok(measured) => results.torch.push(measured),
            Err(error) => results.torch_note = Some(format!("{dtype}: {error}")),
        }
    }
}

/// The Python that was named must have torch; that of an active virtual environment may. `Err` says why there is none.
fn torch(arguments: &NetworkBenchArguments) -> Result<Result<Torch, String>, Failure> {
    if arguments.no_torch {
        return Ok(Err("left out, as was asked".to_owned()));
    }
    if let Some(python) = &arguments.torch {
        let found = Torch::find(python).map_err(|error| Failure::failed(error.to_string()));
        return found
            .map(Ok)
            .map_err(|failure| failure.help("name a Python that can `import torch`, or leave --torch out"));
    }
    let Some(environment) = std::env::var_os("VIRTUAL_ENV").filter(|path| !path.is_empty()) else {
        return Ok(Err("not measured: no virtual environment is active, and --torch names no Python".to_owned()));
    };
    Ok(Torch::find(&python_of(Path::new(&environment))).map_err(|error: TorchError| format!("not measured: {error}")))
}

fn python_of(environment: &Path) -> PathBuf {
    if cfg!(windows) { environment.join("Scripts").join("python.exe") } else { environment.join("bin").join("python3") }
}
