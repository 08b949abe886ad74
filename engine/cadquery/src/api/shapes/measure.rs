//! The methods and properties of shapes that a program asks: volumes, areas, lengths, centres, boxes.

use glam::DVec3;
use partwright_brep::{Body, Surface};

use super::parts::{Part, parts_of};
use crate::Value;
use crate::api::binding::Arguments;
use crate::api::edge::{Edge, EdgeCurve};
use crate::api::error::Fault;
use crate::api::object::{Face, Item, Object, ObjectId};
use crate::api::session::{Answer, Session};
use crate::api::workplane::place::center_of;

/// `Shape.Volume()`.
pub(crate) fn volume(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    Ok(Value::Float(match session.stack_item(this)? {
        Item::Solid(solid) => solid.shape.body()?.volume,
        _ => 0.0,
    }))
}

/// `Shape.Area()`.
pub(crate) fn area(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    Ok(Value::Float(match session.stack_item(this)? {
        Item::Solid(solid) => solid.shape.body()?.area,
        Item::Face(face) => face.info()?.area,
        _ => 0.0,
    }))
}

/// `Edge.Length()` and `Wire.Length()`.
pub(crate) fn length(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    match session.stack_item(this)? {
        Item::Edge(edge, _) => Ok(Value::Float(edge.length())),
        Item::Wire(wire, _) => Ok(Value::Float(wire.length())),
        other => Err(Fault::RuleWith(format!("a {} has no length", other.class()))),
    }
}

/// `Edge.radius()` and `Wire.radius()`.
pub(crate) fn radius(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let arc = match session.stack_item(this)? {
        Item::Edge(edge, _) => edge.arc_circle(),
        Item::Wire(wire, _) => wire.edges.first().and_then(Edge::arc_circle),
        _ => None,
    };
    arc.map(|arc| Value::Float(arc.radius)).ok_or(Fault::Rule("the shape is no circle and no arc"))
}

/// `Shape.Center()`.
pub(crate) fn center(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let item = session.stack_item(this)?;
    let center = center_of(session, &item)?;
    Ok(session.keep_item(Item::Point(center)))
}

/// `Shape.CenterOfBoundBox()`.
pub(crate) fn box_center(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let item = session.stack_item(this)?;
    let [low, high] = bounds_of(session, &item)?;
    Ok(session.keep_item(Item::Point((low + high) / 2.0)))
}

/// `Shape.BoundingBox()`.
pub(crate) fn bounding_box(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let item = session.stack_item(this)?;
    let bounds = bounds_of(session, &item)?;
    Ok(session.keep(Object::BoundBox(bounds)))
}

/// `Shape.isValid()`: an evaluated body has passed its checks.
pub(crate) fn is_valid(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    Ok(Value::Bool(match session.stack_item(this)? {
        Item::Solid(solid) => solid.shape.body().is_ok(),
        _ => true,
    }))
}

/// `Shape.ShapeType()`.
pub(crate) fn shape_type(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    Ok(Value::Str(session.stack_item(this)?.class().to_owned()))
}

/// `Shape.geomType()`.
pub(crate) fn geometry_type(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let kind = match session.stack_item(this)? {
        Item::Face(face) => surface_kind(&face.info()?.surface),
        Item::Edge(edge, _) => edge.kind(),
        other => other.class(),
    };
    Ok(Value::Str(kind.to_owned()))
}

/// `Face.normalAt(locationVector=None)`.
pub(crate) fn normal_at(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let Item::Face(face) = session.stack_item(this)? else { return Err(Fault::Rule("only a face has a normal")) };
    let normal = match args.optional_point("locationVector")? {
        Some(at) => face.normal_at(at)?,
        None => face.normal()?,
    };
    Ok(session.keep_item(Item::Point(normal)))
}

/// `Edge.startPoint()` and `Wire.startPoint()`.
pub(crate) fn start_point(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let (start, _) = ends(&session.stack_item(this)?)?;
    Ok(session.keep_item(Item::Point(start)))
}

/// `Edge.endPoint()` and `Wire.endPoint()`.
pub(crate) fn end_point(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let (_, end) = ends(&session.stack_item(this)?)?;
    Ok(session.keep_item(Item::Point(end)))
}

fn ends(item: &Item) -> Result<(DVec3, DVec3), Fault> {
    match item {
        Item::Edge(edge, _) => Ok((edge.start(), edge.end())),
        Item::Wire(wire, _) => Ok((wire.start(), wire.end())),
        other => Err(Fault::RuleWith(format!("a {} has no ends", other.class()))),
    }
}

