//! The volume between two triangles where one lies over the other.

use glam::DVec3;

use super::columns::Piece;

/// Corners that a triangle can have after it was cut along four lines.
const MOST: usize = 7;

/// A convex polygon of few corners, without a heap.
#[derive(Clone, Copy)]
struct Polygon {
    corners: [DVec3; MOST],
    count: usize,
}

/// The volume of the space under `above` and over `below`, along `z`.
pub(super) fn prism_between(above: &Piece, below: &Piece) -> f64 {
    let mut overlap = Polygon::triangle(above.corners);
    let [a, b, c] = below.corners;
    for (from, to) in [(a, b), (b, c), (c, a)] {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        overlap.keep(|p| dx * (p.y - from.y) - dy * (p.x - from.x));
        if overlap.count < 3 {
            return 0.0;
        }
    }
    // From here on, `z` is the height over `below`.
    for corner in &mut overlap.corners[..overlap.count] {
        corner.z -= below.height_at(*corner);
    }
    overlap.keep(|p| p.z);
    overlap.volume_under()
}

impl Polygon {
    fn triangle([a, b, c]: [DVec3; 3]) -> Self {
        let mut corners = [DVec3::ZERO; MOST];
        (corners[0], corners[1], corners[2]) = (a, b, c);
        Self { corners, count: 3 }
    }

    /// Cuts off where the linear function `side` is negative.
    fn keep(&mut self, side: impl Fn(DVec3) -> f64) {
        let mut sides = [0.0; MOST];
        let (mut any_out, mut any_in) = (false, false);
        for (value, corner) in sides.iter_mut().zip(&self.corners[..self.count]) {
            *value = side(*corner);
            any_out |= *value < 0.0;
            any_in |= *value > 0.0;
        }
        if !any_out {
            return;
        }
        if !any_in {
            self.count = 0;
            return;
        }
        let mut kept = Self { corners: [DVec3::ZERO; MOST], count: 0 };
        for i in 0..self.count {
            let j = if i + 1 == self.count { 0 } else { i + 1 };
            if sides[i] >= 0.0 {
                kept.push(self.corners[i]);
            }
            if sides[i] != 0.0 && sides[j] != 0.0 && (sides[i] < 0.0) != (sides[j] < 0.0) {
                let share = sides[i] / (sides[i] - sides[j]);
                kept.push(self.corners[i] + share * (self.corners[j] - self.corners[i]));
            }
        }
        *self = kept;
    }

    fn push(&mut self, corner: DVec3) {
        // Rounding could let a polygon that is convex but for rounding cross a line more than twice.
        if self.count < MOST {
            self.corners[self.count] = corner;
            self.count += 1;
        }
    }

    /// The integral of `z` over the polygon.
    fn volume_under(&self) -> f64 {
        let first = self.corners[0];
        (2..self.count)
            .map(|i| {
                let (p, q) = (self.corners[i - 1], self.corners[i]);
                let (u, v) = (p - first, q - first);
                (u.x * v.y - u.y * v.x) * (first.z + p.z + q.z) / 6.0
            })
            .sum()
    }
}
