//! Surfaces fitted to points by least squares of their distances, with the covariance of what is fitted.
//!
//! Gauss-Newton steps (damped where they would not help) in the fewest parameters that a surface has, about the middle of
//! its points, after G. Lukács, R. Martin, D. Marshall, "Faithful least-squares fitting of spheres, cylinders, cones and
//! tori for reliable segmentation", ECCV 1998.

use glam::DVec3;

use super::{Covariance, Parameter, Surface};
use crate::refine::Symmetric;

/// A fitted surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The surface.
    pub surface: Surface,
    /// What is known of its parameters.
    pub covariance: Covariance,
    /// Root mean square of the points' distances.
    pub residual: f64,
}

impl Fit {
    /// The same plane with its normal on the other side.
    pub(super) fn with_plane(self, surface: Surface) -> Self {
        let covariance = self.covariance.about(tangents(&self.surface), tangents(&surface), false);
        Self { surface, covariance, ..self }
    }
}

/// Steps at most; from a good start a fit settles within six.
const STEPS: usize = 24;
/// Most parameters of a surface, a torus'.
const MOST: usize = 7;

/// The surface of the kind of `start` that fits `points` best. `least_sigma` is the least standard deviation that points'
/// distances are taken to have, for points known to the last digits of their numbers. `None` where the points do not
/// determine the surface.
pub fn fitted(start: Surface, points: &[DVec3], least_sigma: f64) -> Option<Fit> {
    let parameters = parameters(&start);
    if points.len() < parameters.len() + 1 {
        return None;
    }
    let mut surface = about_middle(start, points)?;
    let mut error = squares(&surface, points);
    let mut damping = 0.0;
    for _ in 0..STEPS {
        let frame = tangents(&surface);
        let (matrix, gradient) = normal_equations(&surface, frame, points, damping);
        let Some(inverse) = matrix.inverse() else {
            if damping > 0.0 {
                return None;
            }
            damping = 1e-3;
            continue;
        };
        let step: Vec<f64> = inverse.times(&gradient).iter().map(|s| -s).collect();
        let tried = moved(&surface, frame, &step);
        let tried = tried.filter(|s| squares(s, points) <= error);
        let Some(better) = tried else {
            if damping > 1e3 {
                break;
            }
            damping = (10.0 * damping).max(1e-3);
            continue;
        };
        let now = squares(&better, points);
        let settled = error - now <= 1e-10 * error;
        (surface, error) = (about_middle(better, points)?, now);
        damping = if damping > 1e-6 { damping / 10.0 } else { 0.0 };
        if settled && damping < 1e-3 {
            break;
        }
    }
    let surface = about_middle(surface, points)?;
    let (matrix, _) = normal_equations(&surface, tangents(&surface), points, 0.0);
    let inverse = matrix.inverse()?;
    let residual = (error / points.len() as f64).sqrt();
    let free = (points.len() - parameters.len()) as f64;
    let sigma = (error / free).sqrt().max(least_sigma);
    let n = parameters.len();
    let entries = (0..n * n).map(|k| sigma * sigma * inverse.entry(k / n, k % n)).collect();
    Some(Fit { surface, covariance: Covariance::new(parameters, entries), residual })
}

/// Two directions square to the surface's normal or axis and to each other: those the covariance speaks of.
pub fn tangents(surface: &Surface) -> [DVec3; 2] {
    let along = match *surface {
        Surface::Plane { normal, .. } => normal,
        Surface::Sphere { .. } => DVec3::Z,
        Surface::Cylinder { axis, .. } | Surface::Cone { axis, .. } | Surface::Torus { axis, .. } => axis,
    };
    let u = along.any_orthonormal_vector();
    [u, along.cross(u)]
}

fn parameters(surface: &Surface) -> &'static [Parameter] {
    use Parameter::{AlongAxis, AlongU, AlongV, HalfAngle, Major, Minor, Offset, Radius, TiltU, TiltV};
    match surface {
        Surface::Plane { .. } => &[Offset, TiltU, TiltV],
        Surface::Cylinder { .. } => &[AlongU, AlongV, TiltU, TiltV, Radius],
        Surface::Cone { .. } => &[AlongU, AlongV, TiltU, TiltV, Radius, HalfAngle],
        Surface::Sphere { .. } => &[AlongU, AlongV, AlongAxis, Radius],
        Surface::Torus { .. } => &[AlongU, AlongV, AlongAxis, TiltU, TiltV, Major, Minor],
    }
}

