//! The section of a prism by any plane, so that a model and its target can be compared without a body.

use glam::{DMat2, DVec2};

use super::{Area, Polygon};
use crate::part::SketchPlane;

/// The section by `plane`, in its coordinates, of the body that `loops` (inside by parity) in the plane `prism` sweep along
/// its normal by `depth`.
pub fn section_of_prism(prism: &SketchPlane, loops: &[Polygon], depth: f64, plane: &SketchPlane) -> Area {
    // Height over the prism's base, and the prism's plane coordinates, as affine functions of the section's.
    let origin = prism.local(plane.origin);
    let along = |axis: glam::DVec3| glam::DVec3::new(axis.dot(prism.x), axis.dot(prism.y()), axis.dot(prism.normal));
    let (u, v) = (along(plane.x), along(plane.y()));
    let map = DMat2::from_cols(u.truncate(), v.truncate());
    let slope = DVec2::new(u.z, v.z);
    if map.determinant().abs() > 1e-6 {
        let inverse = map.inverse();
        let mapped: Vec<Polygon> =
            loops.iter().map(|l| l.iter().map(|&p| inverse * (p - origin.truncate())).collect()).collect();
        let area = Area::enclosed(&mapped, false);
        if slope.length() < 1e-9 {
            return if origin.z > 0.0 && origin.z < depth { area } else { Area::default() };
        }
        return area.intersection(&strip(slope, -origin.z, depth - origin.z, &mapped));
    }
    // The plane holds the sweep's direction: the section is a row of rectangles over the intervals in which the
    // plane's trace runs inside the region.
    let direction = if u.truncate().length_squared() > v.truncate().length_squared() { u } else { v };
    let direction = direction.truncate().normalize_or_zero();
    let intervals = crossings(loops, origin.truncate(), direction);
    let trace_axis = DVec2::new(u.truncate().dot(direction), v.truncate().dot(direction));
    let trace_axis = trace_axis / trace_axis.length_squared().max(f64::MIN_POSITIVE);
    let up = slope / slope.length_squared().max(f64::MIN_POSITIVE);
    let rectangles: Vec<Polygon> = intervals
        .iter()
        .map(|&(a, b)| {
            let corner = |s: f64, h: f64| trace_axis * s + up * (h - origin.z);
            vec![corner(a, 0.0), corner(b, 0.0), corner(b, depth), corner(a, depth)]
        })
        .collect();
    Area::enclosed(&rectangles, false)
}

/// The strip `low < slope . p < high`, long enough to cover `polygons`.
fn strip(slope: DVec2, low: f64, high: f64, polygons: &[Polygon]) -> Area {
    let reach = 4.0 * polygons.iter().flatten().map(|p| p.length()).fold(0.0, f64::max)
        + 4.0 * (low.abs() + high.abs()) / slope.length();
    let up = slope / slope.length_squared();
    let side = slope.perp().normalize_or_zero() * reach;
    let limit = |h: f64| up * h.clamp(-reach * slope.length(), reach * slope.length());
    Area::enclosed(&[vec![limit(low) - side, limit(low) + side, limit(high) + side, limit(high) - side]], false)
}

/// The intervals of `origin + s * direction` inside the loops by parity.
fn crossings(loops: &[Polygon], origin: DVec2, direction: DVec2) -> Vec<(f64, f64)> {
    let mut hits = Vec::new();
    for polygon in loops {
        let next = polygon.iter().skip(1).chain(polygon.first());
        for (&a, &b) in polygon.iter().zip(next) {
            let (da, db) = (direction.perp_dot(a - origin), direction.perp_dot(b - origin));
            if (da >= 0.0) != (db >= 0.0) {
                let p = a.lerp(b, da / (da - db));
                hits.push((p - origin).dot(direction));
            }
        }
    }
    hits.sort_unstable_by(f64::total_cmp);
    hits.chunks_exact(2).map(|pair| (pair[0], pair[1])).filter(|(a, b)| b > a).collect()
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::part::Outline;

    fn prism(normal: DVec3) -> (SketchPlane, Vec<Polygon>) {
        let outer = [(0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 3.0)].map(DVec2::from).to_vec();
        let hole = Outline::Circle { center: DVec2::new(1.0, 1.0), radius: 0.5 };
        (SketchPlane::through(DVec3::new(1.0, 1.0, 1.0), normal), vec![outer, hole.points(1e-5)])
    }

    #[test]
    fn sections_in_all_directions_have_the_area_of_the_solid() {
        let hole = std::f64::consts::PI * 0.25;
        let check = |prism: &(SketchPlane, Vec<Polygon>), origin: DVec3, normal: DVec3, expected: f64| {
            let plane = SketchPlane::through(origin, normal);
            let found = section_of_prism(&prism.0, &prism.1, 2.0, &plane).measure();
            assert!((found - expected).abs() < 1e-3, "{normal}: {found} instead of {expected}");
        };
        let upright = prism(DVec3::Z);
        check(&upright, DVec3::new(0.0, 0.0, 2.0), DVec3::Z, 12.0 - hole);
        check(&upright, DVec3::new(0.0, 0.0, 3.5), DVec3::Z, 0.0);
        check(&upright, DVec3::new(4.0, 0.0, 0.0), DVec3::X, 6.0);
        check(&upright, DVec3::new(2.0, 0.0, 0.0), DVec3::X, 2.0 * (3.0 - 1.0));
        check(&upright, DVec3::new(0.0, 2.0, 0.0), DVec3::Y, 2.0 * (4.0 - 1.0));
        // A plane at 45 degrees through the block, away from the hole: x + z = 6 cuts x from 3 to 5.
        let oblique = DVec3::new(1.0, 0.0, 1.0).normalize();
        check(&upright, oblique * (6.0 / 2f64.sqrt()), oblique, 2.0 * 2f64.sqrt() * 3.0);
        let lying = prism(DVec3::X);
        check(&lying, DVec3::new(2.0, 0.0, 0.0), DVec3::X, 12.0 - hole);
        check(&lying, DVec3::new(0.0, 0.0, 3.9), DVec3::Z, 8.0);
    }
}
