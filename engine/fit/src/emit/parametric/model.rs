//! A part whose numbers are expressions of parameters.

use glam::{DVec2, DVec3};

use super::expression::Expression;
use super::parameter::Dimensions;
use super::pattern::Ring;
use crate::part::{Feature, FeatureKind, PathEdge};

/// A feature whose numbers are expressions.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) kind: FeatureKind,
    pub(super) title: String,
    pub(super) body: DrawnBody,
    pub(super) outlines: Vec<DrawnOutline>,
    pub(super) rings: Vec<DrawnRing>,
}

/// How its outlines become a body.
#[derive(Clone, Debug)]
pub(super) enum DrawnBody {
    /// Swept along an axis.
    Prism { axis: usize, low: Expression, high: Expression },
    /// Turned about a line through the point with these coordinates; the one along the line is where the sketch begins.
    Turned { normal: usize, origin: [Expression; 3] },
    /// Drilled from the upper or lower end along an axis; without a depth, through everything.
    Drilled { axis: usize, from_top: bool, depth: Option<Expression>, mouth: DrawnMouth },
    /// As it was.
    Oblique(Feature),
}

/// What drilled holes widen to where the drill goes in.
#[derive(Clone, Debug)]
pub(super) enum DrawnMouth {
    Plain,
    Counterbore { diameter: Expression, depth: Expression },
    Countersink { diameter: Expression, angle: Expression },
}

/// An outline whose numbers are expressions.
#[derive(Clone, Debug)]
pub(super) enum DrawnOutline {
    Circle { center: [Expression; 2], radius: Expression },
    Rectangle { low: [Expression; 2], high: [Expression; 2] },
    Path { start: [Expression; 2], edges: Vec<DrawnEdge>, original: (DVec2, Vec<PathEdge>) },
}

/// An edge of a path; arcs' middles follow from their ends.
#[derive(Clone, Debug)]
pub(super) struct DrawnEdge {
    pub(super) end: [Expression; 2],
    pub(super) is_arc: bool,
}

/// A ring of circles of one radius.
#[derive(Clone, Debug)]
pub(super) struct DrawnRing {
    pub(super) ring: Ring,
    pub(super) hole_radius: f64,
    pub(super) center: [Expression; 2],
    pub(super) radius: Expression,
    pub(super) count: Expression,
}

/// A part whose numbers are expressions.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) dimensions: Dimensions,
    pub(super) features: Vec<Drawn>,
    /// What is added to every coordinate at the end.
    pub(super) moved: DVec3,
}
