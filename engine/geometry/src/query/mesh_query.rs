//! A mesh prepared for many queries.

use std::sync::OnceLock;

use glam::DVec3;
use parry3d_f64::{
    query::{Ray, RayCast as _},
    shape::{CompositeShapeRef, TriMesh as Shape},
};

use super::{InsideRule, inside};
use crate::{
    Bounds, TriMesh,
    valid::{self, MeshFault},
};

/// The point of the surface closest to a query point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosestPoint {
    /// The point on the surface.
    pub point: DVec3,
    /// Its distance from the query point.
    pub distance: f64,
    /// The index of the triangle it lies on.
    pub triangle: usize,
}

/// The first place where a ray meets the surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RayHit {
    /// The point on the surface.
    pub point: DVec3,
    /// Its distance from the ray's origin.
    pub distance: f64,
    /// The index of the triangle it lies on.
    pub triangle: usize,
    /// The unit normal of that triangle by its winding (it may point along the ray).
    pub normal: DVec3,
}

/// A mesh with the trees that make queries fast. Built once, asked often, from any thread.
pub struct MeshQuery {
    pub(super) shape: Shape,
    mesh: TriMesh,
    bounds: Bounds,
    /// Built by the first inside test.
    inside: OnceLock<inside::Inside>,
}

impl MeshQuery {
    /// Prepares `mesh` in O(n log n).
    ///
    /// # Errors
    /// [`MeshFault`] when the mesh has no triangles, an index out of range or a coordinate that is not finite.
    pub fn new(mesh: &TriMesh) -> Result<Self, MeshFault> {
        valid::check(mesh)?;
        let bounds = Bounds::of_mesh(mesh).ok_or(MeshFault::NoTriangles)?;
        let shape = Shape::new(mesh.positions.clone(), mesh.triangles.clone()).map_err(|_| MeshFault::NoTriangles)?;
        Ok(Self { shape, mesh: mesh.clone(), bounds, inside: OnceLock::new() })
    }

    /// The mesh the questions are about.
    pub fn mesh(&self) -> &TriMesh {
        &self.mesh
    }

    /// The box of the surface.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The point of the surface closest to `point`; `None` when `point` is not finite.
    pub fn closest(&self, point: DVec3) -> Option<ClosestPoint> {
        if !point.is_finite() {
            return None;
        }
        let (triangle, found) = CompositeShapeRef(&self.shape).project_local_point(point, f64::MAX, false)?;
        Some(ClosestPoint { point: found.point, distance: found.point.distance(point), triangle: triangle as usize })
    }

    /// The distance from `point` to the surface; infinite when `point` is not finite.
    pub fn distance(&self, point: DVec3) -> f64 {
        self.closest(point).map_or(f64::INFINITY, |closest| closest.distance)
    }

    /// The first triangle, of either side, that the ray from `origin` along `direction` (of any length) meets.
    pub fn ray(&self, origin: DVec3, direction: DVec3) -> Option<RayHit> {
        let direction = direction.try_normalize().filter(|_| origin.is_finite())?;
        let ray = Ray::new(origin, direction);
        let (triangle, distance) = CompositeShapeRef(&self.shape).cast_local_ray(&ray, f64::MAX, false)?;
        let triangle = triangle as usize;
        let [a, b, c] = self.mesh.corners(self.mesh.triangles[triangle])?;
        let normal = (b - a).cross(c - a).normalize_or_zero();
        Some(RayHit { point: origin + distance * direction, distance, triangle, normal })
    }

    /// Whether `point` lies inside the surface. Points on the surface itself may be answered either way.
    ///
    /// Works on meshes with holes and on meshes wound inside out; see [`InsideRule`].
    pub fn contains(&self, point: DVec3) -> bool {
        point.is_finite() && self.bounds.contains(point) && self.inside().contains(&self.shape, point)
    }

    /// How inside tests on this mesh are decided.
    pub fn inside_rule(&self) -> InsideRule {
        self.inside().rule()
    }

    /// The distance to the surface, negative inside.
    pub fn signed_distance(&self, point: DVec3) -> f64 {
        let distance = self.distance(point);
        if self.contains(point) { -distance } else { distance }
    }

    /// The generalised winding number of the surface about `point`.
    pub fn winding_number(&self, point: DVec3) -> f64 {
        self.inside().winding_number(point)
    }

