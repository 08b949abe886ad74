//! A face's boundary as oriented spans, in the direction that belongs to the surface's natural normal.

use std::f64::consts::TAU;

use glam::{DVec2, DVec3};
use rustc_hash::FxHashMap;
use truck_topology::EdgeID;

use crate::topology::{Edge, Face, Wire};
use crate::{Curve, Span, Surface};

/// One use of an edge by a wire.
pub(crate) struct Coedge {
    pub(crate) span: Span,
    /// Whether the wire runs along the edge's curve.
    pub(crate) forward: bool,
    /// The edge used.
    pub(crate) edge: EdgeID<Curve>,
}

/// The boundary of `face` as closed chains, each with the material on its left seen against the surface's natural normal.
/// An edge that the face uses twice is a seam, not a boundary: it is left out, and what it joined falls apart.
pub(crate) fn of_face(face: &Face) -> Vec<Vec<Coedge>> {
    let mut uses: FxHashMap<_, usize> = FxHashMap::default();
    for edge in face.absolute_boundaries().iter().flat_map(|w| w.iter()) {
        *uses.entry(edge.id()).or_default() += 1;
    }
    face.absolute_boundaries().iter().flat_map(|wire| chains(wire, |e| uses[&e.id()] > 1)).collect()
}

fn chains(wire: &Wire, is_seam: impl Fn(&Edge) -> bool) -> Vec<Vec<Coedge>> {
    // Runs between seams, then runs joined end to start until each chain closes.
    let edges: Vec<&Edge> = wire.iter().collect();
    let mut runs: Vec<Vec<&Edge>> = edges.split(|e| is_seam(e)).filter(|r| !r.is_empty()).map(<[_]>::to_vec).collect();
    let mut out = Vec::new();
    while !runs.is_empty() {
        let mut chain = runs.remove(0);
        while let (Some(first), Some(last)) = (chain.first(), chain.last()) {
            let (start, end) = (first.front(), last.back());
            let next = if start == end { None } else { runs.iter().position(|r| r[0].front() == end) };
            let Some(next) = next else { break };
            chain.extend(runs.remove(next));
        }
        out.push(chain.into_iter().map(Coedge::of).collect());
    }
    out
}

impl Coedge {
    fn of(edge: &Edge) -> Self {
        Self { span: Span::of_edge(edge), forward: edge.orientation(), edge: edge.id() }
    }

    /// Parameters of the wire's points along this edge: its breaks, each interval cut into `parts`, in the direction
    /// of the wire.
    pub(crate) fn samples(&self, parts: usize) -> Vec<f64> {
        let breaks = self.span.breaks();
        let mut out: Vec<f64> = breaks
            .windows(2)
            .flat_map(|w| (0..parts).map(|i| w[0] + (w[1] - w[0]) * (i as f64 / parts as f64)))
            .chain(breaks.last().copied())
            .collect();
        if !self.forward {
            out.reverse();
        }
        out
    }

    /// Where the wire enters the edge.
    pub(crate) fn start(&self) -> DVec3 {
        let [from, to] = self.span.range();
        self.span.point(if self.forward { from } else { to })
    }

    /// Where the wire leaves the edge.
    pub(crate) fn end(&self) -> DVec3 {
        let [from, to] = self.span.range();
        self.span.point(if self.forward { to } else { from })
    }
}

/// By how much in all the curves of `wire` miss each other where one ends and the next begins.
pub(crate) fn gaps(wire: &[Coedge]) -> f64 {
    let next = wire.iter().cycle().skip(1);
    wire.iter().zip(next).map(|(a, b)| a.end().distance(b.start())).sum()
}

/// Where `wire` passes the apex of a cone: the angles at which it comes and goes. Material lies between them, so that the
/// second is the larger one, by up to a turn.
pub(crate) fn turns_at_apex(surface: &Surface, wire: &[Coedge], tolerance: f64) -> Vec<[f64; 2]> {
    let Some(apex) = surface.apex() else { return Vec::new() };
    let angle = |c: &Coedge| {
        let [from, to] = c.span.range();
        surface.parameters(c.span.point(f64::midpoint(from, to))).x
    };
    let mut turns = Vec::new();
    for (i, coedge) in wire.iter().enumerate() {
        if coedge.start().distance(apex) <= tolerance {
            let before = angle(&wire[(i + wire.len() - 1) % wire.len()]);
            turns.push([before, after_apex(angle(coedge), before)]);
        }
    }
    turns
}

/// The angle at which a wire leaves a cone's apex that it reached at the angle `before`, without jump.
pub(crate) fn after_apex(angle: f64, before: f64) -> f64 {
    let turned = (angle - before).rem_euclid(TAU);
    before + if turned < 1e-9 { TAU } else { turned }
}

/// `angle` moved by whole turns to within half a turn of `near`.
pub(crate) fn lift(angle: f64, near: f64) -> f64 {
    angle + ((near - angle) / TAU).round() * TAU
}

/// Surface parameters followed continuously along a wire, where the surface's own parameters jump by whole turns.
pub(crate) struct Lifted {
    /// Per coedge: sampled curve parameters (along the curve) and the lifted surface parameters there.
    coedges: Vec<Vec<(f64, DVec2)>>,
    /// Whole turns the wire makes in u and in v.
    pub(crate) turns: [i64; 2],
}

impl Lifted {
    /// Follows `wire` on a surface both of whose parameters are angles.
    pub(crate) fn follow(surface: &Surface, wire: &[Coedge]) -> Self {
        /// Samples per quarter turn: steps stay far below the half turn that lifting can bridge.
        const PARTS: usize = 8;
        let mut at: Option<DVec2> = None;
        let mut first = DVec2::ZERO;
        let mut coedges = Vec::with_capacity(wire.len());
        for coedge in wire {
            let mut samples = Vec::new();
            for t in coedge.samples(PARTS) {
                let raw = surface.parameters(coedge.span.point(t));
                let uv = at.map_or(raw, |near| DVec2::new(lift(raw.x, near.x), lift(raw.y, near.y)));
                if at.is_none() {
                    first = uv;
                }
                at = Some(uv);
                samples.push((t, uv));
            }
            if !coedge.forward {
                samples.reverse();
            }
            coedges.push(samples);
        }
        let total = at.map_or(DVec2::ZERO, |last| (last - first) / TAU);
        Self { coedges, turns: [total.x.round() as i64, total.y.round() as i64] }
    }

    /// The lifted parameters at `t` of the wire's coedge number `coedge`, given the raw ones.
    pub(crate) fn at(&self, coedge: usize, t: f64, raw: DVec2) -> DVec2 {
        let samples = &self.coedges[coedge];
        let i = samples.partition_point(|s| s.0 < t).min(samples.len().saturating_sub(1));
        samples.get(i).map_or(raw, |&(_, near)| DVec2::new(lift(raw.x, near.x), lift(raw.y, near.y)))
    }
}
