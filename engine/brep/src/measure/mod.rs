//! Exact mass properties of analytic faces and solids: area, volume, centres, lengths and bounding boxes.
//!
//! Every face integral is turned by Green's theorem, in the surface's parameters, into an integral along the face's
//! edges. The integrand's inner antiderivative is polynomial or trigonometric and is integrated exactly by Gauss rules;
//! along the edges the rule is exact for lines and for circles and ellipses that lie along a parameter, adaptive to
//! 1e-13 of the face's size otherwise. Seams are not needed: loops may go round a cylinder, a cone to its apex, a sphere
//! over its poles, a torus either way. No facets are involved.

mod bounds;
mod error;
mod face;
pub(crate) mod loops;
pub(crate) mod quadrature;
mod solid;

pub use bounds::face_bounds;
pub use error::MeasureError;
pub(crate) use face::moments;
pub use face::{FaceProperties, face};
pub use solid::{MassProperties, edge_length, solid};
