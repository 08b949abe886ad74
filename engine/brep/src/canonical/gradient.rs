//! The direction in which the distance to a surface grows.

use glam::DVec3;

use crate::Surface;

/// Unit gradient of [`Surface::signed_distance`] at `p`: the natural normal of the surface through `p`. Zero where it
/// is not defined (on an axis or at a centre).
pub(crate) fn natural_normal(surface: &Surface, p: DVec3) -> DVec3 {
    match *surface {
        Surface::Plane { frame } => frame.z,
        Surface::Cylinder { frame, .. } => {
            let d = p - frame.origin;
            (d - frame.z * d.dot(frame.z)).normalize_or_zero()
        }
        Surface::Cone { frame, half_angle_rad, .. } => {
            let d = p - frame.origin;
            let outward = (d - frame.z * d.dot(frame.z)).normalize_or_zero();
            outward * half_angle_rad.cos() - frame.z * half_angle_rad.sin()
        }
        Surface::Sphere { frame, .. } => (p - frame.origin).normalize_or_zero(),
        Surface::Torus { frame, major_radius, .. } => {
            let d = p - frame.origin;
            let outward = (d - frame.z * d.dot(frame.z)).normalize_or_zero();
            (d - outward * major_radius).normalize_or_zero()
        }
    }
}
