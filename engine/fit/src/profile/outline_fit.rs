//! The outline of lines and arcs, or the circle, that a section polygon shows.

use glam::DVec2;

use super::circle::fit_circle;
use super::polyline::{distance_to_segment, simplified};
use super::segments::{self, MOST_CHORD_ANGLE};
use super::snap::snap_to_axes;
use crate::part::{Outline, PathEdge};

/// How far an outline may stray from the polygon it is fitted to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProfileTolerance {
    /// The error of a vertex that lies on the true outline (rounding of the file, noise of the scanner).
    pub vertex: f64,
    /// The most that may be given up for fewer edges where the outline is no sequence of lines and arcs.
    pub loosest: f64,
}

/// Polygons with more vertices than this are simplified first; splitting costs the cube of it at worst.
const MOST_VERTICES: usize = 240;
/// An outline with more edges than this is fitted again more loosely.
const MANY_EDGES: usize = 24;

/// Fits the closed `polygon`; `None` when it has no extent over the tolerance.
pub fn fit_outline(polygon: &[DVec2], tolerance: ProfileTolerance) -> Option<Outline> {
    let exact = fit_at(polygon, tolerance.vertex, true)?;
    let mut best = exact;
    let mut looser = tolerance.vertex;
    while edges(&best) > MANY_EDGES && looser < tolerance.loosest {
        looser = (looser * 10.0).clamp(tolerance.loosest / 8.0, tolerance.loosest);
        if let Some(outline) = fit_at(polygon, looser, false)
            && edges(&outline) * 2 <= edges(&best)
        {
            best = outline;
        }
    }
    Some(best)
}

fn edges(outline: &Outline) -> usize {
    match outline {
        Outline::Circle { .. } => 1,
        Outline::Path { edges, .. } => edges.len(),
    }
}

fn fit_at(polygon: &[DVec2], tolerance: f64, exact: bool) -> Option<Outline> {
    let mut points = simplified(polygon, if exact { tolerance } else { tolerance / 3.0 });
    let mut simplification = tolerance;
    while points.len() > MOST_VERTICES {
        simplification *= 1.7;
        points = simplified(polygon, simplification);
    }
    if points.len() < 3 {
        return None;
    }
    if let Some(circle) = fit_circle(&points) {
        let (most, sum) = circle.steps(&points);
        let close = circle.deviation(&points) <= tolerance.max(simplification);
        let once_around = (sum.abs() - std::f64::consts::TAU).abs() < 1e-6;
        if close && once_around && most <= MOST_CHORD_ANGLE && circle.radius > 2.0 * tolerance {
            return Some(Outline::Circle { center: circle.center, radius: circle.radius });
        }
    }
    let (start, edges) = segments::split(&points, tolerance.max(simplification), exact);
    let (start, edges) = if exact { (start, edges) } else { refitted(start, &edges, polygon, tolerance) };
    let (start, edges) = snap_to_axes(start, &edges, if exact { 2.0 * tolerance } else { 1.5 * tolerance });
    let straight = edges.iter().all(|e| matches!(e, PathEdge::Line { .. }));
    (edges.len() >= if straight { 3 } else { 2 }).then_some(Outline::Path { start, edges })
}

/// Moves corners between straight edges to where the least-squares lines through the polygon's points meet.
fn refitted(start: DVec2, edges: &[PathEdge], polygon: &[DVec2], tolerance: f64) -> (DVec2, Vec<PathEdge>) {
    let n = edges.len();
    let corners: Vec<DVec2> = std::iter::once(start).chain(edges.iter().map(PathEdge::end)).take(n).collect();
    let lines: Vec<Option<(DVec2, DVec2)>> = (0..n)
        .map(|i| {
            let (a, b) = (corners[i], corners[(i + 1) % n]);
            matches!(edges[i], PathEdge::Line { .. }).then(|| fitted_line(a, b, polygon, tolerance)).flatten()
        })
        .collect();
    let moved: Vec<DVec2> = (0..n)
        .map(|i| {
            let (Some((p, u)), Some((q, v))) = (lines[(i + n - 1) % n], lines[i]) else { return corners[i] };
            let sine = u.perp_dot(v);
            if sine.abs() < 0.2 {
                return corners[i];
            }
            let meeting = p + u * ((q - p).perp_dot(v) / sine);
            if meeting.distance(corners[i]) <= 3.0 * tolerance { meeting } else { corners[i] }
        })
        .collect();
    let edges = (0..n)
        .map(|i| {
            let end = moved[(i + 1) % n];
            match edges[i] {
                PathEdge::Line { .. } => PathEdge::Line { end },
                PathEdge::Arc { mid, .. } => PathEdge::Arc { mid, end },
            }
        })
        .collect();
    (moved[0], edges)
}

/// Centre and direction of the least-squares line through the polygon's points along the edge `a`-`b`.
fn fitted_line(a: DVec2, b: DVec2, polygon: &[DVec2], tolerance: f64) -> Option<(DVec2, DVec2)> {
    let near: Vec<DVec2> = polygon.iter().copied().filter(|&p| distance_to_segment(p, a, b) <= tolerance).collect();
    if near.len() < 4 {
        return None;
    }
    let mean = near.iter().sum::<DVec2>() / near.len() as f64;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in &near {
        let d = *p - mean;
        xx += d.x * d.x;
        xy += d.x * d.y;
        yy += d.y * d.y;
    }
    let direction = DVec2::from_angle(0.5 * (2.0 * xy).atan2(xx - yy));
    Some((mean, direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXACT: ProfileTolerance = ProfileTolerance { vertex: 1e-6, loosest: 1e-2 };

    fn regular(n: usize, radius: f64) -> Vec<DVec2> {
        (0..n).map(|i| radius * DVec2::from_angle(std::f64::consts::TAU * i as f64 / n as f64)).collect()
    }

    #[test]
    fn hexagons_stay_and_tessellated_circles_become_circles() {
        let check = |n: usize, circle: bool| {
            let found = fit_outline(&regular(n, 2.0), EXACT).unwrap();
            assert_eq!(matches!(found, Outline::Circle { .. }), circle, "{n}: {found:?}");
        };
        check(3, false);
        check(6, false);
        check(8, false);
        check(12, true);
        check(24, true);
        check(200, true);
        check(1000, true);
    }

    #[test]
    fn noisy_rectangle_is_a_rectangle() {
        let mut polygon = Vec::new();
        let corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 6.0), (0.0, 6.0)].map(DVec2::from);
        for i in 0..4 {
            for k in 0..40 {
                let p = corners[i].lerp(corners[(i + 1) % 4], k as f64 / 40.0);
                let noise = DVec2::new(((k * 37 + i * 11) % 17) as f64, ((k * 53 + i * 7) % 19) as f64);
                polygon.push(p + (noise / 18.0 - 0.5) * 0.02);
            }
        }
        let found = fit_outline(&polygon, ProfileTolerance { vertex: 1e-6, loosest: 0.05 }).unwrap();
        let (center, size) = found.as_rectangle(1e-9).unwrap();
        assert!(center.distance(DVec2::new(5.0, 3.0)) < 0.02, "{center}");
        assert!((size - DVec2::new(10.0, 6.0)).length() < 0.04, "{size}");
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert_eq!(fit_outline(&[], EXACT), None);
        assert_eq!(fit_outline(&[DVec2::ZERO, DVec2::X], EXACT), None);
        assert_eq!(fit_outline(&[DVec2::ZERO, DVec2::splat(1e-9), DVec2::new(1e-9, 0.0)], EXACT), None);
    }
}
