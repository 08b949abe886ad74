//! Bodies of revolution in a cloud without noise.
//!
//! Turned into one half plane, the points of such a body lie on its half section's curves. Those of round walls and of flat
//! faces are known; lines and circles through the others are cones, spheres and tori. The cells between all of them are
//! labelled by counting points, as blocks are (see [`crate::complex::CountedBlocks`]).

use glam::{DVec2, DVec3};
use partwright_geometry::nearest::NearestPoints;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rustc_hash::FxHashMap;

use super::Draft;
use super::revolve::on_one_side;
use crate::complex::{Curve, Partition, SignedGraph, evidence};
use crate::part::{Feature, FeatureKind, Region, SketchPlane, Sweep, circle_through};
use crate::primitive::RoundWall;
use crate::profile::{ProfileTolerance, fit_circle, fit_outline};
use crate::progress::Deadline;
use crate::section::Area;
use crate::understand::{CloudTarget, Facets};

/// The share of the points that walls about one axis have to hold for it to be tried.
const LEAST_SHARE: f64 = 0.04;
/// Most cones and tori, the tries for each, and the least share of the points of one.
const MOST_CURVES: usize = 14;
const TRIES: usize = 300;
const LEAST_CURVE: f64 = 0.004;
/// How far points may lie from the curve they belong to, by the size: a tessellation's sagitta.
const CLOSE: f64 = 2e-3;

/// An axis that round walls share, as a plane square to it with the axis' place in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turning {
    plane: SketchPlane,
    pub(super) center: DVec2,
    near: f64,
}

impl Turning {
    /// The axis along the plane's normal about which most points of round walls lie; `None` where these are few.
    pub(super) fn of(target: &CloudTarget, plane: SketchPlane, rounds: &[RoundWall]) -> Option<Self> {
        let near = 2e-3 * target.size;
        let held = |center: DVec2| {
            let own = rounds.iter().filter(|r| r.circle.center.distance(center) <= near);
            own.map(|r| r.inliers.len() as f64 * r.turn_rad).sum::<f64>()
        };
        let best = rounds.iter().max_by(|a, b| held(a.circle.center).total_cmp(&held(b.circle.center)))?;
        let center = best.circle.center;
        let enough = LEAST_SHARE * target.points.len() as f64 * std::f64::consts::TAU;
        (held(center) >= enough).then_some(Self { plane, center, near })
    }

    /// Whether a circle seen along the axis lies about it.
    pub(super) fn is_about(&self, plane: &SketchPlane, center: DVec2) -> bool {
        plane.normal.dot(self.plane.normal).abs() > 0.999
            && self.plane.local(plane.world(center, 0.0)).truncate().distance(self.center) <= self.near
    }

    /// The direction of the axis.
    pub(super) fn direction(&self) -> DVec3 {
        self.plane.normal
    }

