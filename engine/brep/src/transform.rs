//! Rigid motions and reflections in the exactness the kernel needs.

use glam::{DMat3, DVec3};

/// An isometry `p -> linear * p + translation`; `linear` is orthogonal (determinant +1, or -1 for a mirror image).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Isometry {
    /// Orthogonal part.
    pub linear: DMat3,
    /// Translation, applied last.
    pub translation: DVec3,
}

impl Isometry {
    /// A translation.
    pub fn translation(offset: DVec3) -> Self {
        Self { linear: DMat3::IDENTITY, translation: offset }
    }

    /// A rotation by `angle_rad` about the axis through `point` along `direction` (need not be unit length, must not be
    /// zero).
    pub fn rotation(point: DVec3, direction: DVec3, angle_rad: f64) -> Self {
        let linear = DMat3::from_axis_angle(direction.normalize(), angle_rad);
        Self { linear, translation: point - linear * point }
    }

    /// The reflection in the plane through `point` with the given normal (must not be zero).
    pub fn mirror(point: DVec3, normal: DVec3) -> Self {
        let n = normal.normalize();
        let linear = DMat3::IDENTITY - 2.0 * DMat3::from_cols(n * n.x, n * n.y, n * n.z);
        Self { linear, translation: point - linear * point }
    }

    /// Applies the isometry to a point.
    pub fn point(&self, p: DVec3) -> DVec3 {
        self.linear * p + self.translation
    }

    /// Applies the isometry to a direction.
    pub fn direction(&self, d: DVec3) -> DVec3 {
        self.linear * d
    }
}
