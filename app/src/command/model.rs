//! `partwright model`: the networks on this machine.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use directories::ProjectDirs;
use partwright_cadrille::checkpoint::Checkpoint;
use partwright_cadrille::device::Device;
use partwright_cadrille::store::{
    Hub, InstalledModel, KNOWN_MODELS, ModelStore, Offer, Origin, Progress, Stage, StoreError, licence_terms,
};
use partwright_train::run_folder::{Model, ModelError};
use serde_json::{Value, json};

use crate::arguments::{ModelAction, ModelArguments};
use crate::cancel;
use crate::failure::Failure;
use crate::output::{Console, Facts};
use crate::shipped;

/// Names another folder for the models.
const FOLDER_VARIABLE: &str = "PARTWRIGHT_MODELS";

/// Does what is asked of the models.
pub(crate) fn execute(arguments: &ModelArguments, console: Console) -> Result<(), Failure> {
    let store = store()?;
    match &arguments.action {
        ModelAction::List => list(&store, console),
        ModelAction::Pull { model, name, accept_license } => {
            pull(&store, model, name.as_deref(), *accept_license, console)
        }
        ModelAction::Add { folder, name, license } => add(&store, folder, name.as_deref(), license.as_deref(), console),
        ModelAction::Pack { folder, out } => pack(folder, out, console),
        ModelAction::Verify { names } => verify(&store, names, console),
        ModelAction::Remove { name } => {
            store.remove(name).map_err(|error| of_shipped(name, error))?;
            console.result(&json!({ "ok": true, "removed": name }), || format!("{name} is removed.\n"))
        }
        ModelAction::Default { name } => default(&store, name.as_deref(), console),
    }
}

/// The user's models: the folder that `PARTWRIGHT_MODELS` names, or the one for the program's data.
pub(crate) fn store() -> Result<ModelStore, Failure> {
    let named = std::env::var_os(FOLDER_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
    let own = || ProjectDirs::from("", "", "partwright").map(|own| own.data_dir().join("models"));
    named.or_else(own).map(ModelStore::new).ok_or_else(|| {
        Failure::failed("there is no home folder to keep models in").help(format!("set {FOLDER_VARIABLE} to a folder"))
    })
}

/// A fault of the store as a command says it.
pub(crate) fn failure(error: StoreError) -> Failure {
    match error {
        StoreError::Cancelled => Failure::cancelled(error.to_string()),
        StoreError::UnknownModel { .. } | StoreError::NameNotPlain { .. } => Failure::usage(error.to_string()),
        error => Failure::failed(error.to_string()),
    }
}

/// A fault of the store, where the model that was named may be the one that comes with the program.
fn of_shipped(name: &str, error: StoreError) -> Failure {
    match error {
        StoreError::NotInstalled { .. } if name == shipped::NAME => {
            Failure::usage(format!("{name} comes with the program and is not among the installed models"))
                .help("it is the default while nothing is installed; `--model` names it, or none")
        }
        error => failure(error),
    }
}

fn list(store: &ModelStore, console: Console) -> Result<(), Failure> {
    let models = store.models().map_err(failure)?;
    let default = store.default_name().map_err(failure)?;
    let object = json!({
        "ok": true,
        "folder": store.root(),
        "default": default.as_deref().unwrap_or(shipped::NAME),
        "shipped": { "name": shipped::NAME, "about": shipped::ABOUT },
        "installed": models.iter().map(|(name, model)| described(store, name, model)).collect::<Vec<_>>(),
        "known": KNOWN_MODELS.iter().map(|known| json!({
            "name": known.name,
            "repository": known.repository,
            "license": known.licence,
            "about": known.about,
        })).collect::<Vec<_>>(),
    });
    console.result(&object, || {
        let mut text = String::new();
        let star = if default.is_none() { " (default)" } else { "" };
        let _ = writeln!(text, "{}  {}{star}", shipped::NAME, shipped::ABOUT);
        if models.is_empty() {
            let _ = writeln!(text, "No other model is installed in {}.", store.root().display());
        } else {
            let _ = writeln!(text, "Installed in {}:", store.root().display());
        }
        let mut facts = Facts::new();
        for (name, model) in &models {
            let star = if default.as_ref() == Some(name) { " (default)" } else { "" };
            let about = format!("{}, {}, from {}{star}", size(model.bytes()), model.licence, model.origin);
            facts.add(name, about);
        }
        let known: Vec<_> = KNOWN_MODELS.iter().filter(|known| !models.contains_key(known.name)).collect();
        let mut others = Facts::new();
        for known in &known {
            others.add(known.name, format!("{}; {}, {}", known.about, known.repository, known.licence));
        }
        let _ = write!(text, "{facts}");
        if !known.is_empty() {
            let _ = write!(text, "Known to `partwright model pull`:\n{others}");
        }
        text
    })
}

fn pull(store: &ModelStore, model: &str, name: Option<&str>, accepted: bool, console: Console) -> Result<(), Failure> {
    let hub = Hub::from_environment().map_err(failure)?;
    let progress = console.progress("asking the hub");
    let offer = hub.offer(model, name, &mut |_| ControlFlow::Continue(())).map_err(failure)?;
    drop(progress);
    if !accepted {
        ask(&offer, console)?;
    }
    // From here on Ctrl+C keeps what has arrived; before, there is nothing to keep, and it ends the program as usual.
    let stop = stopped_by_user()?;
    let name = offer.name.clone();
    let progress = console.progress("downloading");
    let mut watch = |now: &Progress<'_>| {
        let [done, all] = now.all_bytes;
        progress.stage(&stage(now), done as f64 / all.max(1) as f64);
        flow(&stop)
    };
    let model = store.pull(&hub, offer.accept_licence(), &mut watch).map_err(failure)?;
    drop(progress);
    installed(store, &name, &model, console)
}

