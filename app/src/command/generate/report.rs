//! Statistics of the programs, those of others beside them.

use std::path::Path;

use partwright_train::dataset::Line;
use partwright_train::statistics::{Part, Statistics, table};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::program;

/// A line of a file of programs.
#[derive(Deserialize)]
struct Other {
    #[serde(alias = "code")]
    program: String,
    #[serde(default, rename = "ref", alias = "facts")]
    known: Known,
}

#[derive(Default, Deserialize)]
struct Known {
    ok: Option<bool>,
    faces: Option<usize>,
    solids: Option<usize>,
    volume: Option<f64>,
}

/// Counts the programs of a file; those that made no part are left out.
pub(super) fn read(path: &Path) -> Result<Statistics, Failure> {
    let text = program::read(path)?;
    let mut statistics = Statistics::default();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let other: Other = serde_json::from_str(line).map_err(|error| {
            Failure::failed(format!("{}, line {}: {error}", path.display(), index + 1))
                .help("every line is a JSON object with the field `code` or `program`")
        })?;
        if other.known.ok == Some(false) {
            statistics.left_out += 1;
            continue;
        }
        let Known { faces, solids, volume, .. } = other.known;
        statistics.add(&other.program, Part { faces, solids, volume });
    }
    Ok(statistics)
}

/// Counts a part that was made here.
pub(super) fn count(statistics: &mut Statistics, line: &Line) {
    let facts = &line.facts;
    let part = Part { faces: Some(facts.faces), solids: Some(facts.solids), volume: Some(facts.volume) };
    statistics.add(&line.program, part);
}

pub(super) fn object(own: &Statistics, beside: Option<&Statistics>) -> Value {
    let all: Vec<&Statistics> = std::iter::once(own).chain(beside).collect();
    let fields = table(&all).into_iter().map(|row| (row.label, json!(row.values)));
    Value::Object(fields.collect())
}

/// The table, a column for each.
pub(super) fn text(own: &Statistics, beside: Option<&Statistics>) -> String {
    let all: Vec<&Statistics> = std::iter::once(own).chain(beside).collect();
    let rows = table(&all);
    let label = rows.iter().map(|row| row.label.len()).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.values.get(column)).map(String::len).max().unwrap_or_default().max(8)
    };
    let widths: Vec<usize> = (0..all.len()).map(width).collect();
    let line = |name: &str, values: &[String]| {
        let cells: Vec<String> = values.iter().zip(&widths).map(|(value, width)| format!("{value:>width$}")).collect();
        format!("{name:label$}  {}\n", cells.join("  ")).replace(" \n", "\n")
    };
    let heads: Vec<String> = ["made", "beside"].iter().take(all.len()).map(|head| (*head).to_owned()).collect();
    let lines = rows.iter().map(|row| line(&row.label, &row.values));
    std::iter::once(line("", &heads)).chain(lines).collect()
}
