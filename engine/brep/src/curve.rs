//! The curves an edge can lie on. An edge runs along its curve in the curve's own direction, from its first vertex to
//! its second; a closed edge has one vertex twice. [`Span`](crate::Span) evaluates the part of a curve an edge covers.

use glam::DVec3;

use crate::Frame;

/// An edge's curve.
#[derive(Clone, Debug, PartialEq)]
pub enum Curve {
    /// The straight segment between the edge's vertices.
    Line,
    /// A circle in the frame's xy plane, run counter-clockwise about z.
    Circle {
        /// Centre and axis.
        frame: Frame,
        /// Radius, positive.
        radius: f64,
    },
    /// An ellipse in the frame's xy plane, run counter-clockwise about z.
    Ellipse {
        /// Centre, major axis (x) and normal (z).
        frame: Frame,
        /// Half the long axis.
        major_radius: f64,
        /// Half the short axis.
        minor_radius: f64,
    },
    /// A C1 cubic B-spline of Bezier pieces: `points.len() == 3 * (knots.len() - 1) + 1`, every inner knot of
    /// multiplicity 3.
    Spline {
        /// Bezier control points, ends shared between pieces.
        points: Vec<DVec3>,
        /// Distinct knots, increasing.
        knots: Vec<f64>,
    },
}

impl Curve {
    /// The kind of curve in lower case: `line`, `circle`, `ellipse`, `spline`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Circle { .. } => "circle",
            Self::Ellipse { .. } => "ellipse",
            Self::Spline { .. } => "spline",
        }
    }
}
