//! Boundaries of plane faces before anything is rounded: segments, arcs and circles.

use glam::DVec2;

/// One edge of a boundary; it begins where the one before it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Curve {
    /// Straight.
    Line {
        /// Where it ends.
        to: DVec2,
    },
    /// An arc of a circle.
    Arc {
        /// The point half way.
        mid: DVec2,
        /// Where it ends.
        to: DVec2,
    },
}

impl Curve {
    pub(super) fn to(self) -> DVec2 {
        match self {
            Self::Line { to } | Self::Arc { to, .. } => to,
        }
    }
}

/// A closed boundary.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Boundary {
    /// A circle.
    Circle {
        /// Its centre.
        center: DVec2,
        /// Its radius.
        radius: f64,
    },
    /// Edges, counter-clockwise.
    Path {
        /// Where the first edge begins and the last one ends.
        start: DVec2,
        /// The edges.
        edges: Vec<Curve>,
    },
}

/// A face of a plane.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Region {
    /// What bounds it from outside.
    pub(super) outer: Boundary,
    /// What bounds it from inside.
    pub(super) holes: Vec<Boundary>,
}

/// Chords of an arc that goes half around: enough for boxes and for the question whether boundaries cross.
const CHORDS: f64 = 24.0;

/// Points along an arc, its start left out and its end included. Three points on one line are a line.
pub(super) fn arc_points(start: DVec2, mid: DVec2, end: DVec2) -> Vec<DVec2> {
    let Some((center, radius)) = circle_through(start, mid, end) else { return vec![end] };
    let angle = |p: DVec2| (p - center).to_angle();
    let turn = std::f64::consts::TAU;
    let (first, sweep) = (angle(start), (angle(end) - angle(start)).rem_euclid(turn));
    let sweep = if (angle(mid) - first).rem_euclid(turn) <= sweep { sweep } else { sweep - turn };
    let count = (sweep.abs() / std::f64::consts::PI * CHORDS).ceil().max(2.0) as usize;
    let point = |k: usize| center + radius * DVec2::from_angle(first + sweep * k as f64 / count as f64);
    (1..count).map(point).chain([end]).collect()
}

/// The circle through three points; `None` when they lie on one line.
pub(super) fn circle_through(a: DVec2, b: DVec2, c: DVec2) -> Option<(DVec2, f64)> {
    let (ab, ac) = (b - a, c - a);
    let twice_area = ab.perp_dot(ac);
    if twice_area.abs() <= 1e-9 * (ab.length_squared() + ac.length_squared()) {
        return None;
    }
    let from_a = DVec2::new(
        ac.y * ab.length_squared() - ab.y * ac.length_squared(),
        ab.x * ac.length_squared() - ac.x * ab.length_squared(),
    ) / (2.0 * twice_area);
    Some((a + from_a, from_a.length()))
}

/// A polygon close to a boundary.
pub(super) fn polygon(boundary: &Boundary) -> Vec<DVec2> {
    match boundary {
        Boundary::Circle { center, radius } => {
            let count = 2.0 * CHORDS;
            let step = std::f64::consts::TAU / count;
            (0..count as usize).map(|k| center + radius * DVec2::from_angle(step * k as f64)).collect()
        }
        Boundary::Path { start, edges } => {
            let mut points = Vec::new();
            let mut at = *start;
            for edge in edges {
                match *edge {
                    Curve::Line { to } => points.push(to),
                    Curve::Arc { mid, to } => points.extend(arc_points(at, mid, to)),
                }
                at = edge.to();
            }
            points
        }
    }
}

/// Area of a polygon, positive when counter-clockwise.
pub(super) fn area(polygon: &[DVec2]) -> f64 {
    let next = polygon.iter().skip(1).chain(polygon.first());
    0.5 * polygon.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum::<f64>()
}

/// The lower and upper corner of the box of points; `None` without any.
pub(super) fn bounds(points: impl IntoIterator<Item = DVec2>) -> Option<[DVec2; 2]> {
    points
        .into_iter()
        .fold(None, |bounds: Option<[DVec2; 2]>, p| Some(bounds.map_or([p, p], |[min, max]| [min.min(p), max.max(p)])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_go_through_their_middle() {
        let points = arc_points(DVec2::X, DVec2::Y, DVec2::NEG_X);
        assert!(points.iter().all(|p| (p.length() - 1.0).abs() < 1e-12 && p.y > -1e-12), "{points:?}");
        let below = arc_points(DVec2::X, DVec2::NEG_Y, DVec2::NEG_X);
        assert!(below.iter().all(|p| p.y < 1e-12), "{below:?}");
        assert_eq!(arc_points(DVec2::ZERO, DVec2::X, DVec2::new(2.0, 0.0)), [DVec2::new(2.0, 0.0)]);
    }

    #[test]
    fn areas_and_boxes() {
        let circle = polygon(&Boundary::Circle { center: DVec2::ONE, radius: 2.0 });
        assert!((area(&circle) - 4.0 * std::f64::consts::PI).abs() < 0.05);
        let [min, max] = bounds(circle).unwrap();
        assert!(min.distance(DVec2::NEG_ONE) < 1e-9 && max.distance(DVec2::splat(3.0)) < 1e-9);
        assert_eq!(bounds([]), None);
    }
}
