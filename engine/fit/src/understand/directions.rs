//! The directions a part is built along.
//!
//! Three kinds of evidence: normals of flat faces, weighted by area; edges between the facets of curved walls, which run
//! along the wall's sweep; and, always, the coordinate axes.

use glam::{DMat3, DVec3};
use partwright_geometry::TriMesh;
use partwright_geometry::cloud::Scatter;
use partwright_geometry::nearest::NearestPoints;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// A direction (up to sign) and the share of the surface that speaks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Direction {
    /// Unit vector; its component of largest magnitude is positive.
    pub axis: DVec3,
    /// Share of the surface looking along it, plus half the share swept along it.
    pub weight: f64,
}

/// Directions closer than this to a coordinate axis are taken as that axis, on an exact mesh.
const AXIS_SNAP_RAD: f64 = 2e-4;

/// The dominant directions, heaviest first; at most `most`. `spread_rad` is the angle within which normals count as one
/// direction.
pub fn dominant_directions(mesh: &TriMesh, spread_rad: f64, most: usize) -> Vec<Direction> {
    let mut votes = Votes::new(spread_rad);
    let mut total = 0.0;
    let corners = |t: &[u32; 3]| t.map(|v| mesh.positions[v as usize]);
    let crosses: Vec<DVec3> = mesh
        .triangles
        .iter()
        .map(|t| {
            let [a, b, c] = corners(t);
            (b - a).cross(c - a) / 2.0
        })
        .collect();
    for cross in &crosses {
        let area = cross.length();
        total += area;
        votes.add(*cross, area);
    }
    // Smooth edges: both faces' areas, cut down to a strip along the edge, speak for the edge's direction.
    let mut edges: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for (i, t) in mesh.triangles.iter().enumerate() {
        for k in 0..3 {
            let (a, b) = (t[k], t[(k + 1) % 3]);
            let Some(&other) = edges.get(&(b, a)) else {
                edges.insert((a, b), i as u32);
                continue;
            };
            let (n, m) = (crosses[i], crosses[other as usize]);
            let angle = n.angle_between(m);
            if angle > 0.02 && angle < 0.75 {
                let along = mesh.positions[b as usize] - mesh.positions[a as usize];
                votes.add(along, 0.25 * (n.length() + m.length()));
            }
        }
    }
    for axis in [DVec3::X, DVec3::Y, DVec3::Z] {
        votes.add(axis, 1e-6 * total);
    }
    votes.heaviest(total.max(f64::MIN_POSITIVE), most)
}

/// The dominant directions of points with unit normals, heaviest first. Normals speak for themselves; two that lie within
/// `reach` of each other and differ speak for the direction square to both, along which a wall or an edge runs.
pub(super) fn directions_of_cloud(
    points: &[DVec3],
    normals: &[DVec3],
    tree: &NearestPoints,
    reach: f64,
    most: usize,
) -> Vec<Direction> {
    let mut votes = Votes::new(CLOUD_SPREAD_RAD);
    let crosses: Vec<DVec3> = points
        .par_iter()
        .zip(normals)
        .with_min_len(64)
        .step_by(4)
        .map(|(&p, n)| {
            // The farthest of the points within reach: the difference in angle is largest and the noise least.
            let other = tree.within(p, reach).last().map_or(0, |o| o.0);
            let cross = n.cross(normals[other]);
            if cross.length() > 0.3 && cross.length() < 0.95 { cross.normalize() } else { DVec3::ZERO }
        })
        .collect();
    for n in normals {
        votes.add(*n, 1.0);
    }
    for cross in crosses {
        votes.add(cross, 2.0);
    }
    for axis in [DVec3::X, DVec3::Y, DVec3::Z] {
        votes.add(axis, 1e-6 * normals.len() as f64);
    }
    votes.heaviest(normals.len().max(1) as f64, most)
}

/// The dominant directions of unit normals alone, heaviest first.
pub fn directions_of_normals(normals: &[DVec3], spread_rad: f64, most: usize) -> Vec<Direction> {
    let mut votes = Votes::new(spread_rad);
    for n in normals {
        votes.add(*n, 1.0);
    }
    votes.heaviest(normals.len().max(1) as f64, most)
}

