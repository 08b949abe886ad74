//! The principal directions of a set of points.

use glam::{DMat3, DVec3};

/// How points scatter about their centre: three orthogonal unit directions with the variance along each, least first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scatter {
    /// The mean of the points.
    pub center: DVec3,
    /// Mean squared distances from `center` along `directions`, ascending.
    pub variances: [f64; 3],
    /// Orthogonal unit vectors. The first is the normal of the plane that fits best, the last the direction of the line that
    /// does.
    pub directions: [DVec3; 3],
}

impl Scatter {
    /// Of at least one finite point; `None` without, or where coordinates are too large to be squared.
    pub fn of(points: impl Iterator<Item = DVec3> + Clone) -> Option<Self> {
        let count = points.clone().count() as f64;
        let center = points.clone().sum::<DVec3>() / count;
        let sum =
            points.map(|p| p - center).fold(DMat3::ZERO, |sum, d| sum + DMat3::from_cols(d * d.x, d * d.y, d * d.z));
        if !(sum.is_finite() && center.is_finite()) {
            return None;
        }
        let (values, vectors) = symmetric_eigen(sum * count.recip());
        let mut order = [0, 1, 2];
        order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
        Some(Self { center, variances: order.map(|i| values[i].max(0.0)), directions: order.map(|i| vectors.col(i)) })
    }
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix by Jacobi's rotations, which stay orthogonal and exact where
/// eigenvalues coincide. The closed formula (as in `glamx`) loses the directions there: on a line, and at every edge of a part.
fn symmetric_eigen(matrix: DMat3) -> (DVec3, DMat3) {
    let mut a = matrix.to_cols_array_2d();
    let mut vectors = DMat3::IDENTITY.to_cols_array_2d();
    // Converges quadratically: five sweeps reach the last digit, the limit is for safety.
    for _ in 0..16 {
        let off = a[0][1].abs() + a[0][2].abs() + a[1][2].abs();
        let on = a[0][0].abs() + a[1][1].abs() + a[2][2].abs();
        if off <= f64::EPSILON * 1e-2 * on {
            break;
        }
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q] == 0.0 {
                continue;
            }
            let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
            let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
            let cos = t.hypot(1.0).recip();
            let sin = t * cos;
            for row in &mut a {
                (row[p], row[q]) = (cos * row[p] - sin * row[q], sin * row[p] + cos * row[q]);
            }
            rotate_rows(&mut a, p, q, cos, sin);
            // `vectors` holds columns first.
            rotate_rows(&mut vectors, p, q, cos, sin);
        }
    }
    (DVec3::new(a[0][0], a[1][1], a[2][2]), DMat3::from_cols_array_2d(&vectors))
}

/// Turns two rows into each other.
fn rotate_rows(m: &mut [[f64; 3]; 3], p: usize, q: usize, cos: f64, sin: f64) {
    let (of_p, of_q) = (DVec3::from(m[p]), DVec3::from(m[q]));
    m[p] = (cos * of_p - sin * of_q).to_array();
    m[q] = (sin * of_p + cos * of_q).to_array();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn eigenvectors_are_what_they_say(c in prop::collection::vec(-3..4i32, 6)) {
            // Small integers give many coinciding eigenvalues.
            let c: Vec<f64> = c.into_iter().map(f64::from).collect();
            let m = DMat3::from_cols_array(&[c[0], c[1], c[2], c[1], c[3], c[4], c[2], c[4], c[5]]);
            let (values, vectors) = symmetric_eigen(m);
            for i in 0..3 {
                prop_assert!((m * vectors.col(i)).distance(values[i] * vectors.col(i)) < 1e-12);
            }
            prop_assert!((vectors.transpose() * vectors).abs_diff_eq(DMat3::IDENTITY, 1e-12));
        }
    }

    #[test]
    fn lines_planes_and_nothing() {
        let of = |points: &[DVec3]| Scatter::of(points.iter().copied());
        let line = of(&[DVec3::ZERO, DVec3::ONE, 2.0 * DVec3::ONE]).unwrap();
        assert!(line.directions[2].dot(DVec3::ONE.normalize()).abs() > 1.0 - 1e-12 && line.variances[1] < 1e-12);
        let plane = of(&[DVec3::X, DVec3::Y, DVec3::Z]).unwrap();
        assert!(plane.directions[0].dot(DVec3::ONE.normalize()).abs() > 1.0 - 1e-12);
        assert!(of(&[DVec3::X]).unwrap().variances.iter().all(|v| v.abs() < f64::MIN_POSITIVE));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[DVec3::NAN]), None);
        assert_eq!(of(&[1e300 * DVec3::X, DVec3::ZERO]), None);
    }
}
