//! Which features are worth having: volumes estimated on a grid of cells that follows the part's own levels.

mod greedy;
mod grid;
mod occupancy;

pub use greedy::{Evaluated, Selection, pruned};
pub use grid::{Bits, Grid};
pub use occupancy::{occupied_by_draft, occupied_by_mesh, occupied_by_model};
