//! Proposals for a point cloud from the planes and cylinders found in it.
//!
//! Along each direction the cloud becomes blocks ([`crate::complex`]), these a stack of slabs like any other section, and
//! cylinders that run across become cuts and bosses of their own.

use glam::{DVec2, DVec3};

use super::crossed::cuts_by;
use super::exact::exact_views;
use super::slab::slabs;
use super::stack::{Changing, stack};
use super::{Draft, Origin, Proposal, ProposeConfig, grouped};
use crate::complex::{Blocks, Curve, Evidence, Layers};
use crate::part::{Feature, FeatureKind, Outline, Part, Region, SketchPlane, Sweep};
use crate::primitive::{Cylinder, Primitives, detect};
use crate::profile::Circle;
use crate::progress::{Deadline, Progress};
use crate::refine::{Precision, rounded};
use crate::section::Area;
use crate::understand::{CloudTarget, Tolerances};

/// Most lines, circles and levels used, largest support first.
const MOST_LINES: usize = 28;
const MOST_CIRCLES: usize = 24;
const MOST_LEVELS: usize = 14;

/// Proposals by blocks, one along each direction. Their `estimate` is zero: a cloud has no volume to compare with.
pub fn propose_from_primitives(
    target: &CloudTarget,
    config: &ProposeConfig,
    progress: &dyn Progress,
    deadline: &Deadline,
) -> Vec<Proposal> {
    progress.report("surfaces", 0.0);
    let found = detect(target, deadline);
    let evidence = Evidence::new(target);
    let precision = config.precision.unwrap_or_else(|| Precision::within(0.1 * target.tolerance()));
    let mut views = Vec::new();
    for (i, &axis) in found.axes.iter().enumerate() {
        progress.report("blocks", i as f64 / found.axes.len() as f64);
        views.extend(View::new(target, &found, &evidence, axis, deadline));
    }
    let exact = target.facets.as_ref().map(|f| exact_views(target, f, deadline));
    let precise = config.precision.unwrap_or_else(|| Precision::within(EXACT_GRID * target.size));
    let mut models: Vec<(Origin, Vec<Draft>, Precision)> = Vec::new();
    let blocks = |view: &View| Origin::Blocks { direction: target.scan_from_part * view.plane.normal };
    if let Some(exact) = &exact {
        for view in &exact.views {
            let model = view.model(target, &exact.views, deadline);
            let mut all = model.clone();
            for other in exact.views.iter().filter(|o| across(o, view)) {
                let cuts = cuts_by(other, &model, target.size, deadline);
                if !cuts.is_empty() {
                    models.push((blocks(view), model.iter().chain(&cuts).cloned().collect(), precise));
                    all.extend(cuts);
                }
            }
            models.push((blocks(view), all, precise));
            models.push((blocks(view), model, precise));
        }
        for (turning, body) in &exact.turned {
            let origin = Origin::Revolve { direction: target.scan_from_part * turning.direction() };
            let aside = |view: &View, circle: &Circle| !turning.is_about(&view.plane, circle.center);
            let holes = exact.views.iter().flat_map(|v| v.round_features(FeatureKind::Cut, target.size, &aside));
            let drilled: Vec<Draft> = std::iter::once(body.clone()).chain(holes).collect();
            if drilled.len() > 1 {
                models.push((origin, drilled, precise));
            }
            models.push((origin, vec![body.clone()], precise));
        }
    }
    for view in &views {
        if deadline.reached() {
            break;
        }
        models.push((blocks(view), view.model(target, &views, deadline), precision));
    }
    let mut proposals: Vec<Proposal> = Vec::new();
    for (origin, drafts, precision) in models {
        let features = grouped(drafts).into_iter().map(|d| d.feature).collect();
        let part = rounded(&Part { features }, precision);
        let new = Proposal::of(part, target.scan_from_part, precision, origin, 0.0);
        proposals.extend(new.filter(|new| proposals.iter().all(|p| p.source != new.source)));
    }
    proposals
}

/// The grid of numbers found in a cloud without noise, by its size.
const EXACT_GRID: f64 = 2e-6;

/// The cloud as blocks along one direction.
pub(super) struct View {
    pub(super) plane: SketchPlane,
    pub(super) circles: Vec<Circle>,
    pub(super) blocks: Box<dyn Layers>,
}