/// The angle within which directions of a scan count as one.
const CLOUD_SPREAD_RAD: f64 = 0.06;
/// A frame turned by less than this (half a degree) is not turned: a part set down to be scanned stands that exactly.
const UPRIGHT_RAD: f64 = 0.009;

/// The frame turned to the planes that the points on its faces lie in; the identity where it is nearly that.
pub(super) fn settled(frame: DMat3, points: &[DVec3], normals: &[DVec3], noise: f64) -> DMat3 {
    let mut frame = frame;
    for round in 0..4 {
        // The first round is by normals alone: a window of heights misses much of a plane that is still aslant.
        let face = |axis: DVec3| {
            if round == 0 { mean_normal(axis, normals) } else { largest_face(axis, points, normals, noise) }
        };
        let mut axes = [frame.x_axis, frame.y_axis, frame.z_axis].map(|a| (a, face(a)));
        axes.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
        let [(_, (first, _)), (old, (second, _)), _] = axes;
        let second = (second - first * second.dot(first)).normalize_or(old);
        let found = [first, second, first.cross(second)];
        let closest = |axis: DVec3| {
            let best = found.into_iter().fold(first, |b, f| if f.dot(axis).abs() > b.dot(axis).abs() { f } else { b });
            best * best.dot(axis).signum()
        };
        let (x, z) = (closest(frame.x_axis), closest(frame.z_axis));
        if x.dot(z).abs() < 1e-6 {
            frame = DMat3::from_cols(x, z.cross(x), z);
        }
    }
    let axes = [frame.x_axis, frame.y_axis, frame.z_axis];
    let sure = axes.map(|a| largest_face(a, points, normals, noise).1);
    let best = (0..3).fold(2, |best, i| if sure[i] > sure[best] { i } else { best });
    // Nearly upright is upright.
    let coordinate = [DVec3::X, DVec3::Y, DVec3::Z].into_iter().find(|c| c.dot(axes[best]) > UPRIGHT_RAD.cos());
    let first = coordinate.unwrap_or(axes[best]);
    let second = axes[(best + 1) % 3];
    let second = (second - first * second.dot(first)).normalize_or(first.any_orthonormal_vector());
    let second = unless_round(first, second, normals);
    let frame = in_order([first, second, first.cross(second)]);
    if frame.abs_diff_eq(DMat3::IDENTITY, UPRIGHT_RAD) { DMat3::IDENTITY } else { frame }
}

/// A right-handed orthonormal frame along the dominant directions; the identity where those are the coordinate axes.
/// Its columns are the part's axes in the scan's coordinates.
pub fn part_frame(directions: &[Direction]) -> DMat3 {
    let Some(first) = directions.first().map(|d| d.axis) else { return DMat3::IDENTITY };
    // Where the coordinate axes themselves carry weight, they are the frame: facets of a round wall must not turn it.
    let along = |axes: [DVec3; 3]| -> f64 {
        let near = |d: &&Direction| axes.iter().any(|a| a.dot(d.axis).abs() > 0.9999);
        directions.iter().filter(near).map(|d| d.weight).sum()
    };
    let upright = along([DVec3::X, DVec3::Y, DVec3::Z]);
    let second = directions
        .iter()
        .skip(1)
        .filter(|d| d.weight > 0.01)
        .map(|d| d.axis)
        .find(|a| a.dot(first).abs() < 0.02)
        .unwrap_or_else(|| crate::part::SketchPlane::through(DVec3::ZERO, first).x);
    let second = (second - first * second.dot(first)).normalize_or(first.any_orthonormal_vector());
    let third = first.cross(second);
    let frame = in_order([first, second, third]);
    let turned = along([frame.x_axis, frame.y_axis, frame.z_axis]);
    if frame.abs_diff_eq(DMat3::IDENTITY, 2.0 * AXIS_SNAP_RAD) || turned < 1.5 * upright {
        DMat3::IDENTITY
    } else {
        frame
    }
}

