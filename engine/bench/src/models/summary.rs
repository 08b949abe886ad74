//! Outcomes summed up.

use serde::{Deserialize, Serialize};

use super::{Attempt, Outcome};

/// The three numbers of the paper's tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// Parts.
    pub count: usize,
    /// Median Chamfer distance of what was executed, times 1000.
    pub chamfer: f64,
    /// Mean intersection over union of what was executed, in per cent.
    pub iou: f64,
    /// Share of parts for which nothing was executed, in per cent.
    pub invalid: f64,
    /// Mean intersection over union where nothing counts 0, in per cent: what a user gets.
    pub iou_of_all: f64,
}

/// How an outcome is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The likeliest program.
    Likeliest,
    /// The best of all by its overlap.
    Best,
    /// The pool's.
    Pool,
}

impl Look {
    fn of(self, outcome: &Outcome) -> Option<Attempt> {
        match self {
            Self::Likeliest => outcome.attempts.first().copied(),
            Self::Best => {
                let rank = |attempt: &&Attempt| attempt.iou.unwrap_or(-1.0);
                outcome.attempts.iter().max_by(|a, b| rank(a).total_cmp(&rank(b))).copied()
            }
            Self::Pool => outcome.pool,
        }
    }
}

/// Sums up outcomes; `None` where none can be looked at so.
pub fn summary(outcomes: &[Outcome], look: Look) -> Option<ModelSummary> {
    let attempts: Vec<Attempt> = outcomes.iter().filter_map(|outcome| look.of(outcome)).collect();
    if attempts.is_empty() {
        return None;
    }
    let ious: Vec<f64> = attempts.iter().filter_map(|attempt| attempt.iou).collect();
    let mut chamfers: Vec<f64> = attempts.iter().filter_map(|attempt| attempt.chamfer).collect();
    chamfers.sort_by(f64::total_cmp);
    let (count, made, sum) = (attempts.len(), ious.len(), ious.iter().fold(0.0, |sum, iou| sum + iou));
    Some(ModelSummary {
        count,
        chamfer: 1000.0 * median(&chamfers),
        iou: 100.0 * sum / made.max(1) as f64,
        invalid: 100.0 * (count - made) as f64 / count as f64,
        iou_of_all: 100.0 * sum / count as f64,
    })
}

fn median(sorted: &[f64]) -> f64 {
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Shown;

    fn outcome(ious: &[Option<f64>]) -> Outcome {
        let attempt = |iou: &Option<f64>| Attempt { iou: *iou, chamfer: iou.map(|iou| 1.0 - iou) };
        Outcome {
            id: String::new(),
            shown: Shown::Points,
            attempts: ious.iter().map(attempt).collect(),
            fault: None,
            programs: Vec::new(),
            pool: None,
            rounds: None,
            seconds: 0.0,
        }
    }

    #[test]
    fn numbers_by_hand() {
        let outcomes = [outcome(&[Some(0.5), Some(1.0)]), outcome(&[None, Some(0.25)]), outcome(&[Some(1.0), None])];
        let likeliest = summary(&outcomes, Look::Likeliest).unwrap();
        assert!((likeliest.iou - 75.0).abs() < 1e-9 && (likeliest.invalid - 100.0 / 3.0).abs() < 1e-9);
        assert!((likeliest.iou_of_all - 50.0).abs() < 1e-9 && (likeliest.chamfer - 250.0).abs() < 1e-9);
        let best = summary(&outcomes, Look::Best).unwrap();
        assert!((best.iou - 75.0).abs() < 1e-9 && best.invalid.abs() < 1e-9 && best.chamfer.abs() < 1e-9);
        assert_eq!(summary(&outcomes, Look::Pool), None);
        assert_eq!(summary(&[], Look::Best), None);
    }
}
