//! The best candidates' constants, fitted to the scan once more.

use glam::DMat3;
use partwright_fit::Precision;
use partwright_fit::part::Part;
use partwright_fit::refine::Snap;

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
