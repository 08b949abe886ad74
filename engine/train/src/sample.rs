//! One part to learn from.

use crate::views::Views;

/// A program and what a network may see of the part it makes. Coordinates are those of the normalised frame: centred, the
/// longest side 200 in the program, 2 in `points`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The program, as the network is to write it.
    pub program: String,
    /// Points spread evenly over the surface, in -1..=1: the program's coordinates over 100. More of them than a network
    /// reads, so that each epoch may choose others.
    pub points: Vec<[f32; 3]>,
    /// Descriptions of the part in several wordings.
    pub captions: Vec<String>,
    /// The four views.
    pub views: Views,
}
