//! The points an edge is sampled at.

use super::Tolerance;
use crate::{Curve, Span};

/// Most pieces one spline piece or arc is cut into.
const MAX_STEPS: usize = 1 << 16;

/// Parameters strictly between the ends of `span`, increasing, such that the polyline through them is within the
/// tolerance.
pub(super) fn inner_parameters(span: &Span, tolerance: &Tolerance) -> Vec<f64> {
    let [from, to] = span.range();
    let even = |steps: usize| {
        let steps = steps.min(MAX_STEPS);
        (1..steps).map(|i| from + (to - from) * (i as f64 / steps as f64)).collect()
    };
    match span.curve() {
        Curve::Line => Vec::new(),
        Curve::Circle { radius, .. } => even(tolerance.steps(*radius, to - from)),
        Curve::Ellipse { major_radius, minor_radius, .. } => {
            // The chord of an ellipse is off by at most that of the circle it is a squeezed image of; its tangent turns
            // faster than the parameter by up to the ratio of the axes.
            let steps = tolerance.steps(*major_radius, to - from);
            let turn = (major_radius / minor_radius).clamp(1.0, 4.0);
            even(((to - from) * turn / tolerance.angle_rad()).ceil().max(steps as f64) as usize)
        }
        Curve::Spline { points, knots } => {
            let mut out = Vec::new();
            for (piece, w) in knots.windows(2).enumerate() {
                let Some(&[a, b, c, d]) = points.get(3 * piece..3 * piece + 4) else { continue };
                // |B''| <= 6 max(second differences), and a chord over a step h is off by at most |B''| h^2 / 8.
                let bend = 6.0 * (a - b * 2.0 + c).length().max((b - c * 2.0 + d).length());
                let by_chord = (bend / 8.0 / tolerance.chord()).sqrt();
                let turn = angle(b - a, c - b) + angle(c - b, d - c);
                let steps = by_chord.max(turn / tolerance.angle_rad()).ceil().max(1.0) as usize;
                let steps = steps.min(MAX_STEPS);
                if piece > 0 {
                    out.push(w[0]);
                }
                out.extend((1..steps).map(|i| w[0] + (w[1] - w[0]) * (i as f64 / steps as f64)));
            }
            out
        }
    }
}

fn angle(a: glam::DVec3, b: glam::DVec3) -> f64 {
    a.cross(b).length().atan2(a.dot(b))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use glam::{DVec2, DVec3};

    use super::*;
    use crate::Frame;

    #[test]
    fn polylines_stay_within_the_chord() {
        let frame = Frame::WORLD;
        let ellipse = Curve::Ellipse { frame, major_radius: 30.0, minor_radius: 2.0 };
        let points =
            [[0., 0., 0.], [1., 9., 0.], [2., -9., 3.], [3., 0., 1.], [4., 9., -1.], [5., -1., 2.], [6., 0., 0.]];
        let points: Vec<DVec3> = points.into_iter().map(DVec3::from_array).collect();
        let ends = (points[0], points[6]);
        let spans = [
            Span::new(Curve::Circle { frame, radius: 30.0 }, DVec3::X * 30.0, DVec3::X * 30.0, true),
            Span::new(ellipse, DVec2::new(30.0, 0.0).extend(0.0), DVec2::new(0.0, -2.0).extend(0.0), false),
            Span::new(Curve::Spline { points, knots: vec![0.0, 1.0, 3.0] }, ends.0, ends.1, false),
        ];
        for span in spans {
            for chord in [1.0, 0.1, 0.001] {
                let tolerance = Tolerance::new(chord, 3.0).expect("positive");
                let [from, to] = span.range();
                let mut t = vec![from];
                t.extend(inner_parameters(&span, &tolerance));
                t.push(to);
                for w in t.windows(2) {
                    assert!(w[0] < w[1]);
                    let (a, b) = (span.point(w[0]), span.point(w[1]));
                    let chord_line = Span::new(Curve::Line, a, b, false);
                    let off = (1..10)
                        .map(|i| chord_line.distance(span.point(w[0] + (w[1] - w[0]) * f64::from(i) / 10.0)))
                        .fold(0.0, f64::max);
                    assert!(off <= chord * 1.000_001, "{off} {chord}");
                }
            }
        }
    }

    #[test]
    fn angles_bound_the_steps() {
        let span = Span::new(Curve::Circle { frame: Frame::WORLD, radius: 1.0 }, DVec3::X, DVec3::X, true);
        let tolerance = Tolerance::new(10.0, TAU / 36.0).expect("positive");
        assert_eq!(inner_parameters(&span, &tolerance).len(), 35);
        let coarse = Tolerance::new(10.0, 10.0).expect("positive");
        assert_eq!(inner_parameters(&span, &coarse).len(), 7);
    }
}
