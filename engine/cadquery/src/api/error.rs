//! What a call can violate, one variant per rule.

use partwright_brep::{BrepError, CallId};

use crate::{ApiError, ApiErrorKind};

/// A rule that a call violated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("{class} has no method or attribute '{name}'{}", did_you_mean(.nearest.as_deref()))]
    UnknownMember { class: String, name: String, nearest: Option<String> },
    #[error("not supported yet: {what}{}", dash(.instead))]
    NotSupported { what: String, instead: &'static str },
    #[error("missing argument '{parameter}'; the call is {signature}")]
    MissingArgument { parameter: &'static str, signature: String },
    #[error("unknown argument '{name}'{}; the call is {signature}", did_you_mean(.nearest.as_deref()))]
    UnknownArgument { name: String, nearest: Option<String>, signature: String },
    #[error("argument '{parameter}' is given twice; the call is {signature}")]
    RepeatedArgument { parameter: &'static str, signature: String },
    #[error("{given} arguments given, at most {allowed} taken; the call is {signature}")]
    TooManyArguments { given: usize, allowed: usize, signature: String },
    #[error("argument '{parameter}' must be {expected}, not {found}")]
    WrongArgument { parameter: &'static str, expected: String, found: String },
    #[error("argument '{parameter}' must be a finite number")]
    NotFinite { parameter: &'static str },
    #[error("{what} must be positive, it is {value}")]
    NotPositive { what: &'static str, value: f64 },
    #[error("no pending wires: draw a closed outline (rect, circle, close(), sketch) before this call")]
    NoPendingWires,
    #[error("no pending edges: draw lines or arcs before this call")]
    NoPendingEdges,
    #[error("cannot close: nothing has been drawn since the last closed outline")]
    NothingToClose,
    #[error("no solid on the stack or in the parent chain to work on")]
    NoSolid,
    #[error("the Workplane holds no solid; extrude or revolve it first")]
    NoSolidInOperand,
    #[error("the outline is open: it ends {gap} away from where it starts; close() it")]
    OpenOutline { gap: f64 },
    #[error("the outline crosses itself near ({x}, {y}) of its plane")]
    CrossingOutline { x: f64, y: f64 },
    #[error("the outline runs twice along itself near ({x}, {y}) of its plane")]
    RepeatedOutline { x: f64, y: f64 },
    #[error("the edges do not join into one wire: a gap of {gap} remains")]
    DisconnectedEdges { gap: f64 },
    #[error("the outlines do not lie in one plane")]
    NotCoplanar,
    #[error("the line has no length: both ends are at {at}")]
    LineWithoutLength { at: String },
    #[error("the three points of the arc lie on a line or coincide: {points}")]
    DegenerateArc { points: String },
    #[error("a sketch without edges cannot be assembled; draw segments or arcs first")]
    NothingToAssemble,
    #[error("no free edges to continue from; give the first segment both its ends")]
    NoFreeEdges,
    #[error("there are no faces to {verb}; add faces to the sketch first")]
    EmptySketch { verb: &'static str },
    #[error("unknown mode {mode}; use 'a' (add), 's' (subtract), 'i' (intersect), 'r' (replace) or 'c' (construct)")]
    UnknownMode { mode: String },
    #[error("mode 'c' needs a tag, without one the geometry cannot be reached")]
    ConstructionWithoutTag,
    #[error("nothing is tagged '{tag}' here")]
    UnknownTag { tag: String },
    #[error("the chain has no more parents")]
    NoParent,
    #[error("nothing is selected")]
    NothingSelected,
    #[error("index {index} is outside the {count} objects on the stack")]
    IndexOutside { index: i64, count: usize },
    #[error("{0}")]
    Selector(#[from] super::selector::SelectorError),
    #[error("unknown plane '{name}'; the names are XY, YZ, ZX, XZ, YX, ZY, front, back, left, right, top, bottom")]
    UnknownPlane { name: String },
    #[error("{what} must not be the zero vector")]
    ZeroVector { what: &'static str },
    #[error("the x direction must not be parallel to the normal")]
    ParallelDirections,
    #[error("{0}")]
    Rule(&'static str),
    #[error("{0}")]
    RuleWith(String),
    #[error("{0}")]
    Kernel(BrepError),
}

impl Fault {
    pub(crate) fn not_supported(what: impl Into<String>) -> Self {
        Self::NotSupported { what: what.into(), instead: "" }
    }

    fn kind(&self) -> ApiErrorKind {
        match self {
            Self::UnknownMember { .. } => ApiErrorKind::Attribute,
            Self::NotSupported { .. } => ApiErrorKind::Unsupported,
            Self::MissingArgument { .. }
            | Self::UnknownArgument { .. }
            | Self::RepeatedArgument { .. }
            | Self::TooManyArguments { .. }
            | Self::WrongArgument { .. } => ApiErrorKind::Type,
            Self::Kernel(_) => ApiErrorKind::Kernel,
            _ => ApiErrorKind::Value,
        }
    }
}

impl From<BrepError> for Fault {
    fn from(error: BrepError) -> Self {
        Self::Kernel(error)
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        let call: Option<CallId> = if let Fault::Kernel(error) = &fault { Some(error.call) } else { None };
        Self { kind: fault.kind(), message: fault.to_string(), call }
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean '{name}'?")).unwrap_or_default()
}

fn dash(instead: &str) -> String {
    if instead.is_empty() { String::new() } else { format!("; {instead}") }
}

/// A point as error messages show it.
pub(crate) fn show_point(p: glam::DVec3) -> String {
    if p.z == 0.0 { format!("({}, {})", p.x, p.y) } else { format!("({}, {}, {})", p.x, p.y, p.z) }
}
