//! The dialect as a constraint on sampling.

use super::Writing;
use crate::sampling::Constraint;

/// Holds every sample to programs of the dialect.
#[derive(Clone, Debug)]
pub struct Dialect {
    start: Writing,
    /// Each sample's program, and how many of its tokens were read.
    samples: Vec<(Writing, usize)>,
}

impl Dialect {
    /// With the vocabulary that `start` is written with.
    pub fn new(start: Writing) -> Self {
        Self { start, samples: Vec::new() }
    }
}

impl Constraint for Dialect {
    fn restrict(&mut self, sample: usize, tokens: &[u32], scores: &mut [f32]) {
        while self.samples.len() <= sample {
            self.samples.push((self.start.clone(), 0));
        }
        let (writing, read) = &mut self.samples[sample];
        if *read > tokens.len() {
            (*writing, *read) = (self.start.clone(), 0);
        }
        for &token in &tokens[*read..] {
            // A token that may not follow was not chosen under this constraint; the text goes on from what fits.
            let _ = writing.take(token);
        }
        *read = tokens.len();
        writing.mask().apply(scores);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_held_each_to_its_own_program() {
        let pieces = ["import cadquery as cq\n", "r=", "w0=", "cq.", "Workplane(", "'XY'", ")", "x"];
        let writing = Writing::new(pieces.iter().enumerate().map(|(i, p)| (i as u32, p.as_bytes().to_vec())), &[8]);
        let mut dialect = Dialect::new(writing);
        let mut check = |sample: usize, tokens: &[u32], expected: &[usize]| {
            let mut scores = vec![0.0; 9];
            dialect.restrict(sample, tokens, &mut scores);
            let left: Vec<usize> = (0..9).filter(|&t| scores[t].is_finite()).collect();
            assert_eq!(left, expected, "sample {sample} after {tokens:?}");
        };
        check(0, &[], &[0]);
        check(1, &[0], &[1, 2]);
        check(0, &[0, 1], &[3]);
        check(1, &[0, 2, 3, 4], &[3, 5, 6]);
        check(0, &[0, 1, 3, 4, 5, 6], &[8]);
        // Another round begins at the beginning.
        check(0, &[], &[0]);
    }
}
