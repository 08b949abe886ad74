//! What a scan is made of: its size and noise, the directions its faces look in, the planes its material ends at.

mod cloud;
mod coplanar;
mod directions;
mod levels;
mod orientation;
mod smoothness;
mod target;

pub use cloud::CloudTarget;
pub use coplanar::{Facet, Facets};
pub use directions::{Direction, directions_of_normals, dominant_directions, part_frame};
pub use levels::{breaks_along, levels_along};
pub use target::{Target, Tolerances};
