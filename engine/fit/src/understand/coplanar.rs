//! Exactly coplanar points of a cloud without noise.
//!
//! Where points were taken from a model, not measured, six neighbours in one plane are no chance: planes are then known to
//! the last digits, however small a share of the points they hold, and with them the normals and the sampling density. Thin
//! sheets, whose two sides lie closer to each other than the points do, come apart.

use glam::{DMat3, DVec3};
use partwright_geometry::cloud::Scatter;
use partwright_geometry::nearest::NearestPoints;
use rand::{RngExt as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

/// A plane that holds points exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    /// Unit normal of unknown side.
    pub normal: DVec3,
    /// Height of the plane along its normal.
    pub offset: f64,
    /// Indices of its points.
    pub inliers: Vec<u32>,
}

/// The planes of a cloud without noise.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// The planes, in the order of their points' number.
    pub planes: Vec<Facet>,
    /// For each point its plane, if it lies in one.
    pub of_point: Vec<Option<u32>>,
    /// Points on a unit of surface.
    pub density: f64,
    /// How far a point may lie from its plane.
    pub slack: f64,
}

/// Points lie in a plane within this share of the size: what single precision leaves, several times over.
const SLACK: f64 = 1e-6;
/// Neighbours that a plane is looked for among, pairs of them tried, and points that have to lie in it, its three own
/// included. Three others within a millionth of the size are no chance; one often is.
const NEIGHBOURS: usize = 26;
const TRIES: usize = 70;
const LEAST: usize = 6;
/// Points looked at before a cloud counts as noisy, and the share of them that have to lie in a plane.
const PROBES: usize = 400;
const LEAST_SHARE: f64 = 0.03;
/// Directions whose planes are looked for among what is left, and the least number of points of such a plane.
const DIRECTIONS: usize = 14;
const LEAST_ALONG: usize = 5;

/// The planes that points lie in exactly; `None` where they do not, as in anything measured.
pub(super) fn facets(points: &[DVec3], size: f64) -> Option<Facets> {
    let slack = SLACK * size;
    let mut free = vec![true; points.len()];
    let mut planes: Vec<Facet> = Vec::new();
    let mut random = ChaCha8Rng::seed_from_u64(11);
    for round in 0..3 {
        let left: Vec<usize> = (0..points.len()).filter(|&i| free[i]).collect();
        if left.len() < LEAST {
            break;
        }
        let places: Vec<DVec3> = left.iter().map(|&i| points[i]).collect();
        let tree = NearestPoints::new(&places);
        let mut order: Vec<usize> = (0..left.len()).collect();
        order.shuffle(&mut random);
        let before = planes.len();
        for (tried, seed) in order.into_iter().enumerate() {
            if round == 0 && tried == PROBES {
                let held = free.iter().filter(|f| !**f).count();
                if (held as f64) < LEAST_SHARE * points.len() as f64 {
                    return None;
                }
            }
            if !free[left[seed]] {
                continue;
            }
            let near: Vec<DVec3> = tree
                .nearest_n(places[seed], NEIGHBOURS + 1)
                .into_iter()
                .filter(|n| n.0 != seed && free[left[n.0]])
                .map(|n| places[n.0])
                .collect();
            let Some(start) = plane_among(places[seed], &near, slack, &mut random) else { continue };
            if let Some(plane) = grown(start, places[seed], points, &free, slack, size) {
                for &i in &plane.inliers {
                    free[i as usize] = false;
                }
                planes.push(plane);
            }
        }
        planes.extend(along_known(points, &planes, &mut free, slack));
        if planes.len() == before {
            break;
        }
    }
    let held = free.iter().filter(|f| !**f).count();
    if (held as f64) < LEAST_SHARE * points.len() as f64 {
        return None;
    }
    let facets = listed(planes, points, slack);
    facets.are_faces(points).then_some(facets)
}