    /// The body that the half section sweeps; `None` where no half section is enclosed.
    pub(super) fn body(
        &self,
        target: &CloudTarget,
        facets: &Facets,
        rounds: &[RoundWall],
        deadline: &Deadline,
    ) -> Option<Draft> {
        let half = |p: DVec3| {
            let local = self.plane.local(p);
            DVec2::new(local.truncate().distance(self.center), local.z)
        };
        let places: Vec<DVec2> = target.points.iter().map(|&p| half(p)).collect();
        let mut curves = vec![Curve::Line { normal: DVec2::X, offset: 0.0 }];
        let mut of_point: Vec<Option<usize>> = vec![None; places.len()];
        for facet in facets.planes.iter().filter(|f| f.normal.dot(self.plane.normal).abs() > 1.0 - 1e-9).take(60) {
            for &i in &facet.inliers {
                of_point[i as usize] = Some(curves.len());
            }
            let offset = facet.offset * facet.normal.dot(self.plane.normal).signum();
            curves.push(Curve::Line { normal: DVec2::Y, offset });
        }
        for round in rounds.iter().filter(|r| r.circle.center.distance(self.center) <= self.near) {
            for &i in &round.inliers {
                of_point[i as usize] = Some(curves.len());
            }
            curves.push(Curve::Line { normal: DVec2::X, offset: round.circle.radius });
        }
        let mut random = ChaCha8Rng::seed_from_u64(13);
        let least = ((LEAST_CURVE * places.len() as f64) as usize).max(20);
        for _ in 0..MOST_CURVES {
            if deadline.reached() {
                return None;
            }
            let free: Vec<usize> = (0..places.len()).filter(|&i| of_point[i].is_none()).collect();
            let Some((curve, own)) = next_curve(&places, &free, target, &mut random).filter(|f| f.1.len() >= least)
            else {
                break;
            };
            for i in own {
                of_point[i] = Some(curves.len());
            }
            curves.push(curve);
        }
        let margin = 0.02 * target.size;
        let low = places.iter().copied().fold(DVec2::INFINITY, DVec2::min).with_x(0.0) - margin;
        let high = places.iter().copied().fold(DVec2::NEG_INFINITY, DVec2::max) + margin;
        let partition = Partition::new(&curves, low, high);
        let mut counts: FxHashMap<(usize, usize, usize), f64> = FxHashMap::default();
        for (p, curve) in places.iter().zip(&of_point) {
            if let Some(curve) = *curve
                && let Some((behind, ahead)) = partition.about(curve, curves[curve].foot(*p))
            {
                *counts.entry((curve, behind, ahead)).or_default() += 1.0;
            }
        }
        let node = |cell: usize| if partition.outer[cell] { 0 } else { cell + 1 };
        let mut graph = SignedGraph::new(partition.measures.len() + 1);
        // Nothing is seen of the axis itself, which is the first curve.
        for piece in partition.pieces.iter().filter(|p| p.curve > 0 && p.at.x > 0.0) {
            let count = counts.get(&(piece.curve, piece.behind, piece.ahead)).copied().unwrap_or(0.0);
            let expected = facets.density * std::f64::consts::TAU * piece.at.x * piece.length;
            graph.add(node(piece.behind), node(piece.ahead), evidence(count, expected));
        }
        let labels = graph.solve();
        let chosen: Vec<usize> =
            (0..partition.measures.len()).filter(|&c| labels[node(c)] && partition.measures[c] > 0.0).collect();
        let fine = 1e-6 * target.size;
        self.draft(&partition.area_of(&chosen).without_slivers(20.0 * fine), fine)
    }

    fn draft(&self, area: &Area, fine: f64) -> Option<Draft> {
        let tolerance = ProfileTolerance { vertex: fine, loosest: 10.0 * fine };
        let mut regions = Vec::new();
        let mut polygons = Vec::new();
        for shape in &area.shapes {
            let fit = |p: &[DVec2]| fit_outline(p, tolerance).map(|o| on_one_side(&o, 20.0 * fine));
            let Some(outer) = fit(&shape.outer) else { continue };
            let holes = shape.holes.iter().filter_map(|h| fit(h)).collect();
            polygons.push(std::iter::once(&shape.outer).chain(&shape.holes).cloned().collect());
            regions.push(Region { outer, holes });
        }
        let x = self.plane.x;
        let plane = SketchPlane { origin: self.plane.world(self.center, 0.0), x, normal: x.cross(self.plane.normal) };
        let feature = Feature { kind: FeatureKind::Add, plane, regions, sweep: Sweep::Revolve };
        (!polygons.is_empty()).then_some(Draft { feature, polygons, sure: false })
    }
}

