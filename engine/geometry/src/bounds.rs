//! Axis-aligned boxes.

use glam::DVec3;

use crate::{Geometry, TriMesh};

/// An axis-aligned box with `min <= max` in every coordinate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The corner of smallest coordinates.
    pub min: DVec3,
    /// The corner of largest coordinates.
    pub max: DVec3,
}

impl Bounds {
    /// The box of the finite points among `points`; `None` when there are none.
    pub fn of_points(points: impl IntoIterator<Item = DVec3>) -> Option<Self> {
        points.into_iter().filter(|p| p.is_finite()).fold(None, |bounds: Option<Self>, p| {
            Some(bounds.map_or(Self { min: p, max: p }, |b| Self { min: b.min.min(p), max: b.max.max(p) }))
        })
    }

    /// The box of the vertices that a triangle uses; `None` for a mesh without triangles.
    ///
    /// Vertices that no triangle uses are not part of the surface and do not count.
    pub fn of_mesh(mesh: &TriMesh) -> Option<Self> {
        Self::of_points(mesh.triangles.iter().flatten().filter_map(|&v| mesh.positions.get(v as usize).copied()))
    }

    /// The box of a scan of either kind.
    pub fn of_geometry(geometry: &Geometry) -> Option<Self> {
        match geometry {
            Geometry::Mesh(mesh) => Self::of_mesh(mesh),
            Geometry::Cloud(cloud) => Self::of_points(cloud.positions.iter().copied()),
        }
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// The box shared by both; `None` when they do not touch.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let shared = Self { min: self.min.max(other.min), max: self.max.min(other.max) };
        shared.min.cmple(shared.max).all().then_some(shared)
    }

    /// The middle of the box.
    pub fn center(self) -> DVec3 {
        0.5 * (self.min + self.max)
    }

    /// The side lengths.
    pub fn size(self) -> DVec3 {
        self.max - self.min
    }

    /// The longest side.
    pub fn longest_side(self) -> f64 {
        self.size().max_element()
    }

    /// The length of the space diagonal.
    pub fn diagonal(self) -> f64 {
        self.size().length()
    }

    /// The volume of the box.
    pub fn volume(self) -> f64 {
        self.size().element_product()
    }

    /// Whether `point` lies in the box, its surface included.
    pub fn contains(self, point: DVec3) -> bool {
        self.min.cmple(point).all() && point.cmple(self.max).all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_ignore_unused_and_non_finite_vertices() {
        let mesh = TriMesh {
            positions: vec![DVec3::ZERO, DVec3::X, 2.0 * DVec3::Y, 9.0 * DVec3::ONE, DVec3::NAN],
            triangles: vec![[0, 1, 2]],
        };
        let bounds = Bounds::of_mesh(&mesh).unwrap();
        assert_eq!(bounds, Bounds { min: DVec3::ZERO, max: DVec3::new(1.0, 2.0, 0.0) });
        assert_eq!(Bounds::of_points([DVec3::NAN, DVec3::X]).unwrap().size(), DVec3::ZERO);
        assert_eq!(Bounds::of_mesh(&TriMesh::default()), None);
    }

    #[test]
    fn boxes_that_do_not_touch_share_nothing() {
        let unit = Bounds { min: DVec3::ZERO, max: DVec3::ONE };
        let shifted = |by: f64| Bounds { min: DVec3::splat(by), max: DVec3::splat(by + 1.0) };
        assert_eq!(unit.intersection(shifted(2.0)), None);
        assert!((unit.intersection(shifted(0.5)).unwrap().volume() - 0.125).abs() < 1e-12);
        assert_eq!(unit.union(shifted(1.0)).size(), DVec3::splat(2.0));
        assert!(unit.contains(DVec3::ONE) && !unit.contains(DVec3::splat(1.001)));
    }
}