/// The derivatives of a point's distance in the order of the parameters.
fn derivatives(surface: &Surface, [u, v]: [DVec3; 2], p: DVec3) -> [f64; MOST] {
    match *surface {
        Surface::Plane { point, .. } => [-1.0, u.dot(p - point), v.dot(p - point), 0.0, 0.0, 0.0, 0.0],
        Surface::Cylinder { point, axis, .. } => {
            let d = p - point;
            let away = d.reject_from_normalized(axis).normalize_or_zero();
            let (eu, ev, h) = (away.dot(u), away.dot(v), d.dot(axis));
            [-eu, -ev, -h * eu, -h * ev, -1.0, 0.0, 0.0]
        }
        Surface::Cone { point, axis, radius, half_angle_rad } => {
            let d = p - point;
            let across = d.reject_from_normalized(axis);
            let (rho, away, h) = (across.length(), across.normalize_or_zero(), d.dot(axis));
            let (sin, cos) = half_angle_rad.sin_cos();
            let (eu, ev) = (away.dot(u), away.dot(v));
            let tilt = h * cos + rho * sin;
            [-cos * eu, -cos * ev, -tilt * eu, -tilt * ev, -cos, (radius - rho) * sin - h * cos, 0.0]
        }
        Surface::Sphere { center, .. } => {
            let away = (p - center).normalize_or_zero();
            [-away.dot(u), -away.dot(v), -away.z, -1.0, 0.0, 0.0, 0.0]
        }
        Surface::Torus { center, axis, major, .. } => {
            let d = p - center;
            let across = d.reject_from_normalized(axis);
            let (rho, away, h) = (across.length(), across.normalize_or_zero(), d.dot(axis));
            let tube = (rho - major).hypot(h).max(f64::MIN_POSITIVE);
            let (out, up) = ((rho - major) / tube, h / tube);
            let (eu, ev) = (away.dot(u), away.dot(v));
            let tilt = up * rho - out * h;
            [-out * eu, -out * ev, -up, tilt * eu, tilt * ev, -out, -1.0]
        }
    }
}

/// The surface moved by a step in its parameters; `None` where that leaves nothing of its kind.
fn moved(surface: &Surface, [u, v]: [DVec3; 2], step: &[f64]) -> Option<Surface> {
    let moved = match *surface {
        Surface::Plane { point, normal } => {
            let turned = (normal + u * step[1] + v * step[2]).normalize_or_zero();
            Surface::Plane { point: point + normal * step[0], normal: turned }
        }
        Surface::Cylinder { point, axis, radius } => Surface::Cylinder {
            point: point + u * step[0] + v * step[1],
            axis: (axis + u * step[2] + v * step[3]).normalize_or_zero(),
            radius: radius + step[4],
        },
        Surface::Cone { point, axis, radius, half_angle_rad } => Surface::Cone {
            point: point + u * step[0] + v * step[1],
            axis: (axis + u * step[2] + v * step[3]).normalize_or_zero(),
            radius: radius + step[4],
            half_angle_rad: half_angle_rad + step[5],
        },
        Surface::Sphere { center, radius } => Surface::Sphere {
            center: center + u * step[0] + v * step[1] + DVec3::Z * step[2],
            radius: radius + step[3],
        },
        Surface::Torus { center, axis, major, minor } => Surface::Torus {
            center: center + u * step[0] + v * step[1] + axis * step[2],
            axis: (axis + u * step[3] + v * step[4]).normalize_or_zero(),
            major: major + step[5],
            minor: minor + step[6],
        },
    };
    is_proper(&moved).then_some(moved)
}

