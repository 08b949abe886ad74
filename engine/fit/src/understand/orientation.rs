//! On which side of a scanned point the material is.
//!
//! A scanner saw each point, so the side it stood on is open: rays go out there that meet nothing. Into the material rays
//! meet the surface on the other side, as far as that was scanned. The side with more open rays is outside.

use glam::{DVec3, IVec3};
use rayon::prelude::*;

/// Cells along the longest side that rays run through.
const CELLS: f64 = 56.0;
/// Rays on either side: one along the normal, and rings about it at these angles (cosine, number).
const RINGS: [(f64, u32); 2] = [(0.82, 5), (0.5, 6)];

/// Turns each normal to the more open side and says how much more open it is, 0 to 1.
pub(super) fn outward(points: &[DVec3], normals: &mut [DVec3], spacing: f64) -> Vec<f64> {
    let cells = Cells::new(points, spacing);
    let sides: Vec<f64> = points
        .par_iter()
        .zip(&*normals)
        .with_min_len(64)
        .map(|(&p, &n)| cells.open(p, n) - cells.open(p, -n))
        .collect();
    for (n, side) in normals.iter_mut().zip(&sides) {
        if *side < 0.0 {
            *n = -*n;
        }
    }
    sides.into_iter().map(f64::abs).collect()
}

/// Which cells of a grid hold points.
struct Cells {
    low: DVec3,
    edge: f64,
    shape: IVec3,
    held: Vec<bool>,
}

impl Cells {
    fn new(points: &[DVec3], spacing: f64) -> Self {
        let low = points.iter().copied().fold(DVec3::INFINITY, DVec3::min);
        let high = points.iter().copied().fold(DVec3::NEG_INFINITY, DVec3::max);
        let edge = (1.2 * spacing).max((high - low).max_element() / CELLS).max(f64::MIN_POSITIVE);
        let shape = ((high - low) / edge).floor().as_ivec3() + IVec3::ONE;
        let mut cells = Self { low, edge, shape, held: vec![false; (shape.x * shape.y * shape.z) as usize] };
        for &p in points {
            if let Some(i) = cells.index(p) {
                cells.held[i] = true;
            }
        }
        cells
    }

    fn index(&self, p: DVec3) -> Option<usize> {
        let c = ((p - self.low) / self.edge).floor().as_ivec3();
        let within = c.cmpge(IVec3::ZERO).all() && c.cmplt(self.shape).all();
        within.then(|| ((c.x * self.shape.y + c.y) * self.shape.z + c.z) as usize)
    }

    /// The share of rays from `p` about `n` that meet no held cell.
    fn open(&self, p: DVec3, n: DVec3) -> f64 {
        let x = n.any_orthonormal_vector();
        let y = n.cross(x);
        let (mut open, mut total) = (f64::from(u8::from(self.ray(p, n))), 1.0);
        for (cosine, count) in RINGS {
            let sine = (1.0 - cosine * cosine).sqrt();
            for i in 0..count {
                let (s, c) = (std::f64::consts::TAU * f64::from(i) / f64::from(count)).sin_cos();
                open += f64::from(u8::from(self.ray(p, n * cosine + (x * c + y * s) * sine)));
                total += 1.0;
            }
        }
        open / total
    }

    fn ray(&self, p: DVec3, direction: DVec3) -> bool {
        // The point's own surface is left behind first.
        let step = direction * (0.7 * self.edge);
        let mut at = p + direction * (3.0 * self.edge);
        while let Some(i) = self.index(at) {
            if self.held[i] {
                return false;
            }
            at += step;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_of_a_half_seen_box_point_out() {
        // Top and four walls of a box of 4 x 3 x 2, the bottom unseen.
        let mut points = Vec::new();
        let mut truth = Vec::new();
        let mut face = |origin: DVec3, u: DVec3, v: DVec3, n: DVec3| {
            for i in 0..30 {
                for j in 0..30 {
                    points.push(origin + u * (f64::from(i) + 0.5) / 30.0 + v * (f64::from(j) + 0.5) / 30.0);
                    truth.push(n);
                }
            }
        };
        let (x, y, z) = (DVec3::X * 4.0, DVec3::Y * 3.0, DVec3::Z * 2.0);
        face(z, x, y, DVec3::Z);
        face(DVec3::ZERO, x, z, DVec3::NEG_Y);
        face(y, x, z, DVec3::Y);
        face(DVec3::ZERO, y, z, DVec3::NEG_X);
        face(x, y, z, DVec3::X);
        let mut normals: Vec<DVec3> =
            truth.iter().enumerate().map(|(i, n)| if i % 2 == 0 { *n } else { -*n }).collect();
        outward(&points, &mut normals, 0.1);
        let right = normals.iter().zip(&truth).filter(|(n, t)| n.dot(**t) > 0.9).count();
        assert!(right as f64 > 0.97 * points.len() as f64, "{right} of {}", points.len());
    }
}
