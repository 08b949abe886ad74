//! Random choices, each a function of what it is for.

use glam::DVec2;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// A source of random numbers of its own for every attempt at every sample.
pub(super) fn source(seed: u64, index: u64, attempt: u64) -> ChaCha8Rng {
    let mut bytes = [0; 32];
    for (place, number) in [seed, index, attempt].into_iter().enumerate() {
        bytes[8 * place..8 * (place + 1)].copy_from_slice(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(bytes)
}

/// One of the choices, as likely as its weight says.
pub(super) fn weighted<T: Copy>(random: &mut ChaCha8Rng, choices: &[(T, f64)]) -> Option<T> {
    let total: f64 = choices.iter().map(|(_, weight)| weight).sum();
    let mut drawn = random.random::<f64>() * total;
    for (choice, weight) in choices {
        if drawn < *weight {
            return Some(*choice);
        }
        drawn -= weight;
    }
    choices.last().map(|(choice, _)| *choice)
}

/// True as often as `share` says.
pub(super) fn chance(random: &mut ChaCha8Rng, share: f64) -> bool {
    random.random::<f64>() < share
}

/// A number between the two.
pub(super) fn between(random: &mut ChaCha8Rng, from: f64, to: f64) -> f64 {
    from + (to - from) * random.random::<f64>()
}

/// A point of the square of half side `half` around the origin.
pub(super) fn in_square(random: &mut ChaCha8Rng, half: f64) -> DVec2 {
    DVec2::new(between(random, -half, half), between(random, -half, half))
}

/// One of the values.
pub(super) fn one_of<T: Copy>(random: &mut ChaCha8Rng, values: &[T]) -> Option<T> {
    if values.is_empty() {
        return None;
    }
    values.get(random.random_range(0..values.len())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_met() {
        let mut random = source(1, 2, 3);
        let drawn: Vec<_> = (0..10_000).filter_map(|_| weighted(&mut random, &[('a', 1.0), ('b', 3.0)])).collect();
        let a = drawn.iter().filter(|choice| **choice == 'a').count();
        assert!((2300..2700).contains(&a), "{a}");
        assert_eq!(weighted::<u8>(&mut random, &[]), None);
    }

    #[test]
    fn every_attempt_has_numbers_of_its_own() {
        let first = |seed, index, attempt| source(seed, index, attempt).random::<u64>();
        assert_eq!(first(1, 2, 3), first(1, 2, 3));
        assert!(first(1, 2, 3) != first(2, 1, 3) && first(1, 2, 3) != first(1, 2, 4));
    }
}
