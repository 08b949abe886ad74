//! The one implementation of every number by which shapes are compared: for ranking, reward, heat map and benchmark.
//!
//! | file | question |
//! |---|---|
//! | `size` | how long, how large, how much? |
//! | `solid` | which volume does a mesh bound, each part of it counted once? |
//! | `iou` | how much of two volumes is shared? |
//! | `chamfer` | how far apart are two surfaces on average, as cadrille counts it? |
//! | `deviation` | how far is each point of one from the other? |
//! | `prepared`, `compare` | all of it at once, one side prepared once |

mod chamfer;
mod compare;
mod crossing;
mod deviation;
mod inside_tests;
mod iou;
mod prepared;
mod shells;
mod size;
mod solid;

#[cfg(test)]
pub(crate) mod shapes;

pub use chamfer::{CHAMFER_SAMPLES, chamfer, chamfer_of_points};
pub use compare::{CompareConfig, Comparison, compare};
pub use deviation::{Deviation, DeviationField, deviation_of_mesh, deviation_of_points};
pub use iou::{IouMethod, Overlap, iou, overlap};
pub use prepared::PreparedReference;
pub use shells::shells;
pub use size::{area, normalised_for_evaluation, signed_volume};
pub use solid::{NotSolid, Solid};
