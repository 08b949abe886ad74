//! The part of a curve that an edge covers: evaluation, length, extents and closest points.

use std::f64::consts::{FRAC_PI_2, TAU};

use glam::{DVec2, DVec3};

use crate::measure::quadrature;
use crate::topology::{Edge, Vertex};
use crate::{Curve, Frame};

/// A bounded curve, run from `from` to `to` in its own parameter: 0 to 1 along a line, the angle in radians on a circle
/// or an ellipse (there the eccentric anomaly), the knots of a spline.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    curve: Curve,
    start: DVec3,
    end: DVec3,
    from: f64,
    to: f64,
}

/// The position of a vertex.
pub fn position(vertex: &Vertex) -> DVec3 {
    let p = vertex.point();
    DVec3::new(p.x, p.y, p.z)
}

impl Span {
    /// The part of `curve` from `start` to `end`. With `closed`, a circle or an ellipse goes round once from `start`;
    /// without, two ends that coincide span nothing.
    pub fn new(curve: Curve, start: DVec3, end: DVec3, closed: bool) -> Self {
        let angles = |frame: &Frame, semi: DVec2| {
            let angle = |p: DVec3| {
                let q = frame.local_from_world(p).truncate() / semi;
                q.y.atan2(q.x)
            };
            let from = angle(start);
            (from, if closed { from + TAU } else { from + (angle(end) - from).rem_euclid(TAU) })
        };
        let (from, to) = match &curve {
            Curve::Line => (0.0, 1.0),
            Curve::Circle { frame, radius } => angles(frame, DVec2::splat(*radius)),
            Curve::Ellipse { frame, major_radius, minor_radius } => {
                angles(frame, DVec2::new(*major_radius, *minor_radius))
            }
            Curve::Spline { knots, .. } => (*knots.first().unwrap_or(&0.0), *knots.last().unwrap_or(&0.0)),
        };
        Self { curve, start, end, from, to }
    }

    /// The span of an edge, in the direction of its curve whatever the edge's orientation.
    pub fn of_edge(edge: &Edge) -> Self {
        let (first, second) = edge.absolute_ends();
        Self::new(edge.curve(), position(first), position(second), first == second)
    }

    /// The curve.
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// The parameters of both ends; the first is smaller.
    pub fn range(&self) -> [f64; 2] {
        [self.from, self.to]
    }

    /// The point at parameter `t`.
    pub fn point(&self, t: f64) -> DVec3 {
        self.jet(t)[0]
    }

    /// The derivative by the parameter at `t`.
    pub fn derivative(&self, t: f64) -> DVec3 {
        self.jet(t)[1]
    }

    /// Point, first and second derivative at parameter `t`.
    pub fn jet(&self, t: f64) -> [DVec3; 3] {
        match &self.curve {
            Curve::Line => {
                let d = self.end - self.start;
                [self.start + d * t, d, DVec3::ZERO]
            }
            Curve::Circle { frame, radius } => ellipse_jet(frame, DVec2::splat(*radius), t),
            Curve::Ellipse { frame, major_radius, minor_radius } => {
                ellipse_jet(frame, DVec2::new(*major_radius, *minor_radius), t)
            }
            Curve::Spline { points, knots } => {
                let Some((piece, from, to)) = piece_at(knots, t) else {
                    return [points.first().copied().unwrap_or(self.start), DVec3::ZERO, DVec3::ZERO];
                };
                let Some(&[a, b, c, d]) = points.get(3 * piece..3 * piece + 4) else {
                    return [self.start, DVec3::ZERO, DVec3::ZERO];
                };
                let h = to - from;
                let s = (t - from) / h;
                let r = 1.0 - s;
                [
                    a * (r * r * r) + b * (3.0 * r * r * s) + c * (3.0 * r * s * s) + d * (s * s * s),
                    ((b - a) * (r * r) + (c - b) * (2.0 * r * s) + (d - c) * (s * s)) * (3.0 / h),
                    ((c - b * 2.0 + a) * r + (d - c * 2.0 + b) * s) * (6.0 / (h * h)),
                ]
            }
        }
    }

