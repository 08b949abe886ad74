//! Random points on a mesh's surface, uniform by area and repeatable by seed.

use glam::DVec3;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::TriMesh;

/// Points on a surface; all three lists have the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SurfaceSamples {
    /// The points, in the mesh's unit.
    pub positions: Vec<DVec3>,
    /// The unit normal of the triangle each point lies on.
    pub normals: Vec<DVec3>,
    /// The index of the triangle each point lies on.
    pub triangles: Vec<u32>,
}

/// `count` independent points on the surface of `mesh`, each part of it as likely as its area says.
///
/// The same mesh, count and seed give the same points on every machine. Triangles without area (also those with
/// indices out of range or coordinates that are not finite) get no points; a mesh without any area gives no points at all.
///
/// A triangle is drawn by its area and a point within by the square-root map (Osada et al., Shape Distributions, 2002).
pub fn surface(mesh: &TriMesh, count: usize, seed: u64) -> SurfaceSamples {
    let mut area_up_to = Vec::with_capacity(mesh.triangles.len());
    let mut total = 0.0;
    for &triangle in &mesh.triangles {
        let area = mesh.corners(triangle).map_or(0.0, |[a, b, c]| (b - a).cross(c - a).length());
        total += if area.is_finite() { area } else { 0.0 };
        area_up_to.push(total);
    }
    if total <= 0.0 || !total.is_finite() {
        return SurfaceSamples::default();
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut samples = SurfaceSamples {
        positions: Vec::with_capacity(count),
        normals: Vec::with_capacity(count),
        triangles: Vec::with_capacity(count),
    };
    let last_with_area = area_up_to.partition_point(|&up_to| up_to < total);
    for _ in 0..count {
        let drawn = random.random::<f64>() * total;
        // The first triangle whose running sum exceeds the drawn area: triangles of no area can never be it.
        let index = area_up_to.partition_point(|&up_to| up_to <= drawn).min(last_with_area);
        let Some([a, b, c]) = mesh.corners(mesh.triangles[index]) else { continue };
        let (along, across) = (random.random::<f64>().sqrt(), random.random::<f64>());
        samples.positions.push(a + along * ((1.0 - across) * (b - a) + across * (c - a)));
        samples.normals.push((b - a).cross(c - a).normalize_or_zero());
        samples.triangles.push(index as u32);
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two triangles of areas 0.5 and 4.5, with a degenerate one between them.
    fn two_triangles() -> TriMesh {
        TriMesh {
            positions: vec![
                DVec3::ZERO,
                DVec3::X,
                DVec3::Y,
                DVec3::Z,
                DVec3::new(3.0, 0.0, 1.0),
                DVec3::new(0.0, 3.0, 1.0),
            ],
            triangles: vec![[0, 1, 2], [0, 1, 1], [3, 4, 5]],
        }
    }

    #[test]
    fn areas_are_met() {
        let samples = surface(&two_triangles(), 20_000, 7);
        let in_first = samples.triangles.iter().filter(|&&t| t == 0).count() as f64 / 20_000.0;
        assert!((in_first - 0.1).abs() < 0.01, "{in_first}");
        assert!(samples.triangles.iter().all(|&t| t != 1));
        // The mean of uniform points is the triangle's centroid.
        let first = samples.positions.iter().zip(&samples.triangles).filter(|(_, t)| **t == 0);
        let (sum, n) = first.fold((DVec3::ZERO, 0.0), |(sum, n), (p, _)| (sum + *p, n + 1.0));
        assert!((sum / n).distance(DVec3::new(1.0 / 3.0, 1.0 / 3.0, 0.0)) < 0.02);
        assert!(samples.normals.iter().all(|n| n.distance(DVec3::Z) < 1e-12));
    }

    #[test]
    fn the_seed_decides() {
        let mesh = two_triangles();
        assert_eq!(surface(&mesh, 100, 1), surface(&mesh, 100, 1));
        assert_ne!(surface(&mesh, 100, 1), surface(&mesh, 100, 2));
        // Fewer points are a prefix of more.
        assert_eq!(surface(&mesh, 10, 1).positions, surface(&mesh, 100, 1).positions[..10]);
    }

    #[test]
    fn a_mesh_without_area_gives_nothing() {
        for triangles in [vec![], vec![[0, 0, 1]], vec![[0, 1, 77]]] {
            let mesh = TriMesh { positions: vec![DVec3::ZERO, DVec3::X], triangles };
            assert_eq!(surface(&mesh, 5, 0), SurfaceSamples::default());
        }
    }
}
