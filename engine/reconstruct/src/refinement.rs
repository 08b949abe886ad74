//! The best candidates' constants, fitted to the scan once more.

use glam::DMat3;
use partwright_fit::emit::{is_writable, program};
use partwright_fit::part::Part;
use partwright_fit::refine::{Evidence, RefineConfig, Refined, Snap, refined};
use partwright_fit::{Deadline, Precision};
use partwright_geometry::Geometry;

use crate::generate::Candidate;
use crate::{Origin, ReconstructConfig};

/// The part a program was written from.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// The part, in coordinates of its own.
    pub(crate) part: Part,
    /// Rotation from part to scan coordinates.
    pub(crate) scan_from_part: DMat3,
    /// The grid its coordinates lie on.
    pub(crate) precision: Precision,
}

/// How a candidate's constants were refined.
#[derive(Clone, Debug, PartialEq)]
pub struct Refinement {
    /// The relations and round numbers that were tried, in order.
    pub snaps: Vec<Snap>,
    /// Root mean square distance of the scan's points that were held out of the fit from the part as proposed, in the
    /// scan's unit.
    pub residual_before: f64,
    /// The same after refinement.
    pub residual_after: f64,
}

/// Candidates refined, best first: more are hardly ever ahead in the end.
pub(crate) const FRONT_RUNNERS: usize = 2;
/// Points of the scan that constants are fitted to and checked by.
const POINTS: usize = 8192;

/// What refinement needs of the scan, taken once.
pub(crate) struct Refiner {
    evidence: Evidence,
    config: RefineConfig,
}

impl Refiner {
    /// `None` where nothing is to be refined.
    pub(crate) fn new(scan: &Geometry, config: &ReconstructConfig) -> Option<Self> {
        let evidence = config.refine.then(|| Evidence::new(scan, POINTS, config.seed)).flatten()?;
        Some(Self { evidence, config: RefineConfig { snap: config.snap, unit: config.unit } })
    }

    /// The candidate that `drawn` makes with its constants refined, as yet of unknown origin; `None` where nothing is gained.
    pub(crate) fn refined(&self, drawn: &Drawn, deadline: &Deadline) -> Option<(Candidate, Refinement)> {
        let Drawn { part, scan_from_part, precision } = drawn;
        let found = refined(part, *scan_from_part, *precision, &self.evidence, &self.config, deadline)?;
        let Refined { part, scan_from_part, precision, snaps, residual_before, residual_after } = found;
        if !is_writable(&part) {
            return None;
        }
        let text = program(&part, scan_from_part, precision);
        let drawn = Some(Drawn { part, scan_from_part, precision });
        let (source, operations) = (text.source, text.features);
        let candidate = Candidate { source, origin: Origin::Box, operations, estimate: 0.0, drawn, plainer: None };
        Some((candidate, Refinement { snaps, residual_before, residual_after }))
    }
}
