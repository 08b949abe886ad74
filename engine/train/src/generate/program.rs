//! A program as a value: workplanes, sketches of integers, and what is made of them.

use glam::{IVec2, IVec3};

/// The planes that sketches lie on, named as in CadQuery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Plane {
    /// x to the right, y up, seen from z.
    Xy,
    /// y to the right, z up, seen from x.
    Yz,
    /// z to the right, x up, seen from y.
    Zx,
}

impl Plane {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Xy, Self::Yz, Self::Zx];

    /// Its name in programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xy => "XY",
            Self::Yz => "YZ",
            Self::Zx => "ZX",
        }
    }

    /// The world's axes (0 is x) along its right, its up and its normal.
    pub fn axes(self) -> [usize; 3] {
        match self {
            Self::Xy => [0, 1, 2],
            Self::Yz => [1, 2, 0],
            Self::Zx => [2, 0, 1],
        }
    }
}

/// A plane and where it lies along its normal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Workplane {
    /// Which plane.
    pub plane: Plane,
    /// How far along its normal.
    pub offset: i32,
}

impl Workplane {
    /// Its origin in the world.
    pub fn origin(self) -> IVec3 {
        let mut origin = [0; 3];
        origin[self.plane.axes()[2]] = self.offset;
        IVec3::from_array(origin)
    }
}

/// One edge of a boundary; it begins where the one before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Straight.
    Line {
        /// Where it ends.
        to: IVec2,
    },
    /// An arc of a circle through three points.
    Arc {
        /// A point between the ends.
        mid: IVec2,
        /// Where it ends.
        to: IVec2,
    },
}

impl Edge {
    /// Where it ends.
    pub fn to(self) -> IVec2 {
        match self {
            Self::Line { to } | Self::Arc { to, .. } => to,
        }
    }
}

/// A closed boundary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Loop {
    /// A circle.
    Circle {
        /// Its centre.
        center: IVec2,
        /// Its radius.
        radius: i32,
    },
    /// A rectangle along the axes.
    Rectangle {
        /// Its lower left corner.
        min: IVec2,
        /// Its upper right corner.
        max: IVec2,
    },
    /// Edges, counter-clockwise, from the leftmost of its corners on (the lowest of these).
    Path {
        /// Where the first edge begins and the last one ends.
        start: IVec2,
        /// The edges.
        edges: Vec<Edge>,
    },
}

impl Loop {
    /// Twice its centre as it is selected in a sketch; `None` for paths, which stand where they stand.
    pub fn doubled_center(&self) -> Option<IVec2> {
        match self {
            Self::Circle { center, .. } => Some(2 * center),
            Self::Rectangle { min, max } => Some(min + max),
            Self::Path { .. } => None,
        }
    }
}

/// A face of a sketch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Face {
    /// What bounds it from outside.
    pub outer: Loop,
    /// What bounds it from inside.
    pub holes: Vec<Loop>,
}

/// How a body joins those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Join {
    /// It is added.
    Union,
    /// It is taken away.
    Cut,
}

/// What is made of a sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sweep {
    /// Extruded along the normal, against it where negative.
    Extrude {
        /// How far.
        distance: i32,
        /// To both sides.
        both: bool,
    },
    /// Revolved about a line along the workplane's up (`about_up`) or right axis.
    Revolve {
        /// By how many degrees.
        degrees: i32,
        /// Which of the two directions.
        about_up: bool,
        /// Where the line crosses the other axis.
        at: i32,
    },
}

/// One body of a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Body {
    /// Index of its workplane.
    pub workplane: usize,
    /// How it joins those before it; the first is always a union.
    pub join: Join,
    /// Its sketch.
    pub faces: Vec<Face>,
    /// What is made of the sketch.
    pub sweep: Sweep,
}

/// A program; see [`super::text`] for how it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Program {
    /// The workplanes, `w0` first.
    pub workplanes: Vec<Workplane>,
    /// The bodies, in the order in which they are joined.
    pub bodies: Vec<Body>,
}