    /// Parameters that cut the span into parts on which it is one polynomial, or at most a quarter turn.
    pub fn breaks(&self) -> Vec<f64> {
        match &self.curve {
            Curve::Line => vec![self.from, self.to],
            Curve::Circle { .. } | Curve::Ellipse { .. } => {
                let parts = ((self.to - self.from) / FRAC_PI_2 - 1e-9).ceil().max(1.0) as usize;
                (0..=parts).map(|i| self.from + (self.to - self.from) * (i as f64 / parts as f64)).collect()
            }
            Curve::Spline { knots, .. } => knots.clone(),
        }
    }

    /// The length.
    pub fn length(&self) -> f64 {
        match &self.curve {
            Curve::Line => self.start.distance(self.end),
            Curve::Circle { radius, .. } => radius * (self.to - self.from),
            Curve::Ellipse { .. } | Curve::Spline { .. } => self.length_moment()[0],
        }
    }

    /// The centre of length (the start of a span without length).
    pub fn center(&self) -> DVec3 {
        let [length, x, y, z] = self.length_moment();
        if length > 0.0 { DVec3::new(x, y, z) / length + self.start } else { self.start }
    }

    /// Length, and the first moment of length about the start.
    fn length_moment(&self) -> [f64; 4] {
        let size = self.breaks().windows(2).map(|w| self.point(w[0]).distance(self.point(w[1]))).sum::<f64>();
        let scale = [size, size * size, size * size, size * size];
        quadrature::over(&self.breaks(), scale, |t| {
            let [p, d, _] = self.jet(t);
            let speed = d.length();
            let r = (p - self.start) * speed;
            [speed, r.x, r.y, r.z]
        })
    }

    /// The exact lowest and highest coordinate along each world axis.
    pub fn bounds(&self) -> [DVec3; 2] {
        let (mut low, mut high) = (self.start.min(self.end), self.start.max(self.end));
        let mut include = |p: DVec3| {
            low = low.min(p);
            high = high.max(p);
        };
        match &self.curve {
            Curve::Line => {}
            Curve::Circle { frame, radius } => self.ellipse_extremes(frame, DVec2::splat(*radius), &mut include),
            Curve::Ellipse { frame, major_radius, minor_radius } => {
                self.ellipse_extremes(frame, DVec2::new(*major_radius, *minor_radius), &mut include);
            }
            Curve::Spline { points, knots } => {
                for (piece, w) in knots.windows(2).enumerate() {
                    let Some(p) = points.get(3 * piece..3 * piece + 4) else { continue };
                    include(p[0]);
                    include(p[3]);
                    let [a, b, c] = [p[1] - p[0], p[2] - p[1], p[3] - p[2]].map(|leg| leg.to_array());
                    for ((a, b), c) in a.into_iter().zip(b).zip(c) {
                        for s in quadratic_roots(a - 2.0 * b + c, 2.0 * (b - a), a) {
                            if s > 0.0 && s < 1.0 {
                                include(self.point(w[0] + s * (w[1] - w[0])));
                            }
                        }
                    }
                }
            }
        }
        [low, high]
    }

    fn ellipse_extremes(&self, frame: &Frame, semi: DVec2, include: &mut impl FnMut(DVec3)) {
        for axis in 0..3 {
            let t = (semi.y * frame.y[axis]).atan2(semi.x * frame.x[axis]);
            for t in [t, t + FRAC_PI_2 * 2.0] {
                let t = self.from + (t - self.from).rem_euclid(TAU);
                if t < self.to {
                    include(self.point(t));
                }
            }
        }
    }

    /// The parameter of the point of the span nearest to `p`.
    pub fn closest_parameter(&self, p: DVec3) -> f64 {
        match &self.curve {
            Curve::Line => {
                let d = self.end - self.start;
                if d.length_squared() > 0.0 {
                    ((p - self.start).dot(d) / d.length_squared()).clamp(0.0, 1.0)
                } else {
                    0.0
                }
            }
            Curve::Circle { frame, .. } => {
                let q = frame.local_from_world(p);
                self.clamp_angle(q.y.atan2(q.x), p)
            }
            Curve::Ellipse { .. } | Curve::Spline { .. } => self.closest_by_search(p),
        }
    }

