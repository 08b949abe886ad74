//! From a draft to integers in -100..100, as CAD-Recode rounds: corners, middles of arcs and radii each on its own.

use glam::{DVec2, DVec3, IVec2};
use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;

use super::curve::{Boundary, Curve, Region, area, polygon};
use super::draft::{Draft, DraftBody, DraftSweep, Rounding, in_plane};
use super::program::{Body, Edge, Face, Join, Loop, Program, Sweep, Workplane};
use super::simple_loops::are_simple;

/// Smaller faces and holes are left out: rounding has made slivers of them.
const LEAST_AREA: f64 = 6.0;

/// The program of a draft; `None` where rounding leaves no body, or one whose boundaries cross.
pub(super) fn rounded(draft: &Draft) -> Option<Program> {
    let [low, high] = draft.bounds()?;
    let scale = PROGRAM_FRAME_SIDE / (high - low).max_element();
    if !scale.is_finite() {
        return None;
    }
    let center = 0.5 * (low + high);
    let workplanes = draft
        .workplanes
        .iter()
        .map(|(plane, offset)| Workplane {
            plane: *plane,
            offset: (scale * (offset - in_plane(*plane, center).z)).round() as i32,
        })
        .collect();
    let bodies: Vec<Body> =
        draft.bodies.iter().map(|body| rounded_body(draft, body, center, scale)).collect::<Option<_>>()?;
    (bodies.first()?.join == Join::Union).then_some(Program { workplanes, bodies })
}

fn rounded_body(draft: &Draft, body: &DraftBody, center: DVec3, scale: f64) -> Option<Body> {
    let (plane, offset) = *draft.workplanes.get(body.workplane)?;
    let frame = Frame { center: in_plane(plane, center).truncate(), scale };
    let sweep = match body.sweep {
        DraftSweep::Extrude { distance, both } => {
            let level = |along: f64| (scale * (along - in_plane(plane, center).z)).round() as i32;
            let distance = match draft.rounding {
                Rounding::Levels if !both => level(offset + distance) - level(offset),
                _ => (scale * distance).round() as i32,
            };
            Sweep::Extrude { distance, both }
        }
        DraftSweep::Revolve { degrees, about_up, at } => {
            let middle = if about_up { frame.center.x } else { frame.center.y };
            Sweep::Revolve { degrees, about_up, at: (scale * (at - middle)).round() as i32 }
        }
    };
    if matches!(sweep, Sweep::Extrude { distance: 0, .. }) {
        return None;
    }
    let mut faces = Vec::new();
    for region in &body.regions {
        if let Some(outer) = frame.rounded(&region.outer) {
            let mut holes: Vec<Loop> = region.holes.iter().filter_map(|hole| frame.rounded(hole)).collect();
            holes.sort_by_key(leftmost);
            faces.push(Face { outer, holes });
        }
    }
    faces.sort_by_key(|face| leftmost(&face.outer));
    let polygons: Vec<Vec<DVec2>> = faces
        .iter()
        .flat_map(|face| std::iter::once(&face.outer).chain(&face.holes))
        .map(|boundary| polygon(&unrounded(boundary)))
        .collect();
    (!faces.is_empty() && are_simple(&polygons)).then_some(Body {
        workplane: body.workplane,
        join: body.join,
        faces,
        sweep,
    })
}

/// Where a boundary begins from the left, and from below.
fn leftmost(boundary: &Loop) -> (i32, i32) {
    match boundary {
        Loop::Circle { center, radius } => (center.x - radius, center.y),
        Loop::Rectangle { min, .. } => (min.x, min.y),
        Loop::Path { start, .. } => (start.x, start.y),
    }
}

/// A boundary of integers as one of numbers.
pub(super) fn unrounded(boundary: &Loop) -> Boundary {
    match boundary {
        Loop::Circle { center, radius } => Boundary::Circle { center: center.as_dvec2(), radius: f64::from(*radius) },
        Loop::Rectangle { min, max } => {
            let (min, max) = (min.as_dvec2(), max.as_dvec2());
            let corners = [DVec2::new(max.x, min.y), max, DVec2::new(min.x, max.y), min];
            Boundary::Path { start: min, edges: corners.map(|to| Curve::Line { to }).to_vec() }
        }
        Loop::Path { start, edges } => {
            let curve = |edge: &Edge| match *edge {
                Edge::Line { to } => Curve::Line { to: to.as_dvec2() },
                Edge::Arc { mid, to } => Curve::Arc { mid: mid.as_dvec2(), to: to.as_dvec2() },
            };
            Boundary::Path { start: start.as_dvec2(), edges: edges.iter().map(curve).collect() }
        }
    }
}