    fn inside(&self) -> &inside::Inside {
        self.inside.get_or_init(|| inside::Inside::new(&self.mesh, self.bounds))
    }
}

/// Every crossing of the ray with a triangle of `shape`, counted. The direction must not be zero.
pub(super) fn crossings(shape: &Shape, origin: DVec3, direction: DVec3) -> usize {
    let ray = Ray::new(origin, direction);
    shape
        .bvh()
        .leaves(|node| node.cast_ray(&ray, f64::MAX) < f64::MAX)
        .filter(|&triangle| shape.triangle(triangle).cast_local_ray(&ray, f64::MAX, false).is_some())
        .count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metric::shapes;

    /// Closest point of a triangle by trying its interior and its three edges.
    fn distance_by_definition([a, b, c]: [DVec3; 3], p: DVec3) -> f64 {
        let edge = |u: DVec3, v: DVec3| {
            let along = v - u;
            let t =
                if along == DVec3::ZERO { 0.0 } else { ((p - u).dot(along) / along.length_squared()).clamp(0.0, 1.0) };
            (u + t * along).distance(p)
        };
        let edges = edge(a, b).min(edge(b, c)).min(edge(c, a));
        let normal = (b - a).cross(c - a);
        if normal.length() < 1e-12 {
            return edges;
        }
        let normal = normal.normalize();
        let foot = p - normal * (p - a).dot(normal);
        let left = |u: DVec3, v: DVec3| (v - u).cross(foot - u).dot(normal) >= 0.0;
        if left(a, b) && left(b, c) && left(c, a) { foot.distance(p) } else { edges }
    }

    fn point() -> impl Strategy<Value = DVec3> {
        (-3.0..3.0f64, -3.0..3.0f64, -3.0..3.0f64).prop_map(DVec3::from)
    }

    proptest! {
        #[test]
        fn closest_agrees_with_trying_all(corners in prop::collection::vec((-3..4i32, -3..4i32, -3..4i32), 3..20), p in point()) {
            // Corners on a coarse grid: many triangles are slivers or have no area at all.
            let positions: Vec<DVec3> = corners.iter().map(|&(x, y, z)| DVec3::new(x as f64, y as f64, z as f64)).collect();
            let triangles: Vec<[u32; 3]> = (2..positions.len() as u32).map(|i| [i - 2, i - 1, i]).collect();
            let mesh = TriMesh { positions, triangles };
            let expected = mesh.triangles.iter().map(|&t| distance_by_definition(mesh.corners(t).unwrap(), p)).fold(f64::INFINITY, f64::min);
            let found = MeshQuery::new(&mesh).unwrap().closest(p).unwrap();
            prop_assert!((found.distance - expected).abs() < 1e-9, "{} {}", found.distance, expected);
            let on_named = distance_by_definition(mesh.corners(mesh.triangles[found.triangle]).unwrap(), found.point);
            prop_assert!(on_named < 1e-9);
        }

        #[test]
        fn rays_and_inside_agree_on_a_box(p in point()) {
            let query = MeshQuery::new(&shapes::cuboid(DVec3::splat(-1.0), DVec3::splat(1.0))).unwrap();
            let inside = p.abs().max_element() < 1.0;
            prop_assume!((p.abs().max_element() - 1.0).abs() > 1e-6);
            prop_assert_eq!(query.contains(p), inside);
            if inside {
                let hit = query.ray(p, DVec3::new(0.0, 0.0, 5.0)).unwrap();
                prop_assert!((hit.distance - (1.0 - p.z)).abs() < 1e-9 && hit.normal.distance(DVec3::Z) < 1e-9);
                prop_assert!(query.signed_distance(p) < 0.0);
            }
        }
    }

    #[test]
    fn bad_input_is_met() {
        assert!(matches!(MeshQuery::new(&TriMesh::default()), Err(MeshFault::NoTriangles)));
        let query = MeshQuery::new(&shapes::cuboid(DVec3::ZERO, DVec3::ONE)).unwrap();
        assert!(query.closest(DVec3::NAN).is_none());
        assert!(query.ray(DVec3::ZERO, DVec3::ZERO).is_none());
        assert!(query.ray(DVec3::splat(2.0), DVec3::X).is_none());
        assert!(!query.contains(DVec3::INFINITY));
        assert!(query.distance(DVec3::NAN).is_infinite());
    }
}
