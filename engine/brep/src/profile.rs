//! Planar profiles: closed loops of lines, arcs and circles, and set operations on the regions they bound.
//!
//! A profile is exact: its arcs survive every operation, because a boolean of profiles becomes a boolean of the
//! bodies swept from them.

use glam::DVec2;

/// One edge of a [`Loop::Path`], starting where the one before it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PathEdge {
    /// A straight edge to `end`.
    Line {
        /// End point in the profile's plane.
        end: DVec2,
    },
    /// A circular arc through `mid` to `end`.
    Arc {
        /// A point on the arc strictly between its ends.
        mid: DVec2,
        /// End point in the profile's plane.
        end: DVec2,
    },
}

/// A closed loop in a profile's plane, of either orientation.
#[derive(Clone, Debug, PartialEq)]
pub enum Loop {
    /// A full circle.
    Circle {
        /// Centre in the profile's plane.
        center: DVec2,
        /// Radius, positive.
        radius: f64,
    },
    /// Edges from `start` back to `start`.
    Path {
        /// First point; the last edge ends here.
        start: DVec2,
        /// At least two edges (at least three when all are lines).
        edges: Vec<PathEdge>,
    },
}

/// A bounded region: one outer loop less its holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The outer boundary.
    pub outer: Loop,
    /// Holes inside the outer boundary, not overlapping one another.
    pub holes: Vec<Loop>,
}

/// A planar point set built from regions.
#[derive(Clone, Debug, PartialEq)]
pub enum Profile {
    /// One region.
    Region(Region),
    /// The union of all parts (an empty list is the empty set).
    Union(Vec<Profile>),
    /// The first less the second.
    Difference(Box<Profile>, Box<Profile>),
    /// What both cover.
    Intersection(Box<Profile>, Box<Profile>),
}

impl Loop {
    /// A bound on the distance of its points from the origin.
    fn reach(&self) -> f64 {
        match self {
            Self::Circle { center, radius } => center.length() + radius,
            Self::Path { start, edges } => {
                let mut reach = start.length();
                for edge in edges {
                    reach = match edge {
                        PathEdge::Line { end } => reach.max(end.length()),
                        // An arc reaches at most the length of its two chords beyond its points, unless it is the
                        // larger part of a huge circle; the bound need not be sharp there.
                        PathEdge::Arc { mid, end } => reach.max(end.length()).max(mid.length() + mid.distance(*end)),
                    };
                }
                reach
            }
        }
    }
}

impl Profile {
    /// A bound on the distance of its points from the origin (of the order of the size for arcs).
    pub(crate) fn reach(&self) -> f64 {
        match self {
            Self::Region(region) => region.outer.reach(),
            Self::Union(parts) => parts.iter().map(Self::reach).fold(0.0, f64::max),
            Self::Difference(a, b) | Self::Intersection(a, b) => a.reach().max(b.reach()),
        }
    }
}
