//! A face's boundary in the plane of its chart, without a mesh: what the checks look at.

use glam::{DVec2, DVec3};

use super::chart;
use crate::measure::loops;
use crate::topology::Face;
use crate::{Curve, Span};

/// The boundary of one face, cut into straight pieces in the plane of its chart. The face lies left of every piece.
pub(crate) struct Boundary {
    /// The edges of all wires.
    pub(crate) spans: Vec<Span>,
    /// The pieces of every wire in order.
    pub(crate) wires: Vec<Vec<Piece>>,
}

/// A chord of an edge in the plane of the chart.
pub(crate) struct Piece {
    /// Where it begins and ends, in the direction of the wire.
    pub(crate) ends: [DVec2; 2],
    /// Index of its edge among the spans.
    pub(crate) span: usize,
    /// The edge's parameters at the ends.
    pub(crate) range: [f64; 2],
}

/// Lays out the boundary of `face`, every quarter turn of its edges cut into `parts`. `None` when the surface has no chart
/// for it; no wires when the face has none.
pub(crate) fn lay_out(face: &Face, parts: usize) -> Option<Boundary> {
    let wires = loops::of_face(face);
    let mut boundary = Boundary { spans: Vec::new(), wires: Vec::new() };
    // Per wire the points along it, and of each the edge that begins there and its parameters to the next point.
    let mut polylines: Vec<Vec<DVec3>> = Vec::new();
    let mut places = Vec::new();
    for wire in &wires {
        let (mut polyline, mut place) = (Vec::new(), Vec::new());
        for coedge in wire {
            let span = boundary.spans.len();
            let parts = if matches!(coedge.span.curve(), Curve::Line) { 1 } else { parts };
            for w in coedge.samples(parts).windows(2) {
                polyline.push(coedge.span.point(w[0]));
                place.push((span, [w[0], w[1]]));
            }
            boundary.spans.push(coedge.span.clone());
        }
        polylines.push(polyline);
        places.push(place);
    }
    if wires.is_empty() {
        return Some(boundary);
    }
    let circles: Vec<Curve> = boundary.spans.iter().map(|s| s.curve().clone()).collect();
    let layout = chart::lay_out(&face.surface(), &polylines, &circles)?;
    for (points, place) in layout.wires.iter().zip(&places) {
        let piece = |(i, &(span, range)): (usize, &(usize, [f64; 2]))| Piece {
            ends: [points[i], points[(i + 1) % points.len()]],
            span,
            range,
        };
        boundary.wires.push(place.iter().enumerate().map(piece).collect());
    }
    Some(boundary)
}
