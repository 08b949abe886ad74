//! Gauss-Legendre rules of any order and adaptive integration of small vectors of functions.

use std::sync::OnceLock;

/// The largest order [`gauss`] knows.
const MAX_ORDER: usize = 32;
/// Relative tolerance of adaptive integration: well inside the promised 1e-10, well above rounding.
const TOLERANCE: f64 = 1e-13;
/// Halvings of an interval before its value is taken as it is.
const MAX_DEPTH: usize = 12;

/// Nodes in (-1, 1) and weights of the Gauss-Legendre rule with `order` nodes (1 to 32), exact for polynomials of degree
/// `2 * order - 1`.
pub(crate) fn gauss(order: usize) -> &'static [(f64, f64)] {
    static RULES: [OnceLock<Vec<(f64, f64)>>; MAX_ORDER] = [const { OnceLock::new() }; MAX_ORDER];
    let order = order.clamp(1, MAX_ORDER);
    RULES[order - 1].get_or_init(|| legendre_rule(order))
}

/// Newton iteration on the Legendre polynomial from the asymptotic roots.
fn legendre_rule(n: usize) -> Vec<(f64, f64)> {
    (0..n)
        .map(|i| {
            let mut x = -(std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut p, mut before) = (1.0, 0.0);
                for k in 0..n {
                    let k = k as f64;
                    (p, before) = (((2.0 * k + 1.0) * x * p - k * before) / (k + 1.0), p);
                }
                slope = n as f64 * (x * p - before) / (x * x - 1.0);
                let step = p / slope;
                x -= step;
                if step.abs() < 1e-16 {
                    break;
                }
            }
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// Integral of `f` over `[from, to]` by the rule with `order` nodes.
pub(crate) fn fixed<const N: usize>(order: usize, from: f64, to: f64, f: &mut impl FnMut(f64) -> [f64; N]) -> [f64; N] {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    let mut sum = [0.0; N];
    for &(x, w) in gauss(order) {
        let value = f(middle + half * x);
        for (s, v) in sum.iter_mut().zip(value) {
            *s += w * half * v;
        }
    }
    sum
}

/// Adaptive integral of `f` over consecutive intervals between `breaks`, each component to 1e-13 of its `scale`.
pub(crate) fn over<const N: usize>(breaks: &[f64], scale: [f64; N], mut f: impl FnMut(f64) -> [f64; N]) -> [f64; N] {
    let mut sum = [0.0; N];
    for w in breaks.windows(2) {
        let part = adaptive(w[0], w[1], &scale, 0, &mut f);
        for (s, v) in sum.iter_mut().zip(part) {
            *s += v;
        }
    }
    sum
}

fn adaptive<const N: usize>(
    from: f64,
    to: f64,
    scale: &[f64; N],
    depth: usize,
    f: &mut impl FnMut(f64) -> [f64; N],
) -> [f64; N] {
    // A NaN counts as converged: it stays a NaN however small the interval.
    let agree = |a: &[f64; N], b: &[f64; N]| !(0..N).any(|i| (a[i] - b[i]).abs() > TOLERANCE * scale[i]);
    // Short pieces of splines are nearly polynomials: a cheap pair of rules first.
    let fine = fixed(7, from, to, f);
    if agree(&fixed(4, from, to, f), &fine) {
        return fine;
    }
    let fine = fixed(15, from, to, f);
    if depth >= MAX_DEPTH || agree(&fixed(10, from, to, f), &fine) {
        return fine;
    }
    let middle = 0.5 * (from + to);
    let mut sum = adaptive(from, middle, scale, depth + 1, f);
    for (s, v) in sum.iter_mut().zip(adaptive(middle, to, scale, depth + 1, f)) {
        *s += v;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_exact_to_their_degree() {
        for order in 1..=MAX_ORDER {
            for degree in 0..2 * order {
                let [value] = fixed(order, 0.0, 1.0, &mut |x| [x.powi(degree as i32)]);
                assert!((value - 1.0 / (degree as f64 + 1.0)).abs() < 1e-14, "{order} {degree} {value}");
            }
        }
    }

    #[test]
    fn adaptive_integration_meets_its_tolerance() {
        let [log, peak] = over(&[0.0, 0.5, 1.0], [1.0, 1000.0], |x| [(1.0 + x).recip(), (1e-4 + x * x).recip()]);
        assert!((log - 2f64.ln()).abs() < 1e-13);
        assert!((peak - 100.0 * 100f64.atan()).abs() < 1e-9);
    }

    #[test]
    fn not_a_number_ends_at_once() {
        let mut calls = 0;
        let [value] = over(&[0.0, 1.0], [1.0], |_| {
            calls += 1;
            [f64::NAN]
        });
        assert!(value.is_nan() && calls == 11);
    }
}
