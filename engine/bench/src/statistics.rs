//! Mean, median and percentile of small samples.

/// The mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() { None } else { Some(values.iter().sum::<f64>() / values.len() as f64) }
}

/// The median (of an even count the mean of the two in the middle); `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// The smallest value that at least `percent` % of the values do not exceed (nearest rank); `None` of nothing.
pub fn percentile(values: &[f64], percent: f64) -> Option<f64> {
    let sorted = sorted(values);
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

/// `part` of `whole` in percent; 0 of nothing.
pub fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples() {
        let check = |values: &[f64], expected: [Option<f64>; 3]| {
            assert_eq!([mean(values), median(values), percentile(values, 95.0)], expected, "{values:?}");
        };
        check(&[], [None, None, None]);
        check(&[3.0], [Some(3.0), Some(3.0), Some(3.0)]);
        check(&[4.0, 1.0], [Some(2.5), Some(2.5), Some(4.0)]);
        check(&[5.0, 1.0, 3.0], [Some(3.0), Some(3.0), Some(5.0)]);
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        check(&hundred, [Some(50.5), Some(50.5), Some(95.0)]);
        assert!((percent(1, 8) - 12.5).abs() < 1e-12 && percent(1, 0).abs() < 1e-12);
    }
}
