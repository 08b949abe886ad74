//! On which side of a scanned point the material is.
//!
//! Neighbouring normals belong together when one is the other's mirror image about the plane half way between their points,
//! which holds on flat ground, on arcs and across edges (S. König, S. Gumhold, "Consistent propagation of normal
//! orientations in point clouds", VMV 2009). The surest such ties make up trees, and each tree is turned as a whole: so that
//! its outermost points look outward, and its points to the side that is open. A scanner saw each point, so rays go out
//! there that meet nothing; into the material they meet the surface on the other side, as far as that was scanned.

use glam::{DVec3, IVec3};
use partwright_geometry::nearest::NearestPoints;
use rayon::prelude::*;

/// Cells along the longest side that rays run through.
const CELLS: f64 = 56.0;
/// Rays on either side: one along the normal, and rings about it at these angles (cosine, number).
const RINGS: [(f64, u32); 2] = [(0.82, 5), (0.5, 6)];

/// Least and most neighbours that a point may be tied to.
const TIES: [usize; 2] = [12, 48];
/// Points closer than this many standard deviations of the noise do not show which way they lie from each other; within half
/// of it points lie on one plane.
const APART: f64 = 6.0;
/// Ties weaker than this say nothing.
const LEAST_TIE: f64 = 0.6;
/// What an outermost point's vote counts, where one surely open to one side counts one.
const OUTERMOST: f64 = 3.0;

/// Turns each normal out of the material and says how surely, 0 to 1: by how much its tree's votes agree.
pub(super) fn outward(
    points: &[DVec3],
    normals: &mut [DVec3],
    tree: &NearestPoints,
    [spacing, noise]: [f64; 2],
) -> Vec<f64> {
    let cells = Cells::new(points, spacing);
    let mut sides: Vec<f64> = points
        .par_iter()
        .zip(&*normals)
        .with_min_len(64)
        .map(|(&p, &n)| cells.open(p, n) - cells.open(p, -n))
        .collect();
    let [low, high] = ends(points);
    let (middle, size) = (low.midpoint(high), (high - low).max_element().max(f64::MIN_POSITIVE));
    let near = spacing + 2.0 * noise;
    for ((p, n), side) in points.iter().zip(&*normals).zip(&mut sides) {
        for axis in 0..3 {
            let outside =
                f64::from(u8::from(high[axis] - p[axis] < near)) - f64::from(u8::from(p[axis] - low[axis] < near));
            if n[axis].abs() > 0.9 {
                *side += OUTERMOST * outside * n[axis].signum();
            }
        }
        // Where both sides are open alike, the material is rather towards the middle.
        *side += (*p - middle).dot(*n) / size;
    }
    let mut trees = Trees::new(points.len());
    for (a, b, tie) in ties(points, normals, tree, [spacing, noise]) {
        trees.join(a, b, tie < 0.0);
    }
    let mut votes = vec![(0.0, 0.0); points.len()];
    let found: Vec<(usize, bool)> = (0..points.len()).map(|i| trees.root(i)).collect();
    for (&(root, turned), side) in found.iter().zip(&sides) {
        votes[root].0 += if turned { -side } else { *side };
        votes[root].1 += side.abs();
    }
    for (n, &(root, turned)) in normals.iter_mut().zip(&found) {
        if turned != (votes[root].0 < 0.0) {
            *n = -*n;
        }
    }
    found.iter().map(|&(root, _)| (votes[root].0.abs() / votes[root].1.max(1e-9)).min(1.0)).collect()
}

/// Corners of the box of all but the outermost points.
fn ends(points: &[DVec3]) -> [DVec3; 2] {
    let (mut low, mut high) = (DVec3::ZERO, DVec3::ZERO);
    for axis in 0..3 {
        let mut values: Vec<f64> = points.iter().map(|p| p[axis]).collect();
        values.sort_unstable_by(f64::total_cmp);
        let cut = values.len() / 200;
        (low[axis], high[axis]) = (values[cut], values[values.len() - 1 - cut]);
    }
    [low, high]
}

/// Pairs of neighbours, surest first, and whether their normals point to the same side (positive) or not.
fn ties(
    points: &[DVec3],
    normals: &[DVec3],
    tree: &NearestPoints,
    [spacing, noise]: [f64; 2],
) -> Vec<(usize, usize, f64)> {
    let apart = APART * noise;
    let wanted = std::f64::consts::PI * (1.5 * apart / spacing.max(f64::MIN_POSITIVE)).powi(2);
    let count = (wanted as usize).clamp(TIES[0], TIES[1]);
    let mut ties: Vec<(usize, usize, f64)> = (0..points.len())
        .into_par_iter()
        .with_min_len(256)
        .flat_map_iter(|a| {
            let near = tree.nearest_n(points[a], count + 1);
            near.into_iter().filter(move |n| n.0 != a).map(move |(b, distance)| {
                let (n, m) = (normals[a], normals[b]);
                let (along, alike) = (points[b] - points[a], n.dot(m));
                let off = along.dot(n).abs().max(along.dot(m).abs());
                let tie = if alike.abs() > 0.85 && off < 0.5 * apart {
                    alike
                } else if distance > apart {
                    let along = along / distance.max(f64::MIN_POSITIVE);
                    alike - 2.0 * n.dot(along) * m.dot(along)
                } else {
                    0.0
                };
                (a.min(b), a.max(b), tie)
            })
        })
        .filter(|t| t.2.abs() > LEAST_TIE)
        .collect();
    ties.sort_unstable_by(|s, t| t.2.abs().total_cmp(&s.2.abs()).then((s.0, s.1).cmp(&(t.0, t.1))));
    ties
}

/// Sets of points whose normals are tied, each with whether it is turned against its set's first.
struct Trees {
    parent: Vec<(usize, bool)>,
}

impl Trees {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).map(|i| (i, false)).collect() }
    }

    fn root(&mut self, point: usize) -> (usize, bool) {
        let (mut at, mut turned) = (point, false);
        while self.parent[at].0 != at {
            // Halving the path keeps later ones short.
            let (up, flip) = self.parent[at];
            let (top, next) = self.parent[up];
            self.parent[at] = (top, if up == top { flip } else { flip != next });
            turned ^= self.parent[at].1;
            at = self.parent[at].0;
        }
        (at, turned)
    }

    fn join(&mut self, a: usize, b: usize, turned: bool) {
        let ((a, of_a), (b, of_b)) = (self.root(a), self.root(b));
        if a != b {
            self.parent[b] = (a, turned ^ of_a ^ of_b);
        }
    }
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
        outward(&points, &mut normals, &NearestPoints::new(&points), [0.1, 0.0]);
        let right = normals.iter().zip(&truth).filter(|(n, t)| n.dot(**t) > 0.9).count();
        assert!(right as f64 > 0.97 * points.len() as f64, "{right} of {}", points.len());
    }
}
