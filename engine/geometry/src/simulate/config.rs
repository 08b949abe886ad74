//! What the scanner is like.

use glam::DVec3;

use crate::valid::MeshFault;

/// A scanner and how it is used. Lengths are in the shape's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct ScannerConfig {
    /// How many views, spread evenly over the sphere, or over one half of it.
    pub views: usize,
    /// Where the views look from, in place of `views`; of any length.
    pub directions: Vec<DVec3>,
    /// Views look from this side only.
    pub one_sided: Option<DVec3>,
    /// Points all views have together, outliers included and what drops out not; a mesh has about as many vertices.
    pub points: usize,
    /// Standard deviation of a point's distance from the surface. Along the ray the error grows with the angle at which
    /// the surface is seen.
    pub noise: f64,
    /// Share of the points that is missing in patches.
    pub dropout: f64,
    /// Share of the points that lie where there is no surface.
    pub outliers: f64,
    /// The most that a point is moved by the error of its view's registration; the first view has none.
    pub registration_error: f64,
    /// Surface seen flatter than this does not come back at all. From three quarters of it on, fewer and fewer points do.
    pub grazing_rad: f64,
    /// Whether points have normals: those of the surface, tilted by a few degrees.
    pub normals: bool,
    /// Decides everything random.
    pub seed: u64,
}

impl Default for ScannerConfig {
    /// Eight views of a clean scanner that loses the surface at 80 degrees, as structured light does.
    fn default() -> Self {
        Self {
            views: 8,
            directions: Vec::new(),
            one_sided: None,
            points: 20_000,
            noise: 0.0,
            dropout: 0.0,
            outliers: 0.0,
            registration_error: 0.0,
            grazing_rad: 80f64.to_radians(),
            normals: false,
            seed: 0,
        }
    }
}

/// Why a scan cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimulateError {
    /// The shape is no surface.
    #[error(transparent)]
    Shape(#[from] MeshFault),
    /// The shape has no extent.
    #[error("the shape has no extent")]
    NoExtent,
    /// No ray meets the shape under an angle at which it comes back.
    #[error("no view sees anything of the shape")]
    NothingSeen,
}
