//! Planes and cylinders found among scanned points.
//!
//! After R. Schnabel, R. Wahl, R. Klein, "Efficient RANSAC for point-cloud shape detection", Computer Graphics Forum 26
//! (2007): shapes are proposed by few points with normals, scored by the points they explain, and taken greedily. Parts are
//! built along few directions, so that planes are sought by their height along a direction and cylinders as circles seen
//! along it.

mod cylinder;
mod detect;
mod gap;
mod plane;
mod round;

pub use cylinder::{Cylinder, cylinders_along};
pub use detect::{Primitives, detect};
pub use gap::{Gap, round_gaps};
pub use plane::{Plane, planes_along};
pub use round::{RoundWall, round_walls};
