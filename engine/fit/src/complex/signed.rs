//! Two labels for nodes of which pairs are held to differ or to be alike, each with a weight.
//!
//! Pairs are joined greedily, surest first, and what joined sets say of each other is summed, as in greedy additive edge
//! contraction (M. Keuper et al., "Efficient decomposition of image and mesh graphs by lifted multicuts", ICCV 2015); single
//! nodes are then turned for as long as that helps. Evidence that hardly contradicts itself, as that of a clean scan, needs
//! no more.

use std::collections::{BTreeMap, BinaryHeap};

/// Nodes and what is known of pairs of them. Node 0 is labelled `false`.
#[derive(Clone, Debug, Default)]
pub struct SignedGraph {
    /// For each node its neighbours; a positive weight says that both differ, a negative that they are alike.
    weights: Vec<BTreeMap<u32, f64>>,
}

struct Tie {
    strength: f64,
    pair: (u32, u32),
}

impl PartialEq for Tie {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Tie {}

impl PartialOrd for Tie {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tie {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.strength.total_cmp(&other.strength).then(other.pair.cmp(&self.pair))
    }
}

/// Times that all nodes are asked whether to turn.
const SWEEPS: usize = 12;

impl SignedGraph {
    /// A graph of `nodes` nodes of which nothing is known.
    pub fn new(nodes: usize) -> Self {
        Self { weights: vec![BTreeMap::new(); nodes] }
    }

    /// Adds to what is known of a pair: positive, that they differ.
    pub fn add(&mut self, a: usize, b: usize, weight: f64) {
        if a != b {
            *self.weights[a].entry(b as u32).or_default() += weight;
            *self.weights[b].entry(a as u32).or_default() += weight;
        }
    }

    /// Labels that agree with as much of what is known as is found.
    pub fn solve(&self) -> Vec<bool> {
        let mut labels = self.contracted();
        for _ in 0..SWEEPS {
            let mut turned = false;
            for node in 1..labels.len() {
                let gain: f64 = self.weights[node]
                    .iter()
                    .map(|(&other, w)| if labels[other as usize] == labels[node] { *w } else { -w })
                    .sum();
                if gain > 1e-9 {
                    labels[node] = !labels[node];
                    turned = true;
                }
            }
            if !turned {
                break;
            }
        }
        labels
    }

    fn contracted(&self) -> Vec<bool> {
        let n = self.weights.len();
        let mut weights = self.weights.clone();
        let mut ties: BinaryHeap<Tie> = BinaryHeap::new();
        for (a, others) in weights.iter().enumerate() {
            for (&b, w) in others.range(a as u32 + 1..) {
                ties.push(Tie { strength: w.abs(), pair: (a as u32, b) });
            }
        }
        // For each set its members, with whether each differs from the set's label.
        let mut members: Vec<Vec<(u32, bool)>> = (0..n).map(|i| vec![(i as u32, false)]).collect();
        while let Some(Tie { strength, pair: (a, b) }) = ties.pop() {
            let Some(&weight) = weights[a as usize].get(&b) else { continue };
            if weight.abs().total_cmp(&strength).is_ne() || strength <= 0.0 {
                continue;
            }
            // The set of fewer ties joins the other.
            let (kept, gone) = if weights[a as usize].len() >= weights[b as usize].len() { (a, b) } else { (b, a) };
            let differ = weight > 0.0;
            weights[kept as usize].remove(&gone);
            for (other, w) in std::mem::take(&mut weights[gone as usize]) {
                if other == kept {
                    continue;
                }
                weights[other as usize].remove(&gone);
                let sum = weights[kept as usize].entry(other).or_default();
                *sum += if differ { -w } else { w };
                let sum = *sum;
                weights[other as usize].insert(kept, sum);
                ties.push(Tie { strength: sum.abs(), pair: (kept.min(other), kept.max(other)) });
            }
            let joining = std::mem::take(&mut members[gone as usize]);
            members[kept as usize].extend(joining.into_iter().map(|(m, d)| (m, d != differ)));
        }
        // Sets apart from node 0 know nothing of it: they keep their first node's label.
        let mut labels = vec![false; n];
        for set in members {
            let turned = set.iter().find(|m| m.0 == 0).or(set.first()).is_some_and(|m| m.1);
            for (m, d) in set {
                labels[m as usize] = d != turned;
            }
        }
        labels
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(nodes: usize, pairs: &[(usize, usize, f64)], expected: &[bool]) {
        let mut graph = SignedGraph::new(nodes);
        for &(a, b, w) in pairs {
            graph.add(a, b, w);
        }
        assert_eq!(graph.solve(), expected);
    }

    #[test]
    fn the_surer_evidence_wins() {
        check(3, &[(0, 1, 2.0), (1, 2, 2.0), (0, 2, 1.0)], &[false, true, false]);
        check(3, &[(0, 1, 2.0), (1, 2, -2.0)], &[false, true, true]);
        check(3, &[(0, 1, 1.0), (0, 1, -3.0), (1, 2, 0.5)], &[false, false, true]);
    }

    proptest! {
        #[test]
        fn consistent_evidence_is_met(
            truth in prop::collection::vec(any::<bool>(), 2..30),
            pairs in prop::collection::vec((0..30usize, 0..30usize, 0.1..5.0f64), 40..120),
        ) {
            let n = truth.len();
            let truth: Vec<bool> = truth.iter().map(|t| t != &truth[0]).collect();
            let mut graph = SignedGraph::new(n);
            let chain = (1..n).map(|i| (i - 1, i, 0.05));
            for (a, b, w) in pairs.into_iter().map(|(a, b, w)| (a % n, b % n, w)).chain(chain) {
                graph.add(a, b, if truth[a] == truth[b] { -w } else { w });
            }
            prop_assert_eq!(graph.solve(), truth);
        }
    }
}
