//! Area, volume, and the frame in which candidates are judged.

use glam::DVec3;

use crate::{Bounds, TriMesh, normalize};

/// The area of the surface, in the mesh's unit squared. Triangles with indices out of range do not count.
pub fn area(mesh: &TriMesh) -> f64 {
    mesh.triangles.iter().filter_map(|&t| mesh.corners(t)).map(|[a, b, c]| 0.5 * (b - a).cross(c - a).length()).sum()
}

/// The volume the surface bounds by the divergence theorem, negative when it is wound inside out.
///
/// Overlapping bodies count as often as they overlap and an open surface gives a number without meaning;
/// [`super::Solid`] has the volume that counts every point once.
pub fn signed_volume(mesh: &TriMesh) -> f64 {
    // Far from the origin, the sum of large terms of both signs would lose digits: measure from the box's centre.
    let origin = Bounds::of_mesh(mesh).map_or(DVec3::ZERO, Bounds::center);
    mesh.triangles
        .iter()
        .filter_map(|&t| mesh.corners(t))
        .map(|corners| {
            let [a, b, c] = corners.map(|p| p - origin);
            a.dot(b.cross(c)) / 6.0
        })
        .sum()
}

/// The mesh re-centred and scaled to unit extent: the frame in which cadrille's tables are made. A mesh without
/// finite vertices comes back as it is.
pub fn normalised_for_evaluation(mesh: &TriMesh) -> TriMesh {
    match Bounds::of_mesh(mesh) {
        Some(bounds) => normalize::to_unit_cube(bounds).mesh(mesh),
        None => mesh.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes;

    fn check(mesh: &TriMesh, expected_area: f64, expected_volume: f64, tolerance: f64) {
        assert!((area(mesh) / expected_area - 1.0).abs() < tolerance, "area {}", area(mesh));
        assert!((signed_volume(mesh) / expected_volume - 1.0).abs() < tolerance, "volume {}", signed_volume(mesh));
    }

    #[test]
    fn boxes_and_spheres() {
        let far = DVec3::splat(1e6);
        check(&shapes::cuboid(far, far + DVec3::new(1.0, 2.0, 3.0)), 22.0, 6.0, 1e-9);
        check(&shapes::inside_out(shapes::cuboid(DVec3::ZERO, DVec3::ONE)), 6.0, -1.0, 1e-12);
        let sphere = shapes::sphere(DVec3::X, 2.0, 200, 100);
        check(&sphere, 16.0 * std::f64::consts::PI, 32.0 / 3.0 * std::f64::consts::PI, 1e-3);
    }

    #[test]
    fn the_evaluation_frame_is_the_unit_cube() {
        let mesh = normalised_for_evaluation(&shapes::cuboid(DVec3::splat(7.0), DVec3::new(11.0, 8.0, 9.0)));
        let bounds = Bounds::of_mesh(&mesh).unwrap();
        assert!(bounds.center().distance(DVec3::splat(0.5)) < 1e-12 && (bounds.longest_side() - 1.0).abs() < 1e-12);
        assert_eq!(normalised_for_evaluation(&TriMesh::default()), TriMesh::default());
    }
}
