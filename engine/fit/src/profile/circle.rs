//! Least-squares circles.

use glam::DVec2;

/// A circle in the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// Centre.
    pub center: DVec2,
    /// Radius.
    pub radius: f64,
}

/// The circle of least squared algebraic distance (Kasa's fit, then one geometric Gauss-Newton step); `None` for fewer
/// than three points or collinear ones.
///
/// Source: I. Kasa, "A circle fitting procedure and its error analysis", IEEE Trans. Instrum. Meas. 25 (1976).
pub fn fit_circle(points: &[DVec2]) -> Option<Circle> {
    if points.len() < 3 {
        return None;
    }
    let n = points.len() as f64;
    let mean = points.iter().sum::<DVec2>() / n;
    let (mut xx, mut yy, mut xy, mut xr, mut yr, mut rr) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for p in points {
        let d = *p - mean;
        let r = d.length_squared();
        xx += d.x * d.x;
        yy += d.y * d.y;
        xy += d.x * d.y;
        xr += d.x * r;
        yr += d.y * r;
        rr += r;
    }
    let det = 2.0 * (xx * yy - xy * xy);
    if det.abs() <= 1e-12 * (xx + yy).powi(2) {
        return None;
    }
    let offset = DVec2::new(xr * yy - yr * xy, yr * xx - xr * xy) / det;
    let mut circle = Circle { center: mean + offset, radius: (rr / n + offset.length_squared()).sqrt() };
    // One Gauss-Newton step on the geometric distances.
    let (mut a, mut b) = ([[0.0_f64; 3]; 3], [0.0_f64; 3]);
    for p in points {
        let d = *p - circle.center;
        let length = d.length();
        if length <= 0.0 {
            return Some(circle);
        }
        let row = [-d.x / length, -d.y / length, -1.0];
        let residual = circle.radius - length;
        for i in 0..3 {
            b[i] += row[i] * residual;
            for j in 0..3 {
                a[i][j] += row[i] * row[j];
            }
        }
    }
    let matrix = glam::DMat3::from_cols_array_2d(&a);
    if matrix.determinant().abs() > 1e-9 * n.powi(3) {
        let step = matrix.inverse() * glam::DVec3::from_array(b);
        circle.center += step.truncate();
        circle.radius += step.z;
    }
    (circle.radius > 0.0 && circle.radius.is_finite() && circle.center.is_finite()).then_some(circle)
}

impl Circle {
    /// The largest distance of the points from the circle.
    pub fn deviation(&self, points: &[DVec2]) -> f64 {
        points.iter().map(|p| (p.distance(self.center) - self.radius).abs()).fold(0.0, f64::max)
    }

    /// The root of the mean squared distance of the points from the circle.
    pub fn rms(&self, points: &[DVec2]) -> f64 {
        let sum: f64 = points.iter().map(|p| (p.distance(self.center) - self.radius).powi(2)).sum();
        (sum / points.len().max(1) as f64).sqrt()
    }

    /// The largest angle between neighbouring points of a closed polygon, seen from the centre, and the sum of all of
    /// them (a full turn for a polygon once around).
    pub fn steps(&self, polygon: &[DVec2]) -> (f64, f64) {
        let next = polygon.iter().skip(1).chain(polygon.first());
        polygon.iter().zip(next).fold((0.0_f64, 0.0), |(most, sum), (a, b)| {
            let step = (*a - self.center).angle_to(*b - self.center);
            (most.max(step.abs()), sum + step)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_a_circle_give_it_back() {
        let check = |center: DVec2, radius: f64, from: f64, sweep: f64, n: usize| {
            let points: Vec<DVec2> =
                (0..n).map(|i| center + radius * DVec2::from_angle(from + sweep * i as f64 / n as f64)).collect();
            let found = fit_circle(&points).unwrap();
            assert!(found.center.distance(center) < 1e-7 * radius, "{found:?}");
            assert!((found.radius - radius).abs() < 1e-7 * radius);
        };
        check(DVec2::new(3.0, -2.0), 5.0, 0.0, std::f64::consts::TAU, 24);
        check(DVec2::new(300.0, 200.0), 0.5, 1.0, 1.5, 9);
        check(DVec2::ZERO, 100.0, 0.2, 0.4, 40);
        assert_eq!(fit_circle(&[DVec2::ZERO, DVec2::X, DVec2::X * 2.0]), None);
    }
}
