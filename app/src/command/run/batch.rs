//! `partwright run --batch`: many programs, one JSON object per line each, in the order of the input.
//!
//! A program that fails is a result like any other. Lines may carry `ref`, the values that another kernel found
//! (`volume`, `area`, `bbox`, `solids`, `valid`); then every answer says whether it agrees.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use partwright_cadquery::Limits;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::command::info::corners;
use crate::failure::Failure;
use crate::output::{Console, Facts, print};
use crate::program::{self, Made, Programs};
use crate::{cancel, scan};

#[derive(Deserialize)]
struct Line {
    id: String,
    code: String,
    #[serde(default, rename = "ref")]
    reference: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    volume: Option<f64>,
    area: Option<f64>,
    bbox: Option<[f64; 6]>,
    solids: Option<usize>,
    valid: Option<bool>,
}

impl Reference {
    /// What disagrees: volume and area by more than 0.1 %, the box by more than 0.01, the number of solids.
    fn disagreements(&self, made: &Made) -> Vec<&'static str> {
        let off = |theirs: Option<f64>, ours: f64| {
            theirs.is_some_and(|theirs| (ours - theirs).abs() > 1e-3 * theirs.abs().max(f64::MIN_POSITIVE))
        };
        let properties = &made.properties;
        let bbox = corners(properties.bounds);
        let box_off = self.bbox.is_some_and(|theirs| theirs.iter().zip(bbox).any(|(a, b)| (a - b).abs() > 0.01));
        [
            ("volume", off(self.volume, properties.volume)),
            ("area", off(self.area, properties.area)),
            ("bbox", box_off),
            ("solids", self.solids.is_some_and(|solids| solids != properties.solids as usize)),
        ]
        .into_iter()
        .filter_map(|(what, wrong)| wrong.then_some(what))
        .collect()
    }
}

/// Counts over a batch.
#[derive(Default)]
struct Tally {
    made: usize,
    failed: BTreeMap<&'static str, usize>,
    /// Programs the reference calls valid.
    referenced: usize,
    agreeing: usize,
    /// Programs the reference calls valid that gave another shape here, without an error.
    wrong: usize,
    millis: Vec<f64>,
}

/// Executes all programs of the file.
pub(super) fn execute(path: &Path, limits: &Limits, console: Console) -> Result<(), Failure> {
    let text = if path == Path::new("-") {
        String::from_utf8(scan::read_stdin()?).map_err(|_| Failure::failed("standard input is not UTF-8 text"))?
    } else {
        program::read(path)?
    };
    let lines = parse(&text, path)?;
    let programs = Programs::on_all_cores()?;
    let cancelled = programs.cancel().clone();
    cancel::on_interrupt(move || cancelled.cancel())?;
    let progress = console.progress("programs");
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut tally = Tally::default();
    let mut printed = 0;
    thread::scope(|scope| {
        for _ in 0..programs.workers().min(lines.len()) {
            let (sender, lines, next, programs) = (sender.clone(), &lines, &next, &programs);
            scope.spawn(move || {
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(line) = lines.get(index)
                    && let answer = answer(line, programs, limits)
                    && !programs.cancel().is_cancelled()
                    && sender.send((index, answer)).is_ok()
                {}
            });
        }
        drop(sender);
        // Answers come in any order and are printed in that of the lines.
        let mut waiting = BTreeMap::new();
        let mut finished = 0;
        for (index, answer) in receiver {
            finished += 1;
            progress.count(finished, lines.len(), "programs");
            tally.add(&answer);
            waiting.insert(index, answer.object);
            while let Some(object) = waiting.remove(&printed) {
                printed += 1;
                print(&format!("{object}\n"))?;
            }
        }
        Ok::<(), Failure>(())
    })?;
    drop(progress);
    console.note(tally.text(lines.len()));
    if printed < lines.len() {
        return Err(Failure::cancelled(format!("cancelled after {printed} of {} programs", lines.len())));
    }
    Ok(())
}

fn parse(text: &str, path: &Path) -> Result<Vec<Line>, Failure> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|error| {
                Failure::failed(format!("{}, line {}: {error}", path.display(), index + 1))
                    .help("every line is a JSON object with the fields `id` and `code`")
            })
        })
        .collect()
}

struct Answer {
    object: Value,
    /// `None` when it was made, else the kind of its error.
    error: Option<&'static str>,
    millis: f64,
    /// With a valid reference: whether it agrees.
    agrees: Option<bool>,
}

fn answer(line: &Line, programs: &Programs, limits: &Limits) -> Answer {
    let reference = line.reference.as_ref().filter(|reference| reference.valid == Some(true));
    let mut object = json!({ "id": line.id });
    match programs.measure(&line.code, limits) {
        Ok(made) => {
            merge(&mut object, made.object());
            let disagreements = reference.map(|reference| reference.disagreements(&made));
            if let Some(disagreements) = &disagreements {
                object["disagrees"] = json!(disagreements);
            }
            Answer {
                object,
                error: None,
                millis: made.time.as_secs_f64() * 1e3,
                agrees: disagreements.map(|disagreements| disagreements.is_empty()),
            }
        }
        Err(failure) => {
            merge(&mut object, failure.object());
            Answer { object, error: Some(failure.kind()), millis: 0.0, agrees: reference.map(|_| false) }
        }
    }
}

fn merge(object: &mut Value, fields: Value) {
    if let (Value::Object(object), Value::Object(fields)) = (object, fields) {
        object.extend(fields);
    }
}

impl Tally {
    fn add(&mut self, answer: &Answer) {
        match answer.error {
            None => {
                self.made += 1;
                self.millis.push(answer.millis);
            }
            Some(kind) => *self.failed.entry(kind).or_default() += 1,
        }
        if let Some(agrees) = answer.agrees {
            self.referenced += 1;
            self.agreeing += usize::from(agrees);
            self.wrong += usize::from(!agrees && answer.error.is_none());
        }
    }

    fn text(&self, total: usize) -> String {
        let mut facts = Facts::new();
        facts.add("programs", total).add("shapes", self.made);
        for (kind, count) in &self.failed {
            facts.add(&format!("{kind} errors"), count);
        }
        facts.add_some(
            "median time",
            partwright_bench::statistics::median(&self.millis).map(|millis| format!("{millis:.2} ms")),
        );
        if self.referenced > 0 {
            let share = partwright_bench::statistics::percent(self.agreeing, self.referenced);
            facts
                .add("agree with the reference", format!("{} of {} ({share:.2} %)", self.agreeing, self.referenced))
                .add("another shape, no error", self.wrong);
        }
        format!("summary\n{facts}")
    }
}
