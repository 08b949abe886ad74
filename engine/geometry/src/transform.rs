//! Similarity transforms: uniform scale, rotation, translation. What normalisation and alignment are made of.

use glam::{DMat4, DQuat, DVec3};

use crate::{Geometry, PointCloud, TriMesh};

/// `p -> scale * (rotation * p) + translation`. By convention a variable is named `b_from_a`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// Uniform scale, positive.
    pub scale: f64,
    /// Rotation, a unit quaternion.
    pub rotation: DQuat,
    /// Translation, applied last.
    pub translation: DVec3,
}

impl Default for Similarity {
    fn default() -> Self {
        Self::IDENTITY
    }
}

impl Similarity {
    /// The transform that changes nothing.
    pub const IDENTITY: Self = Self { scale: 1.0, rotation: DQuat::IDENTITY, translation: DVec3::ZERO };

    /// A pure translation.
    pub fn from_translation(translation: DVec3) -> Self {
        Self { translation, ..Self::IDENTITY }
    }

    /// A uniform scale about the origin.
    pub fn from_scale(scale: f64) -> Self {
        Self { scale, ..Self::IDENTITY }
    }

    /// A rotation about the origin.
    pub fn from_rotation(rotation: DQuat) -> Self {
        Self { rotation, ..Self::IDENTITY }
    }

    /// Where a point goes.
    pub fn point(&self, p: DVec3) -> DVec3 {
        self.scale * (self.rotation * p) + self.translation
    }

    /// Where a difference of points goes: scaled and rotated.
    pub fn vector(&self, v: DVec3) -> DVec3 {
        self.scale * (self.rotation * v)
    }

    /// Where a direction or a normal goes: only rotated, its length kept.
    pub fn direction(&self, n: DVec3) -> DVec3 {
        self.rotation * n
    }

    /// The way back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let (scale, rotation) = (1.0 / self.scale, self.rotation.conjugate());
        Self { scale, rotation, translation: -scale * (rotation * self.translation) }
    }

    /// First `self`, then `next`: `c_from_a = b_from_a.then(&c_from_b)`.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        Self {
            scale: next.scale * self.scale,
            rotation: (next.rotation * self.rotation).normalize(),
            translation: next.point(self.translation),
        }
    }

    /// The same as a 4 x 4 matrix.
    pub fn matrix(&self) -> DMat4 {
        DMat4::from_scale_rotation_translation(DVec3::splat(self.scale), self.rotation, self.translation)
    }

    /// A transformed copy of a mesh.
    pub fn mesh(&self, mesh: &TriMesh) -> TriMesh {
        TriMesh { positions: self.points(&mesh.positions), triangles: mesh.triangles.clone() }
    }

    /// A transformed copy of a cloud; normals are rotated along, colours kept.
    pub fn cloud(&self, cloud: &PointCloud) -> PointCloud {
        PointCloud {
            positions: self.points(&cloud.positions),
            normals: cloud.normals.as_ref().map(|normals| normals.iter().map(|&n| self.direction(n)).collect()),
            colors: cloud.colors.clone(),
        }
    }

    /// A transformed copy of a scan of either kind.
    pub fn geometry(&self, geometry: &Geometry) -> Geometry {
        match geometry {
            Geometry::Mesh(mesh) => Geometry::Mesh(self.mesh(mesh)),
            Geometry::Cloud(cloud) => Geometry::Cloud(self.cloud(cloud)),
        }
    }

    /// Transformed points.
    pub fn points(&self, points: &[DVec3]) -> Vec<DVec3> {
        points.iter().map(|&p| self.point(p)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vector() -> impl Strategy<Value = DVec3> {
        (-9.0..9.0f64, -9.0..9.0f64, -9.0..9.0f64).prop_map(DVec3::from)
    }

    fn similarity() -> impl Strategy<Value = Similarity> {
        (0.1..10.0f64, vector(), vector()).prop_map(|(scale, turn, translation)| Similarity {
            scale,
            rotation: DQuat::from_scaled_axis(turn),
            translation,
        })
    }

    proptest! {
        #[test]
        fn inverse_and_composition(a in similarity(), b in similarity(), p in vector()) {
            prop_assert!(a.inverse().point(a.point(p)).distance(p) < 1e-9);
            prop_assert!(a.then(&b).point(p).distance(b.point(a.point(p))) < 1e-9);
            prop_assert!(a.matrix().transform_point3(p).distance(a.point(p)) < 1e-9);
            let difference = a.point(p + DVec3::X) - a.point(p);
            prop_assert!(a.vector(DVec3::X).distance(difference) < 1e-9);
            prop_assert!((a.direction(DVec3::X).length() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn clouds_keep_what_they_carry() {
        let cloud =
            PointCloud { positions: vec![DVec3::X], normals: Some(vec![DVec3::X]), colors: Some(vec![[1, 2, 3]]) };
        let quarter_turn = Similarity {
            scale: 2.0,
            rotation: DQuat::from_rotation_z(std::f64::consts::FRAC_PI_2),
            translation: DVec3::Z,
        };
        let turned = quarter_turn.cloud(&cloud);
        assert!(turned.positions[0].distance(DVec3::new(0.0, 2.0, 1.0)) < 1e-12);
        assert!(turned.normals.unwrap()[0].distance(DVec3::Y) < 1e-12);
        assert_eq!(turned.colors, cloud.colors);
    }
}
