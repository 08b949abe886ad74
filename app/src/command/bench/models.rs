//! `partwright bench models`: how well networks write programs.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use partwright_bench::models::{
    EvaluateConfig, Examination, Look, Outcome, Row, Shown, Task, faults_line, generated_tasks, manifest_tasks,
    mean_rounds, published_tasks, rounds_table, summary, table,
};
use partwright_bench::reconstruction::Selection;
use partwright_cadquery::Limits;
use partwright_cadrille::checkpoint;
use partwright_cadrille::writer::ProgramWriter;
use partwright_reconstruct::{Author, CancelToken, NamedWriter, Workers};
use partwright_train::generate::{GeneratorConfig, Style};
use serde_json::{Value, json};

use crate::arguments::ModelsBenchArguments;
use crate::cancel;
use crate::command::model;
use crate::failure::Failure;
use crate::output::{Console, Destinations, FileKind};
use crate::program::Programs;
use crate::shipped;

/// A program may take so long, as in cadrille's evaluation.
const PROGRAM_TIME: Duration = Duration::from_secs(3);
/// Longest program in tokens, as there.
const MOST_TOKENS: usize = 768;

/// Reasons that the report names for each model.
const MOST_REASONS: usize = 4;

/// A set of parts.
struct Set {
    name: String,
    tasks: Vec<Task>,
    /// Whether the pool is asked, too.
    pool: bool,
}

pub(super) fn execute(arguments: &ModelsBenchArguments, console: Console) -> Result<(), Failure> {
    let mut places = Destinations::new(arguments.manifest.as_deref(), console.json());
    let report = places.accept_some(arguments.report.as_deref(), &[FileKind::Markdown])?;
    let out = places.accept_some(arguments.out.as_deref(), &[FileKind::Json])?;
    let models = arguments.model.iter().map(|text| named(text)).collect::<Result<Vec<_>, _>>()?;
    let stop = CancelToken::default();
    let interrupted = stop.clone();
    cancel::on_interrupt(move || interrupted.cancel())?;
    let progress = console.progress("making parts");
    let sets = sets(arguments)?;
    let programs = Programs::on_all_cores()?;
    let executor = Workers::new(programs.pool(), Limits { time: PROGRAM_TIME, ..Limits::default() });
    let config = EvaluateConfig {
        rounds: arguments.rounds as usize,
        samples: arguments.samples as usize,
        constrained: arguments.constrained,
        temperature: arguments.temperature,
        most_tokens: MOST_TOKENS,
        seed: arguments.seed,
        jobs: programs.workers(),
    };
    let ways: Vec<Shown> = match arguments.shown.as_slice() {
        [] => Shown::ALONE.to_vec(),
        ways => ways.iter().map(|way| Shown::from(*way)).collect(),
    };
    let (mut rows, mut rounds, mut faults, mut all) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let started = Instant::now();
    for (label, folder) in &models {
        let go_on = |_: checkpoint::Progress<'_>| ControlFlow::Continue(());
        let writer = match folder {
            Some(folder) => ProgramWriter::load(folder, None, &go_on),
            None => ProgramWriter::embedded(&shipped::MODEL, None, &go_on),
        };
        let writer = writer.map_err(|error| Failure::failed(format!("{label}: {error}")))?;
        let author = NamedWriter { name: label.clone(), writer };
        let mut of_model: Vec<Outcome> = Vec::new();
        for set in &sets {
            for &shown in &ways {
                if matches!(shown, Shown::Text | Shown::Together)
                    && set.tasks.iter().all(|task| task.description.is_none())
                {
                    continue;
                }
                let what = format!("{label}, {}, {}", set.name, shown.name());
                let told = |done: usize| progress.count(done, set.tasks.len(), &what);
                let pool = arguments.pool.filter(|_| set.pool).map(Duration::from_secs_f64);
                let pool = pool.map(|time| (&author as &dyn Author, time));
                let examination =
                    Examination { writer: &author.writer, config, pool, executor: &executor, cancel: &stop };
                let found = examination.outcomes(shown, &set.tasks, &told);
                if stop.is_cancelled() {
                    return Err(Failure::cancelled("cancelled; a table of a part of the cases would mislead"));
                }
                if let Some(why) = found.iter().find_map(|outcome| outcome.fault.as_ref()) {
                    console.note(format!("{what}: {why}"));
                }
                rounds.extend(mean_rounds(&found).map(|means| (label.clone(), set.name.clone(), means)));
                rows.push(row(label, set, shown, &config, &found));
                all.push(json!({ "model": label, "set": set.name, "outcomes": found }));
                of_model.extend(found);
            }
        }
        faults.push(faults_line(label, &of_model, MOST_REASONS));
    }
    drop(progress);
    let mut text = table(&rows);
    if !rounds.is_empty() {
        let _ = write!(
            text,
            "\nMean IoU in per cent (0 where nothing was executed) of the best of {} programs, and after rounds of as many:\n\n{}",
            config.samples,
            rounds_table(&rounds)
        );
    }
    let _ = write!(text, "\nWhy programs made nothing, the drawn ones included:\n\n{}\n", faults.join("\n"));
    if let Some(report) = &report {
        report.write(written(arguments, &config, &sets, &text, started.elapsed()).as_bytes())?;
    }
    if let Some(out) = &out {
        out.write(format!("{:#}\n", Value::from(all)).as_bytes())?;
    }
    console.result(&json!({ "ok": true, "rows": rows, "rounds": rounds }), || text)
}

