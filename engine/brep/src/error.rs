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
    /// Analytic and faceted volume disagree: the rebuild cannot be trusted.
    #[error("the rebuilt solid has volume {analytic}, its facets {faceted}; the solid is not trusted")]
    VolumeMismatch {
        /// Volume from the analytic faces.
        analytic: f64,
        /// Volume of the facet mesh.
        faceted: f64,
    },
}
