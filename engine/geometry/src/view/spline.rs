//! Quadratic B-splines through samples, mirrored at the ends: the arithmetic of `SciPy`'s `ndimage.zoom` of order 2.
//!
//! Source: `SciPy`, `scipy/ndimage/src/ni_splines.c`, after Unser, Aldroubi and Eden, IEEE Transactions on Pattern Analysis
//! and Machine Intelligence 13.3 (1991). The sums are made in the same order: white minus the rounding of a sum is cut to 254
//! in some places and to 255 in others, and so it is in the pictures the network was trained on.

/// Root of the quadratic B-spline's filter: `sqrt(8) - 3`.
const POLE: f64 = -0.171_572_875_253_809_9;

/// What the samples are multiplied by before.
const GAIN: f64 = (1.0 - POLE) * (1.0 - 1.0 / POLE);

/// Where the powers of the pole no longer change a sum of bytes.
const NOTHING: f64 = 1e-40;

/// Turns samples into the coefficients of the spline through them, in place. Each sample is `LINES` numbers, and each of
/// these a line of its own.
pub(super) fn to_coefficients<const LINES: usize>(samples: &mut [[f64; LINES]]) {
    let Some(last) = samples.len().checked_sub(1).filter(|&last| last > 0) else { return };
    for value in samples.as_flattened_mut() {
        *value *= GAIN;
    }
    samples[0] = std::array::from_fn(|line| start(last + 1, |i| samples[i][line]));
    let mut before = samples[0];
    for sample in &mut samples[1..] {
        for (value, before) in sample.iter_mut().zip(&mut before) {
            *value += POLE * *before;
            *before = *value;
        }
    }
    samples[last] = std::array::from_fn(|line| end(samples[last - 1][line], samples[last][line]));
    let mut after = samples[last];
    for sample in samples[..last].iter_mut().rev() {
        for (value, after) in sample.iter_mut().zip(&mut after) {
            *value = POLE * (*after - *value);
            *after = *value;
        }
    }
}

/// The same from row to row of a picture, in place: each sample is a whole row of `length` numbers.
pub(super) fn rows_to_coefficients(values: &mut [f64], length: usize) {
    let count = values.len().checked_div(length).unwrap_or(0);
    if count < 2 {
        return;
    }
    for value in &mut *values {
        *value *= GAIN;
    }
    for line in 0..length {
        values[line] = start(count, |i| values[i * length + line]);
    }
    for row in 1..count {
        let (above, rest) = values[(row - 1) * length..].split_at_mut(length);
        for (value, above) in rest.iter_mut().zip(above) {
            *value += POLE * *above;
        }
    }
    let (above, last) = values[(count - 2) * length..].split_at_mut(length);
    for (value, above) in last.iter_mut().zip(above) {
        *value = end(*above, *value);
    }
    for row in (0..count - 1).rev() {
        let (this, below) = values[row * length..].split_at_mut(length);
        for (value, below) in this.iter_mut().zip(below) {
            *value = POLE * (*below - *value);
        }
    }
}

/// What the filter has at the first of `count` samples, when it came from their mirror image.
fn start(count: usize, sample: impl Fn(usize) -> f64) -> f64 {
    let around = POLE.powi(count as i32 - 1);
    let mut sum = sample(0) + around * sample(count - 1);
    let mut power = POLE;
    for i in 1..count - 1 {
        sum += power * (sample(i) + around * sample(count - 1 - i));
        power *= POLE;
        if power.abs() < NOTHING {
            break;
        }
    }
    sum / (1.0 - around * around)
}

/// What the filter has at the last sample on its way back, from the last two on its way there.
fn end(last_but_one: f64, last: f64) -> f64 {
    (POLE * last_but_one + last) * POLE / (POLE * POLE - 1.0)
}

/// The three samples around a place and the weights of their coefficients. `count` is at least 2 and the place lies between
/// the first and the last sample.
pub(super) fn weights(place: f64, count: usize) -> ([usize; 3], [f64; 3]) {
    let middle = (place + 0.5).floor();
    let from_middle = place - middle;
    let to_half = 0.5 - from_middle;
    let (before, at) = (0.5 * to_half * to_half, 0.75 - from_middle * from_middle);
    let middle = middle as i64;
    let mirrored = |i: i64| {
        let last = count as i64 - 1;
        (if i < 0 { -i } else { last - (last - i).abs() }).clamp(0, last) as usize
    };
    ([middle - 1, middle, middle + 1].map(mirrored), [before, at, 1.0 - before - at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spline_goes_through_its_samples() {
        let samples = [3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, 6.0];
        let mut single = samples;
        to_coefficients(single.as_chunks_mut::<1>().0);
        check(&samples, &single, 1);
        let mut pairs = samples;
        to_coefficients(pairs.as_chunks_mut::<2>().0);
        check(&samples, &pairs, 2);
        let mut rows = samples;
        rows_to_coefficients(&mut rows, 2);
        assert_eq!(rows.map(f64::to_bits), pairs.map(f64::to_bits));
    }

    fn check(samples: &[f64], coefficients: &[f64], step: usize) {
        for (i, sample) in samples.iter().enumerate() {
            let (at, weights) = weights((i / step) as f64, samples.len() / step);
            let value: f64 = at.iter().zip(weights).map(|(&at, w)| w * coefficients[at * step + i % step]).sum();
            assert!((value - sample).abs() < 1e-12, "{step} {i} {value}");
        }
    }

    #[test]
    fn weights_between_samples() {
        assert_eq!(weights(2.5, 9), ([2, 3, 4], [0.5, 0.5, 0.0]));
        assert_eq!(weights(0.0, 9), ([1, 0, 1], [0.125, 0.75, 0.125]));
        assert_eq!(weights(8.0, 9).0, [7, 8, 7]);
    }
}