impl View {
    fn new(
        target: &CloudTarget,
        found: &Primitives,
        evidence: &Evidence<'_>,
        axis: DVec3,
        deadline: &Deadline,
    ) -> Option<Self> {
        let plane = SketchPlane::through(DVec3::ZERO, axis);
        let levels = levels(target, found, axis);
        let (lines, mut corners) = lines(target, found, plane);
        let circles = circles(target, found, plane);
        // A round wall reaches a little farther than all but its outermost points.
        for c in &circles {
            let (low, high) = (c.center - c.radius, c.center + c.radius);
            let near = 0.03 * target.size;
            for a in 0..2 {
                if low[a] < corners[0][a] && low[a] > corners[0][a] - near {
                    corners[0][a] = low[a] - 1e-3 * target.size;
                }
                if high[a] > corners[1][a] && high[a] < corners[1][a] + near {
                    corners[1][a] = high[a] + 1e-3 * target.size;
                }
            }
        }
        let round = circles.iter().map(|c| Curve::Circle { center: c.center, radius: c.radius });
        let curves: Vec<Curve> = lines.into_iter().chain(round).collect();
        let blocks = Blocks::new(target, evidence, plane, &curves, &levels, &gaps(found, plane), corners, deadline)?;
        Some(Self { plane, circles, blocks: Box::new(blocks) })
    }

    /// The stack of these blocks, and what round walls along the other views' directions cut from it or add to it.
    fn model(&self, target: &CloudTarget, views: &[Self], deadline: &Deadline) -> Vec<Draft> {
        let sections = self.blocks.sections();
        let levels = self.blocks.levels();
        let section = |height: f64| -> Area {
            let layer = levels.partition_point(|l| *l <= height);
            layer.checked_sub(1).and_then(|l| sections.get(l)).cloned().unwrap_or_default()
        };
        let tolerances = Tolerances::exact(target.size);
        let layers = slabs(&section, levels, &tolerances, deadline);
        let (changing, add) = (Changing::Middle, FeatureKind::Add);
        let mut drafts = stack(&layers, &section, self.plane, changing, add, target.size, &tolerances, deadline);
        for kind in [FeatureKind::Add, FeatureKind::Cut] {
            for view in views.iter().filter(|v| across(v, self)) {
                drafts.extend(view.round_features(kind, target.size, &|_, _| true));
            }
        }
        drafts
    }

    /// The bosses (`Add`) or holes (`Cut`) along this view's direction: circles that the material ends at, over the layers in
    /// which it does; of the circles that are `wanted`.
    fn round_features(&self, kind: FeatureKind, size: f64, wanted: &dyn Fn(&Self, &Circle) -> bool) -> Vec<Draft> {
        let layers = self.blocks.levels().len().saturating_sub(1);
        let mut drafts = Vec::new();
        for circle in self.circles.iter().filter(|c| wanted(self, c)) {
            let is_wall = |layer: usize| {
                let share = |factor: f64| {
                    let around = (0..AROUND).map(|i| {
                        let turn = DVec2::from_angle(std::f64::consts::TAU * (i as f64 + 0.5) / AROUND as f64);
                        self.blocks.is_solid(layer, circle.center + turn * (circle.radius * factor))
                    });
                    around.filter(|s| *s).count() as f64 / AROUND as f64
                };
                let (within, about) = (share(0.93), share(1.07));
                match kind {
                    FeatureKind::Add => within > 0.7 && about < 0.3,
                    FeatureKind::Cut => within < 0.3 && about > 0.6,
                }
            };
            let mut layer = 0;
            while layer < layers {
                let from = layer;
                while layer < layers && is_wall(layer) {
                    layer += 1;
                }
                if layer > from {
                    let (from, to) = (self.blocks.levels()[from], self.blocks.levels()[layer]);
                    let outer = Outline::Circle { center: circle.center, radius: circle.radius };
                    let feature = Feature {
                        kind,
                        plane: self.plane.at(self.plane.normal * from),
                        regions: vec![Region { outer, holes: Vec::new() }],
                        sweep: Sweep::Extrude { depth: to - from },
                    };
                    drafts.push(Draft::of(feature, 1e-3 * size));
                }
                layer += 1;
            }
        }
        drafts
    }
}

fn across(one: &View, other: &View) -> bool {
    one.plane.normal.dot(other.plane.normal).abs() < 0.999
}

/// Places about a circle that are asked.
const AROUND: usize = 24;

/// Heights of the planes square to `axis`, of the ends of round walls along it, and of the cloud's ends, increasing.
fn levels(target: &CloudTarget, found: &Primitives, axis: DVec3) -> Vec<f64> {
    let tolerance = target.tolerance();
    let mut square: Vec<(usize, f64)> = found
        .planes
        .iter()
        .filter(|p| p.normal.dot(axis).abs() > 0.998)
        .map(|p| (p.inliers.len(), p.offset * p.normal.dot(axis).signum()))
        .collect();
    square.sort_by_key(|p| std::cmp::Reverse(p.0));
    let mut levels: Vec<f64> = Vec::new();
    for (_, height) in square.into_iter().take(MOST_LEVELS) {
        if levels.iter().all(|l| (l - height).abs() > tolerance) {
            levels.push(height);
        }
    }
    let along = found.cylinders.iter().filter(|c| c.plane.normal.dot(axis).abs() > 0.999);
    for end in along.flat_map(|c| c.spans.iter().flatten().map(|s| s * c.plane.normal.dot(axis).signum())) {
        if levels.iter().all(|l| (l - end).abs() > 4.0 * tolerance.max(target.spacing)) {
            levels.push(end);
        }
    }
    for end in ends(target, axis) {
        if levels.iter().all(|l| (l - end).abs() > 3.0 * tolerance) {
            levels.push(end);
        }
    }
    levels.sort_unstable_by(f64::total_cmp);
    levels
}