/// `Vertex.toTuple()` and `Vector.toTuple()`.
pub(crate) fn to_tuple(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    match session.stack_item(this)? {
        Item::Point(p) | Item::Vertex(p, _) => Ok(tuple(p)),
        other => Err(Fault::RuleWith(format!("a {} has no coordinates", other.class()))),
    }
}

pub(crate) fn tuple(p: DVec3) -> Value {
    Value::Tuple(p.to_array().map(Value::Float).to_vec())
}

/// `Shape.Faces()`.
pub(crate) fn faces(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    list(session, this, Part::Face)
}

/// `Shape.Edges()`.
pub(crate) fn edges(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    list(session, this, Part::Edge)
}

/// `Shape.Vertices()`.
pub(crate) fn vertices(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    list(session, this, Part::Vertex)
}

/// `Shape.Wires()`.
pub(crate) fn wires(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    list(session, this, Part::Wire)
}

/// `Shape.Solids()`: an evaluated body knows how many it has; their handles all stand for the whole.
pub(crate) fn solids(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let Item::Solid(solid) = session.stack_item(this)? else { return Ok(Value::List(Vec::new())) };
    if solid.shape.body()?.solids.len() > 1 {
        return Err(Fault::not_supported("the single solids of a compound"));
    }
    Ok(Value::List(vec![session.handle(this)]))
}

fn list(session: &mut Session, this: ObjectId, part: Part) -> Answer {
    let parts = parts_of(&session.stack_item(this)?, part)?;
    Ok(Value::List(parts.into_iter().map(|part| session.keep_item(part)).collect()))
}

/// `CadQuery`'s name of the kind of surface.
pub(crate) fn surface_kind(surface: &Surface) -> &'static str {
    match surface {
        Surface::Plane { .. } => "PLANE",
        Surface::Cylinder { .. } => "CYLINDER",
        Surface::Cone { .. } => "CONE",
        Surface::Sphere { .. } => "SPHERE",
        Surface::Torus { .. } => "TORUS",
    }
}

/// The box around an item.
pub(crate) fn bounds_of(session: &Session, item: &Item) -> Result<[DVec3; 2], Fault> {
    let boxes: Vec<[DVec3; 2]> = match item {
        Item::Solid(solid) => vec![solid.shape.body()?.bounds],
        Item::Edge(edge, _) => vec![edge_bounds(edge)],
        Item::Wire(wire, _) => wire.edges.iter().map(edge_bounds).collect(),
        Item::Face(face) => vec![face_bounds(&face.body, face)],
        other => {
            let at = center_of(session, other)?;
            vec![[at, at]]
        }
    };
    boxes.into_iter().reduce(|[a, b], [c, d]| [a.min(c), b.max(d)]).ok_or(Fault::NothingSelected)
}

/// The box around a face, from the facets that stand for it: exact for planar faces with straight edges, otherwise
/// as near as the facets are.
fn face_bounds(body: &Body, face: &Face) -> [DVec3; 2] {
    let mut bounds = [DVec3::MAX, DVec3::MIN];
    for (triangle, id) in body.mesh.triangles.iter().zip(&body.mesh_faces) {
        if *id == face.id {
            for corner in triangle {
                if let Some(p) = body.mesh.positions.get(*corner as usize) {
                    bounds = [bounds[0].min(*p), bounds[1].max(*p)];
                }
            }
        }
    }
    bounds
}

fn edge_bounds(edge: &Edge) -> [DVec3; 2] {
    let mut bounds = [edge.start().min(edge.end()), edge.start().max(edge.end())];
    if let Some(arc) = edge.arc_circle() {
        // The extremes of the circle along each axis, where the arc passes them.
        for axis in [DVec3::X, DVec3::Y, DVec3::Z] {
            let top = arc.frame.y.dot(axis).atan2(arc.frame.x.dot(axis));
            for angle in [top, top + std::f64::consts::PI] {
                let angle = angle.rem_euclid(std::f64::consts::TAU);
                if angle <= arc.sweep_rad {
                    let p = arc.frame.origin + (arc.frame.x * angle.cos() + arc.frame.y * angle.sin()) * arc.radius;
                    bounds = [bounds[0].min(p), bounds[1].max(p)];
                }
            }
        }
    } else if let EdgeCurve::Other { center, .. } = edge.curve {
        bounds = [bounds[0].min(center), bounds[1].max(center)];
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_arcs_reach_their_extremes() {
        let p = |x, y| DVec3::new(x, y, 0.0);
        let half = Edge::arc(p(1.0, 0.0), p(0.0, 1.0), p(-1.0, 0.0)).unwrap();
        let [low, high] = edge_bounds(&half);
        assert!(low.distance(p(-1.0, 0.0)) < 1e-12 && high.distance(p(1.0, 1.0)) < 1e-12);
    }
}
