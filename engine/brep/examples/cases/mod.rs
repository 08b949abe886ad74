//! Reads the kernel's cases (`NNN.json`: operations on extruded profiles) into shapes.

use std::path::Path;

use glam::{DVec2, DVec3};
use partwright_brep::{BooleanKind, CallId, Frame, Loop, Node, PathEdge, Primitive, Profile, Region, Shape};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    ops: Vec<Op>,
}

#[derive(Deserialize)]
struct Op {
    #[serde(rename = "op")]
    kind: String,
    frame: Axes,
    faces: Vec<Face>,
    h: f64,
}

#[derive(Deserialize)]
struct Axes {
    o: [f64; 3],
    x: [f64; 3],
    y: [f64; 3],
    n: [f64; 3],
}

#[derive(Deserialize)]
struct Face {
    outer: Boundary,
    inners: Vec<Boundary>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Boundary {
    Circle { circle: [f64; 3] },
    Path { start: [f64; 2], edges: Vec<Edge> },
}

#[derive(Deserialize)]
struct Edge {
    m: Option<[f64; 2]>,
    p: [f64; 2],
}

/// The shape of the case in `path`.
pub(crate) fn read(path: &Path) -> Result<Shape, Box<dyn std::error::Error>> {
    let case: Case = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let mut result: Option<Shape> = None;
    for (i, op) in case.ops.iter().enumerate() {
        let call = CallId(i as u32);
        let body = body(op, call);
        result = Some(match result {
            None => body,
            Some(left) => {
                let kind = match op.kind.as_str() {
                    "cut" => BooleanKind::Cut,
                    "intersect" => BooleanKind::Intersect,
                    _ => BooleanKind::Union,
                };
                left.boolean(kind, &body, true, call)
            }
        });
    }
    Ok(result.unwrap_or_else(|| Shape::new(Node::Compound(Vec::new()), CallId(0))))
}

fn body(op: &Op, call: CallId) -> Shape {
    let axes = &op.frame;
    let [origin, x, y, z] = [axes.o, axes.x, axes.y, axes.n].map(DVec3::from);
    let mut regions: Vec<Profile> = op
        .faces
        .iter()
        .map(|face| {
            let holes = face.inners.iter().map(boundary).collect();
            Profile::Region(Region { outer: boundary(&face.outer), holes })
        })
        .collect();
    let profile = if regions.len() == 1 { regions.remove(0) } else { Profile::Union(regions) };
    let (from, to) = (op.h.min(0.0), op.h.max(0.0));
    Shape::primitive(Primitive::Extrusion { frame: Frame { origin, x, y, z }, profile, from, to }, call)
}

fn boundary(boundary: &Boundary) -> Loop {
    match boundary {
        Boundary::Circle { circle: [x, y, radius] } => Loop::Circle { center: DVec2::new(*x, *y), radius: *radius },
        Boundary::Path { start, edges } => {
            let edges = edges.iter().map(|edge| match edge.m {
                None => PathEdge::Line { end: edge.p.into() },
                Some(mid) => PathEdge::Arc { mid: mid.into(), end: edge.p.into() },
            });
            Loop::Path { start: (*start).into(), edges: edges.collect() }
        }
    }
}
