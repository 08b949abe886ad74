//! How much better a sample is than its group, and which samples are worth learning from.

/// Rewards less their mean: neither divided by their deviation nor by the length of the answer, which would favour short wrong
/// answers and easy or hopeless problems (Dr. GRPO, arXiv 2503.20783).
pub fn advantages(rewards: &[f64]) -> Vec<f64> {
    let mean = rewards.iter().sum::<f64>() / rewards.len().max(1) as f64;
    rewards.iter().map(|reward| reward - mean).collect()
}

/// The places of the `most` advantages that are farthest from zero, in the order of the samples; of equals the first (CPPO,
/// arXiv 2503.22342). Those of no advantage teach nothing, and are left out.
pub fn worth_learning(advantages: &[f64], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..advantages.len()).filter(|i| advantages[*i].abs() > 1e-9).collect();
    order.sort_by(|a, b| advantages[*b].abs().total_cmp(&advantages[*a].abs()));
    order.truncate(most);
    order.sort_unstable();
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advantages_by_hand() {
        assert_eq!(advantages(&[10.0, -10.0, 6.0, 2.0]), [8.0, -12.0, 4.0, 0.0]);
        assert_eq!(advantages(&[]), [0.0; 0]);
    }

    #[test]
    fn the_farthest_are_kept_in_order() {
        let check = |advantages: &[f64], most: usize, expected: &[usize]| {
            assert_eq!(worth_learning(advantages, most), expected);
        };
        check(&[8.0, -12.0, 4.0, 0.0], 2, &[0, 1]);
        check(&[1.0, -1.0, 1.0, -1.0], 3, &[0, 1, 2]);
        check(&[0.0, 0.0], 2, &[]);
        check(&[3.0], 4, &[0]);
    }
}
