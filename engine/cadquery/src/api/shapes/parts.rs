//! The faces, edges, vertices, wires and solids of an item, and what selectors see of them.

use std::sync::Arc;

use glam::DVec3;
use partwright_brep::{Body, EdgeId, FaceId};

use super::face::body_edge;
use crate::api::edge::Edge;
use crate::api::error::Fault;
use crate::api::object::{Face, Item, Origin};
use crate::api::selector::Candidate;
use crate::api::session::Session;
use crate::api::workplane::place::center_of;

/// A kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Face,
    Edge,
    Vertex,
    Wire,
    Solid,
    Compound,
}

/// All parts of one kind in an item.
pub(crate) fn parts_of(item: &Item, part: Part) -> Result<Vec<Item>, Fault> {
    match (item, part) {
        (Item::Solid(solid), Part::Solid) => Ok(vec![Item::Solid(solid.clone())]),
        (Item::Solid(solid), Part::Compound) => {
            Ok(if solid.class() == "Compound" { vec![Item::Solid(solid.clone())] } else { Vec::new() })
        }
        (Item::Solid(solid), part) => {
            let body = solid.shape.body()?;
            match part {
                Part::Face => Ok((0..body.faces.len() as u32).map(|id| face_item(&body, FaceId(id))).collect()),
                Part::Edge => (0..body.edges.len() as u32).map(|id| edge_item(&body, EdgeId(id))).collect(),
                Part::Vertex => Ok((0..body.vertices.len() as u32).filter_map(|id| vertex_item(&body, id)).collect()),
                _ => {
                    let faces = (0..body.faces.len() as u32).map(|id| Face { body: Arc::clone(&body), id: FaceId(id) });
                    faces.map(|face| face_wires(&face)).collect::<Result<Vec<_>, _>>().map(|wires| wires.concat())
                }
            }
        }
        (Item::Face(face), Part::Face) => Ok(vec![Item::Face(face.clone())]),
        (Item::Face(face), Part::Wire) => face_wires(face),
        (Item::Face(face), Part::Edge) => {
            face.info()?.loops.iter().flatten().map(|edge| edge_item(&face.body, *edge)).collect()
        }
        (Item::Face(face), Part::Vertex) => {
            let mut ends: Vec<u32> = Vec::new();
            for edge in face.info()?.loops.iter().flatten() {
                if let Some(info) = face.body.edges.get(edge.0 as usize) {
                    ends.extend([info.start, info.end]);
                }
            }
            let mut seen = std::collections::BTreeSet::new();
            ends.retain(|end| seen.insert(*end));
            Ok(ends.into_iter().filter_map(|end| vertex_item(&face.body, end)).collect())
        }
        (Item::Wire(wire, _), Part::Edge) => Ok(wire.edges.iter().map(|edge| Item::Edge(edge.clone(), None)).collect()),
        (Item::Wire(wire, _), Part::Vertex) => {
            Ok(wire.vertices().into_iter().map(|at| Item::Vertex(at, None)).collect())
        }
        (Item::Wire(..), Part::Wire) | (Item::Edge(..), Part::Edge) | (Item::Vertex(..), Part::Vertex) => {
            Ok(vec![item.clone()])
        }
        (Item::Edge(edge, origin), Part::Vertex) => Ok(edge_ends(edge, origin.as_ref())),
        _ => Ok(Vec::new()),
    }
}

fn face_item(body: &Arc<Body>, id: FaceId) -> Item {
    Item::Face(Face { body: Arc::clone(body), id })
}

fn edge_item(body: &Arc<Body>, id: EdgeId) -> Result<Item, Fault> {
    Ok(Item::Edge(body_edge(body, id)?, Some(Origin { body: Arc::clone(body), index: id.0 })))
}

fn vertex_item(body: &Arc<Body>, index: u32) -> Option<Item> {
    let at = body.vertices.get(index as usize)?;
    Some(Item::Vertex(*at, Some(Origin { body: Arc::clone(body), index })))
}

/// The wires of a face; each is known by its face and its place in it.
fn face_wires(face: &Face) -> Result<Vec<Item>, Fault> {
    let wires = face.wires()?.into_iter().enumerate();
    // Beyond 4096 loops in one face wires are merely not told apart.
    let index = |place: usize| (face.id.0 << 12) | place as u32;
    Ok(wires
        .map(|(place, wire)| Item::Wire(wire, Some(Origin { body: Arc::clone(&face.body), index: index(place) })))
        .collect())
}

fn edge_ends(edge: &Edge, origin: Option<&Origin>) -> Vec<Item> {
    if let Some(Origin { body, index }) = origin
        && let Some(info) = body.edges.get(*index as usize)
    {
        let ends = if info.start == info.end { vec![info.start] } else { vec![info.start, info.end] };
        return ends.into_iter().filter_map(|end| vertex_item(body, end)).collect();
    }
    let ends = if edge.is_closed() { vec![edge.start()] } else { vec![edge.start(), edge.end()] };
    ends.into_iter().map(|at| Item::Vertex(at, None)).collect()
}

/// What a selector sees of an item.
pub(crate) fn candidate(session: &Session, item: &Item) -> Result<Candidate, Fault> {
    let center: DVec3 = center_of(session, item)?;
    Ok(match item {
        Item::Face(face) => {
            let info = face.info()?;
            let kind = super::measure::surface_kind(&info.surface);
            let direction = if kind == "PLANE" { Some(face.normal()?) } else { None };
            Candidate { center, direction, kind, area: Some(info.area), ..Candidate::default() }
        }
        Item::Edge(edge, _) => {
            let direction = if edge.kind() == "LINE" { edge.start_tangent() } else { None };
            let radius = edge.arc_circle().map(|arc| arc.radius);
            Candidate { center, direction, kind: edge.kind(), radius, length: Some(edge.length()), area: None }
        }
        Item::Wire(wire, _) => {
            let radius = wire.edges.first().and_then(Edge::arc_circle).map(|arc| arc.radius);
            Candidate { center, kind: "WIRE", radius, length: Some(wire.length()), ..Candidate::default() }
        }
        Item::Solid(solid) => {
            Candidate { center, kind: "Solid", area: Some(solid.shape.body()?.area), ..Candidate::default() }
        }
        other => Candidate { center, kind: other.class(), ..Candidate::default() },
    })
}
