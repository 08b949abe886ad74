//! A scan's volume as cells between the planes and cylinders found in it, each solid or empty.
//!
//! Seen along a direction, planes parallel to it are lines and cylinders along it circles; planes square to it are levels.
//! Lines and circles cut the plane into cells, levels cut these into blocks. Which blocks are solid is the cut of least
//! cost through the graph of neighbouring blocks: a wall between solid and empty costs its area unless points with the
//! right normals confirm it, and within a block the points' winding number speaks for one or the other. What was not
//! scanned is thus closed by the planes that were.
//!
//! After A.-L. Chauve, P. Labatut, J.-P. Pons, "Robust piecewise-planar 3D reconstruction and completion from large-scale
//! unstructured point data", CVPR 2010, with the winding number of G. Barill et al., "Fast winding numbers for soups and
//! clouds", ACM Trans. Graphics 37 (2018).

mod arrangement;
mod blocks;
mod counted;
mod curve;
mod evidence;
mod layers;
mod min_cut;
mod partition;
mod signed;

pub use arrangement::{Arrangement, Cell};
pub use blocks::Blocks;
pub use counted::{CountedBlocks, Seen, evidence};
pub use curve::Curve;
pub use evidence::Evidence;
pub use layers::Layers;
pub use min_cut::MinCut;
pub use partition::{MOST_CURVES, Partition, Piece, Sides};
pub use signed::SignedGraph;