/// Lowest and highest point along `axis`, without the outermost.
fn ends(target: &CloudTarget, axis: DVec3) -> [f64; 2] {
    let mut heights: Vec<f64> = target.points.iter().map(|p| p.dot(axis)).collect();
    heights.sort_unstable_by(f64::total_cmp);
    let cut = heights.len() / 250;
    [heights[cut], heights[heights.len() - 1 - cut]]
}

/// The lines seen along the plane's normal, and the corners of the cloud's rectangle.
fn lines(target: &CloudTarget, found: &Primitives, plane: SketchPlane) -> (Vec<Curve>, [DVec2; 2]) {
    let tolerance = target.tolerance();
    let flat = |d: DVec3| DVec2::new(d.dot(plane.x), d.dot(plane.y()));
    let mut walls: Vec<(usize, DVec2, f64)> = found
        .planes
        .iter()
        .filter(|p| p.normal.dot(plane.normal).abs() < 0.06)
        .map(|p| (p.inliers.len(), flat(p.normal).normalize_or(DVec2::X), p.offset))
        .collect();
    walls.sort_by_key(|w| std::cmp::Reverse(w.0));
    let mut lines: Vec<(DVec2, f64)> = Vec::new();
    for (_, normal, offset) in walls {
        let same = |&(n, o): &(DVec2, f64)| {
            n.dot(normal).abs() > 0.999 && (o * n.dot(normal).signum() - offset).abs() <= tolerance
        };
        if lines.len() < MOST_LINES && !lines.iter().any(same) {
            lines.push((normal, offset));
        }
    }
    let [left, right] = ends(target, plane.x);
    let [bottom, top] = ends(target, plane.y());
    // The rectangle's edges are walls where there are some near.
    let edge = |axis: DVec2, end: f64| {
        let near = lines.iter().filter(|(n, _)| n.dot(axis).abs() > 0.999).map(|(n, o)| o * n.dot(axis).signum());
        near.filter(|o| (o - end).abs() <= 3.0 * tolerance)
            .min_by(|a, b| (a - end).abs().total_cmp(&(b - end).abs()))
            .unwrap_or(end)
    };
    let low = DVec2::new(edge(DVec2::X, left), edge(DVec2::Y, bottom));
    let high = DVec2::new(edge(DVec2::X, right), edge(DVec2::Y, top));
    (lines.into_iter().map(|(normal, offset)| Curve::Line { normal, offset }).collect(), [low, high])
}

/// The circles seen along the plane's normal: round walls, and gaps that have no wall near by.
fn circles(target: &CloudTarget, found: &Primitives, plane: SketchPlane) -> Vec<Circle> {
    let mut round: Vec<&Cylinder> =
        found.cylinders.iter().filter(|c| c.plane.normal.dot(plane.normal).abs() > 0.999).collect();
    round.sort_by_key(|c| std::cmp::Reverse(c.inliers.len()));
    let seen = round.into_iter().map(|c| {
        let center = plane.local(c.plane.world(c.circle.center, 0.0)).truncate();
        Circle { center, radius: c.circle.radius }
    });
    let mut circles: Vec<Circle> = seen.collect();
    for (gap, _) in gaps(found, plane) {
        let slack = target.tolerance() + 1.5 * target.spacing;
        let known = |c: &Circle| c.center.distance(gap.center) < slack && (c.radius - gap.radius).abs() < slack;
        if !circles.iter().any(known) {
            circles.push(gap);
        }
    }
    circles.truncate(MOST_CIRCLES);
    circles
}

/// The gaps in planes square to the plane's normal, and their heights.
fn gaps(found: &Primitives, plane: SketchPlane) -> Vec<(Circle, f64)> {
    let along = found.gaps.iter().filter(|g| g.plane.normal.dot(plane.normal).abs() > 0.999);
    along
        .map(|g| {
            let at = plane.local(g.plane.world(g.circle.center, g.height));
            (Circle { center: at.truncate(), radius: g.circle.radius }, at.z)
        })
        .collect()
}
