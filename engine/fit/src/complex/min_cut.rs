//! The least cut of a graph with two terminals (E. A. Dinic's algorithm, 1970).

use std::collections::VecDeque;

/// Two labels for nodes with costs for each node and each pair of neighbours.
#[derive(Clone, Debug, Default)]
pub struct MinCut {
    /// Cost of each node being solid less that of being empty.
    unary: Vec<f64>,
    /// (from, to, cost of `from` solid and `to` empty).
    pairs: Vec<(usize, usize, f64)>,
}

struct Edge {
    to: usize,
    left: f64,
}

impl MinCut {
    /// A problem of `nodes` nodes without costs.
    pub fn new(nodes: usize) -> Self {
        Self { unary: vec![0.0; nodes], pairs: Vec::new() }
    }

    /// Adds to the cost of `node` being solid (negative: of its being empty).
    pub fn add_solid(&mut self, node: usize, cost: f64) {
        self.unary[node] += cost;
    }

    /// Adds the costs of a pair by its labels: both the same, `a` solid and `b` empty, and the reverse. Their sum has to be
    /// at least twice the first; where it is less by rounding the first is lowered.
    pub fn add_pair(&mut self, a: usize, b: usize, same: f64, a_solid: f64, b_solid: f64) {
        let same = same.min(f64::midpoint(a_solid, b_solid));
        // same + (a_solid - same) [a solid, b empty] + (b_solid - same) [b solid, a empty], with a negative term moved into
        // the nodes: [a solid, b empty] = [a solid] - [b solid] + [b solid, a empty].
        let (forth, back) = (a_solid - same, b_solid - same);
        let moved = forth.min(back).min(0.0);
        if forth < back && moved < 0.0 {
            self.unary[a] += moved;
            self.unary[b] -= moved;
            self.pairs.push((b, a, back + moved));
        } else if moved < 0.0 {
            self.unary[b] += moved;
            self.unary[a] -= moved;
            self.pairs.push((a, b, forth + moved));
        } else {
            self.pairs.push((a, b, forth));
            self.pairs.push((b, a, back));
        }
    }

    /// Which nodes are solid in a labelling of least cost.
    pub fn solve(&self) -> Vec<bool> {
        let n = self.unary.len();
        let (source, sink) = (n, n + 1);
        let mut edges: Vec<Edge> = Vec::new();
        let mut at: Vec<Vec<usize>> = vec![Vec::new(); n + 2];
        let mut connect = |from: usize, to: usize, capacity: f64| {
            if capacity > 0.0 {
                at[from].push(edges.len());
                edges.push(Edge { to, left: capacity });
                at[to].push(edges.len());
                edges.push(Edge { to: from, left: 0.0 });
            }
        };
        // The source's side is solid.
        for (i, &cost) in self.unary.iter().enumerate() {
            connect(i, sink, cost);
            connect(source, i, -cost);
        }
        for &(from, to, cost) in &self.pairs {
            connect(from, to, cost);
        }
        let total: f64 = edges.iter().map(|e| e.left).sum();
        let least = 1e-12 * total;
        loop {
            let level = levels(&edges, &at, source, least);
            if level[sink] == usize::MAX {
                return (0..n).map(|i| level[i] != usize::MAX).collect();
            }
            let mut next = vec![0; n + 2];
            while push(&mut edges, &at, &level, &mut next, source, sink, least) {}
        }
    }
}

fn levels(edges: &[Edge], at: &[Vec<usize>], source: usize, least: f64) -> Vec<usize> {
    let mut level = vec![usize::MAX; at.len()];
    level[source] = 0;
    let mut queue = VecDeque::from([source]);
    while let Some(v) = queue.pop_front() {
        for &e in &at[v] {
            if edges[e].left > least && level[edges[e].to] == usize::MAX {
                level[edges[e].to] = level[v] + 1;
                queue.push_back(edges[e].to);
            }
        }
    }
    level
}

/// Pushes flow along one path of the level graph; whether there was one.
fn push(
    edges: &mut [Edge],
    at: &[Vec<usize>],
    level: &[usize],
    next: &mut [usize],
    source: usize,
    sink: usize,
    least: f64,
) -> bool {
    let mut path: Vec<usize> = Vec::new();
    let mut v = source;
    while v != sink {
        let step = at[v][next[v]..].iter().position(|&e| {
            let to = edges[e].to;
            edges[e].left > least && level[to] != usize::MAX && level[to] == level[v] + 1
        });
        if let Some(k) = step {
            next[v] += k;
            path.push(at[v][next[v]]);
            v = edges[at[v][next[v]]].to;
        } else {
            // A dead end: back, and not here again.
            next[v] = at[v].len();
            let Some(e) = path.pop() else { return false };
            v = edges[e ^ 1].to;
            next[v] += 1;
        }
    }
    let flow = path.iter().map(|&e| edges[e].left).fold(f64::INFINITY, f64::min);
    for e in path {
        edges[e].left -= flow;
        edges[e ^ 1].left += flow;
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cost(unary: &[f64], pairs: &[(usize, usize, [f64; 3])], solid: &[bool]) -> f64 {
        let own: f64 = unary.iter().zip(solid).map(|(c, s)| if *s { *c } else { 0.0 }).sum();
        let shared: f64 = pairs
            .iter()
            .map(|&(a, b, [same, forth, back])| match (solid[a], solid[b]) {
                (true, false) => forth,
                (false, true) => back,
                _ => same,
            })
            .sum();
        own + shared
    }

    proptest! {
        #[test]
        fn no_labelling_costs_less(
            unary in prop::collection::vec(-5.0..5.0f64, 2..8),
            pairs in prop::collection::vec((0..8usize, 0..8usize, 0.0..3.0f64, -1.0..4.0f64, 0.0..4.0f64), 0..14),
        ) {
            let n = unary.len();
            let pairs: Vec<(usize, usize, [f64; 3])> = pairs
                .into_iter()
                .map(|(a, b, same, forth, back)| (a % n, b % n, [same.min(f64::midpoint(forth, back)), forth, back]))
                .filter(|(a, b, _)| a != b)
                .collect();
            let mut problem = MinCut::new(n);
            for (i, &c) in unary.iter().enumerate() {
                problem.add_solid(i, c);
            }
            for &(a, b, [same, forth, back]) in &pairs {
                problem.add_pair(a, b, same, forth, back);
            }
            let found = cost(&unary, &pairs, &problem.solve());
            for labels in 0..1u32 << n {
                let solid: Vec<bool> = (0..n).map(|i| labels >> i & 1 == 1).collect();
                prop_assert!(found <= cost(&unary, &pairs, &solid) + 1e-9);
            }
        }
    }
}