/// The line or circle that most free points of one stretch lie on, and these points.
fn next_curve(
    places: &[DVec2],
    free: &[usize],
    target: &CloudTarget,
    random: &mut ChaCha8Rng,
) -> Option<(Curve, Vec<usize>)> {
    const AMONG: [usize; 3] = [30, 90, 270];
    if free.len() < AMONG[0] {
        return None;
    }
    let close = CLOSE * target.size;
    let flat: Vec<DVec3> = free.iter().map(|&i| places[i].extend(0.0)).collect();
    let tree = NearestPoints::new(&flat);
    let on = |curve: &Curve, from: DVec2| -> Vec<usize> {
        let own: Vec<usize> = free.iter().copied().filter(|&i| curve.distance(places[i]).abs() <= close).collect();
        stretch(places, own, curve, from, 6.0 * close)
    };
    let mut best: Option<(f64, Curve, DVec2)> = None;
    for i in 0..TRIES {
        let first = random.random_range(0..flat.len());
        let near = tree.nearest_n(flat[first], AMONG[i % AMONG.len()].min(flat.len()));
        let mut pick = || flat[near[random.random_range(0..near.len())].0].truncate();
        let (a, b, c) = (flat[first].truncate(), pick(), pick());
        if a.distance(b) < 3.0 * close || a.distance(c) < 3.0 * close || b.distance(c) < 3.0 * close {
            continue;
        }
        let normal = (b - a).perp().normalize_or_zero();
        let line = Curve::Line { normal, offset: normal.dot(a) };
        let circle = circle_through(a, b, c).filter(|c| c.1 < 2.0 * target.size && c.1 > 4.0 * close);
        let circle = circle.map(|(center, radius)| Curve::Circle { center, radius });
        // A circle has to explain more than the line that is simpler.
        for (curve, factor) in std::iter::once((line, 1.0)).chain(circle.map(|c| (c, 0.85))) {
            let worth = factor * on(&curve, a).len() as f64;
            if best.as_ref().is_none_or(|b| worth > b.0) {
                best = Some((worth, curve, a));
            }
        }
    }
    let (_, curve, from) = best?;
    let own = on(&curve, from);
    let points: Vec<DVec2> = own.iter().map(|&i| places[i]).collect();
    let fitted = match curve {
        Curve::Line { .. } => line_through(&points),
        Curve::Circle { .. } => fit_circle(&points).map(|c| Curve::Circle { center: c.center, radius: c.radius }),
    };
    let better = fitted.map(|f| (f, on(&f, from))).filter(|f| f.1.len() * 10 >= own.len() * 9);
    Some(better.unwrap_or((curve, own)))
}

/// Of the points on a curve those that are joined to the one at `from` without a gap.
fn stretch(places: &[DVec2], own: Vec<usize>, curve: &Curve, from: DVec2, gap: f64) -> Vec<usize> {
    let along = |p: DVec2| match *curve {
        Curve::Line { normal, .. } => normal.perp().dot(p),
        Curve::Circle { center, radius } => (from - center).angle_to(p - center) * radius,
    };
    let mut order: Vec<(f64, usize)> = own.into_iter().map(|i| (along(places[i]), i)).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let start = order.partition_point(|o| o.0 < along(from)).min(order.len().saturating_sub(1));
    let (mut first, mut last) = (start, start);
    while first > 0 && order[first].0 - order[first - 1].0 <= gap {
        first -= 1;
    }
    while last + 1 < order.len() && order[last + 1].0 - order[last].0 <= gap {
        last += 1;
    }
    order.get(first..=last).unwrap_or_default().iter().map(|o| o.1).collect()
}

/// The line of least squares.
fn line_through(points: &[DVec2]) -> Option<Curve> {
    let mean = points.iter().sum::<DVec2>() / points.len().max(1) as f64;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in points {
        let d = *p - mean;
        (xx, xy, yy) = (xx + d.x * d.x, xy + d.x * d.y, yy + d.y * d.y);
    }
    let normal = DVec2::from_angle(0.5 * (2.0 * xy).atan2(xx - yy)).perp();
    (points.len() > 1).then(|| Curve::Line { normal, offset: normal.dot(mean) })
}
