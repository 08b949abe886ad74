//! `partwright bench kernel`: the kernel table.

use partwright_bench::kernel;
use serde_json::json;

use crate::arguments::KernelBenchArguments;
use crate::failure::Failure;
use crate::output::{Console, Destinations, FileKind};

/// Prints the table; fails when a solid is silently wrong.
pub(crate) fn execute(arguments: &KernelBenchArguments, console: Console) -> Result<(), Failure> {
    let folder = &arguments.folder;
    if !folder.is_dir() {
        return Err(Failure::failed(format!("there is no folder '{}'", folder.display()))
            .help("name a folder that holds NNN.json and reference.json, or run in the root of the repository"));
    }
    if let Some(step) = arguments.step.as_deref().filter(|step| !step.is_dir()) {
        return Err(Failure::failed(format!("there is no folder '{}'", step.display())).help("create the folder first"));
    }
    let out = Destinations::new([], console.json()).accept_some(arguments.out.as_deref(), &[FileKind::Json])?;
    let progress = console.progress("kernel cases");
    let results = kernel::run(folder, arguments.step.as_deref(), |done, all| progress.count(done, all, "cases"))
        .map_err(|error| Failure::failed(error.to_string()))?;
    drop(progress);
    let object = json!(results);
    if let Some(out) = out {
        out.write(format!("{object:#}\n").as_bytes())?;
    }
    console.result(&object, || kernel::table(&results))?;
    if results.silently_wrong > 0 {
        return Err(Failure::failed(format!("{} cases are wrong without an error", results.silently_wrong)));
    }
    Ok(())
}
