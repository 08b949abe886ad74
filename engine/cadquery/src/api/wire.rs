//! Wires: connected edges, and how loose edges become wires.

use glam::DVec3;
use partwright_brep::Isometry;

use super::edge::{CONFUSION, Edge};
use super::error::Fault;

/// How far apart edge ends may be to be joined by `Sketch.assemble` (CadQuery's default in `edgesToWires`).
pub(crate) const SKETCH_JOIN: f64 = 1e-6;

/// Edges that follow one another, head to tail.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wire {
    /// At least one edge.
    pub(crate) edges: Vec<Edge>,
    /// Drawn `forConstruction`: never extruded.
    pub(crate) construction: bool,
}

impl Wire {
    pub(crate) fn start(&self) -> DVec3 {
        self.edges.first().map_or(DVec3::ZERO, Edge::start)
    }

    pub(crate) fn end(&self) -> DVec3 {
        self.edges.last().map_or(DVec3::ZERO, Edge::end)
    }

    /// The distance between its two ends.
    pub(crate) fn gap(&self) -> f64 {
        self.start().distance(self.end())
    }

    pub(crate) fn length(&self) -> f64 {
        self.edges.iter().map(Edge::length).sum()
    }

    /// Centre of mass of the curve.
    pub(crate) fn center(&self) -> DVec3 {
        let weighted: DVec3 = self.edges.iter().map(|edge| edge.center() * edge.length()).sum();
        weighted / self.length()
    }

    /// The corners in the order of travel.
    pub(crate) fn vertices(&self) -> Vec<DVec3> {
        let mut corners: Vec<DVec3> = self.edges.iter().map(Edge::start).collect();
        if self.gap() > SKETCH_JOIN {
            corners.push(self.end());
        }
        corners
    }

    #[must_use]
    pub(crate) fn moved(&self, motion: &Isometry) -> Self {
        Self { edges: self.edges.iter().map(|edge| edge.moved(motion)).collect(), construction: self.construction }
    }

    /// A polygon through the points; `close` adds the edge back to the first. Repeated points make no edge, as in
    /// `OpenCASCADE`'s polygon builder.
    pub(crate) fn polygon(points: &[DVec3], close: bool) -> Result<Self, Fault> {
        let mut edges = Vec::with_capacity(points.len());
        let closing = if close { points.first() } else { None };
        let mut from: Option<DVec3> = None;
        for &to in points.iter().chain(closing) {
            match from {
                Some(start) if start.distance(to) <= CONFUSION => {}
                Some(start) => {
                    edges.push(Edge::line(start, to)?);
                    from = Some(to);
                }
                None => from = Some(to),
            }
        }
        if edges.is_empty() {
            return Err(Fault::Rule("a polygon needs at least two different points"));
        }
        Ok(Self { edges, construction: false })
    }

    /// All edges as one wire, in whatever order and direction they were drawn.
    pub(crate) fn from_edges(edges: &[Edge]) -> Result<Self, Fault> {
        let mut wires = connect(edges, CONFUSION * 10.0);
        let Some(first) = (!wires.is_empty()).then(|| wires.remove(0)) else { return Err(Fault::NoPendingEdges) };
        if let Some(second) = wires.first() {
            let ends = [first.start(), first.end()];
            let gap = ends.iter().flat_map(|a| [a.distance(second.start()), a.distance(second.end())]);
            return Err(Fault::DisconnectedEdges { gap: gap.fold(f64::INFINITY, f64::min) });
        }
        Ok(first)
    }
}

/// Joins edges whose ends are within `tolerance` into wires, reversing edges where needed. Each wire ends when it is
/// closed or when nothing continues it; of several continuations the next in the order drawn is taken.
pub(crate) fn connect(edges: &[Edge], tolerance: f64) -> Vec<Wire> {
    let mut used = vec![false; edges.len()];
    let mut wires = Vec::new();
    for first in 0..edges.len() {
        if used[first] {
            continue;
        }
        used[first] = true;
        let mut chain = std::collections::VecDeque::from([edges[first].clone()]);
        let (mut start, mut end) = (edges[first].start(), edges[first].end());
        let mut latest = first;
        while start.distance(end) > tolerance {
            let candidates = (latest + 1..edges.len()).chain(0..latest);
            let next = candidates.filter(|&index| !used[index]).find_map(|index| {
                let (s, e) = (edges[index].start(), edges[index].end());
                [(end.distance(s), Joint::AfterAsIs), (end.distance(e), Joint::AfterReversed)]
                    .into_iter()
                    .chain([(start.distance(e), Joint::BeforeAsIs), (start.distance(s), Joint::BeforeReversed)])
                    .find_map(|(gap, joint)| (gap <= tolerance).then_some((index, joint)))
            });
            let Some((index, joint)) = next else { break };
            used[index] = true;
            latest = index;
            let edge = match joint {
                Joint::AfterAsIs | Joint::BeforeAsIs => edges[index].clone(),
                Joint::AfterReversed | Joint::BeforeReversed => edges[index].reversed(),
            };
            match joint {
                Joint::AfterAsIs | Joint::AfterReversed => {
                    end = edge.end();
                    chain.push_back(edge);
                }
                Joint::BeforeAsIs | Joint::BeforeReversed => {
                    start = edge.start();
                    chain.push_front(edge);
                }
            }
        }
        wires.push(Wire { edges: chain.into(), construction: false });
    }
    wires
}

#[derive(Clone, Copy)]
enum Joint {
    AfterAsIs,
    AfterReversed,
    BeforeAsIs,
    BeforeReversed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(a: (f64, f64), b: (f64, f64)) -> Edge {
        Edge::line(DVec3::new(a.0, a.1, 0.0), DVec3::new(b.0, b.1, 0.0)).unwrap()
    }

    #[test]
    fn loose_edges_become_wires() {
        let check = |edges: &[Edge], expected: &[(usize, bool)]| {
            let wires = connect(edges, 1e-6);
            let found: Vec<_> = wires.iter().map(|wire| (wire.edges.len(), wire.gap() < 1e-6)).collect();
            assert_eq!(found, expected, "{wires:?}");
            for wire in &wires {
                assert!(wire.edges.windows(2).all(|pair| pair[0].end().distance(pair[1].start()) < 1e-6));
            }
        };
        let (a, b, c, d) = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0));
        check(&[line(a, b), line(b, c), line(c, d), line(d, a)], &[(4, true)]);
        check(&[line(a, b), line(d, c), line(c, b), line(a, d)], &[(4, true)]);
        check(&[line(a, b), line(c, d)], &[(1, false), (1, false)]);
        check(&[line(c, d), line(b, c), line(a, b)], &[(3, false)]);
        let shifted = |p: (f64, f64)| (p.0 + 5.0, p.1);
        let second = [line(shifted(a), shifted(b)), line(shifted(b), shifted(c)), line(shifted(c), shifted(a))];
        check(&[&[line(a, b), line(b, c), line(c, a)], &second[..]].concat(), &[(3, true), (3, true)]);
        check(&[], &[]);
    }

    #[test]
    fn polygons_skip_repeated_points() {
        let p = |x, y| DVec3::new(x, y, 0.0);
        let square = [p(0.0, 0.0), p(1.0, 0.0), p(1.0, 0.0), p(1.0, 1.0), p(0.0, 0.0)];
        assert_eq!(Wire::polygon(&square, true).unwrap().edges.len(), 3);
        assert!(Wire::polygon(&square[..1], true).is_err());
    }
}
