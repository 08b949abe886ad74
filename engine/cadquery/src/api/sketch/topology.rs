//! What a sketch's faces consist of. A profile's borders after set operations are those of the prism on it, so the
//! prism is evaluated and its bottom read.

use glam::DVec3;
use partwright_brep::{CallId, Frame, Primitive, Profile, Shape, Surface};

use crate::api::edge::Edge;
use crate::api::error::Fault;
use crate::api::object::{Face, Item, ObjectId, Sketch, SketchItem};
use crate::api::region::is_plainly_empty;
use crate::api::selector::Candidate;
use crate::api::session::Session;
use crate::api::shapes::{Part, parts_of};
use crate::api::wire::Wire;

/// The bottom faces of the prism on a profile.
fn bottom(profile: &Profile, call: CallId) -> Result<Vec<Face>, Fault> {
    if is_plainly_empty(profile) {
        return Ok(Vec::new());
    }
    let prism = Primitive::Extrusion { frame: Frame::WORLD, profile: profile.clone(), from: 0.0, to: 1.0 };
    let body = Shape::primitive(prism, call).body()?;
    let faces = (0..body.faces.len() as u32).map(|id| Face { body: body.clone(), id: partwright_brep::FaceId(id) });
    let at_bottom = |face: &Face| {
        let info = face.info()?;
        Ok(matches!(info.surface, Surface::Plane { .. }) && info.center.z.abs() < 1e-6 && face.normal()?.z < -0.5)
    };
    faces
        .map(|face| at_bottom(&face).map(|is_bottom| is_bottom.then_some(face)))
        .filter_map(Result::transpose)
        .collect()
}

/// The centre of area of a sketch's faces.
pub(crate) fn center(sketch: &Sketch, call: CallId) -> Result<DVec3, Fault> {
    center_of_profile(&sketch.faces, call)
}

fn center_of_profile(profile: &Profile, call: CallId) -> Result<DVec3, Fault> {
    let faces = bottom(profile, call)?;
    let infos = faces.iter().map(Face::info).collect::<Result<Vec<_>, _>>()?;
    let area: f64 = infos.iter().map(|info| info.area).sum();
    if area <= 0.0 {
        return Err(Fault::EmptySketch { verb: "measure" });
    }
    Ok((infos.iter().map(|info| info.center * info.area).sum::<DVec3>() / area).with_z(0.0))
}

/// The centre of a selected face.
pub(crate) fn profile_center(session: &Session, item: &SketchItem) -> Result<DVec3, Fault> {
    match item {
        SketchItem::Faces(profile) => center_of_profile(profile, session.call),
        item => item.location().map(|place| place.translation).ok_or(Fault::NothingSelected),
    }
}

/// The parts of one kind of what is tagged or selected, else of the whole sketch.
pub(crate) fn parts(
    session: &Session,
    this: ObjectId,
    tag: Option<&str>,
    part: Part,
) -> Result<Vec<SketchItem>, Fault> {
    let sketch = session.sketch(this)?;
    let sources: Vec<SketchItem> = match (tag, &sketch.selection) {
        (Some(tag), _) => {
            let unknown = || Fault::UnknownTag { tag: tag.chars().take(40).collect() };
            sketch.tags.get(tag).cloned().ok_or_else(unknown)?
        }
        (None, Some(selection)) if !selection.is_empty() => selection.clone(),
        _ => {
            let edges = sketch.edges.iter().cloned().map(SketchItem::Edge);
            std::iter::once(SketchItem::Faces(sketch.faces.clone())).chain(edges).collect()
        }
    };
    let mut parts: Vec<SketchItem> = Vec::new();
    for source in &sources {
        for found in parts_of_source(source, part, session.call)? {
            if !parts.iter().any(|known| same(known, &found)) {
                parts.push(found);
            }
        }
    }
    Ok(parts)
}

fn parts_of_source(source: &SketchItem, part: Part, call: CallId) -> Result<Vec<SketchItem>, Fault> {
    let items: Vec<Item> = match source {
        SketchItem::Location(_) => Vec::new(),
        SketchItem::Edge(edge) => parts_of(&Item::Edge(edge.clone(), None), part)?,
        SketchItem::Wire(wire) => parts_of(&Item::Wire(wire.clone(), None), part)?,
        SketchItem::Vertex(at) => parts_of(&Item::Vertex(*at, None), part)?,
        SketchItem::Faces(profile) => {
            if part == Part::Face {
                let profile_of = |face: Face| Ok(SketchItem::Faces(super::faces::face_from_wires(&face.wires()?)?));
                return bottom(profile, call)?.into_iter().map(profile_of).collect();
            }
            let faces = bottom(profile, call)?;
            let parts = faces.into_iter().map(|face| parts_of(&Item::Face(face), part));
            parts.collect::<Result<Vec<_>, _>>()?.concat()
        }
    };
    Ok(items.into_iter().filter_map(sketch_item).collect())
}

fn sketch_item(item: Item) -> Option<SketchItem> {
    match item {
        Item::Edge(edge, _) => Some(SketchItem::Edge(edge)),
        Item::Wire(wire, _) => Some(SketchItem::Wire(wire)),
        Item::Vertex(at, _) => Some(SketchItem::Vertex(at)),
        _ => None,
    }
}

fn same(a: &SketchItem, b: &SketchItem) -> bool {
    matches!((a, b), (SketchItem::Vertex(a), SketchItem::Vertex(b)) if a.distance(*b) < 1e-7)
}

/// What a selector sees of a part of a sketch.
pub(crate) fn candidate(item: &SketchItem) -> Candidate {
    let line = |edge: &Edge| if edge.kind() == "LINE" { edge.start_tangent() } else { None };
    match item {
        SketchItem::Vertex(at) => Candidate { center: *at, kind: "Vertex", ..Candidate::default() },
        SketchItem::Edge(edge) => Candidate {
            center: edge.center(),
            direction: line(edge),
            kind: edge.kind(),
            radius: edge.arc_circle().map(|arc| arc.radius),
            length: Some(edge.length()),
            area: None,
        },
        SketchItem::Wire(Wire { edges, .. }) => Candidate {
            center: edges.first().map_or(DVec3::ZERO, Edge::center),
            kind: "WIRE",
            length: Some(edges.iter().map(Edge::length).sum()),
            ..Candidate::default()
        },
        SketchItem::Location(place) => {
            Candidate { center: place.translation, kind: "Location", ..Candidate::default() }
        }
        SketchItem::Faces(profile) => Candidate {
            center: center_of_profile(profile, CallId::default()).unwrap_or_default(),
            direction: Some(DVec3::Z),
            kind: "PLANE",
            ..Candidate::default()
        },
    }
}
