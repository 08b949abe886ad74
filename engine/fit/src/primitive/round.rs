//! Round walls along a direction in a cloud without noise.
//!
//! Such points lie on the facets of a tessellated cylinder: on planes all equally far from the axis, or, where facets are
//! too narrow to be told, a little within the circle. Circles through three near points are judged by all that lie on them;
//! arcs of a fillet or a slot's end count as well as full turns.

use glam::{DMat3, DVec2, DVec3};
use partwright_geometry::nearest::NearestPoints;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::part::{SketchPlane, circle_through};
use crate::profile::{Circle, fit_circle};
use crate::progress::Deadline;
use crate::understand::{CloudTarget, Facets};

/// A round wall, whole or in part.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundWall {
    /// The circle it is seen as.
    pub circle: Circle,
    /// Indices of its points.
    pub inliers: Vec<u32>,
    /// Lowest and highest of them along the direction.
    pub span: [f64; 2],
    /// The part of a full turn that it goes round, in radians.
    pub turn_rad: f64,
}

/// Neighbours that circles are proposed among, and circles proposed for each number of them.
const AMONG: [usize; 5] = [10, 24, 60, 160, 420];
const TRIES: usize = 500;
/// How far points of a facet may lie within its circle and beyond it, by the radius: a twelve-sided tessellation's sagitta,
/// and what three points of facets leave unknown of the circle.
const WITHIN: f64 = 0.034;
const BEYOND: f64 = 0.012;
/// Facets' normals may differ from the radius by half the step of such a tessellation (16 degrees).
const RADIAL: f64 = 0.96;
/// Least points, and the least turn (50 degrees).
const LEAST: usize = 8;
const LEAST_TURN_RAD: f64 = 0.87;
/// Gaps in a turn and the widest facets (33 degrees).
const GAP_RAD: f64 = 0.35;
const WIDEST_RAD: f64 = 0.58;
/// Share of the points that a wall of its turn and span would hold.
const LEAST_DENSITY: f64 = 0.15;

struct Side {
    index: u32,
    at: DVec2,
    height: f64,
    /// Its facet and the facet's normal.
    facet: Option<(u32, DVec2)>,
}

/// Round walls along the plane's normal, those with most points first. No point belongs to two.
pub fn round_walls(target: &CloudTarget, facets: &Facets, plane: SketchPlane, deadline: &Deadline) -> Vec<RoundWall> {
    let mut sides = sides(target, facets, plane);
    let mut found = Vec::new();
    // A second look finds what the many points of larger walls hid.
    for _ in 0..2 {
        let before = found.len();
        if sides.len() < LEAST || deadline.reached() {
            break;
        }
        let mut proposed: Vec<(usize, Circle)> = proposals(&sides, target.size)
            .into_par_iter()
            .with_min_len(32)
            .filter_map(|c| {
                if deadline.reached() {
                    return None;
                }
                let on = explained(&sides, &c, target.size);
                (on.len() >= LEAST && turn(&sides, &on, &c).is_some()).then_some((on.len(), c))
            })
            .collect();
        proposed.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.radius.total_cmp(&b.1.radius)));
        let mut free = vec![true; sides.len()];
        for (count, circle) in proposed {
            let left: Vec<usize> = explained(&sides, &circle, target.size).into_iter().filter(|&k| free[k]).collect();
            if left.len() < LEAST || left.len() * 10 < count * 6 {
                continue;
            }
            let Some((wall, own)) = settled(target, facets, &sides, &free, circle, left) else { continue };
            for k in own {
                free[k] = false;
            }
            found.push(wall);
        }
        let mut keep = free.iter();
        sides.retain(|_| *keep.next().unwrap_or(&true));
        if found.len() == before {
            break;
        }
    }
    found.sort_by_key(|w: &RoundWall| std::cmp::Reverse(w.inliers.len()));
    found
}

/// The points that may lie on walls along the plane's normal.
fn sides(target: &CloudTarget, facets: &Facets, plane: SketchPlane) -> Vec<Side> {
    let flat = |d: DVec3| DVec2::new(d.dot(plane.x), d.dot(plane.y()));
    (0..target.points.len())
        .filter_map(|i| {
            let facet = match facets.of_point[i] {
                Some(f) => {
                    let n = facets.planes[f as usize].normal;
                    if n.dot(plane.normal).abs() > 1e-4 {
                        return None;
                    }
                    Some((f, flat(n).normalize_or(DVec2::X)))
                }
                // What lies in no plane is not asked for its normal: a rim narrower than the points are apart has none.
                None => None,
            };
            let local = plane.local(target.points[i]);
            Some(Side { index: i as u32, at: local.truncate(), height: local.z, facet })
        })
        .collect()
}

