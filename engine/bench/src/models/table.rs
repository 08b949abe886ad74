//! The table, as Markdown.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::ModelSummary;

/// One line: a model, a set, a way of showing, and its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The model's label.
    pub model: String,
    /// The set.
    pub set: String,
    /// How parts were shown.
    pub shown: String,
    /// The likeliest program.
    pub likeliest: Option<ModelSummary>,
    /// The best of so many.
    pub best: Option<(usize, ModelSummary)>,
    /// The pool with the fit.
    pub pool: Option<ModelSummary>,
}

/// All lines as a Markdown table: for each look median Chamfer distance x 1000, mean IoU in per cent, invalid ones in per cent.
pub fn table(rows: &[Row]) -> String {
    let best = rows.iter().find_map(|row| row.best.map(|(n, _)| n));
    let pool = rows.iter().any(|row| row.pool.is_some());
    let mut text = String::from("| model | parts | shown | n | CD | IoU | IR |");
    let mut line = String::from("|---|---|---|---:|---:|---:|---:|");
    if let Some(n) = best {
        let _ = write!(text, " best of {n}: CD | IoU | IR |");
        line.push_str("---:|---:|---:|");
    }
    if pool {
        text.push_str(" with the fit: CD | IoU | IR |");
        line.push_str("---:|---:|---:|");
    }
    let _ = write!(text, "\n{line}\n");
    for row in rows {
        let count = row.likeliest.map_or(0, |summary| summary.count);
        let _ = write!(text, "| {} | {} | {} | {count} |{}", row.model, row.set, row.shown, numbers(row.likeliest));
        if best.is_some() {
            text.push_str(&numbers(row.best.map(|(_, summary)| summary)));
        }
        if pool {
            text.push_str(&numbers(row.pool));
        }
        text.push('\n');
    }
    text
}

fn numbers(summary: Option<ModelSummary>) -> String {
    match summary {
        Some(ModelSummary { chamfer, iou, invalid, .. }) if chamfer.is_finite() => {
            format!(" {chamfer:.2} | {iou:.1} | {invalid:.1} |")
        }
        Some(ModelSummary { invalid, .. }) => format!(" - | - | {invalid:.1} |"),
        None => " | | |".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_as_many_cells_as_the_head() {
        let summary = ModelSummary { count: 3, chamfer: 1.5, iou: 50.0, invalid: 0.0, iou_of_all: 50.0 };
        let row = |best, pool| Row {
            model: "a".to_owned(),
            set: "b".to_owned(),
            shown: "points".to_owned(),
            likeliest: Some(summary),
            best,
            pool,
        };
        let text = table(&[row(Some((10, summary)), Some(summary)), row(None, None)]);
        let cells: Vec<usize> = text.lines().map(|line| line.matches('|').count()).collect();
        assert_eq!(cells, [14, 14, 14, 14], "{text}");
        assert!(text.contains("best of 10") && text.contains("| a | b | points | 3 | 1.50 | 50.0 | 0.0 |"), "{text}");
    }
}
