//! Products of matrices that lie within slices.

use candle_core::{Result, bail};
use gemm::Parallelism;

/// A matrix within a slice: element (i, j) at `i * row + j * column`.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub(super) values: &'a [f32],
    /// From a row to the next.
    pub(super) row: usize,
    /// From a column to the next.
    pub(super) column: usize,
}

impl<'a> Matrix<'a> {
    /// Rows one after another, each `row` values after the one before.
    pub(super) fn rows(values: &'a [f32], row: usize) -> Self {
        Self { values, row, column: 1 }
    }

    /// The transposed matrix.
    pub(super) fn transposed(self) -> Self {
        Self { values: self.values, row: self.column, column: self.row }
    }

    fn holds(&self, rows: usize, columns: usize) -> bool {
        rows == 0 || columns == 0 || (rows - 1) * self.row + (columns - 1) * self.column < self.values.len()
    }
}

/// `to = a b`, or `to += a b` where `onto`: `a` (m, k), `b` (k, n), `to` (m, n) with `to_row` values from a row to the next.
/// On the calling thread alone.
pub(super) fn product(
    to: &mut [f32],
    to_row: usize,
    [m, n, k]: [usize; 3],
    a: Matrix<'_>,
    b: Matrix<'_>,
    onto: bool,
) -> Result<()> {
    let fits = m == 0 || n == 0 || ((m - 1) * to_row + n <= to.len() && n <= to_row.max(n * usize::from(m == 1)));
    if !fits || !a.holds(m, k) || !b.holds(k, n) {
        bail!("a product of ({m}, {k}) and ({k}, {n}) does not lie within its slices");
    }
    multiply(to, to_row, [m, n, k], a, b, onto);
    Ok(())
}

#[expect(unsafe_code, reason = "the product of matrices takes pointers; its caller has compared sizes and slices")]
fn multiply(to: &mut [f32], to_row: usize, [m, n, k]: [usize; 3], a: Matrix<'_>, b: Matrix<'_>, onto: bool) {
    // SAFETY: `product` has made sure that the last element of each matrix lies within its slice, strides are not
    // negative, and rows of `to` do not overlap; `to` is borrowed for writing, so that nothing else points into it.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            to.as_mut_ptr(),
            1,
            to_row as isize,
            onto,
            a.values.as_ptr(),
            a.column as isize,
            a.row as isize,
            b.values.as_ptr(),
            b.column as isize,
            b.row as isize,
            1.0f32,
            1.0f32,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_by_hand() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, 2.0, 1.0, 0.0, 3.0]);
        let mut to = [10.0; 5];
        // (2, 3) by (3, 2) into rows of three.
        product(&mut to, 3, [2, 2, 3], Matrix::rows(&a, 3), Matrix::rows(&b, 2), false).unwrap();
        assert_eq!(to, [5.0, 11.0, 10.0, 14.0, 23.0]);
        product(&mut to, 2, [2, 3, 3], Matrix::rows(&a, 3), Matrix::rows(&b, 3), true).unwrap_err();
        let b = Matrix::rows(&b, 3).transposed();
        product(&mut to, 3, [2, 2, 3], Matrix::rows(&a, 3), b, true).unwrap();
        assert_eq!(to, [5.0 + 7.0, 11.0 + 10.0, 10.0, 14.0 + 16.0, 23.0 + 22.0]);
    }
}
