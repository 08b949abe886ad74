//! Half sections through the rings of vertices of the walls they were measured on.
//!
//! A section of a tessellated body of revolution cuts its facets inside of the true surface, by another length at every
//! height. The body's own vertices stand in rings, each at one height and one radius, on the surface.

use glam::{DVec2, DVec3};

use crate::part::{Feature, Outline, Region, Sweep};
use crate::profile::{ProfileTolerance, fit_circle, fit_outline};
use crate::understand::Target;

/// A ring has so many vertices: fewer lie on a circle by chance.
const LEAST: usize = 8;

/// A ring of vertices about the axis: its centre across the axis, its radius and its height.
struct Ring {
    center: DVec2,
    radius: f64,
    height: f64,
}

/// The feature with the half section of each region put through the rings of vertices near it, where these alone tell all
/// of it, and its axis through their centres. Meshes that are not exact have no such rings.
#[must_use]
pub(super) fn through_rings(feature: Feature, target: &Target) -> Feature {
    if feature.sweep != Sweep::Revolve || !target.exact {
        return feature;
    }
    let [region] = &feature.regions[..] else { return feature };
    if !region.holes.is_empty() {
        return feature;
    }
    let reach = region.outer.bounds(1e-3 * target.size)[1].x;
    let slack = target.tolerances.profile.loosest.min(0.1 * reach);
    let profile = region.outer.points(0.25 * slack);
    let rings = rings(&feature, &profile, slack, target);
    let Some(center) = axis(&rings, target) else { return feature };
    let Some(outer) = half_section(&rings, &profile, slack, target) else { return feature };
    let mut plane = feature.plane;
    plane.origin += plane.x * center.x + plane.normal * center.y;
    Feature { plane, regions: vec![Region { outer, holes: Vec::new() }], ..feature }
}

/// The rings of vertices near `profile`.
fn rings(feature: &Feature, profile: &[DVec2], slack: f64, target: &Target) -> Vec<Ring> {
    let flat = target.tolerances.flatness;
    let local = target.mesh.positions.iter().map(|&p| feature.plane.local(p));
    let mut near: Vec<DVec3> = local
        .filter(|p| {
            let at = DVec2::new(p.x.hypot(p.z), p.y);
            along(profile, at).is_some_and(|(_, away)| away <= slack)
        })
        .collect();
    near.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut found = Vec::new();
    for row in near.chunk_by(|a, b| b.y - a.y <= flat) {
        let height = row.iter().map(|p| p.y).sum::<f64>() / row.len() as f64;
        let mut row: Vec<(f64, DVec2)> = row.iter().map(|p| (p.x.hypot(p.z), DVec2::new(p.x, p.z))).collect();
        row.sort_by(|a, b| a.0.total_cmp(&b.0));
        for ring in row.chunk_by(|a, b| b.0 - a.0 <= 0.25 * slack) {
            let points: Vec<DVec2> = ring.iter().map(|r| r.1).collect();
            if ring[0].0 <= flat {
                // The tip of a cone, or the pole of a dome.
                found.push(Ring { center: DVec2::ZERO, radius: 0.0, height });
            } else if points.len() >= LEAST
                && let Some(circle) = fit_circle(&points)
                && circle.deviation(&points) <= 2.0 * flat
            {
                found.push(Ring { center: circle.center, radius: circle.radius, height });
            }
        }
    }
    found
}

/// The centre that the rings share.
fn axis(rings: &[Ring], target: &Target) -> Option<DVec2> {
    let round: Vec<&Ring> = rings.iter().filter(|r| r.radius > 0.0).collect();
    let center = round.iter().map(|r| r.center).sum::<DVec2>() / round.len().max(1) as f64;
    let agree = round.iter().all(|r| r.center.distance(center) <= 4.0 * target.tolerances.flatness);
    (round.len() >= 2 && agree).then_some(center)
}

/// The outline through the rings, in the order of `profile`, with its ends on the axis; `None` where it strays from the
/// profile.
fn half_section(rings: &[Ring], profile: &[DVec2], slack: f64, target: &Target) -> Option<Outline> {
    let flat = target.tolerances.flatness;
    let mut corners: Vec<(f64, DVec2)> = rings
        .iter()
        .filter_map(|r| {
            let at = DVec2::new(r.radius, r.height);
            along(profile, at).map(|found| (found.0, at))
        })
        .collect();
    let mut travelled = 0.0;
    for (i, &p) in profile.iter().enumerate() {
        if p.x <= target.tolerances.vertex {
            // Ends on the axis lie at the height of the ring beside them, or are tips.
            let height = rings.iter().map(|r| r.height).min_by(|a, b| (a - p.y).abs().total_cmp(&(b - p.y).abs()))?;
            let height = if (height - p.y).abs() <= slack { height } else { p.y };
            corners.push((travelled, DVec2::new(0.0, height)));
        }
        travelled += p.distance(profile[(i + 1) % profile.len()]);
    }
    corners.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut polygon: Vec<DVec2> = corners.into_iter().map(|c| c.1).collect();
    polygon.dedup_by(|a, b| a.distance(*b) <= flat);
    if polygon.len() > 1 && polygon[0].distance(polygon[polygon.len() - 1]) <= flat {
        polygon.pop();
    }
    let follows =
        |path: &[DVec2], other: &[DVec2]| path.iter().all(|&p| along(other, p).is_some_and(|(_, away)| away <= slack));
    if polygon.len() < 3 || !follows(profile, &polygon) || !follows(&polygon, profile) {
        return None;
    }
    let outline = fit_outline(&polygon, ProfileTolerance { vertex: flat, loosest: 10.0 * flat })?;
    Some(outline.map(1.0, |p| if p.x < target.tolerances.vertex { DVec2::new(0.0, p.y) } else { p }))
}

