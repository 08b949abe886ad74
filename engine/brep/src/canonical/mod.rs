//! What all bodies of one evaluation share: one table of surfaces, one angular grid per axis and per round surface, and
//! one set of coordinates. Bodies that touch then have the very same facets where they touch.

mod gradient;
mod grid;
mod snapping;
mod table;
mod tangency;

pub(crate) use gradient::natural_normal;
pub(crate) use grid::{Grids, Resolution, canonical_direction};
pub(crate) use snapping::snap_coordinates;
pub(crate) use table::{AxisId, SurfaceId, SurfaceTable};
pub(crate) use tangency::note_tangencies;