    /// The distance of `p` to the span.
    pub fn distance(&self, p: DVec3) -> f64 {
        self.point(self.closest_parameter(p)).distance(p)
    }

    fn clamp_angle(&self, angle: f64, p: DVec3) -> f64 {
        let t = self.from + (angle - self.from).rem_euclid(TAU);
        if t <= self.to {
            t
        } else if self.point(self.from).distance_squared(p) <= self.point(self.to).distance_squared(p) {
            self.from
        } else {
            self.to
        }
    }

    /// The best of a coarse sampling, then Newton on the derivative of the squared distance, guarded by bisection.
    fn closest_by_search(&self, p: DVec3) -> f64 {
        const PARTS: usize = 8;
        let breaks = self.breaks();
        let mut samples = vec![self.from];
        for w in breaks.windows(2) {
            samples.extend((1..=PARTS).map(|i| w[0] + (w[1] - w[0]) * (i as f64 / PARTS as f64)));
        }
        let distance = |t: f64| self.point(t).distance_squared(p);
        let best = (0..samples.len()).min_by(|&a, &b| distance(samples[a]).total_cmp(&distance(samples[b])));
        let Some(best) = best else { return self.from };
        let (mut low, mut high) = (samples[best.saturating_sub(1)], samples[(best + 1).min(samples.len() - 1)]);
        let mut t = samples[best];
        for _ in 0..60 {
            let [q, d, dd] = self.jet(t);
            let slope = (q - p).dot(d);
            if slope > 0.0 {
                high = t;
            } else {
                low = t;
            }
            let curvature = d.length_squared() + (q - p).dot(dd);
            let newton = t - slope / curvature;
            let next = if curvature > 0.0 && newton >= low && newton <= high { newton } else { 0.5 * (low + high) };
            if (next - t).abs() <= 1e-15 * (self.to - self.from).abs() {
                return next;
            }
            t = next;
        }
        t
    }
}

fn ellipse_jet(frame: &Frame, semi: DVec2, t: f64) -> [DVec3; 3] {
    let (sin, cos) = t.sin_cos();
    let (x, y) = (frame.x * semi.x, frame.y * semi.y);
    let radial = x * cos + y * sin;
    [frame.origin + radial, y * cos - x * sin, -radial]
}

/// Index and ends of the knot interval that holds `t` (the first or last beyond the ends).
fn piece_at(knots: &[f64], t: f64) -> Option<(usize, f64, f64)> {
    let pieces = knots.len().checked_sub(1).filter(|&n| n > 0)?;
    let piece = knots.partition_point(|&k| k <= t).saturating_sub(1).min(pieces - 1);
    Some((piece, knots[piece], knots[piece + 1]))
}

