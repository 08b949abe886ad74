//! Bodies of revolution: an axis that most sections share, and the half section through it.

use glam::{DVec2, DVec3};

use super::Draft;
use crate::part::{Feature, FeatureKind, Outline, Region, SketchPlane, Sweep};
use crate::profile::{fit_circle, fit_outline};
use crate::progress::Deadline;
use crate::section::{Area, signed_area};
use crate::understand::Target;

/// An axis of revolution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// A point on it.
    pub point: DVec3,
    /// Unit direction.
    pub direction: DVec3,
    /// A radial direction in which facets have a corner, so that half sections have the true radii.
    pub radial: DVec3,
}

/// The part of the sections that has to be round about one axis.
const ROUND_SHARE: f64 = 0.6;

/// Axes about which most sections are round, at most one per dominant direction.
pub fn axes_of_revolution(target: &Target, deadline: &Deadline) -> Vec<Axis> {
    const SECTIONS: usize = 15;
    let mut axes = Vec::new();
    for direction in target.directions.iter().take(6) {
        if deadline.reached() {
            break;
        }
        let plane = SketchPlane::through(DVec3::ZERO, direction.axis);
        let slicer = target.slicer_in(plane);
        let heights = target.mesh.positions.iter().map(|p| p.dot(direction.axis));
        let (low, high) = heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let (mut round, mut total) = (Vec::new(), 0.0);
        for i in 0..SECTIONS {
            if deadline.reached() {
                return axes;
            }
            let area = slicer.section(low + (high - low) * (i as f64 + 0.5) / SECTIONS as f64);
            let largest = area.shapes.iter().map(|s| &s.outer).max_by(|a, b| signed_area(a).total_cmp(&signed_area(b)));
            let Some(outer) = largest else { continue };
            let length = signed_area(outer).abs().sqrt();
            total += length;
            if outer.len() >= 12
                && let Some(circle) = fit_circle(outer)
                && circle.rms(outer) < 0.01 * circle.radius + target.tolerances.vertex
                && (circle.steps(outer).1.abs() - std::f64::consts::TAU).abs() < 1e-6
            {
                round.push((circle.center, length, outer[0] - circle.center));
            }
        }
        let near = 0.004 * target.size + target.tolerances.vertex;
        let supporters = |c: DVec2| round.iter().filter(move |r| r.0.distance(c) <= near);
        let best = round.iter().max_by(|a, b| {
            let weight = |c: DVec2| supporters(c).map(|s| s.1).sum::<f64>();
            weight(a.0).total_cmp(&weight(b.0))
        });
        let Some(best) = best else { continue };
        let weight: f64 = supporters(best.0).map(|s| s.1).sum();
        if weight < ROUND_SHARE * total {
            continue;
        }
        let center = supporters(best.0).map(|s| s.0 * s.1).sum::<DVec2>() / weight;
        let radial = best.2.normalize_or(DVec2::X);
        axes.push(Axis {
            point: plane.world(center, 0.0),
            direction: direction.axis,
            radial: plane.x * radial.x + plane.y() * radial.y,
        });
    }
    axes
}

/// What the half sections at several angles are put together to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfSection {
    /// Everything that is inside at some angle; what is too much is to be cut from other directions.
    Hull,
    /// What is inside at every angle.
    Core,
    /// What is inside at most angles: the mean of the facets of a thin shell, whose hull and core are too thick and too
    /// thin by their sagitta.
    Median,
}

/// The drafts of the body that the half sections of the target about `axis` sweep.
pub fn revolved(target: &Target, axis: &Axis, half_section: HalfSection, deadline: &Deadline) -> Vec<Draft> {
    /// Nine sections give the median of medians.
    const ANGLES: usize = 9;
    /// Keeps the sections off the facets' corners, where the first one begins.
    const OFFSET: f64 = 0.37;
    let across = axis.direction.cross(axis.radial);
    let reach = 4.0 * target.size;
    let middle = axis.point.dot(axis.direction);
    let half = Area::enclosed(
        &[[(0.0, -reach), (reach, -reach), (reach, reach), (0.0, reach)]
            .map(|(x, y)| DVec2::new(x, y - middle))
            .to_vec()],
        true,
    );
    let mut sections: Vec<Area> = Vec::new();
    let (count, offset) = match half_section {
        HalfSection::Median => (ANGLES, OFFSET),
        HalfSection::Hull | HalfSection::Core => (6, 0.0),
    };
    for i in 0..count {
        if deadline.reached() {
            break;
        }
        let (sine, cosine) = (std::f64::consts::TAU * (i as f64 + offset) / count as f64).sin_cos();
        let x = (axis.radial * cosine + across * sine).normalize();
        // y of the plane is normal x x; it has to run along the axis.
        let plane = SketchPlane { origin: axis.point, x, normal: x.cross(axis.direction) };
        sections.push(target.slicer_in(plane).section(0.0).intersection(&half));
    }
    let profile = match half_section {
        HalfSection::Hull => sections.into_iter().reduce(|a, b| a.union(&b)),
        HalfSection::Core => sections.into_iter().reduce(|a, b| a.intersection(&b)),
        HalfSection::Median => {
            // Neighbours are far apart in each triple.
            let third = |i: usize| Some(median([sections.get(i)?, sections.get(i + 3)?, sections.get(i + 6)?]));
            third(0).zip(third(1)).zip(third(2)).map(|((a, b), c)| median([&a, &b, &c]))
        }
    };
    let Some(profile) = profile else { return Vec::new() };
    // Facets between the angles' corners leave slivers as wide as their sagitta.
    let profile = profile.without_slivers(target.tolerances.sliver.max(2e-3 * target.size));
    let x = SketchPlane::through(DVec3::ZERO, axis.direction).x;
    let plane = SketchPlane { origin: axis.point, x, normal: x.cross(axis.direction) };
    let fit = |polygon: &Vec<DVec2>| {
        let tolerance = target.tolerances.profile;
        fit_outline(polygon, tolerance).map(|outline| on_one_side(&outline, tolerance.vertex * 4.0))
    };
    profile
        .shapes
        .iter()
        .filter_map(|shape| {
            let holes: Vec<(Outline, Vec<DVec2>)> =
                shape.holes.iter().filter_map(|h| fit(h).map(|outline| (outline, h.clone()))).collect();
            let mut polygons = vec![shape.outer.clone()];
            polygons.extend(holes.iter().map(|h| h.1.clone()));
            let region = Region { outer: fit(&shape.outer)?, holes: holes.into_iter().map(|h| h.0).collect() };
            let feature = Feature { kind: FeatureKind::Add, plane, regions: vec![region], sweep: Sweep::Revolve };
            Some(Draft { feature, polygons: vec![polygons], sure: false })
        })
        .collect()
}

/// What at least two of three areas cover.
fn median([a, b, c]: [&Area; 3]) -> Area {
    a.intersection(b).union(&b.intersection(c)).union(&a.intersection(c))
}

/// The outline with points on or barely across the axis put onto it.
pub(super) fn on_one_side(outline: &Outline, tolerance: f64) -> Outline {
    outline.map(1.0, |p| DVec2::new(if p.x < tolerance { 0.0 } else { p.x }, p.y))
}