/// Shows the licence and waits for a yes; without a terminal there is nobody to ask.
fn ask(offer: &Offer, console: Console) -> Result<(), Failure> {
    let terms = licence_terms(&offer.licence).map(|terms| format!(": {terms}")).unwrap_or_default();
    let licence = format!("The licence of {} is {}{terms}", offer.repository, offer.licence);
    if console.json() || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage(format!("{licence}; it was not accepted")).help("add --accept-license to accept it"));
    }
    let mut stderr = anstream::stderr().lock();
    let asked = write!(stderr, "{licence}.\n{} will be downloaded. Do you accept? [y/N] ", size(offer.bytes()))
        .and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = asked.and_then(|()| io::stdin().read_line(&mut answer));
    match (read, answer.trim().to_lowercase().as_str()) {
        (Ok(_), "y" | "yes") => Ok(()),
        _ => Err(Failure::cancelled("the licence was not accepted, so nothing was downloaded")),
    }
}

fn add(
    store: &ModelStore,
    folder: &Path,
    name: Option<&str>,
    licence: Option<&str>,
    console: Console,
) -> Result<(), Failure> {
    if !folder.is_dir() {
        let what = if folder.exists() { "is a file, not the folder of a model" } else { "is no folder" };
        return Err(Failure::failed(format!("{} {what}", folder.display())));
    }
    // What cannot be loaded is not installed: the configuration is read, and every tensor's name and shape.
    Checkpoint::open(folder).map_err(|error| Failure::failed(error.to_string()))?;
    let progress = console.progress("reading");
    let stop = stopped_by_user()?;
    let mut watch = |now: &Progress<'_>| {
        progress.stage(&stage(now), now.all_bytes[0] as f64 / now.all_bytes[1].max(1) as f64);
        flow(&stop)
    };
    let (name, model) = store.add(folder, name, licence, &mut watch).map_err(failure)?;
    drop(progress);
    installed(store, &name, &model, console)
}

fn installed(store: &ModelStore, name: &str, model: &InstalledModel, console: Console) -> Result<(), Failure> {
    let default = store.default_name().map_err(failure)?;
    let object = json!({ "ok": true, "model": described(store, name, model), "default": default });
    console.result(&object, || {
        let mut facts = Facts::new();
        facts
            .add("installed", name)
            .add("from", &model.origin)
            .add("licence", &model.licence)
            .add("size", size(model.bytes()))
            .add_some("default", default);
        facts.to_string()
    })
}

