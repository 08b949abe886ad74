//! Points moved from facets onto the surfaces they belong to.

use glam::DVec3;

use crate::Surface;
use crate::canonical::natural_normal;

/// The nearby common point of all `surfaces`, and how far it is from the worst of them. Surfaces that touch without
/// crossing there are taken as one.
pub(crate) fn snap(start: DVec3, surfaces: &[Surface]) -> (DVec3, f64) {
    let mut p = start;
    let mut best = (p, worst(p, surfaces));
    for _ in 0..24 {
        if best.1 < 1e-12 {
            break;
        }
        let mut step = DVec3::ZERO;
        let mut basis: Vec<DVec3> = Vec::with_capacity(3);
        for surface in surfaces {
            let gradient = natural_normal(surface, p);
            let rest = basis.iter().fold(gradient, |r, q| r - *q * q.dot(r));
            let size = rest.length();
            if size < 1e-5 {
                continue;
            }
            let direction = rest / size;
            step += direction * ((-surface.signed_distance(p) - gradient.dot(step)) / size);
            basis.push(direction);
        }
        p += step;
        let residual = worst(p, surfaces);
        if !residual.is_finite() {
            break;
        }
        if residual < best.1 {
            best = (p, residual);
        }
    }
    best
}

fn worst(p: DVec3, surfaces: &[Surface]) -> f64 {
    surfaces.iter().map(|s| s.signed_distance(p).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frame;

    #[test]
    fn three_surfaces_meet_in_a_point() {
        let cylinder = Surface::Cylinder { frame: Frame::WORLD, radius: 5.0 };
        let top = Surface::Plane { frame: Frame::WORLD.at(DVec3::new(0.0, 0.0, 2.0)) };
        let side = Surface::Plane { frame: Frame { origin: DVec3::X * 3.0, x: DVec3::Y, y: DVec3::Z, z: DVec3::X } };
        let (p, residual) = snap(DVec3::new(3.1, 3.9, 2.2), &[cylinder, top, side]);
        assert!(residual < 1e-12 && p.distance(DVec3::new(3.0, 4.0, 2.0)) < 1e-9, "{p}");
    }

    #[test]
    fn a_tangent_plane_does_not_throw_the_point_away() {
        let cylinder = Surface::Cylinder { frame: Frame::WORLD, radius: 5.0 };
        let side = Surface::Plane { frame: Frame { origin: DVec3::X * 5.0, x: DVec3::Y, y: DVec3::Z, z: DVec3::X } };
        let start = DVec3::new(5.0, 0.0, 1.0);
        assert_eq!(snap(start, &[cylinder, side]), (start, 0.0));
    }
}