/// A label and a folder, or an installed model; without a folder the one that comes with the program.
fn named(text: &str) -> Result<(String, Option<PathBuf>), Failure> {
    if let Some((label, folder)) = text.split_once('=') {
        return Ok((label.to_owned(), Some(PathBuf::from(folder))));
    }
    if text == shipped::NAME {
        return Ok((text.to_owned(), None));
    }
    let folder = model::store()?.folder(text).map_err(model::failure)?;
    Ok((text.to_owned(), Some(folder)))
}

fn sets(arguments: &ModelsBenchArguments) -> Result<Vec<Set>, Failure> {
    let mut sets = Vec::new();
    if arguments.generated > 0 {
        let config = GeneratorConfig {
            style: Style::CadRecode,
            simple_share: arguments.simple_share,
            ..GeneratorConfig::default()
        };
        let tasks = generated_tasks(&config, arguments.generated as usize);
        sets.push(Set { name: "generated".to_owned(), tasks, pool: false });
    }
    if let Some(manifest) = &arguments.manifest {
        let classes: Vec<Option<&String>> =
            if arguments.class.is_empty() { vec![None] } else { arguments.class.iter().map(Some).collect() };
        for class in classes {
            let selection = Selection {
                classes: class.cloned().into_iter().collect(),
                every: arguments.every as usize,
                ..Selection::default()
            };
            let tasks = manifest_tasks(manifest, &selection).map_err(|error| Failure::failed(error.to_string()))?;
            let name = class.map_or_else(|| file_name(manifest), |class| format!("class {class}"));
            sets.push(Set { name, tasks, pool: true });
        }
    }
    if let Some(root) = &arguments.published {
        let found = published_tasks(root, arguments.every as usize);
        let found = found.map_err(|error| Failure::failed(error.to_string()))?;
        if found.is_empty() {
            return Err(Failure::failed(format!("{} holds none of the published sets", root.display()))
                .help("they lie in deepcad_test_mesh, fusion360_test_mesh, cc3d_test_mesh and text2cad"));
        }
        sets.extend(found.into_iter().map(|(name, tasks)| Set { name, tasks, pool: true }));
    }
    if sets.iter().all(|set| set.tasks.is_empty()) {
        return Err(Failure::usage("there are no parts")
            .help("--generated N makes some, --manifest and --published name others"));
    }
    Ok(sets)
}

fn file_name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn row(label: &str, set: &Set, shown: Shown, config: &EvaluateConfig, found: &[Outcome]) -> Row {
    let best = (config.samples > 1).then(|| summary(found, Look::Best)).flatten();
    Row {
        model: label.to_owned(),
        set: set.name.clone(),
        shown: shown.name().to_owned(),
        likeliest: summary(found, Look::Likeliest),
        best: best.map(|best| (config.samples, best)),
        pool: summary(found, Look::Pool),
    }
}

/// The table with what it was made with.
fn written(
    arguments: &ModelsBenchArguments,
    config: &EvaluateConfig,
    sets: &[Set],
    table: &str,
    time: Duration,
) -> String {
    let mut text = String::from("# How well networks write programs\n\n");
    let quoted = |word: String| if word.contains(' ') { format!("\"{word}\"") } else { word };
    let line: Vec<String> = std::env::args().skip(1).map(quoted).collect();
    let _ = writeln!(text, "Made by `partwright {}` in {:.0} s.\n", line.join(" "), time.as_secs_f64());
    for set in sets {
        let _ = writeln!(text, "- {}: {} parts", set.name, set.tasks.len());
    }
    let writes = if config.constrained { "held to programs of the dialect" } else { "freely" };
    let _ = writeln!(
        text,
        "- The likeliest program, and the best of {} by its overlap, drawn at temperature {}; models write {writes}, seed {}.",
        config.samples, config.temperature, config.seed
    );
    if let Some(time) = arguments.pool {
        let _ = writeln!(text, "- With the fit: 8192 points and {time} s for each part, fit and model in one pool.");
    }
    let _ = write!(
        text,
        "- CD: median Chamfer distance x 1000 at unit size; IoU: mean in per cent of what was executed; IR: per cent of \
         parts for which nothing was.\n\n{table}"
    );
    text
}