fn proposals(sides: &[Side], size: f64) -> Vec<Circle> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    // Heights count little: points above each other say nothing of the circle.
    let places: Vec<DVec3> = sides.iter().map(|s| s.at.extend(0.1 * s.height)).collect();
    let tree = NearestPoints::new(&places);
    let mut circles = Vec::new();
    for among in AMONG {
        if among > sides.len() {
            break;
        }
        for _ in 0..TRIES {
            let first = random.random_range(0..sides.len());
            let near = tree.nearest_n(places[first], among);
            let mut pick = || near[random.random_range(0..near.len())].0;
            let three = [first, pick(), pick()].map(|k| &sides[k]);
            let Some((center, radius)) = circle_through(three[0].at, three[1].at, three[2].at) else { continue };
            let radial = three.iter().all(|s| s.facet.is_none_or(|f| is_radial(f.1, s.at - center)));
            if radial && radius > 1e-3 * size && radius < 0.75 * size {
                circles.push(Circle { center, radius });
            }
        }
    }
    circles
}

fn is_radial(normal: DVec2, from_center: DVec2) -> bool {
    normal.dot(from_center).abs() >= RADIAL * from_center.length()
}

/// The sides on a circle.
fn explained(sides: &[Side], circle: &Circle, size: f64) -> Vec<usize> {
    let inner = circle.radius * (1.0 - WITHIN) - 1e-6 * size;
    let outer = circle.radius * (1.0 + BEYOND) + 1e-6 * size;
    let (inner, outer) = (inner * inner, outer * outer);
    (0..sides.len())
        .filter(|&k| {
            let d = sides[k].at - circle.center;
            let square = d.length_squared();
            square >= inner && square <= outer && sides[k].facet.is_none_or(|f| is_radial(f.1, d))
        })
        .collect()
}

/// How far the points go round without a gap; `None` where that is too little, or where few flat walls touch the circle
/// rather than making it up.
fn turn(sides: &[Side], on: &[usize], circle: &Circle) -> Option<f64> {
    use std::f64::consts::TAU;
    let mut angles: Vec<f64> = on.iter().map(|&k| (sides[k].at - circle.center).to_angle()).collect();
    angles.sort_unstable_by(f64::total_cmp);
    let first = *angles.first()?;
    angles.push(first + TAU);
    let mut gaps: Vec<f64> = angles.windows(2).map(|w| w[1] - w[0]).collect();
    gaps.sort_unstable_by(|a, b| b.total_cmp(a));
    let turn = if gaps[0] > 2.0 * GAP_RAD { TAU - gaps[0] } else { TAU };
    let widest = if turn < TAU { gaps.get(1).copied().unwrap_or(0.0) } else { gaps[0] };
    let by_chance = (5.0 * turn / on.len() as f64).min(0.8);
    if turn < LEAST_TURN_RAD || widest > by_chance.max(GAP_RAD) {
        return None;
    }
    let mut own: Vec<u32> = on.iter().filter_map(|&k| sides[k].facet.map(|f| f.0)).collect();
    if own.len() * 5 >= on.len() * 4 {
        own.sort_unstable();
        own.dedup();
        if own.len() < 3 || turn > WIDEST_RAD * own.len() as f64 {
            return None;
        }
    }
    Some(turn)
}