/// A right-handed frame of three orthogonal directions, each standing for the coordinate axis it lies closest to.
pub(super) fn in_order(axes: [DVec3; 3]) -> DMat3 {
    let mut left = axes.to_vec();
    let mut take = |axis: DVec3| {
        let best =
            (0..left.len()).max_by(|&i, &j| left[i].dot(axis).abs().total_cmp(&left[j].dot(axis).abs())).unwrap_or(0);
        let found = left.remove(best);
        if found.dot(axis) < 0.0 { -found } else { found }
    };
    let z = take(DVec3::Z);
    let x = take(DVec3::X);
    DMat3::from_cols(x, z.cross(x), z)
}

/// The axis `second`, square to `first`, unless hardly more normals look along it than along the coordinate axes: which way a
/// round part is turned about its axis means nothing, and it then stands along those.
fn unless_round(first: DVec3, second: DVec3, normals: &[DVec3]) -> DVec3 {
    let plain = crate::part::SketchPlane::through(DVec3::ZERO, first).x;
    let support = |x: DVec3| {
        let y = first.cross(x);
        normals.iter().filter(|n| n.dot(x).abs() > 0.97 || n.dot(y).abs() > 0.97).count()
    };
    if 2 * support(second) < 3 * support(plain) && !stands_out(first, second, normals) { plain } else { second }
}

/// Whether clearly more normals look along `second`, square to `first`, or a quarter turn on, than a little beside it: the
/// sides of a slot in a round part are few, but all look the same way, while those of its wall are spread evenly.
fn stands_out(first: DVec3, second: DVec3, normals: &[DVec3]) -> bool {
    /// Within 5 degrees, and from 8 to 20 degrees on either side: normals of scans err by a few.
    const NEAR_RAD: f64 = 0.087;
    const BESIDE_RAD: [f64; 2] = [0.14, 0.35];
    const CONTRAST: f64 = 1.35;
    const LEAST: usize = 100;
    let third = first.cross(second);
    let (mut near, mut beside) = (0usize, 0usize);
    for n in normals.iter().filter(|n| n.dot(first).abs() < 0.3) {
        let (x, y) = (n.dot(second).abs(), n.dot(third).abs());
        let away_rad = x.min(y).atan2(x.max(y));
        near += usize::from(away_rad < NEAR_RAD);
        beside += usize::from(away_rad > BESIDE_RAD[0] && away_rad < BESIDE_RAD[1]);
    }
    let expected = beside as f64 * NEAR_RAD / (BESIDE_RAD[1] - BESIDE_RAD[0]);
    near >= LEAST && near as f64 > CONTRAST * expected
}

/// The mean of the normals along `axis`, and their number.
fn mean_normal(axis: DVec3, normals: &[DVec3]) -> (DVec3, f64) {
    let near = normals.iter().map(|n| (n, n.dot(axis))).filter(|(_, d)| d.abs() > 0.97);
    let (sum, count) = near.fold((DVec3::ZERO, 0.0), |(sum, count), (n, d)| (sum + *n * d.signum(), count + 1.0));
    (sum.normalize_or(axis), count)
}

/// The normal of the plane that fits the points of the largest face square to `axis`, and how surely it is known: by
/// the number and the spread of its points.
fn largest_face(axis: DVec3, points: &[DVec3], normals: &[DVec3], noise: f64) -> (DVec3, f64) {
    let mut heights: Vec<(f64, usize)> =
        (0..points.len()).filter(|&i| normals[i].dot(axis).abs() > 0.9).map(|i| (points[i].dot(axis), i)).collect();
    heights.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (mut best, mut end) = (0..0, 0);
    for start in 0..heights.len() {
        while end < heights.len() && heights[end].0 - heights[start].0 <= 6.0 * noise {
            end += 1;
        }
        if end - start > best.len() {
            best = start..end;
        }
    }
    let own = heights[best].iter().map(|h| points[h.1]);
    let count = own.clone().count() as f64;
    match Scatter::of(own) {
        // A narrow strip does not tell how it leans across.
        Some(s) if count >= 30.0 && s.variances[1] > 36.0 * s.variances[0] => {
            (s.directions[0] * s.directions[0].dot(axis).signum(), count * s.variances[1])
        }
        _ => (axis, 0.0),
    }
}

