//! A cloud without noise as blocks between the planes and round walls its points lie on exactly.

use glam::{DVec2, DVec3};

use super::Draft;
use super::cloud_turned::Turning;
use super::scanned::View;
use crate::complex::{CountedBlocks, Curve, MOST_CURVES, Seen};
use crate::part::SketchPlane;
use crate::primitive::{Plane, RoundWall, round_gaps, round_walls};
use crate::profile::Circle;
use crate::progress::Deadline;
use crate::understand::{CloudTarget, Facets};

/// Most directions looked along, and most circles, lines and levels used, those with most points first.
const MOST_AXES: usize = 5;
const MOST_CIRCLES: usize = 40;
const MOST_LINES: usize = 110;
const MOST_LEVELS: usize = 60;

/// The views of a cloud along the directions its planes and round walls run in, and bodies of revolution about those.
pub(super) struct ExactViews {
    pub(super) views: Vec<View>,
    pub(super) turned: Vec<(Turning, Draft)>,
}

/// Looks along each direction.
pub(super) fn exact_views(target: &CloudTarget, facets: &Facets, deadline: &Deadline) -> ExactViews {
    let mut found = ExactViews { views: Vec::new(), turned: Vec::new() };
    for axis in facets.axes(MOST_AXES) {
        if deadline.reached() {
            break;
        }
        let plane = SketchPlane::through(DVec3::ZERO, axis);
        let mut rounds = round_walls(target, facets, plane, deadline);
        rounds.truncate(MOST_CIRCLES);
        found.views.extend(view_along(target, facets, plane, &rounds, deadline));
        if let Some(turning) = Turning::of(target, plane, &rounds) {
            found.turned.extend(turning.body(target, facets, &rounds, deadline).map(|body| (turning, body)));
        }
    }
    found
}

fn view_along(
    target: &CloudTarget,
    facets: &Facets,
    plane: SketchPlane,
    rounds: &[RoundWall],
    deadline: &Deadline,
) -> Option<View> {
    let mut circles: Vec<Circle> = rounds.iter().map(|r| r.circle).collect();
    circles.extend(mouths(target, facets, plane, &circles));
    circles.truncate(MOST_CIRCLES);
    let (levels, level_of_facet) = levels(target, facets, rounds, plane.normal);
    let (lines, line_of_facet) = lines(facets, rounds, plane, target.points.len());
    let mut curves: Vec<Curve> = lines.iter().map(|&(normal, offset)| Curve::Line { normal, offset }).collect();
    let first_circle = curves.len();
    curves.extend(circles.iter().map(|c| Curve::Circle { center: c.center, radius: c.radius }));
    curves.extend(dividers(&circles, &lines));
    curves.truncate(MOST_CURVES);
    // What was seen of each.
    let mut round_of_point: Vec<Option<usize>> = vec![None; target.points.len()];
    for (k, round) in rounds.iter().enumerate() {
        for &i in &round.inliers {
            round_of_point[i as usize] = Some(k);
        }
    }
    let mut seen = Vec::new();
    let (mut low, mut high) = (DVec2::INFINITY, DVec2::NEG_INFINITY);
    for (i, p) in target.points.iter().enumerate() {
        let local = plane.local(*p);
        let at = local.truncate();
        (low, high) = (low.min(at), high.max(at));
        let facet = facets.of_point[i].map(|f| f as usize);
        if let Some(level) = facet.and_then(|f| level_of_facet[f]) {
            seen.push(Seen::Level(level, at));
        } else if let Some(line) = facet.and_then(|f| line_of_facet[f]) {
            seen.push(Seen::Wall(line, at, local.z));
        } else if let Some(k) = round_of_point[i] {
            seen.push(Seen::Wall(first_circle + k, at, local.z));
        }
    }
    for c in &circles {
        (low, high) = (low.min(c.center - c.radius), high.max(c.center + c.radius));
    }
    let margin = 0.01 * target.size;
    let corners = [low - margin, high + margin];
    let blocks = CountedBlocks::new(&curves, &levels, corners, &seen, facets.density, deadline)?;
    Some(View { plane, circles, blocks: Box::new(blocks) })
}

/// Round places that faces square to the view leave out, of which no wall is known: holes through sheets so thin that hardly a
/// point lies on their walls.
fn mouths(target: &CloudTarget, facets: &Facets, plane: SketchPlane, known: &[Circle]) -> Vec<Circle> {
    let mut found: Vec<Circle> = Vec::new();
    for facet in facets.planes.iter().filter(|f| f.normal.dot(plane.normal).abs() > 1.0 - 1e-9).take(MOST_LEVELS) {
        let face = Plane { normal: facet.normal, offset: facet.offset, inliers: facet.inliers.clone() };
        for gap in round_gaps(target, &face) {
            let circle = gap.circle;
            let near = |c: &Circle| {
                c.center.distance(circle.center) < 2.0 * target.spacing
                    && (c.radius - circle.radius).abs() < 2.0 * target.spacing
            };
            if !known.iter().chain(&found).any(near) {
                found.push(circle);
            }
        }
    }
    found
}

