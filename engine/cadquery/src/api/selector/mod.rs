//! Selectors: `CadQuery`'s small language for picking faces, edges and vertices.

mod filter;
mod parse;

use glam::DVec3;

pub(crate) use filter::Candidate;

/// A parsed selector.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Selector {
    /// `|Z`: planar faces with this normal, straight edges with this direction, either way round.
    Parallel(DVec3),
    /// `+Z`, `Z`, `-Z`: the same, but pointing this way.
    Along(DVec3),
    /// `#Z`: planar faces and straight edges at a right angle.
    Perpendicular(DVec3),
    /// `%PLANE`: by the name of the geometry.
    Kind(String),
    /// `>Z`, `<Z`, `>>Z[n]`, `<<Z[n]`: the nth group of objects along a direction.
    CenterNth { direction: DVec3, index: i64, ascending: bool },
    /// `>Z[n]`, `<Z[n]`: the same among faces and edges parallel to the direction only.
    ParallelNth { direction: DVec3, index: i64, ascending: bool },
    /// The nth group by radius.
    RadiusNth { index: i64, ascending: bool },
    /// The nth group by length.
    LengthNth { index: i64, ascending: bool },
    /// The nth group by area.
    AreaNth { index: i64, ascending: bool },
    /// The object nearest to a point.
    Nearest(DVec3),
    /// Objects with their centre in a box.
    Box([DVec3; 2]),
    /// Both.
    And(Box<Selector>, Box<Selector>),
    /// Either.
    Or(Box<Selector>, Box<Selector>),
    /// The first without the second.
    Except(Box<Selector>, Box<Selector>),
    /// All others.
    Not(Box<Selector>),
}

/// What is wrong with a selector.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum SelectorError {
    #[error("selector '{text}': {expected} expected at character {at}")]
    Syntax { text: String, at: usize, expected: &'static str },
    #[error("the selector is too long or nested too deep")]
    TooComplex,
    #[error("the selector finds nothing to sort")]
    NothingToSort,
    #[error("the selector asks for group {index}, there are {count}")]
    IndexOutside { index: i64, count: usize },
}
