//! Gradients of all variables, as plain numbers.

use candle_core::backprop::GradStore;
use candle_core::{DType, Result, Var};

/// One slot for each variable, in the order of the weights; empty where nothing depended on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gradients(pub Vec<Option<Vec<f32>>>);

impl Gradients {
    /// Those of a backward pass.
    ///
    /// # Errors
    /// candle's.
    pub fn of(store: &mut GradStore, variables: &[Var]) -> Result<Self> {
        let flat = |variable: &Var| match store.remove(variable) {
            Some(gradient) => gradient.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>().map(Some),
            None => Ok(None),
        };
        variables.iter().map(flat).collect::<Result<_>>().map(Self)
    }

    /// Adds others.
    pub fn add(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
            return;
        }
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.iter_mut().zip(&theirs).for_each(|(mine, theirs)| *mine += theirs),
                (None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
    }

    /// The length of all of them as one vector.
    pub fn norm(&self) -> f64 {
        self.0.iter().flatten().map(|values| squares(values)).sum::<f64>().sqrt()
    }

    /// What they are to be multiplied with so that they are no longer than `longest`.
    pub fn clipping(norm: f64, longest: f64) -> f64 {
        if norm > longest { longest / norm } else { 1.0 }
    }
}

/// The sum of squares, in sixteen sums side by side.
fn squares(values: &[f32]) -> f64 {
    let (whole, rest) = values.as_chunks::<16>();
    let mut sums = [0f64; 16];
    for chunk in whole {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += f64::from(*value) * f64::from(*value);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_clipping_by_hand() {
        let mut gradients = Gradients::default();
        gradients.add(Gradients(vec![Some(vec![1.0, 2.0]), None, None]));
        gradients.add(Gradients(vec![Some(vec![2.0, 2.0]), Some(vec![12.0]), None]));
        assert_eq!(gradients, Gradients(vec![Some(vec![3.0, 4.0]), Some(vec![12.0]), None]));
        assert!((gradients.norm() - 13.0).abs() < 1e-12);
        assert!((Gradients::clipping(13.0, 1.0) - 1.0 / 13.0).abs() < 1e-12);
        assert!((Gradients::clipping(0.5, 1.0) - 1.0).abs() < 1e-12);
        assert!((squares(&[2.0; 35]) - 140.0).abs() < 1e-12);
    }
}