/// The planes, largest first, with what follows from them.
fn listed(mut planes: Vec<Facet>, points: &[DVec3], slack: f64) -> Facets {
    planes.sort_by(|a, b| b.inliers.len().cmp(&a.inliers.len()).then(a.inliers.cmp(&b.inliers)));
    let mut of_point = vec![None; points.len()];
    for (k, plane) in planes.iter().enumerate() {
        for &i in &plane.inliers {
            of_point[i as usize] = Some(k as u32);
        }
    }
    Facets { density: density(points, &planes), planes, of_point, slack }
}

/// The plane through `p` and two neighbours that holds most of them; `None` where too few lie in it.
fn plane_among(p: DVec3, near: &[DVec3], slack: f64, random: &mut ChaCha8Rng) -> Option<(DVec3, Vec<DVec3>)> {
    if near.len() + 1 < LEAST {
        return None;
    }
    let mut best: Option<(usize, DVec3)> = None;
    for _ in 0..TRIES {
        let (i, j) = (random.random_range(0..near.len()), random.random_range(0..near.len()));
        let (a, b) = (near[i] - p, near[j] - p);
        let across = a.cross(b);
        let long = a.length() * b.length();
        if across.length() <= 0.15 * long {
            continue;
        }
        let normal = across.normalize();
        let count = near.iter().filter(|q| normal.dot(**q - p).abs() <= slack).count();
        if best.is_none_or(|b| count > b.0) {
            best = Some((count, normal));
        }
        if count * 3 > near.len() * 2 {
            break;
        }
    }
    let (count, normal) = best?;
    let own = near.iter().copied().filter(|q| normal.dot(*q - p).abs() <= slack);
    (count + 1 >= LEAST).then(|| (normal, own.chain([p]).collect()))
}

/// The plane fitted to wider and wider surroundings, with all free points in it.
fn grown(
    (normal, start): (DVec3, Vec<DVec3>),
    middle: DVec3,
    points: &[DVec3],
    free: &[bool],
    slack: f64,
    size: f64,
) -> Option<Facet> {
    let mut reach = start.iter().map(|q| q.distance(middle)).fold(0.0, f64::max);
    let fitted = Scatter::of(start.iter().copied())?;
    let (mut normal, mut center) =
        (if fitted.directions[0].dot(normal).abs() > 0.99 { fitted.directions[0] } else { normal }, fitted.center);
    loop {
        reach *= 2.0;
        let square = reach * reach;
        let own = (0..points.len())
            .filter(|&i| free[i] && points[i].distance_squared(middle) <= square)
            .filter(|&i| normal.dot(points[i] - center).abs() <= slack)
            .map(|i| points[i]);
        let own: Vec<DVec3> = own.collect();
        if let Some(better) = Scatter::of(own.iter().copied()).filter(|_| own.len() >= LEAST - 1) {
            // A strip says little of how it leans across.
            if better.variances[1] > (20.0 * slack).powi(2) {
                (normal, center) = (better.directions[0], better.center);
            }
        }
        if reach > 2.0 * size {
            break;
        }
    }
    let inliers: Vec<u32> = (0..points.len())
        .filter(|&i| free[i] && normal.dot(points[i] - center).abs() <= slack)
        .map(|i| i as u32)
        .collect();
    (inliers.len() >= LEAST).then(|| Facet { normal, offset: normal.dot(center), inliers })
}