/// Where along a closed polygon it comes nearest to `p`, as a length from its first corner, and how near.
fn along(polygon: &[DVec2], p: DVec2) -> Option<(f64, f64)> {
    let mut travelled = 0.0;
    let mut best: Option<(f64, f64)> = None;
    for (i, &a) in polygon.iter().enumerate() {
        let edge = polygon[(i + 1) % polygon.len()] - a;
        let length = edge.length();
        let t = if length > 0.0 { ((p - a).dot(edge) / (length * length)).clamp(0.0, 1.0) } else { 0.0 };
        let away = p.distance(a + edge * t);
        if best.is_none_or(|b| away < b.1) {
            best = Some((travelled + t * length, away));
        }
        travelled += length;
    }
    best
}

#[cfg(test)]
mod tests {
    use partwright_geometry::TriMesh;

    use super::*;
    use crate::part::{FeatureKind, SketchPlane};

    /// A body of revolution about z through (3, -2): rings at these radii and heights, each turned by half a facet over the
    /// one below.
    fn turned(profile: &[(f64, f64)]) -> Target {
        const FACETS: u32 = 28;
        let mut positions = Vec::new();
        for (k, &(radius, height)) in profile.iter().enumerate() {
            positions.extend((0..FACETS).map(|i| {
                let angle = std::f64::consts::TAU * (f64::from(i) + 0.5 * k as f64) / f64::from(FACETS);
                (DVec2::new(3.0, -2.0) + radius * DVec2::from_angle(angle)).extend(height)
            }));
        }
        let (bottom, top) = (profile[0].1, profile[profile.len() - 1].1);
        positions.extend([DVec3::new(3.0, -2.0, bottom), DVec3::new(3.0, -2.0, top)]);
        let last = FACETS * (profile.len() as u32 - 1);
        let tips = [FACETS * profile.len() as u32, FACETS * profile.len() as u32 + 1];
        let mut triangles = Vec::new();
        for i in 0..FACETS {
            let j = (i + 1) % FACETS;
            for k in 0..profile.len() as u32 - 1 {
                let (a, b) = (k * FACETS, (k + 1) * FACETS);
                triangles.extend([[a + i, a + j, b + i], [a + j, b + j, b + i]]);
            }
            triangles.extend([[tips[0], j, i], [tips[1], last + i, last + j]]);
        }
        Target::new(&TriMesh { positions, triangles }, 4).expect("the mesh has an extent")
    }

    fn revolve(corners: &[(f64, f64)], center: (f64, f64)) -> Feature {
        let corners: Vec<DVec2> = corners.iter().map(|&c| c.into()).collect();
        let plane = SketchPlane { origin: DVec3::new(center.0, center.1, 0.0), x: DVec3::X, normal: DVec3::NEG_Y };
        let regions = vec![Region { outer: Outline::polygon(&corners), holes: Vec::new() }];
        Feature { kind: FeatureKind::Add, plane, regions, sweep: Sweep::Revolve }
    }

    #[test]
    fn measured_half_sections_are_put_on_the_vertices() {
        let target = turned(&[(6.0, 0.0), (6.0, 4.0), (3.0, 7.0), (3.0, 9.0)]);
        let measured =
            [(0.0, 0.0), (5.98, 0.0), (5.97, 2.0), (5.98, 3.98), (2.99, 7.0), (2.98, 8.0), (2.99, 9.0), (0.0, 9.0)];
        let found = through_rings(revolve(&measured, (3.004, -2.003)), &target);
        assert!(found.plane.origin.distance(DVec3::new(3.0, -2.0, 0.0)) < 1e-9, "{}", found.plane.origin);
        let corners = found.regions[0].outer.points(1.0);
        let expected = [(0.0, 0.0), (6.0, 0.0), (6.0, 4.0), (3.0, 7.0), (3.0, 9.0), (0.0, 9.0)].map(DVec2::from);
        assert_eq!(corners.len(), expected.len(), "{corners:?}");
        for corner in expected {
            assert!(corners.iter().any(|c| c.distance(corner) < 1e-9), "{corner} {corners:?}");
        }
    }

    #[test]
    fn what_the_vertices_do_not_tell_stays_as_it_was() {
        let target = turned(&[(6.0, 0.0), (6.0, 4.0), (3.0, 7.0), (3.0, 9.0)]);
        // A shoulder where the mesh has none.
        let other = revolve(&[(0.0, 0.0), (6.0, 0.0), (6.0, 2.0), (4.0, 2.0), (4.0, 9.0), (0.0, 9.0)], (3.0, -2.0));
        assert_eq!(through_rings(other.clone(), &target), other);
    }
}
