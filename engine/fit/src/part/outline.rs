//! Closed outlines of lines, arcs and circles in a sketch plane.

use glam::DVec2;

/// One edge of a path, starting where the one before it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PathEdge {
    /// A straight edge.
    Line {
        /// Its end point.
        end: DVec2,
    },
    /// A circular arc.
    Arc {
        /// A point on the arc between its ends.
        mid: DVec2,
        /// Its end point.
        end: DVec2,
    },
}

impl PathEdge {
    /// Where the edge ends.
    pub fn end(&self) -> DVec2 {
        match *self {
            Self::Line { end } | Self::Arc { end, .. } => end,
        }
    }
}

/// A closed curve.
#[derive(Clone, Debug, PartialEq)]
pub enum Outline {
    /// A full circle.
    Circle {
        /// Centre.
        center: DVec2,
        /// Radius, positive.
        radius: f64,
    },
    /// Edges from `start` back to `start`.
    Path {
        /// First point; the last edge ends here.
        start: DVec2,
        /// The edges in order.
        edges: Vec<PathEdge>,
    },
}

/// Centre of the circle through three points; `None` when they are collinear.
pub fn circle_through(a: DVec2, b: DVec2, c: DVec2) -> Option<(DVec2, f64)> {
    let (u, v) = (b - a, c - a);
    let det = 2.0 * u.perp_dot(v);
    let scale = u.length_squared().max(v.length_squared());
    if det.abs() <= 1e-12 * scale || scale <= 0.0 {
        return None;
    }
    let (uu, vv) = (u.length_squared(), v.length_squared());
    let center = DVec2::new(v.y * uu - u.y * vv, u.x * vv - v.x * uu) / det;
    let radius = center.length();
    (center.is_finite() && radius.is_finite()).then_some((a + center, radius))
}

impl Outline {
    /// A path of straight edges through `points`, closed.
    pub fn polygon(points: &[DVec2]) -> Self {
        let start = points.first().copied().unwrap_or_default();
        let edges = points.iter().skip(1).chain(points.first()).map(|&end| PathEdge::Line { end }).collect();
        Self::Path { start, edges }
    }

    /// How many edges a reader of the program sees: a circle or an axis-aligned rectangle is one.
    pub fn complexity(&self) -> usize {
        match self {
            Self::Circle { .. } => 1,
            Self::Path { edges, .. } => {
                if self.as_rectangle(0.0).is_some() {
                    1
                } else {
                    edges.len()
                }
            }
        }
    }

    /// The centre and size of the axis-aligned rectangle this outline is, within `tolerance`.
    pub fn as_rectangle(&self, tolerance: f64) -> Option<(DVec2, DVec2)> {
        let Self::Path { start, edges } = self else { return None };
        let [
            PathEdge::Line { end: b },
            PathEdge::Line { end: c },
            PathEdge::Line { end: d },
            PathEdge::Line { end: e },
        ] = edges[..]
        else {
            return None;
        };
        let tolerance = tolerance.max(1e-9 * (*start - c).length());
        let a = *start;
        let close = |p: f64, q: f64| (p - q).abs() <= tolerance;
        let level_first = close(a.y, b.y) && close(b.x, c.x) && close(c.y, d.y) && close(d.x, a.x);
        let upright_first = close(a.x, b.x) && close(b.y, c.y) && close(c.x, d.x) && close(d.y, a.y);
        let size = (c - a).abs();
        ((a - e).length() <= tolerance && (level_first || upright_first) && size.min_element() > tolerance)
            .then(|| ((a + c) / 2.0, size))
    }

    /// Points along the outline; arcs and circles as chords whose sagitta is at most `chord_tolerance`.
    pub fn points(&self, chord_tolerance: f64) -> Vec<DVec2> {
        match self {
            Self::Circle { center, radius } => {
                let n = chords(*radius, std::f64::consts::TAU, chord_tolerance).max(8);
                (0..n)
                    .map(|i| *center + *radius * DVec2::from_angle(std::f64::consts::TAU * i as f64 / n as f64))
                    .collect()
            }
            Self::Path { start, edges } => {
                let mut points = vec![*start];
                let mut from = *start;
                for edge in edges {
                    if let PathEdge::Arc { mid, end } = *edge
                        && let Some((center, radius)) = circle_through(from, mid, end)
                    {
                        let (first, sweep) = arc_angles(center, from, mid, end);
                        let n = chords(radius, sweep.abs(), chord_tolerance).max(2);
                        for i in 1..n {
                            let angle = first + sweep * i as f64 / n as f64;
                            points.push(center + radius * DVec2::from_angle(angle));
                        }
                    }
                    points.push(edge.end());
                    from = edge.end();
                }
                points.pop();
                points
            }
        }
    }

