//! The curves that walls along a direction are seen as.

use glam::DVec2;

/// A line or a circle, with a normal at each of its points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Curve {
    /// The points with `normal . p = offset`.
    Line {
        /// Unit normal.
        normal: DVec2,
        /// Distance from the origin along the normal.
        offset: f64,
    },
    /// A full circle; its normals point away from the centre.
    Circle {
        /// Centre.
        center: DVec2,
        /// Radius.
        radius: f64,
    },
}

impl Curve {
    /// Signed distance of `p`, positive on the side the normal points to.
    pub fn distance(&self, p: DVec2) -> f64 {
        match *self {
            Self::Line { normal, offset } => normal.dot(p) - offset,
            Self::Circle { center, radius } => p.distance(center) - radius,
        }
    }

    /// The unit normal at the point of the curve closest to `p`.
    pub fn normal_at(&self, p: DVec2) -> DVec2 {
        match *self {
            Self::Line { normal, .. } => normal,
            Self::Circle { center, .. } => (p - center).normalize_or(DVec2::X),
        }
    }

    /// The point of the curve closest to `p`.
    pub fn foot(&self, p: DVec2) -> DVec2 {
        p - self.normal_at(p) * self.distance(p)
    }
}
