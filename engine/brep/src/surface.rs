//! The analytic surfaces a face can lie on, and their parameters.
//!
//! Parameters `(u, v)` are those of STEP: a plane's x and y; for the others `u` is the angle about the axis, `v` the
//! height along the axis (cylinder and cone), the latitude (sphere) or the angle about the tube's centre (torus).
//! Angles are in radians. In every kind `d/du x d/dv` points along the natural normal.

use std::f64::consts::FRAC_PI_2;

use glam::{DVec2, DVec3};

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

    /// The frame the surface is given in.
    pub fn frame(&self) -> &Frame {
        match self {
            Self::Plane { frame }
            | Self::Cylinder { frame, .. }
            | Self::Cone { frame, .. }
            | Self::Sphere { frame, .. }
            | Self::Torus { frame, .. } => frame,
        }
    }

    /// The point with the parameters `uv`.
    pub fn point(&self, uv: DVec2) -> DVec3 {
        let (sin_u, cos_u) = uv.x.sin_cos();
        let local = match *self {
            Self::Plane { .. } => uv.extend(0.0),
            Self::Cylinder { radius, .. } => DVec3::new(radius * cos_u, radius * sin_u, uv.y),
            Self::Cone { radius, half_angle_rad, .. } => {
                let rho = radius + uv.y * half_angle_rad.tan();
                DVec3::new(rho * cos_u, rho * sin_u, uv.y)
            }
            Self::Sphere { radius, .. } => {
                let (sin_v, cos_v) = uv.y.sin_cos();
                DVec3::new(radius * cos_v * cos_u, radius * cos_v * sin_u, radius * sin_v)
            }
            Self::Torus { major_radius, minor_radius, .. } => {
                let (sin_v, cos_v) = uv.y.sin_cos();
                let rho = major_radius + minor_radius * cos_v;
                DVec3::new(rho * cos_u, rho * sin_u, minor_radius * sin_v)
            }
        };
        self.frame().world_from_local(local)
    }

    /// The partial derivatives of the point along `u` and `v`.
    pub fn derivatives(&self, uv: DVec2) -> [DVec3; 2] {
        let frame = self.frame();
        let (sin_u, cos_u) = uv.x.sin_cos();
        let radial = frame.x * cos_u + frame.y * sin_u;
        let around = frame.y * cos_u - frame.x * sin_u;
        match *self {
            Self::Plane { .. } => [frame.x, frame.y],
            Self::Cylinder { radius, .. } => [around * radius, frame.z],
            Self::Cone { radius, half_angle_rad, .. } => {
                let slope = half_angle_rad.tan();
                [around * (radius + uv.y * slope), radial * slope + frame.z]
            }
            Self::Sphere { radius, .. } => {
                let (sin_v, cos_v) = uv.y.sin_cos();
                [around * (radius * cos_v), frame.z * (radius * cos_v) - radial * (radius * sin_v)]
            }
            Self::Torus { major_radius, minor_radius, .. } => {
                let (sin_v, cos_v) = uv.y.sin_cos();
                let along_v = frame.z * (minor_radius * cos_v) - radial * (minor_radius * sin_v);
                [around * (major_radius + minor_radius * cos_v), along_v]
            }
        }
    }

    /// The natural normal, of unit length, at the point with the parameters `uv`; defined at poles and apexes too (a
    /// cone's apex has the limit along its generator `u`).
    pub fn normal(&self, uv: DVec2) -> DVec3 {
        let frame = self.frame();
        let (sin_u, cos_u) = uv.x.sin_cos();
        let radial = frame.x * cos_u + frame.y * sin_u;
        match *self {
            Self::Plane { .. } => frame.z,
            Self::Cylinder { .. } => radial,
            Self::Cone { half_angle_rad, .. } => radial * half_angle_rad.cos() - frame.z * half_angle_rad.sin(),
            Self::Sphere { .. } | Self::Torus { .. } => radial * uv.y.cos() + frame.z * uv.y.sin(),
        }
    }

    /// The natural normal at the point of the surface nearest to `p`.
    pub fn normal_at(&self, p: DVec3) -> DVec3 {
        self.normal(self.parameters(p))
    }

    /// The parameters of the point of the surface nearest to `p` (any of them where several are nearest). Angles lie in
    /// (-pi, pi].
    pub fn parameters(&self, p: DVec3) -> DVec2 {
        let q = self.frame().local_from_world(p);
        let u = q.y.atan2(q.x);
        match *self {
            Self::Plane { .. } => q.truncate(),
            Self::Cylinder { .. } => DVec2::new(u, q.z),
            Self::Cone { radius, half_angle_rad, .. } => {
                let (sin, cos) = half_angle_rad.sin_cos();
                let along = (q.x.hypot(q.y) - radius) * sin + q.z * cos;
                DVec2::new(u, (along * cos).max(-radius / half_angle_rad.tan()))
            }
            Self::Sphere { .. } => DVec2::new(u, q.z.atan2(q.x.hypot(q.y))),
            Self::Torus { major_radius, .. } => DVec2::new(u, q.z.atan2(q.x.hypot(q.y) - major_radius)),
        }
    }

    /// The point of the surface nearest to `p`.
    pub fn project(&self, p: DVec3) -> DVec3 {
        self.point(self.parameters(p))
    }

    /// How the parameters change when a point at `uv` moves with velocity `velocity` along the surface. At a pole or an
    /// apex, where `u` has no rate, the rate of `u` is zero.
    pub fn parameter_rates(&self, uv: DVec2, velocity: DVec3) -> DVec2 {
        let [du, dv] = self.derivatives(uv);
        let along = |d: DVec3| if d.length_squared() > 0.0 { velocity.dot(d) / d.length_squared() } else { 0.0 };
        DVec2::new(along(du), along(dv))
    }

    /// The same shape of surface in another frame.
    #[must_use]
    pub fn with_frame(self, frame: Frame) -> Self {
        match self {
            Self::Plane { .. } => Self::Plane { frame },
            Self::Cylinder { radius, .. } => Self::Cylinder { frame, radius },
            Self::Cone { radius, half_angle_rad, .. } => Self::Cone { frame, radius, half_angle_rad },
            Self::Sphere { radius, .. } => Self::Sphere { frame, radius },
            Self::Torus { major_radius, minor_radius, .. } => Self::Torus { frame, major_radius, minor_radius },
        }
    }

    /// The range of `v` in which the surface is regular, where it ends: a cone's apex, a sphere's poles.
    pub fn singular_v(&self) -> [Option<f64>; 2] {
        match *self {
            Self::Plane { .. } | Self::Cylinder { .. } | Self::Torus { .. } => [None, None],
            Self::Cone { radius, half_angle_rad, .. } => [Some(-radius / half_angle_rad.tan()), None],
            Self::Sphere { .. } => [Some(-FRAC_PI_2), Some(FRAC_PI_2)],
        }
    }

    /// The apex of a cone.
    pub fn apex(&self) -> Option<DVec3> {
        match *self {
            Self::Cone { frame, radius, half_angle_rad } => {
                Some(frame.origin - frame.z * (radius / half_angle_rad.tan()))
            }
            _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn samples() -> Vec<Surface> {
        let axis = DVec3::new(1.0, 2.0, -0.5);
        let frame = Frame::from_normal(DVec3::new(3.0, -4.0, 5.0), axis, DVec3::X).expect("the axes are not parallel");
        vec![
            Surface::Plane { frame },
            Surface::Cylinder { frame, radius: 2.5 },
            Surface::Cone { frame, radius: 2.0, half_angle_rad: 0.4 },
            Surface::Sphere { frame, radius: 3.0 },
            Surface::Torus { frame, major_radius: 7.0, minor_radius: 2.0 },
        ]
    }

    #[test]
    fn parameters_invert_point() {
        for surface in samples() {
            for uv in [DVec2::new(0.3, 0.2), DVec2::new(-2.0, 1.1), DVec2::new(3.0, -1.4)] {
                let back = surface.parameters(surface.point(uv));
                assert!((back - uv).length() < 1e-12, "{surface:?} {uv} {back}");
            }
        }
    }

    #[test]
    fn normals_are_the_cross_product_of_the_derivatives() {
        for surface in samples() {
            for uv in [DVec2::new(0.3, 0.2), DVec2::new(-2.0, 1.1), DVec2::new(3.0, -1.4)] {
                let [du, dv] = surface.derivatives(uv);
                assert!((du.cross(dv).normalize() - surface.normal(uv)).length() < 1e-12, "{surface:?}");
                let h = 1e-6;
                let step = |d: DVec2| (surface.point(uv + d * h) - surface.point(uv - d * h)) / (2.0 * h);
                assert!((step(DVec2::X) - du).length() < 1e-8 && (step(DVec2::Y) - dv).length() < 1e-8);
                let moved = surface.parameter_rates(uv, du * 0.7 - dv * 0.2);
                assert!((moved - DVec2::new(0.7, -0.2)).length() < 1e-12);
            }
        }
    }

    #[test]
    fn projecting_moves_along_the_normal_by_the_distance() {
        for surface in samples() {
            for (uv, offset) in [(DVec2::new(0.5, 0.3), 0.4), (DVec2::new(-1.0, -0.6), -0.3)] {
                let foot = surface.point(uv);
                let p = foot + surface.normal(uv) * offset;
                assert!((surface.project(p) - foot).length() < 1e-12, "{surface:?}");
                assert!((surface.signed_distance(p) - offset).abs() < 1e-12, "{surface:?}");
            }
        }
    }
}