/// The box of one body of a program, in the world.
pub(crate) fn bounds_of_body(program: &Program, body: &Body) -> Option<[DVec3; 2]> {
    let region =
        |face: &Face| Region { outer: unrounded(&face.outer), holes: face.holes.iter().map(unrounded).collect() };
    let sweep = match body.sweep {
        Sweep::Extrude { distance, both } => DraftSweep::Extrude { distance: f64::from(distance), both },
        Sweep::Revolve { degrees, about_up, at } => DraftSweep::Revolve { degrees, about_up, at: f64::from(at) },
    };
    let draft = Draft {
        workplanes: program.workplanes.iter().map(|w| (w.plane, f64::from(w.offset))).collect(),
        bodies: Vec::new(),
        rounding: Rounding::Each,
    };
    let regions = body.faces.iter().map(region).collect();
    draft.bounds_of(&DraftBody { workplane: body.workplane, join: body.join, regions, sweep })
}

/// The program's frame in a plane.
struct Frame {
    center: DVec2,
    scale: f64,
}

impl Frame {
    fn point(&self, p: DVec2) -> IVec2 {
        (self.scale * (p - self.center)).round().as_ivec2()
    }

    fn rounded(&self, boundary: &Boundary) -> Option<Loop> {
        match boundary {
            Boundary::Circle { center, radius } => {
                let radius = (self.scale * radius).round() as i32;
                (radius > 0).then(|| Loop::Circle { center: self.point(*center), radius })
            }
            Boundary::Path { start, edges } => {
                let mut rounded = Vec::with_capacity(edges.len());
                let start = self.point(*start);
                let mut at = start;
                for edge in edges {
                    let to = self.point(edge.to());
                    if to != at {
                        rounded.push(match edge {
                            Curve::Line { .. } => Edge::Line { to },
                            Curve::Arc { mid, .. } => bent(at, self.point(*mid), to),
                        });
                        at = to;
                    }
                }
                path(start, &rounded)
            }
        }
    }
}

/// An arc, or the straight edge it has become.
fn bent(from: IVec2, mid: IVec2, to: IVec2) -> Edge {
    if (mid - from).perp_dot(to - from) == 0 { Edge::Line { to } } else { Edge::Arc { mid, to } }
}

/// A loop in its plainest form; `None` when nothing is left of it, or when it does not close.
pub(super) fn path(start: IVec2, edges: &[Edge]) -> Option<Loop> {
    if edges.last()?.to() != start {
        return None;
    }
    // Begin with the leftmost corner, the lowest of these.
    let first = (0..edges.len()).min_by_key(|k| (edges[*k].to().x, edges[*k].to().y))?;
    let start = edges[first].to();
    let count = edges.len();
    let mut merged: Vec<Edge> = Vec::with_capacity(count);
    let mut from = start;
    for edge in (1..=count).map(|k| edges[(first + k) % count]) {
        let at = merged.last().map_or(start, |last| last.to());
        if let (Some(Edge::Line { to: corner }), Edge::Line { to }) = (merged.last_mut(), edge) {
            let (before, after) = (*corner - from, to - *corner);
            if before.perp_dot(after) == 0 && before.dot(after) > 0 {
                *corner = to;
                continue;
            }
        }
        from = at;
        merged.push(edge);
    }
    let bends = merged.iter().any(|edge| matches!(edge, Edge::Arc { .. }));
    if merged.len() < if bends { 2 } else { 3 } {
        return None;
    }
    let found = Loop::Path { start, edges: merged };
    if area(&polygon(&unrounded(&found))) < LEAST_AREA {
        return None;
    }
    Some(rectangle(&found).unwrap_or(found))
}

/// The rectangle along the axes that a path is.
fn rectangle(found: &Loop) -> Option<Loop> {
    let Loop::Path { start, edges } = found else { return None };
    let [Edge::Line { to: right }, Edge::Line { to: max }, Edge::Line { to: left }, Edge::Line { .. }] = edges[..]
    else {
        return None;
    };
    let along = right.y == start.y && max.x == right.x && left.y == max.y && left.x == start.x;
    along.then_some(Loop::Rectangle { min: *start, max })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(x: i32, y: i32) -> Edge {
        Edge::Line { to: IVec2::new(x, y) }
    }

    #[test]
    fn paths_are_made_plain() {
        let v = IVec2::new;
        // A rectangle from another corner, with a point on a side.
        let edges = vec![line(9, 7), line(4, 7), line(0, 7), line(0, 0), line(9, 0)];
        assert_eq!(path(v(9, 0), &edges), Some(Loop::Rectangle { min: v(0, 0), max: v(9, 7) }));
        let triangle = vec![line(10, 0), line(3, 8), line(-1, 2)];
        assert_eq!(path(v(-1, 2), &triangle), Some(Loop::Path { start: v(-1, 2), edges: triangle }));
        // Clockwise, open, or nothing.
        assert_eq!(path(v(0, 0), &[line(0, 8), line(8, 0), line(0, 0)]), None);
        assert_eq!(path(v(0, 0), &[line(8, 0), line(8, 8)]), None);
        assert_eq!(path(v(0, 0), &[line(8, 0), line(0, 0)]), None);
        assert_eq!(bent(v(0, 0), v(1, 1), v(2, 2)), line(2, 2));
    }
}