fn pack(folder: &Path, out: &Path, console: Console) -> Result<(), Failure> {
    if out.exists() {
        return Err(Failure::usage(format!("{} is there already", out.display())).help("name a folder that is not"));
    }
    let failed = |error: ModelError| Failure::failed(error.to_string());
    Model::read(folder, &Device::Cpu).and_then(|model| model.pack(out)).map_err(failed)?;
    let weights = out.join("model.safetensors");
    let bytes = std::fs::metadata(&weights).map_or(0, |file| file.len());
    console.result(&json!({ "ok": true, "folder": out, "bytes": bytes }), || {
        let mut facts = Facts::new();
        facts.add("written", out.display()).add("size", size(bytes));
        facts.to_string()
    })
}

fn verify(store: &ModelStore, names: &[String], console: Console) -> Result<(), Failure> {
    let names: Vec<String> =
        if names.is_empty() { store.models().map_err(failure)?.into_keys().collect() } else { names.to_vec() };
    let stop = stopped_by_user()?;
    let mut results = Vec::new();
    for name in &names {
        let progress = console.progress("checking");
        let mut watch = |now: &Progress<'_>| {
            progress.stage(&stage(now), now.all_bytes[0] as f64 / now.all_bytes[1].max(1) as f64);
            flow(&stop)
        };
        results.push((name, store.verify(name, &mut watch).map_err(|error| of_shipped(name, error))?));
    }
    let good = results.iter().all(|(_, faults)| faults.is_empty());
    let models: Vec<Value> = results
        .iter()
        .map(|(name, faults)| {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            json!({ "name": name, "ok": faults.is_empty(), "faults": faults })
        })
        .collect();
    console.result(&json!({ "ok": good, "models": models }), || {
        let mut text = String::new();
        for (name, faults) in &results {
            if faults.is_empty() {
                let _ = writeln!(text, "{name}: all files are as they were installed");
            }
            for fault in faults {
                let _ = writeln!(text, "{name}: {fault}");
            }
        }
        if results.is_empty() {
            text.push_str("No model is installed.\n");
        }
        text
    })?;
    if good {
        return Ok(());
    }
    let what = "files of a model are not as they were installed";
    let failed = if console.json() { Failure::reported(what) } else { Failure::failed(what) };
    let faulty = results.iter().filter(|(_, faults)| !faults.is_empty()).map(|(name, _)| name.as_str());
    Err(failed.help(remedy(&store.models().map_err(failure)?, faulty)))
}

/// What makes faulty models whole again: each is got the way it came.
fn remedy<'a>(models: &BTreeMap<String, InstalledModel>, faulty: impl Iterator<Item = &'a str>) -> String {
    let mut ways = Vec::new();
    for name in faulty {
        match models.get(name).map(|model| &model.origin) {
            Some(Origin::Folder { path }) => ways.push(format!(
                "add {name} again, when its folder is as it should be: `partwright model add {} --name {name}`",
                path.display()
            )),
            _ => ways.push(format!("pull {name} again: what is right is kept")),
        }
    }
    ways.join("; ")
}

fn default(store: &ModelStore, name: Option<&str>, console: Console) -> Result<(), Failure> {
    if let Some(name) = name {
        store.set_default(name).map_err(|error| of_shipped(name, error))?;
    }
    let default = store.default_name().map_err(failure)?.unwrap_or_else(|| shipped::NAME.to_owned());
    console.result(&json!({ "ok": true, "default": default }), || format!("{default}\n"))
}

/// One model for programs.
fn described(store: &ModelStore, name: &str, model: &InstalledModel) -> Value {
    let origin = match &model.origin {
        Origin::Hub { endpoint, repository, revision } => {
            json!({ "kind": "hub", "endpoint": endpoint, "repository": repository, "revision": revision })
        }
        Origin::Folder { .. } => json!({ "kind": "folder" }),
    };
    json!({
        "name": name,
        "origin": origin,
        "license": model.licence,
        "bytes": model.bytes(),
        "folder": store.folder(name).ok(),
        "files": model.files.keys().collect::<Vec<_>>(),
    })
}

fn stage(now: &Progress<'_>) -> String {
    let doing = match now.stage {
        Stage::Downloading => "downloading",
        Stage::Checking => "checking",
        Stage::Waiting => "waiting for",
    };
    format!("{doing} {}", now.file)
}

/// Set by Ctrl+C.
fn stopped_by_user() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    cancel::on_interrupt(move || interrupted.store(true, Ordering::SeqCst))?;
    Ok(stop)
}

fn flow(stop: &AtomicBool) -> ControlFlow<()> {
    if stop.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}