/// The frame of a scan: of all directions square to each other, those that together carry most weight.
pub(super) fn scan_frame(directions: &[Direction], normals: &[DVec3]) -> DMat3 {
    let square = |a: DVec3, b: DVec3| a.dot(b).abs() < 2.0 * CLOUD_SPREAD_RAD;
    let mut best: Option<(f64, [DVec3; 2])> = None;
    for (i, a) in directions.iter().enumerate() {
        for b in directions.iter().skip(i + 1).filter(|b| square(a.axis, b.axis)) {
            let third = directions.iter().filter(|c| square(a.axis, c.axis) && square(b.axis, c.axis));
            let weight = a.weight + b.weight + third.map(|c| c.weight).fold(0.0, f64::max);
            if best.is_none_or(|b| weight > b.0) {
                best = Some((weight, [a.axis, b.axis]));
            }
        }
    }
    let Some((most, [first, second])) = best else { return DMat3::IDENTITY };
    // A round part shows all directions about its axis: where the coordinate axes do nearly as well, they are the frame.
    let upright = directions.iter().filter(|d| d.axis.abs().max_element() > UPRIGHT_RAD.cos());
    if upright.map(|d| d.weight).sum::<f64>() > 0.75 * most {
        return DMat3::IDENTITY;
    }
    let second = (second - first * second.dot(first)).normalize_or(first.any_orthonormal_vector());
    let second = unless_round(first, second, normals);
    in_order([first, second, first.cross(second)])
}

struct Votes {
    spread_rad: f64,
    /// Weighted sums by rounded direction.
    bins: FxHashMap<[i32; 3], (DVec3, f64)>,
}

impl Votes {
    fn new(spread_rad: f64) -> Self {
        Self { spread_rad, bins: FxHashMap::default() }
    }

    fn add(&mut self, direction: DVec3, weight: f64) {
        let Some(mut d) = direction.try_normalize() else { return };
        if upside_down(d) {
            d = -d;
        }
        let key = (d / self.spread_rad).round().to_array().map(|v| v as i32);
        let bin = self.bins.entry(key).or_insert((DVec3::ZERO, 0.0));
        bin.0 += d * weight;
        bin.1 += weight;
    }

    fn heaviest(self, total: f64, most: usize) -> Vec<Direction> {
        let mut bins: Vec<([i32; 3], (DVec3, f64))> = self.bins.into_iter().collect();
        bins.sort_unstable_by(|a, b| b.1.1.total_cmp(&a.1.1).then(a.0.cmp(&b.0)));
        bins.truncate(4096);
        let mut found: Vec<(DVec3, f64)> = Vec::new();
        let reach = (2.0 * self.spread_rad).cos();
        for (_, (sum, weight)) in bins {
            let axis = sum.normalize_or_zero();
            match found.iter_mut().find(|(s, _)| s.normalize_or_zero().dot(axis).abs() > reach) {
                Some((s, w)) => {
                    // On an exact mesh the heaviest bin is the direction; neighbours only add to its weight.
                    if self.spread_rad > 0.01 {
                        *s += if s.dot(sum) < 0.0 { -sum } else { sum };
                    }
                    *w += weight;
                }
                None => found.push((sum, weight)),
            }
        }
        let mut directions: Vec<Direction> = found
            .into_iter()
            .map(|(sum, weight)| Direction { axis: canonical(sum.normalize_or_zero()), weight: weight / total })
            .collect();
        directions.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        directions.truncate(most);
        directions
    }
}

/// Whether the direction's first component that is not nearly zero is negative.
fn upside_down(d: DVec3) -> bool {
    for c in [d.z, d.y, d.x] {
        if c.abs() > 1e-6 {
            return c < 0.0;
        }
    }
    false
}

fn canonical(d: DVec3) -> DVec3 {
    let d = if d.max_element() >= -d.min_element() - 1e-9 { d } else { -d };
    for axis in [DVec3::X, DVec3::Y, DVec3::Z] {
        if d.dot(axis) > AXIS_SNAP_RAD.cos() {
            return axis;
        }
    }
    d
}
