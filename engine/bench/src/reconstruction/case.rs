//! One case: read, reconstruct, measure. Runs in a process of its own.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What a reconstruction sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// The mesh in the file.
    #[default]
    Mesh,
    /// Points sampled on the mesh in the file.
    Points,
    /// The point cloud in the file.
    Cloud,
}

/// What a child process is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseJob {
    /// The scan.
    pub input: PathBuf,
    /// What the reconstruction sees of it.
    pub kind: InputKind,
    /// The true surface, where there is one.
    pub truth: Option<PathBuf>,
    /// Time budget in seconds.
    pub time_s: f64,
    /// Seed.
    pub seed: u64,
}

/// What a child process found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseOutcome {
    /// Whether there is a valid solid.
    pub valid: bool,
    /// `good`, `check` or `refused`.
    pub verdict: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// IoU with the truth, both centred and scaled to unit size.
    pub iou: Option<f64>,
    /// How the IoU was found.
    pub iou_method: Option<String>,
    /// Chamfer distance times 1000, likewise.
    pub cd_x1000: Option<f64>,
    /// Whether the case counts in the mean of IoU.
    pub iou_counts: bool,
    /// Seconds from the scan in memory to the ranked candidates.
    pub time_s: f64,
    /// Operations of the program.
    pub operations: Option<usize>,
    /// The program.
    pub program: Option<String>,
}
