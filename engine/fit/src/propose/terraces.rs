//! Steps for a layer whose section changes: few where it changes little, many where it changes much.

use crate::progress::Deadline;
use crate::section::Area;

/// One step.
#[derive(Clone, Debug)]
pub(super) struct Terrace {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) area: Area,
}

/// Samples along the part's size.
const SAMPLES_PER_SIZE: f64 = 64.0;
/// Fewest and most samples of a layer.
const SAMPLES: [f64; 2] = [5.0, 40.0];

/// The steps between `from` and `to` that stand for `section` best when each step costs `price` (a volume). The error
/// between two heights is taken as the sum of the changes between them, which is exact where the section only grows or
/// only shrinks.
pub(super) fn terraces(
    section: &dyn Fn(f64) -> Area,
    from: f64,
    to: f64,
    size: f64,
    price: f64,
    deadline: &Deadline,
) -> Vec<Terrace> {
    let count = (SAMPLES_PER_SIZE * (to - from) / size).ceil().clamp(SAMPLES[0], SAMPLES[1]) as usize;
    let step = (to - from) / count as f64;
    let mut areas: Vec<Area> = Vec::with_capacity(count);
    let mut change = vec![0.0];
    for i in 0..count {
        if deadline.reached() {
            break;
        }
        let area = section(from + step * (i as f64 + 0.5));
        if let (Some(last), Some(sum)) = (areas.last(), change.last()) {
            change.push(sum + last.difference_of_both(&area).measure());
        }
        areas.push(area);
    }
    let n = areas.len();
    // Errors of a run by prefix sums: heights below the run's middle have changed less, those above it more.
    let prefix: Vec<f64> = std::iter::once(0.0)
        .chain(change.iter().take(n).scan(0.0, |sum, c| {
            *sum += c;
            Some(*sum)
        }))
        .collect();
    let error = |i: usize, j: usize| {
        let m = i.midpoint(j - 1);
        let below = change[m] * (m - i) as f64 - (prefix[m] - prefix[i]);
        let above = (prefix[j] - prefix[m + 1]) - change[m] * (j - m - 1) as f64;
        step * (below + above)
    };
    let mut best = vec![f64::INFINITY; n + 1];
    let mut came = vec![0; n + 1];
    best[0] = 0.0;
    for j in 1..=n {
        for i in 0..j {
            let cost = best[i] + error(i, j) + price;
            if cost < best[j] {
                (best[j], came[j]) = (cost, i);
            }
        }
    }
    let mut found = Vec::new();
    let mut j = n;
    while j > 0 {
        let i = came[j];
        let m = i.midpoint(j - 1);
        let height = |k: usize| {
            if k == 0 {
                from
            } else if k == count {
                to
            } else {
                from + step * k as f64
            }
        };
        found.push(Terrace { from: height(i), to: height(j), area: areas[m].clone() });
        j = i;
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;

    #[test]
    fn steps_are_where_the_section_changes() {
        let square = |side: f64| {
            Area::enclosed(&[[(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)].map(DVec2::from).to_vec()], true)
        };
        let section = |h: f64| square(if h < 6.0 { 4.0 } else { 4.0 - 0.5 * (h - 6.0) });
        let steps = terraces(&section, 0.0, 10.0, 10.0, 0.5, &Deadline::default());
        assert!(steps.len() > 3 && steps.len() < 12, "{}", steps.len());
        assert!(steps[0].to >= 5.5, "{:?}", steps[0]);
        assert!(steps.windows(2).all(|w| w[0].to.total_cmp(&w[1].from).is_eq()));
        let volume: f64 = steps.iter().map(|s| s.area.measure() * (s.to - s.from)).sum();
        let exact = 96.0 + (64.0 - 8.0) / 1.5;
        assert!((volume - exact).abs() < 0.02 * exact, "{volume} instead of {exact}");
        assert_eq!(terraces(&section, 0.0, 5.0, 10.0, 0.5, &Deadline::default()).len(), 1);
    }
}