/// The wall that a circle leads to, and which sides are its own.
fn settled(
    target: &CloudTarget,
    facets: &Facets,
    sides: &[Side],
    free: &[bool],
    circle: Circle,
    on: Vec<usize>,
) -> Option<(RoundWall, Vec<usize>)> {
    let (mut circle, mut on) = (circle, on);
    for _ in 0..4 {
        let points: Vec<DVec2> = on.iter().map(|&k| sides[k].at).collect();
        let Some(better) = fit_circle(&points) else { break };
        let reached: Vec<usize> = explained(sides, &better, target.size).into_iter().filter(|&k| free[k]).collect();
        if reached.len() * 10 < on.len() * 9 {
            break;
        }
        (circle, on) = (better, reached);
    }
    let assigned = on.iter().filter(|&&k| sides[k].facet.is_some()).count();
    if assigned * 10 >= on.len() * 6 {
        if let Some((exact, own)) = about_facets(sides, &on, circle, target.size) {
            (circle, on) = (exact, own);
        }
    } else {
        // Points lie on chords: the circle is where the farthest are.
        let mut radii: Vec<f64> = on.iter().map(|&k| sides[k].at.distance(circle.center)).collect();
        radii.sort_unstable_by(f64::total_cmp);
        circle.radius = radii[(radii.len() - 1) * 97 / 100];
    }
    let turn_rad = turn(sides, &on, &circle)?;
    let mut heights: Vec<f64> = on.iter().map(|&k| sides[k].height).collect();
    heights.sort_unstable_by(f64::total_cmp);
    let span = [heights[0], *heights.last()?];
    let room = facets.density * turn_rad * circle.radius * (span[1] - span[0]);
    if on.len() < LEAST || (on.len() as f64) < LEAST_DENSITY * room {
        return None;
    }
    let inliers = on.iter().map(|&k| sides[k].index).collect();
    Some((RoundWall { circle, inliers, span, turn_rad }, on))
}

/// The circle about which the facets of most points are a regular tessellation, and these points. `None` where they are not.
fn about_facets(sides: &[Side], on: &[usize], circle: Circle, size: f64) -> Option<(Circle, Vec<usize>)> {
    // For each facet its normal away from the axis, its distance along it, and its points here.
    let list = |circle: &Circle, on: &[usize]| {
        let mut list: Vec<(u32, DVec2, f64, f64)> = Vec::new();
        for &k in on {
            let Some((f, normal)) = sides[k].facet else { continue };
            let outward = normal * normal.dot(sides[k].at - circle.center).signum();
            match list.iter_mut().find(|l| l.0 == f && l.1.dot(outward) > 0.0) {
                Some(own) => own.3 += 1.0,
                None => list.push((f, outward, outward.dot(sides[k].at), 1.0)),
            }
        }
        list
    };
    let mut circle = circle;
    let mut own = on.to_vec();
    for close in [2e-2, 4e-3, 1e-3, 4e-4] {
        let all = list(&circle, on);
        // The distance from the axis that most points share.
        let near = |l: &(u32, DVec2, f64, f64)| l.2 - l.1.dot(circle.center);
        let width = close * circle.radius;
        let best = all.iter().map(near).max_by(|a, b| {
            let held = |d: f64| all.iter().filter(|l| (near(l) - d).abs() <= width).map(|l| l.3).sum::<f64>();
            held(*a).total_cmp(&held(*b)).then(b.total_cmp(a))
        })?;
        let alike: Vec<(u32, DVec2, f64, f64)> =
            all.iter().filter(|l| (near(l) - best).abs() <= width).copied().collect();
        if alike.len() < 3 {
            return None;
        }
        // normal . center + distance = offset, by least squares.
        let (mut matrix, mut right) = (DMat3::ZERO, DVec3::ZERO);
        for (_, n, offset, weight) in &alike {
            let row = n.extend(1.0);
            matrix += DMat3::from_cols(row * row.x, row * row.y, row * row.z) * *weight;
            right += row * (*offset * weight);
        }
        if matrix.determinant().abs() < 1e-9 * matrix.col(2).z.powi(3) {
            return None;
        }
        let solved = matrix.inverse() * right;
        let center = solved.truncate();
        if !(0.8..1.2).contains(&(solved.z / circle.radius)) || center.distance(circle.center) > 0.2 * circle.radius {
            return None;
        }
        let mut angles: Vec<f64> = alike.iter().map(|l| l.1.to_angle()).collect();
        angles.sort_unstable_by(f64::total_cmp);
        let mut steps: Vec<f64> = angles.windows(2).map(|w| w[1] - w[0]).filter(|s| *s > 0.01).collect();
        steps.sort_unstable_by(f64::total_cmp);
        let step = steps.get(steps.len() / 2).copied().unwrap_or(0.0).min(WIDEST_RAD);
        circle = Circle { center, radius: solved.z / (0.5 * step).cos() };
        let ids: Vec<u32> = alike.iter().map(|l| l.0).collect();
        own = on
            .iter()
            .copied()
            .filter(|&k| {
                let d = sides[k].at.distance(center);
                sides[k]
                    .facet
                    .map_or(d >= solved.z - 1e-5 * size && d <= circle.radius + 1e-4 * size, |f| ids.contains(&f.0))
            })
            .collect();
    }
    Some((circle, own))
}