/// The real roots of `a s^2 + b s + c`, without cancellation.
fn quadratic_roots(a: f64, b: f64, c: f64) -> Vec<f64> {
    let discriminant = b * b - 4.0 * a * c;
    if discriminant < 0.0 {
        return Vec::new();
    }
    let q = -0.5 * (b + discriminant.sqrt().copysign(b));
    let mut roots = Vec::new();
    if a != 0.0 {
        roots.push(q / a);
    }
    if q != 0.0 {
        roots.push(c / q);
    }
    roots
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn tilted() -> Frame {
        Frame::from_normal(DVec3::new(1.0, -2.0, 0.5), DVec3::new(0.3, -0.5, 1.0), DVec3::X).expect("not parallel")
    }

    fn spline() -> Span {
        let points =
            [[0., 0., 0.], [1., 2., 0.], [2., 2., 1.], [3., 0., 1.], [4., -2., 1.], [5., -1., 2.], [6., 0., 0.]];
        let points: Vec<DVec3> = points.into_iter().map(DVec3::from_array).collect();
        let (start, end) = (points[0], points[6]);
        Span::new(Curve::Spline { points, knots: vec![0.0, 1.0, 2.0] }, start, end, false)
    }

    fn samples() -> Vec<Span> {
        let frame = tilted();
        let circle = Curve::Circle { frame, radius: 3.0 };
        let ellipse = Curve::Ellipse { frame, major_radius: 4.0, minor_radius: 1.5 };
        let on_circle = |t: f64| ellipse_jet(&frame, DVec2::splat(3.0), t)[0];
        let on_ellipse = |t: f64| ellipse_jet(&frame, DVec2::new(4.0, 1.5), t)[0];
        vec![
            Span::new(Curve::Line, DVec3::new(1.0, 2.0, 3.0), DVec3::new(-4.0, 0.0, 7.0), false),
            Span::new(circle.clone(), on_circle(0.4), on_circle(0.4), true),
            Span::new(circle, on_circle(2.0), on_circle(-1.0), false),
            Span::new(ellipse.clone(), on_ellipse(1.0), on_ellipse(1.0), true),
            Span::new(ellipse, on_ellipse(-0.5), on_ellipse(2.5), false),
            spline(),
        ]
    }

    #[test]
    fn derivatives_match_differences() {
        for span in samples() {
            let [from, to] = span.range();
            for part in [0.11, 0.43, 0.87] {
                let (t, h) = (from + (to - from) * part, 1e-5);
                let [_, d, dd] = span.jet(t);
                let first = (span.point(t + h) - span.point(t - h)) / (2.0 * h);
                let second = (span.derivative(t + h) - span.derivative(t - h)) / (2.0 * h);
                assert!((first - d).length() < 1e-7 && (second - dd).length() < 1e-7, "{span:?}");
            }
        }
    }

    #[test]
    fn length_and_center_match_a_fine_polyline() {
        for span in samples() {
            let [from, to] = span.range();
            let n = 20_000;
            let points: Vec<DVec3> = (0..=n).map(|i| span.point(from + (to - from) * i as f64 / n as f64)).collect();
            let (mut length, mut moment) = (0.0, DVec3::ZERO);
            for w in points.windows(2) {
                length += w[0].distance(w[1]);
                moment += (w[0] + w[1]) * 0.5 * w[0].distance(w[1]);
            }
            assert!((span.length() - length).abs() < 1e-6 * length, "{span:?}");
            assert!((span.center() - moment / length).length() < 1e-6 * length, "{span:?}");
        }
    }

    #[test]
    fn bounds_match_a_fine_sampling() {
        for span in samples() {
            let [from, to] = span.range();
            let n = 20_000;
            let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
            for i in 0..=n {
                let p = span.point(from + (to - from) * i as f64 / n as f64);
                (low, high) = (low.min(p), high.max(p));
            }
            let [l, h] = span.bounds();
            assert!((l - low).length() < 1e-6 && (h - high).length() < 1e-6, "{span:?}");
        }
    }

    #[test]
    fn the_closest_parameter_is_the_closest_of_a_fine_sampling() {
        for span in samples() {
            let [from, to] = span.range();
            for p in [DVec3::new(5.0, 1.0, 2.0), DVec3::new(-1.0, 0.3, -2.0), DVec3::new(2.0, -3.0, 0.5)] {
                let n = 20_000;
                let sampled = (0..=n)
                    .map(|i| span.point(from + (to - from) * f64::from(i) / f64::from(n)).distance(p))
                    .fold(f64::INFINITY, f64::min);
                assert!((span.distance(p) - sampled).abs() < 1e-6, "{span:?} {p}");
            }
        }
    }

    #[test]
    fn an_arc_runs_counter_clockwise_and_a_closed_circle_all_round() {
        let circle = Curve::Circle { frame: Frame::WORLD, radius: 2.0 };
        let quarter = Span::new(circle.clone(), DVec3::X * 2.0, DVec3::Y * 2.0, false);
        let rest = Span::new(circle.clone(), DVec3::Y * 2.0, DVec3::X * 2.0, false);
        let whole = Span::new(circle, DVec3::X * 2.0, DVec3::X * 2.0, true);
        assert!((quarter.length() - PI).abs() < 1e-12);
        assert!((rest.length() - 3.0 * PI).abs() < 1e-12);
        assert!((whole.length() - 4.0 * PI).abs() < 1e-12);
    }
}
