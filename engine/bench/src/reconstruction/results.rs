//! What a bench found, case by case, and its file.

use serde::{Deserialize, Serialize};

use super::Summary;
use super::summary::Grouped;

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
    /// Whether there is a valid solid.
    pub valid: bool,
    /// `good`, `check` or `refused`; absent when the case did not get so far.
    pub verdict: Option<String>,
    /// Why the verdict is so, or what went wrong.
    pub reason: Option<String>,
    /// IoU with the true surface, both centred and scaled to unit size; absent where it is undefined or the case is
    /// invalid.
    pub iou: Option<f64>,
    /// How the IoU was found.
    pub iou_method: Option<String>,
    /// Chamfer distance times 1000, likewise.
    pub cd_x1000: Option<f64>,
    /// Whether the case counts in the mean of IoU: it does not where nothing true is a surface.
    pub iou_counts: bool,
    /// Seconds from the scan in memory to the ranked candidates.
    pub time_s: f64,
    /// Operations of the program.
    pub operations: Option<usize>,
    /// The program.
    pub program: Option<String>,
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
            cases,
        }
    }
}
