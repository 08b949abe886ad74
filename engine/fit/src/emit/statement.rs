//! One feature as one CadQuery expression.

use glam::{DVec2, DVec3};

use super::number;
use super::plane_name::workplane;
use crate::part::{Feature, Outline, PathEdge, Region, SketchPlane, Sweep};

/// The expression that makes a feature's body, as the parts of a method chain.
pub(super) fn expression(feature: &Feature, decimals: usize) -> Vec<String> {
    match feature.sweep {
        Sweep::Extrude { depth } => {
            primitive(feature, depth, decimals).unwrap_or_else(|| extrusion(feature, depth, decimals))
        }
        Sweep::Revolve => {
            let mut chain = vec![workplane(&feature.plane, decimals + 1)];
            chain.extend(regions(&feature.regions, DVec2::ZERO, decimals));
            chain.push("revolve(360, (0, 0, 0), (0, 1, 0))".to_owned());
            chain
        }
    }
}

/// A box or a cylinder where the feature is just that.
fn primitive(feature: &Feature, depth: f64, decimals: usize) -> Option<Vec<String>> {
    let [Region { outer, holes }] = &feature.regions[..] else { return None };
    if !holes.is_empty() {
        return None;
    }
    let plane = feature.plane;
    // Centres lie half way between points of the grid.
    let fine = decimals + 1;
    if let Outline::Circle { center, radius } = outer {
        let at = plane.at(plane.world(*center, depth / 2.0));
        let body = format!("cylinder({}, {})", number(depth, decimals), number(*radius, decimals));
        return Some(vec![workplane(&at, fine), body]);
    }
    let (center, size) = outer.as_rectangle(0.0)?;
    let at = plane.at(plane.world(center, depth / 2.0));
    let along_axis = |d: DVec3| d.abs().max_element() > 1.0 - 1e-12;
    let (at, size) = if along_axis(plane.x) && along_axis(plane.normal) {
        let size = plane.x.abs() * size.x + plane.y().abs() * size.y + plane.normal.abs() * depth;
        (SketchPlane { origin: at.origin, x: DVec3::X, normal: DVec3::Z }, size)
    } else {
        (at, size.extend(depth))
    };
    let [x, y, z] = size.to_array().map(|v| number(v, decimals));
    Some(vec![workplane(&at, fine), format!("box({x}, {y}, {z})")])
}

fn extrusion(feature: &Feature, depth: f64, decimals: usize) -> Vec<String> {
    let plane = feature.plane;
    let shift = sketch_origin(&feature.regions, decimals);
    let mut chain = vec![workplane(&plane.at(plane.world(shift, 0.0)), decimals + 1)];
    chain.extend(regions(&feature.regions, shift, decimals));
    chain.push(format!("extrude({})", number(depth, decimals)));
    chain
}

/// Where the sketch has its origin: the centre of a single circle or rectangle, else the lower corner of all outlines, so
/// that coordinates read as dimensions.
fn sketch_origin(regions: &[Region], decimals: usize) -> DVec2 {
    if let [Region { outer, .. }] = regions {
        if let Outline::Circle { center, .. } = outer {
            return *center;
        }
        if let Some((center, _)) = outer.as_rectangle(0.0) {
            return center;
        }
    }
    let corners = regions.iter().flat_map(|r| match &r.outer {
        Outline::Circle { center, .. } => vec![*center],
        Outline::Path { edges, .. } => edges.iter().map(PathEdge::end).collect(),
    });
    let low = corners.reduce(DVec2::min).unwrap_or_default();
    let scale = 10f64.powi(decimals as i32);
    (low * scale).round() / scale
}

/// The wires of regions: holes are recognised by CadQuery from their nesting.
fn regions(regions: &[Region], shift: DVec2, decimals: usize) -> Vec<String> {
    let mut chain = Vec::new();
    let mut circles: Vec<(DVec2, f64)> = Vec::new();
    let mut rectangles: Vec<(DVec2, DVec2)> = Vec::new();
    let outlines = regions.iter().flat_map(|r| std::iter::once(&r.outer).chain(&r.holes));
    for outline in outlines {
        match outline {
            Outline::Circle { center, radius } => circles.push((*center - shift, *radius)),
            Outline::Path { start, edges } => match outline.as_rectangle(0.0) {
                Some((center, size)) => rectangles.push((center - shift, size)),
                None => chain.extend(path(*start - shift, edges, shift, decimals)),
            },
        }
    }
    let same = |a: f64, b: f64| number(a, decimals) == number(b, decimals);
    while let Some(&(_, size)) = rectangles.first() {
        let (alike, rest) = rectangles.iter().partition(|r| same(r.1.x, size.x) && same(r.1.y, size.y));
        let alike: Vec<(DVec2, DVec2)> = alike;
        chain.push(placed(alike.iter().map(|r| r.0), decimals));
        chain.push(format!("rect({}, {})", number(size.x, decimals), number(size.y, decimals)));
        rectangles = rest;
    }
    while let Some(&(_, radius)) = circles.first() {
        let (alike, rest) = circles.iter().partition(|c| same(c.1, radius));
        let alike: Vec<(DVec2, f64)> = alike;
        chain.push(placed(alike.iter().map(|c| c.0), decimals));
        chain.push(format!("circle({})", number(radius, decimals)));
        circles = rest;
    }
    // The first wire needs no move when it stands at the origin.
    if chain.first().is_some_and(|c| c == "pushPoints([(0, 0)])") {
        chain.remove(0);
    }
    chain
}

fn placed(points: impl Iterator<Item = DVec2>, decimals: usize) -> String {
    let list: Vec<String> = points.map(|p| point(p, decimals + 1)).collect();
    format!("pushPoints([{}])", list.join(", "))
}

fn point(p: DVec2, decimals: usize) -> String {
    format!("({}, {})", number(p.x, decimals), number(p.y, decimals))
}

fn path(start: DVec2, edges: &[PathEdge], shift: DVec2, decimals: usize) -> Vec<String> {
    // Shifted coordinates may lie half way between points of the grid.
    let fine = decimals + 1;
    if edges.iter().all(|e| matches!(e, PathEdge::Line { .. })) {
        let corners = std::iter::once(start).chain(edges.iter().map(|e| e.end() - shift)).take(edges.len());
        let list: Vec<String> = corners.map(|p| point(p, fine)).collect();
        return vec![format!("polyline([{}])", list.join(", ")), "close()".to_owned()];
    }
    let mut chain = vec![format!("moveTo({}, {})", number(start.x, fine), number(start.y, fine))];
    for (i, edge) in edges.iter().enumerate() {
        let last = i + 1 == edges.len();
        match *edge {
            // `close` draws the last straight edge itself.
            PathEdge::Line { .. } if last => {}
            PathEdge::Line { end } => {
                let end = end - shift;
                chain.push(format!("lineTo({}, {})", number(end.x, fine), number(end.y, fine)));
            }
            PathEdge::Arc { mid, end } => {
                // Middles are on a finer grid already, but for arcs centred on an axis, which have to be so exactly.
                chain.push(format!(
                    "threePointArc({}, {})",
                    point(mid - shift, (decimals + 4).max(11)),
                    point(end - shift, fine)
                ));
            }
        }
    }
    chain.push("close()".to_owned());
    chain
}
