//! What refinement did to a part, for people to read.

use glam::DMat3;

use super::Precision;
use crate::part::Part;

/// A relation between constants of a part, or a round number that one of them is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// A straight edge runs along an axis of its sketch.
    Axis,
    /// A straight edge stands at a multiple of 15 degrees to its sketch's axes.
    Angle,
    /// Two faces lie in one plane.
    Flush,
    /// Centres stand in one line along an axis, or circles share their centre.
    Aligned,
    /// Circles have one radius.
    EqualRadius,
    /// Two faces or centres lie symmetric about a middle plane.
    Symmetric,
    /// Neighbouring centres or faces have one distance.
    EqualSpacing,
    /// Equal circles stand at equal angles on a circle.
    Polar,
    /// An arc runs on smoothly from the straight edge before or after it.
    Tangent,
    /// A length is a round number of millimetres, or has as few decimals as the scan supports where the unit is unknown.
    Round,
    /// A length is a fraction of an inch.
    Inch,
    /// A hole has a standard diameter.
    StandardHole,
}

impl Relation {
    /// The relation's name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Axis => "axis",
            Self::Angle => "angle",
            Self::Flush => "flush",
            Self::Aligned => "aligned",
            Self::EqualRadius => "equal_radius",
            Self::Symmetric => "symmetric",
            Self::EqualSpacing => "equal_spacing",
            Self::Polar => "polar",
            Self::Tangent => "tangent",
            Self::Round => "round",
            Self::Inch => "inch",
            Self::StandardHole => "standard_hole",
        }
    }
}

/// One attempt to make a part meet a relation. Residuals are root mean squares over the points that were held out of the
/// fit and lie on faces the relation moves, in the scan's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Snap {
    /// The relation.
    pub relation: Relation,
    /// What it holds between, in words.
    pub what: String,
    /// The length in question before (a difference where the relation makes it zero).
    pub before: f64,
    /// And after.
    pub after: f64,
    /// The residual before.
    pub residual_before: f64,
    /// The residual after.
    pub residual_after: f64,
    /// Whether it was kept; otherwise everything is as it was before.
    pub kept: bool,
}

/// A refined part.
#[derive(Clone, Debug, PartialEq)]
pub struct Refined {
    /// The part, on the grid of `precision`.
    pub part: Part,
    /// Rotation from part to scan coordinates, refined as well.
    pub scan_from_part: DMat3,
    /// The grid the part's coordinates lie on.
    pub precision: Precision,
    /// What was tried, in order.
    pub snaps: Vec<Snap>,
    /// Root mean square distance of the points held out of the fit from the part before, in the scan's unit; farther points
    /// count as at the farthest distance that was taken to belong to the part.
    pub residual_before: f64,
    /// The same after.
    pub residual_after: f64,
}
