//! Questions to a mesh's surface: the closest point, the first hit of a ray, and whether a point is inside.
//!
//! The bounding volume hierarchy and the first two questions are `parry3d`'s. Its inside test trusts the pseudo-normal
//! of the closest point, which a hole or a flipped triangle turns wrong, so that question is answered here: by the
//! generalised winding number, which degrades gracefully on open scans and is counted along columns, or by a vote of
//! rays where the triangles are not wound alike and the winding number means nothing.

mod caps;
mod columns;
mod inside;
mod mesh_query;
mod overlay;
mod winding;

pub(crate) use columns::{Columns, best_axis, footprints};
pub use inside::InsideRule;
pub use mesh_query::{ClosestPoint, MeshQuery, RayHit};
pub use winding::WindingTree;
pub(crate) use winding::triangle_solid_angle;