/// Planes among the free points that are square to directions known, of planes and of the edges two of them make: narrow
/// faces hold no neighbourhood, but all their points are at one height.
fn along_known(points: &[DVec3], planes: &[Facet], free: &mut [bool], slack: f64) -> Vec<Facet> {
    let known = directions(planes, DIRECTIONS);
    let mut sought = known.clone();
    for (i, a) in known.iter().enumerate() {
        for b in &known[i + 1..] {
            let across = a.cross(*b).normalize_or_zero();
            if across != DVec3::ZERO && sought.iter().all(|s| s.dot(across).abs() < 1.0 - 1e-9) {
                sought.push(across);
            }
        }
    }
    let mut found = Vec::new();
    for normal in sought {
        let mut heights: Vec<(f64, u32)> =
            (0..points.len()).filter(|&i| free[i]).map(|i| (points[i].dot(normal), i as u32)).collect();
        heights.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut start = 0;
        while start < heights.len() {
            let mut end = start;
            while end < heights.len() && heights[end].0 - heights[start].0 <= 2.0 * slack {
                end += 1;
            }
            if end - start >= LEAST_ALONG {
                let own = &heights[start..end];
                let offset = own.iter().map(|h| h.0).sum::<f64>() / own.len() as f64;
                let inliers: Vec<u32> = own.iter().map(|h| h.1).collect();
                for &i in &inliers {
                    free[i as usize] = false;
                }
                found.push(Facet { normal, offset, inliers });
                start = end;
            } else {
                start += 1;
            }
        }
    }
    found
}

/// Distinct directions of the planes, those with most points first.
fn directions(planes: &[Facet], most: usize) -> Vec<DVec3> {
    let mut found: Vec<(DVec3, usize)> = Vec::new();
    let mut order: Vec<&Facet> = planes.iter().collect();
    order.sort_by_key(|p| std::cmp::Reverse(p.inliers.len()));
    for plane in order {
        match found.iter_mut().find(|f| f.0.dot(plane.normal).abs() > 1.0 - 1e-9) {
            Some(own) => own.1 += plane.inliers.len(),
            None => found.push((plane.normal, plane.inliers.len())),
        }
    }
    found.sort_by_key(|f| std::cmp::Reverse(f.1));
    found.into_iter().take(most).map(|f| f.0).collect()
}

/// Points on a unit of surface: the median, over points of the larger planes, by how far their neighbours in it are.
fn density(points: &[DVec3], planes: &[Facet]) -> f64 {
    const ABOUT: usize = 12;
    let mut found = Vec::new();
    for plane in planes.iter().filter(|p| p.inliers.len() >= 4 * ABOUT).take(40) {
        let places: Vec<DVec3> = plane.inliers.iter().map(|&i| points[i as usize]).collect();
        let tree = NearestPoints::new(&places);
        for p in places.iter().step_by(places.len().div_ceil(200)) {
            let reach = tree.nearest_n(*p, ABOUT + 1).iter().map(|n| n.1).fold(0.0, f64::max);
            if reach > 0.0 {
                found.push(ABOUT as f64 / (std::f64::consts::PI * reach * reach));
            }
        }
    }
    found.sort_unstable_by(f64::total_cmp);
    // Neighbourhoods that reach over an edge look sparser than they are: a little above the median is the truth.
    found.get(found.len() * 6 / 10).copied().unwrap_or(0.0)
}

impl Facets {
    /// Whether the planes are faces of what was scanned, and not the raster of a scanner or of rounded coordinates: around
    /// most points the cloud runs along the point's plane, and no more than the two sides of a sheet lie side by side.
    fn are_faces(&self, points: &[DVec3]) -> bool {
        const PROBES: usize = 500;
        const AROUND: usize = 17;
        let held: Vec<usize> = (0..points.len()).filter(|&i| self.of_point[i].is_some()).collect();
        let tree = NearestPoints::new(points);
        let plane = |i: usize| self.of_point[i].map(|k| &self.planes[k as usize]);
        let (mut along, mut asked) = (0, 0);
        for &i in held.iter().step_by(held.len().div_ceil(PROBES).max(1)) {
            let near = tree.nearest_n(points[i], AROUND);
            let Some((own, scatter)) = plane(i).zip(Scatter::of(near.iter().map(|n| points[n.0]))) else { continue };
            asked += 1;
            let parallel = |n: &(usize, f64)| plane(n.0).filter(|p| p.normal.dot(own.normal).abs() > 0.999);
            let mut heights: Vec<f64> =
                near.iter().filter_map(parallel).map(|p| p.offset * p.normal.dot(own.normal).signum()).collect();
            heights.sort_unstable_by(f64::total_cmp);
            heights.dedup_by(|b, a| *b - *a <= 2.0 * self.slack);
            along += usize::from(heights.len() <= 2 && scatter.directions[0].dot(own.normal).abs() > 0.8);
        }
        2 * along > asked
    }