fn is_proper(surface: &Surface) -> bool {
    let fine = |p: DVec3, length: f64| p.is_finite() && length.is_finite() && length > 0.0;
    match *surface {
        Surface::Plane { point, normal } => fine(point, 1.0) && normal != DVec3::ZERO,
        Surface::Cylinder { point, axis, radius } => fine(point, radius) && axis != DVec3::ZERO,
        Surface::Cone { point, axis, radius, half_angle_rad } => {
            fine(point, radius) && axis != DVec3::ZERO && half_angle_rad > 0.0 && half_angle_rad < 1.56
        }
        Surface::Sphere { center, radius } => fine(center, radius),
        Surface::Torus { center, axis, major, minor } => {
            fine(center, major) && fine(center, minor) && axis != DVec3::ZERO
        }
    }
}

/// The same surface with its point beside the middle of the points, where tilt and place are told apart best.
fn about_middle(surface: Surface, points: &[DVec3]) -> Option<Surface> {
    let middle = points.iter().sum::<DVec3>() / points.len() as f64;
    let moved = match surface {
        Surface::Plane { point, normal } => {
            Surface::Plane { point: middle - normal * normal.dot(middle - point), normal }
        }
        Surface::Cylinder { point, axis, radius } => {
            Surface::Cylinder { point: point + axis * axis.dot(middle - point), axis, radius }
        }
        Surface::Cone { point, axis, radius, half_angle_rad } => {
            let along = axis.dot(middle - point);
            let radius = radius + along * half_angle_rad.tan();
            Surface::Cone { point: point + axis * along, axis, radius, half_angle_rad }
        }
        round => round,
    };
    is_proper(&moved).then_some(moved)
}

fn squares(surface: &Surface, points: &[DVec3]) -> f64 {
    points.iter().map(|p| surface.distance(*p).powi(2)).sum()
}

