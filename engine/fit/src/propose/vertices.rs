//! Circles through the vertices of the wall they were fitted to.
//!
//! A section of a tessellated wall cuts its facets' diagonals, too, where they run inside of the true surface: a circle
//! fitted to it is a little small, and where facets are placed unevenly beside its centre. The wall's own vertices lie on
//! the surface.

use glam::{DVec2, DVec3};

use crate::part::{Feature, Outline, Sweep};
use crate::profile::fit_circle;
use crate::understand::Target;

/// A circle needs so many vertices: fewer lie on one by chance.
const LEAST: usize = 8;

/// The feature with each circle put through the vertices of its wall, where all that lie near it lie on one circle.
/// Meshes that are not exact have no such vertices.
#[must_use]
pub(super) fn through_vertices(feature: Feature, target: &Target) -> Feature {
    let Sweep::Extrude { depth } = feature.sweep else { return feature };
    let is_circle = |o: &Outline| matches!(o, Outline::Circle { .. });
    if !target.exact || !feature.regions.iter().any(|r| is_circle(&r.outer) || r.holes.iter().any(is_circle)) {
        return feature;
    }
    let flat = target.tolerances.flatness;
    let local = target.mesh.positions.iter().map(|&p| feature.plane.local(p));
    let beside: Vec<DVec3> = local.filter(|p| p.z >= -flat && p.z <= depth + flat).collect();
    let mut feature = feature;
    for region in &mut feature.regions {
        for outline in std::iter::once(&mut region.outer).chain(&mut region.holes) {
            if let Outline::Circle { center, radius } = outline
                && let Some(better) = through(&beside, (*center, *radius), target)
            {
                (*center, *radius) = better;
            }
        }
    }
    feature
}

/// The circle on which all of the points near `(center, radius)` lie.
fn through(beside: &[DVec3], (center, radius): (DVec2, f64), target: &Target) -> Option<(DVec2, f64)> {
    let slack = target.tolerances.profile.loosest.min(0.1 * radius);
    let off = |p: &DVec2| p.distance(center) - radius;
    let near: Vec<DVec2> = beside.iter().map(|p| p.truncate()).filter(|p| off(p).abs() <= slack).collect();
    if near.len() < LEAST {
        return None;
    }
    let circle = fit_circle(&near)?;
    let moved = circle.center.distance(center) + (circle.radius - radius).abs();
    (circle.deviation(&near) <= target.tolerances.flatness && moved <= slack).then_some((circle.center, circle.radius))
}

#[cfg(test)]
mod tests {
    use partwright_geometry::TriMesh;

    use super::*;
    use crate::part::{FeatureKind, Region, SketchPlane};

    #[test]
    fn a_circle_fitted_inside_of_a_twisted_wall_is_put_on_its_vertices() {
        // The upper ring stands turned by half a step over the lower one: every section cuts chords only.
        let ring = |z: f64, turn: f64| {
            (0..24).map(move |i| {
                let angle = std::f64::consts::TAU * (f64::from(i) + turn) / 24.0;
                (DVec2::new(3.0, -2.0) + 6.0 * DVec2::from_angle(angle)).extend(z)
            })
        };
        let ends = [DVec3::new(3.0, -2.0, 0.0), DVec3::new(3.0, -2.0, 4.0)];
        let positions: Vec<DVec3> = ring(0.0, 0.0).chain(ring(4.0, 0.5)).chain(ends).collect();
        let mut triangles = Vec::new();
        for i in 0..24u32 {
            let j = (i + 1) % 24;
            triangles.extend([[i, j, 24 + i], [j, 24 + j, 24 + i], [48, j, i], [49, 24 + i, 24 + j]]);
        }
        let target = Target::new(&TriMesh { positions, triangles }, 4).expect("the mesh has an extent");
        let check = |radius: f64, expected: f64| {
            let outer = Outline::Circle { center: DVec2::new(3.001, -2.0), radius };
            let feature = Feature {
                kind: FeatureKind::Add,
                plane: SketchPlane::through(DVec3::ZERO, DVec3::Z),
                regions: vec![Region { outer, holes: Vec::new() }],
                sweep: Sweep::Extrude { depth: 4.0 },
            };
            let found = through_vertices(feature, &target);
            let Outline::Circle { radius, .. } = found.regions[0].outer else { unreachable!("it stays a circle") };
            assert!((radius - expected).abs() < 1e-9, "{radius}");
        };
        check(5.99, 6.0);
        check(4.0, 4.0);
    }
}