    /// The frame in which most points lie in planes square to the coordinate axes; the identity where that does nearly as
    /// well, and `None` without two directions square to each other.
    pub(super) fn frame(&self) -> Option<DMat3> {
        let known = directions(&self.planes, DIRECTIONS);
        let weight = |axis: DVec3| {
            let own = self.planes.iter().filter(|p| p.normal.dot(axis).abs() > 1.0 - 1e-9);
            own.map(|p| p.inliers.len()).sum::<usize>()
        };
        let upright = [DVec3::X, DVec3::Y, DVec3::Z].map(weight);
        let mut best: Option<(usize, [DVec3; 2])> = None;
        for (i, a) in known.iter().enumerate() {
            for b in known[i + 1..].iter().filter(|b| a.dot(**b).abs() < 1e-5) {
                let sum = weight(*a) + weight(*b) + weight(a.cross(*b).normalize_or_zero());
                if best.is_none_or(|b| sum > b.0) {
                    best = Some((sum, [*a, *b]));
                }
            }
        }
        let stands = upright.iter().sum::<usize>();
        match best {
            Some((sum, _)) if stands * 4 >= sum * 3 => Some(DMat3::IDENTITY),
            None if stands > 0 => Some(DMat3::IDENTITY),
            Some((_, [a, b])) => {
                let b = (b - a * b.dot(a)).normalize_or(a.any_orthonormal_vector());
                Some(super::directions::in_order([a, b, a.cross(b)]))
            }
            None => {
                let a = *known.first()?;
                let b = crate::part::SketchPlane::through(DVec3::ZERO, a).x;
                Some(super::directions::in_order([a, b, a.cross(b)]))
            }
        }
    }

    /// The planes after a rotation of space that has moved the points to `points`; those nearly square to a coordinate axis
    /// become so.
    #[must_use]
    pub(super) fn rotated(mut self, rotation: DMat3, points: &[DVec3]) -> Self {
        for plane in &mut self.planes {
            let turned = (rotation * plane.normal).normalize();
            let near = [DVec3::X, DVec3::Y, DVec3::Z].into_iter().find(|a| a.dot(turned).abs() > 1.0 - 1e-9);
            plane.normal = near.map_or(turned, |a| a * a.dot(turned).signum());
            let sum: f64 = plane.inliers.iter().map(|&i| plane.normal.dot(points[i as usize])).sum();
            plane.offset = sum / plane.inliers.len().max(1) as f64;
        }
        self
    }

    /// Directions that views are taken along: the coordinate axes that planes are square to first, then what other planes
    /// are square to or run along; at most `most`.
    pub fn axes(&self, most: usize) -> Vec<DVec3> {
        let total: usize = self.planes.iter().map(|p| p.inliers.len()).sum();
        let known = directions(&self.planes, DIRECTIONS);
        let mut candidates = vec![DVec3::Z, DVec3::X, DVec3::Y];
        for (i, a) in known.iter().enumerate() {
            candidates.push(*a);
            candidates.extend(known[i + 1..].iter().map(|b| a.cross(*b).normalize_or_zero()));
        }
        let mut taken: Vec<(DVec3, usize)> = Vec::new();
        for axis in candidates {
            if axis == DVec3::ZERO || taken.iter().any(|t| t.0.dot(axis).abs() > 1.0 - 1e-8) {
                continue;
            }
            let fits = |p: &&Facet| {
                let d = p.normal.dot(axis).abs();
                !(1e-5..=1.0 - 1e-9).contains(&d)
            };
            let held = self.planes.iter().filter(fits).map(|p| p.inliers.len()).sum();
            // Off the coordinate axes a direction has to be plainly one of the part's.
            if taken.len() < 3 || 5 * held > 2 * total {
                taken.push((axis, held));
            }
        }
        taken[..3].sort_by_key(|t| std::cmp::Reverse(t.1));
        taken[3..].sort_by_key(|t| std::cmp::Reverse(t.1));
        taken.into_iter().take(most).map(|t| t.0).collect()
    }

