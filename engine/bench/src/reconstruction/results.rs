//! What a bench found, case by case, and its file.

use serde::{Deserialize, Serialize};

use super::summary::Grouped;
use super::worst::{WORST, worst};
use super::{CaseOutcome, Summary};

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// The program ran to its end; the result may still be invalid or refused.
    Done,
    /// The process crashed.
    Crashed,
    /// The process was stopped because it did not keep to its time.
    Overran,
}

/// One case of a bench's results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    /// The case.
    pub id: String,
    /// Its class.
    pub class: String,
    /// Its difficulty.
    pub difficulty: String,
    /// How it ended.
    pub status: CaseStatus,
    /// What was found.
    #[serde(flatten)]
    pub outcome: CaseOutcome,
}

impl CaseResult {
    /// The IoU as it counts: 0 where there is no valid solid.
    pub fn iou(&self) -> f64 {
        self.outcome.iou.filter(|_| self.outcome.valid).unwrap_or(0.0)
    }
}

/// The content of a results file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Results {
    /// What was run.
    pub bench: super::Bench,
    /// All cases condensed.
    pub summary: Summary,
    /// The same per class.
    pub per_class: Vec<Grouped>,
    /// The same per difficulty.
    pub per_difficulty: Vec<Grouped>,
    /// The ids of the worst cases, worst first.
    pub worst: Vec<String>,
    /// Every case, in the manifest's order.
    pub cases: Vec<CaseResult>,
}

impl Results {
    /// Condenses the cases of a bench.
    pub fn new(bench: super::Bench, cases: Vec<CaseResult>) -> Self {
        Self {
            bench,
            summary: Summary::of(&cases),
            per_class: Grouped::by(&cases, |case| &case.class),
            per_difficulty: Grouped::by(&cases, |case| &case.difficulty),
            worst: worst(&cases, WORST).iter().map(|case| case.id.clone()).collect(),
            cases,
        }
    }
}
