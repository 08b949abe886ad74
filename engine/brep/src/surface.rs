//! The analytic surfaces a face can lie on.

use glam::DVec3;

use crate::Frame;

/// An analytic surface. Its natural normal points away from the axis or centre (along the frame's z for a plane).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Surface {
    /// The xy plane of the frame.
    Plane {
        /// Origin and normal (z).
        frame: Frame,
    },
    /// A circular cylinder about the frame's z axis.
    Cylinder {
        /// Axis.
        frame: Frame,
        /// Radius, positive.
        radius: f64,
    },
    /// A circular cone about the frame's z axis; its radius at height z is `radius + z * half_angle_rad.tan()`.
    Cone {
        /// Axis; the apex lies on it.
        frame: Frame,
        /// Radius at the frame's origin, zero or positive.
        radius: f64,
        /// Half angle between axis and generator, in (0, pi/2): the radius grows along +z.
        half_angle_rad: f64,
    },
    /// A sphere about the frame's origin.
    Sphere {
        /// Centre; z is the polar axis.
        frame: Frame,
        /// Radius, positive.
        radius: f64,
    },
    /// A torus about the frame's z axis.
    Torus {
        /// Centre and axis.
        frame: Frame,
        /// Distance from the axis to the tube's centre.
        major_radius: f64,
        /// Radius of the tube.
        minor_radius: f64,
    },
}

impl Surface {
    /// Signed distance of `p` to the surface, positive on the side of the natural normal.
    pub fn signed_distance(&self, p: DVec3) -> f64 {
        match *self {
            Self::Plane { frame } => (p - frame.origin).dot(frame.z),
            Self::Cylinder { frame, radius } => {
                let q = frame.local_from_world(p);
                q.x.hypot(q.y) - radius
            }
            Self::Cone { frame, radius, half_angle_rad } => {
                let q = frame.local_from_world(p);
                (q.x.hypot(q.y) - radius) * half_angle_rad.cos() - q.z * half_angle_rad.sin()
            }
            Self::Sphere { frame, radius } => (p - frame.origin).length() - radius,
            Self::Torus { frame, major_radius, minor_radius } => {
                let q = frame.local_from_world(p);
                (q.x.hypot(q.y) - major_radius).hypot(q.z) - minor_radius
            }
        }
    }

    /// The STEP name of the kind of surface, in lower case without `_surface`: `plane`, `cylinder`, ...
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Plane { .. } => "plane",
            Self::Cylinder { .. } => "cylinder",
            Self::Cone { .. } => "cone",
            Self::Sphere { .. } => "sphere",
            Self::Torus { .. } => "torus",
        }
    }
}
