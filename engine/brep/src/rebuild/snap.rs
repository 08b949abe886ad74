//! Points moved from facets onto the surfaces they belong to.

use glam::{DMat3, DVec3};

use crate::Surface;
use crate::canonical::natural_normal;

/// The nearby common point of all `surfaces`, and how far it is from the worst of them. Surfaces that touch without
/// crossing there are taken as one.
pub(crate) fn snap(start: DVec3, surfaces: &[Surface]) -> (DVec3, f64) {
    let mut p = start;
    let mut best = (p, worst(p, surfaces));
    for _ in 0..60 {
        if best.1 < 1e-12 {
            break;
        }
        let mut step = DVec3::ZERO;
        let mut basis: Vec<DVec3> = Vec::with_capacity(3);
        for surface in surfaces {
            let gradient = natural_normal(surface, p);
            let rest = basis.iter().fold(gradient, |r, q| r - *q * q.dot(r));
            let size = rest.length();
            if size < 1e-8 {
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

/// As [`snap`], but where two of the surfaces touch at a point near the result, exactly at that point: Newton's method
/// stops short of it.
pub(crate) fn snap_corner(start: DVec3, surfaces: &[Surface], reach: f64) -> (DVec3, f64) {
    let (p, residual) = snap(start, surfaces);
    for (i, s) in surfaces.iter().enumerate() {
        for t in &surfaces[i + 1..] {
            let (m, n) = (natural_normal(s, p), natural_normal(t, p));
            let flat = matches!((s, t), (Surface::Plane { .. }, Surface::Plane { .. }));
            if flat || m.cross(n).length() > 0.1 {
                continue;
            }
            let (q, off) = touch([s, t], surfaces, p, reach);
            if off <= residual.max(1e-11 * reach) && q.distance(start) <= reach {
                return (q, worst(q, surfaces));
            }
        }
    }
    (p, residual)
}

/// The point close to `start` that all surfaces are about equally far from, and how far the farthest is: least squares,
/// held back along directions in which the distances hardly change.
pub(crate) fn settle(start: DVec3, surfaces: &[Surface]) -> (DVec3, f64) {
    // Where surfaces cross at less than about three degrees, a step along both is not worth its length.
    const HOLD: f64 = 3e-3;
    let mut best = (start, worst(start, surfaces));
    let mut p = start;
    for _ in 0..30 {
        let (mut normal, mut right) = (DMat3::from_diagonal(DVec3::splat(HOLD)), (start - p) * HOLD);
        for surface in surfaces {
            let gradient = natural_normal(surface, p);
            normal += DMat3::from_cols(gradient * gradient.x, gradient * gradient.y, gradient * gradient.z);
            right -= gradient * surface.signed_distance(p);
        }
        let step = normal.inverse() * right;
        if !step.is_finite() || step.length() < 1e-15 * (1.0 + start.length()) {
            break;
        }
        p += step;
        let residual = worst(p, surfaces);
        if residual < best.1 {
            best = (p, residual);
        }
    }
    best
}

/// The point near `start` on all surfaces where `pair` have one tangent plane: Gauss-Newton on distances and on the cross
/// product of the normals. The second value is the largest of these (cross product times `reach`) that remains.
fn touch(pair: [&Surface; 2], surfaces: &[Surface], start: DVec3, reach: f64) -> (DVec3, f64) {
    let residuals = |p: DVec3| -> Vec<f64> {
        let cross = natural_normal(pair[0], p).cross(natural_normal(pair[1], p)) * reach;
        surfaces.iter().map(|s| s.signed_distance(p)).chain(cross.to_array()).collect()
    };
    let size = |r: &[f64]| r.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    let mut p = start;
    let mut r = residuals(p);
    for _ in 0..20 {
        if size(&r) < 1e-13 * reach {
            break;
        }
        let h = 1e-5 * reach;
        let columns = [DVec3::X, DVec3::Y, DVec3::Z].map(|axis| {
            let (ahead, behind) = (residuals(p + axis * h), residuals(p - axis * h));
            ahead.iter().zip(&behind).map(|(a, b)| (a - b) / (2.0 * h)).collect::<Vec<f64>>()
        });
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let product = |i: usize, j: usize| dot(&columns[i], &columns[j]) + if i == j { 1e-10 } else { 0.0 };
        let normal = DMat3::from_cols(
            DVec3::new(product(0, 0), product(1, 0), product(2, 0)),
            DVec3::new(product(0, 1), product(1, 1), product(2, 1)),
            DVec3::new(product(0, 2), product(1, 2), product(2, 2)),
        );
        let right = DVec3::new(dot(&columns[0], &r), dot(&columns[1], &r), dot(&columns[2], &r));
        let step = normal.inverse() * right;
        if !step.is_finite() || step.length() > reach {
            break;
        }
        p -= step;
        r = residuals(p);
    }
    (p, size(&r))
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
    fn touching_cylinders_meet_in_their_common_point() {
        let big = Surface::Cylinder { frame: Frame::WORLD, radius: 19.0 };
        let small = Surface::Cylinder { frame: Frame::WORLD.at(DVec3::X * 4.0), radius: 15.0 };
        let top = Surface::Plane { frame: Frame::WORLD };
        let (p, residual) = snap_corner(DVec3::new(18.93, 1.47, 0.1), &[top, big, small], 5.0);
        assert!(residual < 1e-11 && p.distance(DVec3::X * 19.0) < 1e-9, "{p} {residual:e}");
        let crossing =
            Surface::Cylinder { frame: Frame { z: DVec3::X, x: DVec3::Y, y: DVec3::Z, ..Frame::WORLD }, radius: 19.0 };
        let (p, residual) = snap_corner(DVec3::new(0.4, 18.97, 0.5), &[big, crossing], 5.0);
        assert!(residual < 1e-11 && p.distance(DVec3::Y * 19.0) < 1e-9, "{p} {residual:e}");
    }

    #[test]
    fn a_tangent_plane_does_not_throw_the_point_away() {
        let cylinder = Surface::Cylinder { frame: Frame::WORLD, radius: 5.0 };
        let side = Surface::Plane { frame: Frame { origin: DVec3::X * 5.0, x: DVec3::Y, y: DVec3::Z, z: DVec3::X } };
        let start = DVec3::new(5.0, 0.0, 1.0);
        assert_eq!(snap(start, &[cylinder, side]), (start, 0.0));
    }
}