    /// Points that lie in no plane.
    pub(super) fn rest(&self) -> Vec<usize> {
        (0..self.of_point.len()).filter(|&i| self.of_point[i].is_none()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet of 10 x 7 x `thickness`, sampled evenly at random, and moved by `noise`.
    fn sheet(thickness: f64, count: usize, noise: f64, turned: DMat3) -> Vec<DVec3> {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let size = DVec3::new(10.0, 7.0, thickness);
        let areas = [size.x * size.y, size.x * size.z, size.y * size.z];
        let total: f64 = areas.iter().sum();
        (0..count)
            .map(|_| {
                let mut pick = random.random_range(0.0..total);
                let axis = (0..2)
                    .find(|&i| {
                        pick -= areas[i];
                        pick < 0.0
                    })
                    .unwrap_or(2);
                let mut p = size * DVec3::new(random.random(), random.random(), random.random());
                let across = [2, 1, 0][axis];
                p[across] = if random.random() { 0.0 } else { size[across] };
                let shake = DVec3::new(random.random(), random.random(), random.random()) - 0.5;
                turned * (p + noise * shake)
            })
            .collect()
    }

    fn check(thickness: f64, noise: f64, turned: DMat3, expected: Option<usize>) {
        let points = sheet(thickness, 6000, noise, turned);
        let found = facets(&points, 10.0);
        assert_eq!(found.as_ref().map(|f| f.planes.len()), expected, "{thickness} {noise}");
        if let Some(found) = found {
            assert!(found.of_point.iter().filter(|f| f.is_some()).count() > points.len() - 20);
            let frame = found.frame().expect("a sheet has directions");
            let upright = found.planes.iter().all(|p| (frame.transpose() * p.normal).abs().max_element() > 1.0 - 1e-9);
            assert!(upright);
            let truth = points.len() as f64 / (140.0 + 34.0 * thickness);
            assert!((found.density / truth - 1.0).abs() < 0.2, "{} {truth}", found.density);
        }
    }

    #[test]
    fn both_sides_and_the_rim_of_a_sheet_are_found_however_thin_it_is() {
        let turned = DMat3::from_axis_angle(DVec3::new(1.0, 2.0, -0.7).normalize(), 0.9);
        check(2.0, 0.0, DMat3::IDENTITY, Some(6));
        check(0.05, 0.0, DMat3::IDENTITY, Some(6));
        check(0.05, 0.0, turned, Some(6));
    }

    #[test]
    fn noise_leaves_no_planes() {
        check(2.0, 0.01, DMat3::IDENTITY, None);
    }

    #[test]
    fn rasters_are_no_planes() {
        let noisy = sheet(2.0, 6000, 0.02, DMat3::IDENTITY);
        let rounded: Vec<DVec3> = noisy.iter().map(|p| (*p * 200.0).round() / 200.0).collect();
        assert!(facets(&rounded, 10.0).is_none(), "coordinates rounded to a quarter of the noise");
        let raster = |i: usize| DVec3::new((i % 80) as f64, (i / 80) as f64, noisy[i].x * 0.05 + 20.0 * (i % 2) as f64);
        assert!(facets(&(0..4000).map(raster).collect::<Vec<_>>(), 80.0).is_none(), "columns of a depth camera");
    }
}
