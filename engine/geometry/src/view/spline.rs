//! Quadratic B-splines through samples, mirrored at the ends: the arithmetic of SciPy's `ndimage.zoom` of order 2.
//!
//! Source: SciPy, `scipy/ndimage/src/ni_splines.c`, after Unser, Aldroubi and Eden, IEEE Transactions on Pattern Analysis
//! and Machine Intelligence 13.3 (1991). The sums are made in the same order: white minus the rounding of a sum is cut to 254
//! in some places and to 255 in others, and so it is in the pictures the network was trained on.

/// Root of the quadratic B-spline's filter: `sqrt(8) - 3`.
const POLE: f64 = -0.171_572_875_253_809_9;

/// Where the powers of the pole no longer change a sum of bytes.
const NOTHING: f64 = 1e-40;

/// Turns samples into the coefficients of the spline through them, in place. `values` are samples of `step` numbers each, and
/// each of these numbers is a line of its own.
pub(super) fn to_coefficients(values: &mut [f64], step: usize) {
    let count = values.len() / step.max(1);
    if count < 2 {
        return;
    }
    let gain = (1.0 - POLE) * (1.0 - 1.0 / POLE);
    values.iter_mut().for_each(|value| *value *= gain);
    let last = values.len() - step;
    let around = POLE.powi(count as i32 - 1);
    for line in 0..step {
        let mut start = values[line] + around * values[last + line];
        let mut power = POLE;
        for i in 1..count - 1 {
            start += power * (values[i * step + line] + around * values[last - i * step + line]);
            power *= POLE;
            if power.abs() < NOTHING {
                break;
            }
        }
        values[line] = start / (1.0 - around * around);
    }
    for i in step..values.len() {
        values[i] += POLE * values[i - step];
    }
    for i in last..values.len() {
        values[i] = (POLE * values[i - step] + values[i]) * POLE / (POLE * POLE - 1.0);
    }
    for i in (0..last).rev() {
        values[i] = POLE * (values[i + step] - values[i]);
    }
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
        for step in [1, 2] {
            let mut coefficients = samples;
            to_coefficients(&mut coefficients, step);
            let count = samples.len() / step;
            for (i, sample) in samples.iter().enumerate() {
                let (at, weights) = weights((i / step) as f64, count);
                let value: f64 = at.iter().zip(weights).map(|(&at, w)| w * coefficients[at * step + i % step]).sum();
                assert!((value - sample).abs() < 1e-12, "{step} {i} {value}");
            }
        }
    }

    #[test]
    fn weights_between_samples() {
        assert_eq!(weights(2.5, 9), ([2, 3, 4], [0.5, 0.5, 0.0]));
        assert_eq!(weights(0.0, 9), ([1, 0, 1], [0.125, 0.75, 0.125]));
        assert_eq!(weights(8.0, 9).0, [7, 8, 7]);
    }
}
