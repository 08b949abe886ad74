//! Why a face or a solid has no mass properties.

use glam::DVec3;

/// A face or a solid that cannot be measured.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MeasureError {
    /// A face has no edges although its surface is unbounded.
    #[error("a face on a {surface} has no edges to bound it: give it at least one closed wire")]
    Unbounded {
        /// Kind of surface.
        surface: &'static str,
    },
    /// The wires of a face do not bound a finite part of its surface.
    #[error(
        "the wires of a face on a {surface} near {near} do not bound it: going round them ends {gap} away (in the \
         surface's first parameter) from where it started; check that each wire is closed and that wires round an axis \
         come in pairs"
    )]
    WiresDoNotBound {
        /// Kind of surface.
        surface: &'static str,
        /// A vertex of the face.
        near: DVec3,
        /// How far off, in the surface's first parameter.
        gap: f64,
    },
    /// The wires of a face go round a torus both ways.
    #[error("a wire of a face on a torus near {near} goes round both the axis and the tube, which is not supported")]
    TorusKnot {
        /// A vertex of the face.
        near: DVec3,
    },
    /// A coordinate or a result is not a finite number.
    #[error("a face on a {surface} has a coordinate or a size that is not a finite number")]
    NotFinite {
        /// Kind of surface.
        surface: &'static str,
    },
    /// A solid without faces, or with faces that enclose nothing.
    #[error("the solid encloses no volume ({faces} faces)")]
    NoVolume {
        /// How many faces it has.
        faces: usize,
    },
}
