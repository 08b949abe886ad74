//! What a fit knows of its numbers: their covariance, which every relation narrows.
//!
//! Making numbers meet a linear relation `a . s = b` moves all others along, as far as the points tie them together:
//! s' = s - P a (a . s - b) / (a . P a) and P' = P - P a a^T P / (a . P a), the update of a Kalman filter by a measurement
//! without error. Relations met earlier stay met, because P has no extent along them any more.

/// A symmetric matrix by rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Symmetric {
    n: usize,
    entries: Vec<f64>,
}

impl Symmetric {
    pub(crate) fn zero(n: usize) -> Self {
        Self { n, entries: vec![0.0; n * n] }
    }

    /// Adds `weight` times the square of a row given by its entries that are not zero.
    pub(crate) fn add_square(&mut self, row: &[(usize, f64)], weight: f64) {
        for &(i, a) in row {
            for &(j, b) in row {
                self.entries[i * self.n + j] += weight * a * b;
            }
        }
    }

    pub(crate) fn add_diagonal(&mut self, i: usize, value: f64) {
        self.entries[i * self.n + i] += value;
    }

    /// Adds `value` to the entries of `i` with `j` and of `j` with `i`, which differ.
    pub(crate) fn add_pair(&mut self, i: usize, j: usize, value: f64) {
        self.entries[i * self.n + j] += value;
        self.entries[j * self.n + i] += value;
    }

    /// The entry of two rows.
    pub(crate) fn entry(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.n + j]
    }

    /// The product with a vector.
    pub(crate) fn times(&self, v: &[f64]) -> Vec<f64> {
        self.entries.chunks_exact(self.n.max(1)).map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum()).collect()
    }

    /// The product with a vector given by its entries that are not zero.
    fn times_sparse(&self, v: &[(usize, f64)]) -> Vec<f64> {
        (0..self.n).map(|i| v.iter().map(|&(j, x)| self.entries[i * self.n + j] * x).sum()).collect()
    }

    /// The inverse by Cholesky's factors; `None` where the matrix is not positive definite. Rows are scaled to a unit
    /// diagonal first, as lengths and angles differ by orders of magnitude.
    pub(crate) fn inverse(&self) -> Option<Self> {
        let n = self.n;
        let scale = (0..n)
            .map(|i| {
                let d = self.entries[i * n + i];
                (d > 0.0 && d.is_finite()).then(|| 1.0 / d.sqrt())
            })
            .collect::<Option<Vec<f64>>>()?;
        // lower * lower^T = scaled matrix.
        let mut lower = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let (left, right) = (&lower[i * n..i * n + j], &lower[j * n..j * n + j]);
                let sum = self.entries[i * n + j] * scale[i] * scale[j]
                    - left.iter().zip(right).map(|(a, b)| a * b).sum::<f64>();
                if i == j {
                    if sum <= 1e-13 {
                        return None;
                    }
                    lower[i * n + i] = sum.sqrt();
                } else {
                    lower[i * n + j] = sum / lower[j * n + j];
                }
            }
        }
        // Columns of the inverse of `lower`, kept as rows: entry (j, i) of `columns` is entry (i, j) of the inverse.
        let mut columns = vec![0.0; n * n];
        for j in 0..n {
            columns[j * n + j] = 1.0 / lower[j * n + j];
            for i in j + 1..n {
                let sum: f64 = (j..i).map(|k| lower[i * n + k] * columns[j * n + k]).sum();
                columns[j * n + i] = -sum / lower[i * n + i];
            }
        }
        let mut inverse = Self::zero(n);
        for i in 0..n {
            for j in 0..=i {
                let (a, b) = (&columns[i * n + i..i * n + n], &columns[j * n + i..j * n + n]);
                let value = a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() * scale[i] * scale[j];
                inverse.entries[i * n + j] = value;
                inverse.entries[j * n + i] = value;
            }
        }
        Some(inverse)
    }
}

/// A linear relation between numbers: the sum of the terms is `value`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Equation {
    pub(super) terms: Vec<(usize, f64)>,
    pub(super) value: f64,
}

impl Equation {
    /// How far the numbers are from meeting it.
    pub(super) fn excess(&self, values: &[f64]) -> f64 {
        self.terms.iter().map(|&(i, a)| a * values[i]).sum::<f64>() - self.value
    }
}

/// What meeting a relation means.
pub(super) struct Met {
    /// The numbers after.
    pub(super) values: Vec<f64>,
    /// The covariance after.
    pub(super) covariance: Symmetric,
    /// By how many standard deviations the numbers missed the relation.
    pub(super) deviations: f64,
}

/// The most likely numbers that meet `equation` as well; `None` where earlier relations leave it no room.
pub(super) fn meeting(
    values: &[f64],
    covariance: &Symmetric,
    equation: &Equation,
    least_deviation: f64,
) -> Option<Met> {
    let gain = covariance.times_sparse(&equation.terms);
    let variance: f64 = equation.terms.iter().map(|&(i, a)| a * gain[i]).sum();
    let excess = equation.excess(values);
    if variance <= least_deviation * least_deviation {
        return None;
    }
    let n = values.len();
    let mut narrowed = covariance.clone();
    for i in 0..n {
        for j in 0..n {
            narrowed.entries[i * n + j] -= gain[i] * gain[j] / variance;
        }
    }
    let values = values.iter().zip(&gain).map(|(s, g)| s - g * excess / variance).collect();
    Some(Met { values, covariance: narrowed, deviations: excess.abs() / variance.sqrt() })
}

/// The standard deviation of the sum of `terms`.
pub(super) fn deviation(covariance: &Symmetric, terms: &[(usize, f64)]) -> f64 {
    let gain = covariance.times_sparse(terms);
    terms.iter().map(|&(i, a)| a * gain[i]).sum::<f64>().max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Symmetric {
        let mut m = Symmetric::zero(3);
        m.add_square(&[(0, 1.0), (1, -1.0)], 4.0);
        m.add_square(&[(1, 2.0), (2, 0.5)], 1.0);
        for i in 0..3 {
            m.add_diagonal(i, 1.0 + i as f64);
        }
        m
    }

    #[test]
    fn an_inverse_undoes_its_matrix() {
        let m = example();
        let inverse = m.inverse().expect("it is positive definite");
        for i in 0..3 {
            let mut unit = vec![0.0; 3];
            unit[i] = 1.0;
            let back = m.times(&inverse.times(&unit));
            assert!(back.iter().zip(&unit).all(|(a, b)| (a - b).abs() < 1e-12), "{back:?}");
        }
        assert_eq!(Symmetric::zero(2).inverse(), None);
    }

    #[test]
    fn relations_met_earlier_stay_met() {
        let covariance = example().inverse().expect("it is positive definite");
        let values = [1.0, 2.0, 3.5];
        let flush = Equation { terms: vec![(0, 1.0), (1, -1.0)], value: 0.0 };
        let round = Equation { terms: vec![(2, 1.0), (0, 1.0)], value: 5.0 };
        let first = meeting(&values, &covariance, &flush, 1e-9).expect("there is room");
        assert!(flush.excess(&first.values).abs() < 1e-12);
        let second = meeting(&first.values, &first.covariance, &round, 1e-9).expect("there is room");
        assert!(flush.excess(&second.values).abs() < 1e-12 && round.excess(&second.values).abs() < 1e-12);
        assert!(meeting(&second.values, &second.covariance, &flush, 1e-9).is_none());
    }
}
