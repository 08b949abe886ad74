//! Loops over slices, compiled for the widest registers that the CPU has.

use std::sync::OnceLock;

/// Runs `work` with the CPU's widest registers; what it calls has to be inlined.
#[inline]
pub(super) fn wide<T>(work: impl FnOnce() -> T) -> T {
    static ARCH: OnceLock<pulp::Arch> = OnceLock::new();
    ARCH.get_or_init(pulp::Arch::new).dispatch(work)
}

/// Sums that run side by side, so that no addition waits for another.
const LANES: usize = 16;

/// The sum of products.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes over the registers of its caller")]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; LANES];
    let (a_whole, a_rest) = a.as_chunks::<LANES>();
    let (b_whole, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_whole.iter().zip(b_whole) {
        for i in 0..LANES {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

/// The sum.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes over the registers of its caller")]
pub(super) fn sum(xs: &[f32]) -> f32 {
    let mut sums = [0f32; LANES];
    let (whole, rest) = xs.as_chunks::<LANES>();
    for xs in whole {
        for i in 0..LANES {
            sums[i] += xs[i];
        }
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// The largest value.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes over the registers of its caller")]
pub(super) fn largest(xs: &[f32]) -> f32 {
    let mut tops = [f32::NEG_INFINITY; LANES];
    let (whole, rest) = xs.as_chunks::<LANES>();
    for xs in whole {
        for i in 0..LANES {
            tops[i] = if xs[i] > tops[i] { xs[i] } else { tops[i] };
        }
    }
    tops.iter().chain(rest).fold(f32::NEG_INFINITY, |top, &x| if x > top { x } else { top })
}

/// `e` to the power of `x`, within two units in the last place; nothing below 1e-38 (the library's function is not made
/// for many values at once). Cody and Waite's reduction and a polynomial of degree 6.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes over the registers of its caller")]
pub(super) fn exp(x: f32) -> f32 {
    /// Adding and subtracting this rounds to whole numbers.
    const ROUNDING: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let n = x * std::f32::consts::LOG2_E + ROUNDING - ROUNDING;
    let f = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * f + 1.398_199_9e-3;
    let p = p * f + 8.333_452e-3;
    let p = p * f + 4.166_579_6e-2;
    let p = p * f + 1.666_666_5e-1;
    let p = p * f + 0.5;
    let p = p * f * f + f + 1.0;
    p * f32::from_bits(((n as i32 + 127) << 23) as u32)
}

/// `1 / (1 + e^-x)`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it takes over the registers of its caller")]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_the_librarys() {
        for i in -8700..8800 {
            let x = i as f32 / 100.0;
            let want = f64::from(x).exp();
            assert!((f64::from(exp(x)) / want - 1.0).abs() < 3e-7, "{x}: {} {want}", exp(x));
        }
        assert!(exp(-1e9) < 1e-37 && exp(0.0) == 1.0 && exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn reductions_count_every_value() {
        let xs: Vec<f32> = (1..=37).map(|i| i as f32).collect();
        assert!((sum(&xs) - 703.0).abs() < 1e-3 && (largest(&xs) - 37.0).abs() < 1e-6);
        assert!((dot(&xs, &xs) - 17_575.0).abs() < 1e-2);
    }
}
