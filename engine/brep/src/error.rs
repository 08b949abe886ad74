//! What the kernel refuses, always with the operation and the program's call it came from.

use crate::CallId;

/// An operation that could not be done.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{operation}: {cause}")]
pub struct BrepError {
    /// The operation, as a user would name it (`extrude`, `union`, ...).
    pub operation: &'static str,
    /// The program's call that asked for it.
    pub call: CallId,
    /// The rule that was violated.
    pub cause: BrepCause,
}

/// The rule an operation violated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BrepCause {
    /// Nothing is left of the shape.
    #[error("the result is empty")]
    EmptyResult,
    /// A coordinate, radius or angle is infinite or not a number.
    #[error("{what} is not a finite number")]
    NotFinite {
        /// Which number.
        what: &'static str,
    },
    /// A length that must be positive is zero, negative or lost in rounding.
    #[error("{what} must be greater than zero, it is {value}")]
    NotPositive {
        /// Which length.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// A number outside the range that makes sense.
    #[error("{what} must lie {range}, it is {value}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// The allowed range, in words.
        range: &'static str,
        /// Its value.
        value: f64,
    },
    /// A loop does not come back to its start.
    #[error("the loop is open: it starts at ({start_x}, {start_y}) and ends at ({end_x}, {end_y})")]
    LoopNotClosed {
        /// First point, x.
        start_x: f64,
        /// First point, y.
        start_y: f64,
        /// Last point, x.
        end_x: f64,
        /// Last point, y.
        end_y: f64,
    },
    /// A loop has too few edges to bound an area.
    #[error("a loop needs at least two edges that are not one line, it has {edges}")]
    TooFewEdges {
        /// How many it has.
        edges: usize,
    },
    /// An edge has no length.
    #[error("edge {edge} has zero length at ({x}, {y})")]
    ZeroLengthEdge {
        /// Index of the edge in its loop, from 0.
        edge: usize,
        /// Where, x in the profile's plane.
        x: f64,
        /// Where, y in the profile's plane.
        y: f64,
    },
    /// The three points of an arc lie on a line (or two of them are one).
    #[error("the three points of arc {edge}, near ({x}, {y}), lie on a line")]
    CollinearArc {
        /// Index of the edge in its loop, from 0.
        edge: usize,
        /// Start of the arc, x in the profile's plane.
        x: f64,
        /// Start of the arc, y in the profile's plane.
        y: f64,
    },
    /// A loop touches or crosses itself.
    #[error("the loop meets itself near ({x}, {y})")]
    SelfIntersectingLoop {
        /// Where, x in the profile's plane.
        x: f64,
        /// Where, y in the profile's plane.
        y: f64,
    },
    /// Two loops of one region cross.
    #[error("two loops of one region meet near ({x}, {y})")]
    LoopsIntersect {
        /// Where, x in the profile's plane.
        x: f64,
        /// Where, y in the profile's plane.
        y: f64,
    },
    /// A hole is not inside its outer loop.
    #[error("a hole lies outside its outer loop, near ({x}, {y})")]
    HoleOutside {
        /// A point of the hole, x in the profile's plane.
        x: f64,
        /// A point of the hole, y in the profile's plane.
        y: f64,
    },
    /// A loop bounds no area.
    #[error("the loop bounds no area")]
    ZeroArea,
    /// A profile has no region at all.
    #[error("the profile is empty")]
    EmptyProfile,
    /// A revolved profile lies on both sides of its axis.
    #[error("the profile crosses the axis of revolution: it reaches from x = {from} to x = {to}")]
    CrossesAxis {
        /// Smallest distance, signed.
        from: f64,
        /// Largest distance, signed.
        to: f64,
    },
    /// The graph is larger than the kernel accepts.
    #[error("the shape is too large: {what} is {value}, the limit is {limit}")]
    TooLarge {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        value: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// The mesh boolean gave no usable result.
    #[error("the boolean of the facets failed ({reason}); move one of the bodies slightly or simplify the operation")]
    BooleanFailed {
        /// What it reported.
        reason: String,
    },
    /// The facets could not be turned into analytic faces.
    #[error("the analytic faces could not be rebuilt: {reason}")]
    RebuildFailed {
        /// The stage and what it found.
        reason: String,
    },
    /// The facets of a profile do not cover what its loops bound.
    #[error("the profile's loops bound an area of {exact}, its facets {faceted}; loops that touch or nest were lost")]
    AreaMismatch {
        /// Area within the loops.
        exact: f64,
        /// Area of the facets.
        faceted: f64,
    },
    /// Analytic and faceted volume disagree: the rebuild cannot be trusted.
    #[error("the rebuilt solid has volume {analytic}, its facets {faceted}; the solid is not trusted")]
    VolumeMismatch {
        /// Volume from the analytic faces.
        analytic: f64,
        /// Volume of the facet mesh.
        faceted: f64,
    },
}
