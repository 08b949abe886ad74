//! The analytic surfaces that the faces of mechanical parts consist of.

use glam::{DMat3, DVec3};

/// An unbounded surface. Directions are unit vectors; lengths are in the unit of the scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Surface {
    /// A plane.
    Plane {
        /// The middle of what was seen of it.
        point: DVec3,
        /// Its normal, out of the material as far as that is known.
        normal: DVec3,
    },
    /// A circular cylinder.
    Cylinder {
        /// The point of the axis beside the middle of what was seen.
        point: DVec3,
        /// Its axis.
        axis: DVec3,
        /// Its radius.
        radius: f64,
    },
    /// One half of a circular cone, which widens along its axis.
    Cone {
        /// The point of the axis beside the middle of what was seen.
        point: DVec3,
        /// The axis, in the direction in which the cone widens.
        axis: DVec3,
        /// The radius at `point`.
        radius: f64,
        /// The angle between the axis and the wall.
        half_angle_rad: f64,
    },
    /// A sphere.
    Sphere {
        /// Its centre.
        center: DVec3,
        /// Its radius.
        radius: f64,
    },
    /// A torus.
    Torus {
        /// Its centre.
        center: DVec3,
        /// The axis it goes round.
        axis: DVec3,
        /// The radius of the circle that the tube's middle follows.
        major: f64,
        /// The radius of the tube.
        minor: f64,
    },
}

impl Surface {
    /// The kind's name in text and in machine-readable output.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Plane { .. } => "plane",
            Self::Cylinder { .. } => "cylinder",
            Self::Cone { .. } => "cone",
            Self::Sphere { .. } => "sphere",
            Self::Torus { .. } => "torus",
        }
    }

    /// The signed distance of `p`: positive outside the solid that the surface encloses, or on the side of a plane's normal.
    pub fn distance(&self, p: DVec3) -> f64 {
        match *self {
            Self::Plane { point, normal } => normal.dot(p - point),
            Self::Cylinder { point, axis, radius } => (p - point).reject_from_normalized(axis).length() - radius,
            Self::Cone { point, axis, radius, half_angle_rad } => {
                let d = p - point;
                let (sin, cos) = half_angle_rad.sin_cos();
                d.reject_from_normalized(axis).length() * cos - radius * cos - d.dot(axis) * sin
            }
            Self::Sphere { center, radius } => p.distance(center) - radius,
            Self::Torus { center, axis, major, minor } => {
                let d = p - center;
                (d.reject_from_normalized(axis).length() - major).hypot(d.dot(axis)) - minor
            }
        }
    }

    /// The unit normal at the place closest to `p`, the gradient of the distance. Zero on an axis or in a centre.
    pub fn normal(&self, p: DVec3) -> DVec3 {
        match *self {
            Self::Plane { normal, .. } => normal,
            Self::Cylinder { point, axis, .. } => (p - point).reject_from_normalized(axis).normalize_or_zero(),
            Self::Cone { point, axis, half_angle_rad, .. } => {
                let (sin, cos) = half_angle_rad.sin_cos();
                let radial = (p - point).reject_from_normalized(axis).normalize_or_zero();
                (radial * cos - axis * sin).normalize_or_zero()
            }
            Self::Sphere { center, .. } => (p - center).normalize_or_zero(),
            Self::Torus { center, axis, major, .. } => {
                let d = p - center;
                let spine = d.reject_from_normalized(axis).normalize_or_zero() * major;
                (d - spine).normalize_or_zero()
            }
        }
    }

    /// The place of the surface closest to `p`.
    pub fn closest(&self, p: DVec3) -> DVec3 {
        p - self.normal(p) * self.distance(p)
    }

    /// A point and the direction of the axis of revolution; `None` for planes and spheres.
    pub fn axis(&self) -> Option<(DVec3, DVec3)> {
        match *self {
            Self::Plane { .. } | Self::Sphere { .. } => None,
            Self::Cylinder { point, axis, .. } | Self::Cone { point, axis, .. } => Some((point, axis)),
            Self::Torus { center, axis, .. } => Some((center, axis)),
        }
    }

    /// The radius by which it is called: a torus' tube's, a cone's in the middle of what was seen. `None` for a plane.
    pub fn radius(&self) -> Option<f64> {
        match *self {
            Self::Plane { .. } => None,
            Self::Cylinder { radius, .. } | Self::Cone { radius, .. } | Self::Sphere { radius, .. } => Some(radius),
            Self::Torus { minor, .. } => Some(minor),
        }
    }

    /// The surface in other coordinates, turned about the origin.
    #[must_use]
    pub fn turned(self, rotation: DMat3) -> Self {
        match self {
            Self::Plane { point, normal } => Self::Plane { point: rotation * point, normal: rotation * normal },
            Self::Cylinder { point, axis, radius } => {
                Self::Cylinder { point: rotation * point, axis: rotation * axis, radius }
            }
            Self::Cone { point, axis, radius, half_angle_rad } => {
                Self::Cone { point: rotation * point, axis: rotation * axis, radius, half_angle_rad }
            }
            Self::Sphere { center, radius } => Self::Sphere { center: rotation * center, radius },
            Self::Torus { center, axis, major, minor } => {
                Self::Torus { center: rotation * center, axis: rotation * axis, major, minor }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(surface: Surface, p: DVec3, distance: f64, normal: DVec3) {
        assert!((surface.distance(p) - distance).abs() < 1e-12, "{surface:?}: {}", surface.distance(p));
        assert!(surface.normal(p).distance(normal) < 1e-12, "{surface:?}: {}", surface.normal(p));
        assert!(surface.distance(surface.closest(p)).abs() < 1e-12);
        let turn = DMat3::from_rotation_x(0.7) * DMat3::from_rotation_z(-1.1);
        assert!((surface.turned(turn).distance(turn * p) - distance).abs() < 1e-12);
    }

    #[test]
    fn distances_and_normals_are_those_of_the_definition() {
        let half = 0.5f64.sqrt();
        let p = DVec3::new(3.0, 0.0, 1.0);
        check(Surface::Plane { point: DVec3::Z * 3.0, normal: DVec3::Z }, p, -2.0, DVec3::Z);
        check(Surface::Cylinder { point: DVec3::Z, axis: DVec3::Z, radius: 2.0 }, p, 1.0, DVec3::X);
        let cone = Surface::Cone {
            point: DVec3::ZERO,
            axis: DVec3::Z,
            radius: 1.0,
            half_angle_rad: std::f64::consts::FRAC_PI_4,
        };
        check(cone, p, half, DVec3::new(half, 0.0, -half));
        check(Surface::Sphere { center: DVec3::new(3.0, 0.0, 0.0), radius: 0.5 }, p, 0.5, DVec3::Z);
        check(Surface::Torus { center: DVec3::ZERO, axis: DVec3::Z, major: 3.0, minor: 0.25 }, p, 0.75, DVec3::Z);
    }
}