    /// The outline with every point mapped by `f`, which must be a similarity of the plane; circles keep their radius
    /// times `scale`.
    #[must_use]
    pub fn map(&self, scale: f64, f: impl Fn(DVec2) -> DVec2) -> Self {
        match self {
            Self::Circle { center, radius } => Self::Circle { center: f(*center), radius: radius * scale },
            Self::Path { start, edges } => Self::Path {
                start: f(*start),
                edges: edges
                    .iter()
                    .map(|edge| match *edge {
                        PathEdge::Line { end } => PathEdge::Line { end: f(end) },
                        PathEdge::Arc { mid, end } => PathEdge::Arc { mid: f(mid), end: f(end) },
                    })
                    .collect(),
            },
        }
    }

    /// The lower and upper corner of the outline's box, arcs by their chords of `chord_tolerance`.
    pub fn bounds(&self, chord_tolerance: f64) -> [DVec2; 2] {
        if let Self::Circle { center, radius } = self {
            return [*center - DVec2::splat(*radius), *center + DVec2::splat(*radius)];
        }
        let points = self.points(chord_tolerance);
        let first = points.first().copied().unwrap_or_default();
        points.iter().fold([first, first], |[low, high], &p| [low.min(p), high.max(p)])
    }
}

/// Start angle and signed sweep of the arc about `center` from `from` over `mid` to `end`.
pub fn arc_angles(center: DVec2, from: DVec2, mid: DVec2, end: DVec2) -> (f64, f64) {
    use std::f64::consts::TAU;
    let angle = |p: DVec2| (p - center).to_angle();
    let first = angle(from);
    let to_mid = (angle(mid) - first).rem_euclid(TAU);
    let to_end = (angle(end) - first).rem_euclid(TAU);
    if to_mid <= to_end { (first, to_end) } else { (first, to_end - TAU) }
}

fn chords(radius: f64, sweep: f64, chord_tolerance: f64) -> usize {
    let cosine = (1.0 - chord_tolerance / radius.max(f64::MIN_POSITIVE)).clamp(-1.0, 1.0);
    let step = (2.0 * cosine.acos()).max(0.02);
    ((sweep / step).ceil() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangle_is_recognised_in_either_direction() {
        let check = |points: &[(f64, f64)], expected: Option<((f64, f64), (f64, f64))>| {
            let points: Vec<DVec2> = points.iter().map(|&p| p.into()).collect();
            let found = Outline::polygon(&points).as_rectangle(1e-9);
            assert_eq!(found.map(|(c, s)| (c.into(), s.into())), expected);
        };
        check(&[(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)], Some(((2.0, 1.0), (4.0, 2.0))));
        check(&[(0.0, 0.0), (0.0, 2.0), (4.0, 2.0), (4.0, 0.0)], Some(((2.0, 1.0), (4.0, 2.0))));
        check(&[(0.0, 0.0), (4.0, 0.1), (4.0, 2.0), (0.0, 2.0)], None);
        check(&[(0.0, 0.0), (4.0, 0.0), (4.0, 2.0)], None);
    }

    #[test]
    fn arcs_become_points_on_their_circle() {
        let half = Outline::Path {
            start: DVec2::new(-1.0, 0.0),
            edges: vec![
                PathEdge::Line { end: DVec2::new(1.0, 0.0) },
                PathEdge::Arc { mid: DVec2::new(0.0, 1.0), end: DVec2::new(-1.0, 0.0) },
            ],
        };
        let points = half.points(1e-3);
        assert!(points.len() > 10);
        assert!(points.iter().all(|p| (p.length() - 1.0).abs() < 1e-12 && p.y >= 0.0));
    }
}