/// Heights of the planes square to `axis`, of round walls' ends that lie in none, and of the cloud's ends; and which of them
/// each facet lies in.
fn levels(target: &CloudTarget, facets: &Facets, rounds: &[RoundWall], axis: DVec3) -> (Vec<f64>, Vec<Option<usize>>) {
    let square = |normal: DVec3| normal.dot(axis).abs() > 1.0 - 1e-9;
    let mut heights: Vec<(f64, Option<usize>)> = facets
        .planes
        .iter()
        .enumerate()
        .filter(|(_, p)| square(p.normal))
        .take(MOST_LEVELS)
        .map(|(k, p)| (p.offset * p.normal.dot(axis).signum(), Some(k)))
        .collect();
    let mut add = |end: f64, near: f64| {
        if heights.len() < MOST_LEVELS + 20 && heights.iter().all(|h| (h.0 - end).abs() > near) {
            heights.push((end, None));
        }
    };
    for round in rounds {
        // The outermost point lies about so far from the end.
        let apart = 8.0 / (facets.density * round.turn_rad * round.circle.radius).max(f64::MIN_POSITIVE);
        for end in round.span {
            add(end, apart.max(0.5 * target.spacing));
        }
    }
    let all = target.points.iter().map(|p| p.dot(axis));
    add(all.clone().fold(f64::INFINITY, f64::min), 0.3 * target.spacing);
    add(all.fold(f64::NEG_INFINITY, f64::max), 0.3 * target.spacing);
    heights.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut of_facet = vec![None; facets.planes.len()];
    for (level, (_, facet)) in heights.iter().enumerate() {
        if let Some(facet) = facet {
            of_facet[*facet] = Some(level);
        }
    }
    (heights.into_iter().map(|h| h.0).collect(), of_facet)
}

/// The planes along the view that are no facets of round walls, as lines; and which line each facet is.
fn lines(
    facets: &Facets,
    rounds: &[RoundWall],
    plane: SketchPlane,
    points: usize,
) -> (Vec<(DVec2, f64)>, Vec<Option<usize>>) {
    let mut round = vec![false; points];
    for &i in rounds.iter().flat_map(|r| &r.inliers) {
        round[i as usize] = true;
    }
    let flat = |d: DVec3| DVec2::new(d.dot(plane.x), d.dot(plane.y()));
    let mut of_facet = vec![None; facets.planes.len()];
    let mut lines = Vec::new();
    for (k, facet) in facets.planes.iter().enumerate() {
        let held = facet.inliers.iter().filter(|&&i| round[i as usize]).count();
        if facet.normal.dot(plane.normal).abs() < 1e-6
            && held * 10 < facet.inliers.len() * 7
            && lines.len() < MOST_LINES
        {
            of_facet[k] = Some(lines.len());
            let mut normal = flat(facet.normal).normalize_or(DVec2::X);
            // A normal along an axis stays exactly so.
            if normal.abs().max_element() > 1.0 - 1e-12 {
                normal = normal.round();
            }
            lines.push((normal, facet.offset));
        }
    }
    (lines, of_facet)
}

/// Lines through the centres of circles that others cut: see [`crate::complex::Partition`].
fn dividers(circles: &[Circle], lines: &[(DVec2, f64)]) -> Vec<Curve> {
    let mut found: Vec<(DVec2, f64)> = Vec::new();
    for (k, c) in circles.iter().enumerate() {
        let by_line = lines.iter().any(|(n, o)| (n.dot(c.center) - o).abs() < c.radius);
        let by_circle = circles.iter().enumerate().any(|(j, d)| {
            let apart = c.center.distance(d.center);
            j != k && apart < c.radius + d.radius && apart > (c.radius - d.radius).abs()
        });
        if !by_line && !by_circle {
            continue;
        }
        for (normal, offset) in [(DVec2::X, c.center.x), (DVec2::Y, c.center.y)] {
            let known = |l: &(DVec2, f64)| {
                l.0.dot(normal).abs() > 1.0 - 1e-9 && (l.1 * l.0.dot(normal).signum() - offset).abs() < 1e-3 * c.radius
            };
            if !lines.iter().chain(&found).any(known) {
                found.push((normal, offset));
            }
        }
    }
    found.into_iter().map(|(normal, offset)| Curve::Line { normal, offset }).collect()
}
