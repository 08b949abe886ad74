//! What a caller can decide.

use std::time::Duration;

use partwright_geometry::LengthUnit;

use crate::Thresholds;

/// The coordinates a program is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgramFrame {
    /// The scan's own unit and pose.
    #[default]
    Scan,
    /// Centred, longest side 200, integers in -100..=100.
    Normalized,
}

/// How a scan is reconstructed.
#[derive(Clone, Debug, PartialEq)]
pub struct ReconstructConfig {
    /// Most candidates returned (at least one is).
    pub candidates: usize,
    /// Time for everything; `None` is no limit. Work is ordered so that running out costs candidates, not the answer;
    /// [`crate::Reconstruction::complete`] says whether it did. A result that is complete does not depend on it.
    pub time: Option<Duration>,
    /// Decides all random points.
    pub seed: u64,
    /// The coordinates of the programs.
    pub frame: ProgramFrame,
    /// Points on each surface for deviations.
    pub samples: usize,
    /// Whether the constants of the best candidates are fitted to the scan once more, all together.
    pub refine: bool,
    /// Whether refined constants are made to meet relations and round numbers; without `refine` nothing is.
    pub snap: bool,
    /// The unit of the scan's coordinates: which numbers are round depends on it.
    pub unit: LengthUnit,
    /// Scales what every operation and byte of a program has to bring in overlap: 0 asks for the best fit however long.
    pub price_scale: f64,
    /// When a result is good and when it is refused.
    pub thresholds: Thresholds,
}

impl Default for ReconstructConfig {
    fn default() -> Self {
        Self {
            candidates: 5,
            time: Some(Duration::from_mins(1)),
            seed: 0,
            frame: ProgramFrame::Scan,
            samples: 8192,
            refine: true,
            snap: true,
            unit: LengthUnit::Unknown,
            price_scale: 1.0,
            thresholds: Thresholds::default(),
        }
    }
}