fn normal_equations(surface: &Surface, frame: [DVec3; 2], points: &[DVec3], damping: f64) -> (Symmetric, Vec<f64>) {
    let n = parameters(surface).len();
    let mut sums = [[0.0; MOST]; MOST];
    let mut gradient = vec![0.0; n];
    for &p in points {
        let row = derivatives(surface, frame, p);
        let distance = surface.distance(p);
        for i in 0..n {
            gradient[i] += row[i] * distance;
            for j in 0..=i {
                sums[i][j] += row[i] * row[j];
            }
        }
    }
    let mut matrix = Symmetric::zero(n);
    for (i, row) in sums.iter().enumerate().take(n) {
        matrix.add_diagonal(i, row[i] * (1.0 + damping));
        for (j, sum) in row.iter().enumerate().take(i) {
            matrix.add_pair(i, j, *sum);
        }
    }
    (matrix, gradient)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// A number of about standard normal distribution.
    fn normal(random: &mut ChaCha8Rng) -> f64 {
        (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
    }

    /// Points of a patch of the surface, from those of a cube's corner about it.
    fn patch(surface: &Surface, count: usize, noise: f64, random: &mut ChaCha8Rng) -> Vec<DVec3> {
        (0..count)
            .map(|_| {
                let p = DVec3::new(
                    random.random::<f64>() * 6.0,
                    random.random::<f64>() * 6.0 - 2.0,
                    random.random::<f64>() * 9.0,
                );
                let on = surface.closest(p + DVec3::X);
                on + surface.normal(on) * (noise * normal(random))
            })
            .collect()
    }

    fn kinds() -> [Surface; 5] {
        let axis = DVec3::new(0.1, -0.2, 1.0).normalize();
        [
            Surface::Plane { point: DVec3::X * 2.0, normal: DVec3::new(1.0, 0.2, 0.1).normalize() },
            Surface::Cylinder { point: DVec3::ZERO, axis, radius: 4.0 },
            Surface::Cone { point: DVec3::Z * 4.0, axis, radius: 5.0, half_angle_rad: 0.4 },
            Surface::Sphere { center: DVec3::new(0.2, 0.1, 4.0), radius: 6.0 },
            Surface::Torus { center: DVec3::Z * 4.0, axis, major: 6.0, minor: 2.5 },
        ]
    }

    #[test]
    fn every_kind_is_found_from_a_start_beside_it() {
        for truth in kinds() {
            let mut random = ChaCha8Rng::seed_from_u64(3);
            let points = patch(&truth, 300, 0.0, &mut random);
            let step: Vec<f64> = parameters(&truth).iter().map(|_| 0.06 * normal(&mut random)).collect();
            let start = moved(&truth, tangents(&truth), &step).unwrap();
            let fit = fitted(start, &points, 1e-9).unwrap();
            assert!(fit.residual < 1e-9, "{truth:?}: {fit:?}");
            let off = points.iter().map(|p| fit.surface.distance(*p).abs()).fold(0.0, f64::max);
            assert!(off < 1e-8, "{truth:?}: {off}");
        }
    }

    #[test]
    fn predicted_deviations_are_those_of_many_trials() {
        const TRIALS: usize = 600;
        for truth in kinds() {
            let parameters = parameters(&truth);
            let mut random = ChaCha8Rng::seed_from_u64(5);
            let clean = patch(&truth, 250, 0.0, &mut random);
            let frame = tangents(&truth);
            let (mut squares, mut predicted) = (vec![0.0; parameters.len()], vec![0.0; parameters.len()]);
            let reference = about_middle(truth, &clean).unwrap();
            for _ in 0..TRIALS {
                let points: Vec<DVec3> =
                    clean.iter().map(|p| *p + truth.normal(*p) * (0.02 * normal(&mut random))).collect();
                let fit = fitted(truth, &points, 0.0).unwrap();
                // The same point of the axis, so that numbers are of one place.
                let found = about_middle(fit.surface, &clean).unwrap();
                let errors = difference(&reference, &found, frame);
                for (k, parameter) in parameters.iter().enumerate() {
                    squares[k] += errors[k].powi(2);
                    predicted[k] += fit.covariance.deviation(*parameter).unwrap();
                }
            }
            for (k, parameter) in parameters.iter().enumerate() {
                // Tangent directions are those of each trial's own surface; both are so close that they agree.
                let (seen, said) = ((squares[k] / TRIALS as f64).sqrt(), predicted[k] / TRIALS as f64);
                assert!((seen / said - 1.0).abs() < 0.2, "{} {parameter:?}: {seen} for {said}", truth.kind());
            }
        }
    }

    /// How far `b` is from `a` in the parameters.
    fn difference(a: &Surface, b: &Surface, [u, v]: [DVec3; 2]) -> Vec<f64> {
        let place = |s: &Surface| match *s {
            Surface::Plane { point, .. } | Surface::Cylinder { point, .. } | Surface::Cone { point, .. } => point,
            Surface::Sphere { center, .. } | Surface::Torus { center, .. } => center,
        };
        let along = |s: &Surface| match *s {
            Surface::Plane { normal, .. } => normal,
            _ => s.axis().map_or(DVec3::Z, |axis| axis.1),
        };
        let (d, t) = (place(b) - place(a), along(b) - along(a));
        parameters(a)
            .iter()
            .map(|p| match p {
                Parameter::AlongU => d.dot(u),
                Parameter::AlongV => d.dot(v),
                Parameter::AlongAxis | Parameter::Offset => d.dot(along(a)),
                Parameter::TiltU => t.dot(u),
                Parameter::TiltV => t.dot(v),
                Parameter::Radius | Parameter::Minor => b.radius().unwrap() - a.radius().unwrap(),
                Parameter::HalfAngle | Parameter::Major => match (*a, *b) {
                    (Surface::Cone { half_angle_rad: x, .. }, Surface::Cone { half_angle_rad: y, .. })
                    | (Surface::Torus { major: x, .. }, Surface::Torus { major: y, .. }) => y - x,
                    _ => panic!("only these have it"),
                },
            })
            .collect()
    }

    #[test]
    fn points_that_say_nothing_of_a_surface_give_none() {
        let line: Vec<DVec3> = (0..20).map(|i| DVec3::X * f64::from(i)).collect();
        assert!(fitted(Surface::Plane { point: DVec3::ZERO, normal: DVec3::Z }, &line, 1e-6).is_none());
        let start = Surface::Sphere { center: DVec3::Z, radius: 1.0 };
        assert!(fitted(start, &line[..4], 1e-6).is_none());
    }
}
