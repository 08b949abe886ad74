//! Why a solid has no mesh.

use glam::DVec3;

/// A face or a solid that cannot be meshed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TessellateError {
    /// The boundary of a face crosses or touches itself, however finely it is sampled.
    #[error(
        "face {face} (on a {surface}, near {near}) cannot be meshed: its boundary crosses or touches itself; check the \
         solid for faces thinner than rounding"
    )]
    BoundaryCrosses {
        /// Number of the face, counted over all solids.
        face: usize,
        /// Kind of surface.
        surface: &'static str,
        /// A point of the face.
        near: DVec3,
    },
    /// The wires of a face do not separate an inside from an outside.
    #[error(
        "face {face} (on a {surface}, near {near}) cannot be meshed: its wires do not bound it; check their direction"
    )]
    NotBounded {
        /// Number of the face, counted over all solids.
        face: usize,
        /// Kind of surface.
        surface: &'static str,
        /// A point of the face.
        near: DVec3,
    },
    /// The tolerance asks for more points than can be handled.
    #[error("face {face} needs more than {limit} points at this tolerance; ask for a coarser one")]
    TooFine {
        /// Number of the face, counted over all solids.
        face: usize,
        /// The limit.
        limit: usize,
    },
    /// The faces of a solid do not close: an edge has not exactly two uses in opposite directions.
    #[error("the mesh of the solids is open at {near}: a face is missing or looks the wrong way there")]
    Open {
        /// Where.
        near: DVec3,
    },
}
