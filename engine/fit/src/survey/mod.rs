//! The survey of a scan: what it is made of before any program is proposed.
//!
//! Faces with what is known of their parameters ([`Segment`]), the edges where they meet ([`Edge`]), roundings and chamfers
//! ([`Blend`]), symmetries ([`Symmetry`]), features in regular places ([`Pattern`]), and what was not seen ([`Missing`]).
//! Exact meshes are grouped by their facets (`facets`), everything else by its points (`scattered`); what follows is the
//! same for both. Proposals do not depend on it: it is what the user is told of the scan, and what results are held against.
mod blend;
mod covariance;
mod facets;
mod fit;
mod flats;
mod missing;
mod pattern;
mod scattered;
mod segment;
mod sharp_edges;
mod start;
mod surface;
#[expect(clippy::module_inception, reason = "the survey itself is one concept of the survey")]
mod survey;
mod symmetry;
pub use blend::{Blend, BlendGroup, BlendKind};
pub use covariance::{Covariance, Parameter};
pub use fit::{Fit, fitted, tangents};
pub use missing::Missing;
pub use pattern::{Arrangement, Pattern};
pub use segment::{Extent, Segment};
pub use sharp_edges::{Crease, Edge};
pub use surface::Surface;
pub use survey::Survey;
pub use symmetry::{Symmetry, SymmetryKind};
