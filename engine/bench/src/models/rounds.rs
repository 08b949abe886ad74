//! Rounds in which a model improves the best of its programs, beside as many rounds in which it only writes new ones: what is
//! gained by being shown where a program is wrong, and not by another try.

use std::fmt::Write as _;

use partwright_cadrille::sampling::Settings;
use partwright_cadrille::writer::{EditInput, PartInput};
use partwright_geometry::metric::PreparedReference;
use partwright_geometry::{Geometry, TriMesh};
use serde::{Deserialize, Serialize};

use super::evaluate::{Examination, Tried};
use super::{Outcome, Shown, Task};

/// The best overlap before the first round and after each; 0 where nothing was executed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rounds {
    /// Where the best program so far is improved.
    pub improved: Vec<f64>,
    /// Where new programs are written of other points.
    pub redrawn: Vec<f64>,
}

impl Examination<'_> {
    /// The rounds of a part whose first programs are known.
    pub(super) fn rounds(
        &self,
        task: &Task,
        reference: &PreparedReference,
        settings: &Settings,
        first: &[Tried],
    ) -> Rounds {
        let mut rounds = Rounds::default();
        let mut best = [best_of(first), best_of(first)];
        let overlap = |best: &Option<Tried>| best.as_ref().and_then(|tried| tried.attempt.iou).unwrap_or(0.0);
        rounds.improved.push(overlap(&best[0]));
        rounds.redrawn.push(overlap(&best[1]));
        for round in 1..=self.config.rounds as u64 {
            let seed = self.config.seed.wrapping_add(round);
            let settings = Settings { first_sample: round * settings.samples as u64, ..*settings };
            let Some(again) = task.input(Shown::Points, seed) else { return rounds };
            let parts = [best[0].as_ref().and_then(|best| edit(task, best, seed)), Some(again.clone())];
            for (best, part) in best.iter_mut().zip(parts) {
                // Where nothing was executed there is nothing to improve. A round that cannot be asked for gains nothing.
                let part = part.unwrap_or_else(|| again.clone());
                let found = self.tried(&part, reference, &settings).unwrap_or_default();
                *best = best_of(best.iter().chain(&found));
            }
            rounds.improved.push(overlap(&best[0]));
            rounds.redrawn.push(overlap(&best[1]));
        }
        rounds
    }
}

fn edit(task: &Task, best: &Tried, seed: u64) -> Option<PartInput> {
    let (scan, part): (Geometry, TriMesh) = (Geometry::Mesh(task.mesh.clone()), best.mesh.clone()?);
    Some(PartInput::Edit(Box::new(EditInput { scan, seed, program: best.source.trim_end().to_owned(), part })))
}

fn best_of<'a>(tried: impl IntoIterator<Item = &'a Tried>) -> Option<Tried> {
    let made = tried.into_iter().filter(|tried| tried.attempt.iou.is_some());
    made.max_by(|a, b| a.attempt.iou.unwrap_or(0.0).total_cmp(&b.attempt.iou.unwrap_or(0.0))).cloned()
}

/// The means over the parts that went through rounds, in per cent; `None` where there is none.
pub fn mean_rounds(outcomes: &[Outcome]) -> Option<Rounds> {
    let all: Vec<&Rounds> = outcomes.iter().filter_map(|outcome| outcome.rounds.as_ref()).collect();
    let count = all.iter().map(|rounds| rounds.improved.len()).min()?;
    let mean = |of: fn(&Rounds) -> &Vec<f64>| -> Vec<f64> {
        (0..count).map(|i| 100.0 * all.iter().map(|rounds| of(rounds)[i]).sum::<f64>() / all.len() as f64).collect()
    };
    Some(Rounds { improved: mean(|rounds| &rounds.improved), redrawn: mean(|rounds| &rounds.redrawn) })
}

/// Models, sets and their means as a Markdown table; empty where there is none.
pub fn rounds_table(rows: &[(String, String, Rounds)]) -> String {
    let Some((.., first)) = rows.first() else { return String::new() };
    let mut text = String::from("| model | parts | programs are | first |");
    let mut line = String::from("|---|---|---|---:|");
    for round in 1..first.improved.len() {
        let _ = write!(text, " round {round} |");
        line.push_str("---:|");
    }
    let _ = writeln!(text, "\n{line}");
    for (model, set, rounds) in rows {
        for (what, means) in [("improved", &rounds.improved), ("written anew", &rounds.redrawn)] {
            let means: Vec<String> = means.iter().map(|mean| format!(" {mean:.1} |")).collect();
            let _ = writeln!(text, "| {model} | {set} | {what} |{}", means.concat());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_a_table() {
        let outcome = |improved: [f64; 2]| Outcome {
            id: String::new(),
            shown: Shown::Points,
            attempts: Vec::new(),
            programs: Vec::new(),
            fault: None,
            pool: None,
            rounds: Some(Rounds { improved: improved.to_vec(), redrawn: vec![0.5, 0.5] }),
            seconds: 0.0,
        };
        let means = mean_rounds(&[outcome([0.2, 0.4]), outcome([0.4, 0.8])]).unwrap();
        assert!((means.improved[0] - 30.0).abs() < 1e-9 && (means.improved[1] - 60.0).abs() < 1e-9);
        let table = rounds_table(&[("m".to_owned(), "s".to_owned(), means)]);
        assert!(
            table.contains("| m | s | improved | 30.0 | 60.0 |") && table.contains("anew | 50.0 | 50.0 |"),
            "{table}"
        );
        assert!(mean_rounds(&[]).is_none() && rounds_table(&[]).is_empty());
    }
}
