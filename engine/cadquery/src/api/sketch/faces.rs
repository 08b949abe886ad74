//! Faces of a sketch: shapes put at every selected place and joined to what is there.

use glam::DVec3;
use partwright_brep::{Frame, Isometry, Profile};

use crate::Value;
use crate::api::binding::Arguments;
use crate::api::edge::Edge;
use crate::api::error::Fault;
use crate::api::object::{Item, Object, ObjectId, SketchItem};
use crate::api::plane;
use crate::api::region::{is_plainly_empty, moved, profile_of_wires};
use crate::api::session::{Answer, Session};
use crate::api::wire::{SKETCH_JOIN, Wire, connect};
use crate::api::workplane::outline::{MAX_CORNERS, slot_wire};

/// `Sketch.rect(w, h, angle=0, mode='a', tag=None)`.
pub(crate) fn rect(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (x, y) = (args.number("w")?.abs() / 2.0, args.number("h")?.abs() / 2.0);
    let p = |x, y| DVec3::new(x, y, 0.0);
    polygon_face(session, this, args, &[p(-x, -y), p(x, -y), p(x, y), p(-x, y)])
}

/// `Sketch.circle(r, mode='a', tag=None)`.
pub(crate) fn circle(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let edge = Edge::circle(Frame::WORLD, args.number("r")?)?;
    wire_face(session, this, args, &Wire { edges: vec![edge], construction: false })
}

/// `Sketch.trapezoid(w, h, a1, a2=None, angle=0, mode='a', tag=None)`.
pub(crate) fn trapezoid(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (x, y) = (args.number("w")? / 2.0, args.number("h")? / 2.0);
    let a1 = args.number("a1")?;
    let a2 = args.optional_number("a2")?.filter(|angle| *angle != 0.0).unwrap_or(a1);
    let inset = |angle: f64| 2.0 * y / angle.to_radians().tan();
    let p = |x, y| DVec3::new(x, y, 0.0);
    let (left, right) = (inset(a1), inset(a2));
    if !left.is_finite() || !right.is_finite() {
        return Err(Fault::Rule("a trapezoid's angles must not be 0 or 180 degrees"));
    }
    polygon_face(session, this, args, &[p(-x, -y), p(x, -y), p(x - right, y), p(left - x, y)])
}

/// `Sketch.slot(w, h, angle=0, mode='a', tag=None)`.
pub(crate) fn slot(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let wire = slot_wire(args.number("w")?, args.number("h")?)?;
    wire_face(session, this, args, &wire)
}

/// `Sketch.regularPolygon(r, n, angle=0, mode='a', tag=None)`: its first corner lies on the y axis.
pub(crate) fn regular_polygon(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (radius, corners) = (args.number("r")?, args.integer("n")?);
    if !(3..=MAX_CORNERS).contains(&corners) {
        return Err(Fault::RuleWith(format!("a polygon has 3 to {MAX_CORNERS} corners, not {corners}")));
    }
    let corner = |k: i64| {
        let angle = std::f64::consts::TAU * k as f64 / corners as f64;
        DVec3::new(radius * angle.sin(), radius * angle.cos(), 0.0)
    };
    polygon_face(session, this, args, &(0..corners).map(corner).collect::<Vec<_>>())
}

/// `Sketch.polygon(pts, angle=0, mode='a', tag=None)`.
pub(crate) fn polygon(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let points = args.points("pts")?.to_vec();
    polygon_face(session, this, args, &points)
}

fn polygon_face(session: &mut Session, this: ObjectId, args: &Arguments, corners: &[DVec3]) -> Answer {
    wire_face(session, this, args, &Wire::polygon(corners, true)?)
}

fn wire_face(session: &mut Session, this: ObjectId, args: &Arguments, wire: &Wire) -> Answer {
    let turned = wire.moved(&angle(args)?);
    let profile = face_from_wires(std::slice::from_ref(&turned))?;
    each(session, this, args, |place| moved(&profile, place))
}

fn angle(args: &Arguments) -> Result<Isometry, Fault> {
    let degrees = if args.has("angle") { args.number("angle")? } else { 0.0 };
    Ok(Isometry::rotation(DVec3::ZERO, DVec3::Z, degrees.to_radians()))
}

/// The regions that wires in the sketch's plane bound.
pub(crate) fn face_from_wires(wires: &[Wire]) -> Result<Profile, Fault> {
    let placed = profile_of_wires(&Frame::WORLD, wires)?;
    if placed.height.abs() > SKETCH_JOIN {
        return Err(Fault::not_supported("sketch faces out of the sketch's plane"));
    }
    Ok(placed.profile)
}

/// `Sketch.face(b, angle=0, mode='a', tag=None, ignore_selection=False)`: from another sketch, a wire, or edges.
pub(crate) fn face(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let profile = match args.anything("b") {
        Some(Value::List(values) | Value::Tuple(values)) => {
            let edge = |value: &Value| match session.item(value) {
                Some(Item::Edge(edge, _)) => Ok(edge.clone()),
                _ => Err(not_a_face(session, value)),
            };
            from_edges(&values.iter().map(edge).collect::<Result<Vec<_>, _>>()?)?
        }
        Some(value) => match session.object_of(value) {
            Some(Object::Sketch(other)) => other.faces.clone(),
            Some(Object::Item(Item::Wire(wire, _))) => face_from_wires(std::slice::from_ref(wire))?,
            Some(Object::Item(Item::Face(face))) => face_from_wires(&face.wires()?)?,
            // A Workplane is iterated over, which gives edges only where edges are on its stack.
            Some(Object::Workplane(workplane)) => {
                let edges = workplane.items.iter().map(|item| match item {
                    Item::Edge(edge, _) => Ok(edge.clone()),
                    _ => Err(not_a_face(session, value)),
                });
                from_edges(&edges.collect::<Result<Vec<_>, _>>()?)?
            }
            _ => return Err(not_a_face(session, value)),
        },
        None => return Err(Fault::NothingSelected),
    };
    let turn = angle(args)?;
    each(session, this, args, |place| moved(&profile, &plane::compose(place, &turn)))
}

fn from_edges(edges: &[Edge]) -> Result<Profile, Fault> {
    if edges.is_empty() {
        return Err(Fault::NothingToAssemble);
    }
    face_from_wires(&connect(edges, SKETCH_JOIN))
}

fn not_a_face(session: &Session, value: &Value) -> Fault {
    let found = match session.object_of(value) {
        Some(Object::Workplane(_)) => "a Workplane (leave out finalize(), or pass its val())".to_owned(),
        _ => format!("a value of type {}", value.type_name()),
    };
    Fault::WrongArgument { parameter: "b", expected: "a Sketch, a Wire or a list of edges".to_owned(), found }
}

/// `Sketch.each`: a profile for every selected place, joined to the faces by the call's mode.
pub(crate) fn each(
    session: &mut Session,
    this: ObjectId,
    args: &Arguments,
    build: impl Fn(&Isometry) -> Result<Profile, Fault>,
) -> Answer {
    let ignore = args.has("ignore_selection") && args.flag("ignore_selection")?;
    let sketch = session.sketch(this)?;
    let origin = [SketchItem::Location(Isometry::translation(DVec3::ZERO))];
    let places = match &sketch.selection {
        Some(selection) if !selection.is_empty() && !ignore => selection.as_slice(),
        _ => &origin,
    };
    let mut parts = Vec::with_capacity(places.len());
    for place in places {
        let place = match place.location() {
            Some(place) => place,
            None => Isometry::translation(super::topology::profile_center(session, place)?),
        };
        parts.push(build(&place)?);
    }
    parts.retain(|part| !is_plainly_empty(part));
    let mode = args.text("mode")?.to_owned();
    let tag = args.optional_text("tag")?.map(str::to_owned);
    let empty = parts.is_empty();
    let added = if parts.len() == 1 { parts.remove(0) } else { Profile::Union(parts) };
    let sketch = session.sketch_mut(this)?;
    if let Some(tag) = &tag {
        sketch.tags.insert(tag.clone(), vec![SketchItem::Faces(added.clone())]);
    }
    let nothing_before = is_plainly_empty(&sketch.faces);
    match mode.as_str() {
        "a" if nothing_before && empty => return Err(Fault::EmptySketch { verb: "add" }),
        "s" if nothing_before => return Err(Fault::EmptySketch { verb: "subtract from" }),
        "i" if nothing_before => return Err(Fault::EmptySketch { verb: "intersect with" }),
        "a" | "s" | "i" | "r" => {}
        "c" if tag.is_none() => return Err(Fault::ConstructionWithoutTag),
        "c" => return Ok(session.handle(this)),
        _ => return Err(Fault::UnknownMode { mode: format!("'{}'", mode.chars().take(20).collect::<String>()) }),
    }
    let before = std::mem::replace(&mut sketch.faces, Profile::Union(Vec::new()));
    sketch.faces = match mode.as_str() {
        "a" | "r" if nothing_before || mode == "r" => added,
        "a" | "s" if empty => before,
        "a" => union(before, added),
        "s" => Profile::Difference(Box::new(before), Box::new(added)),
        _ => Profile::Intersection(Box::new(before), Box::new(added)),
    };
    Ok(session.handle(this))
}

/// A union kept flat: many additions in a row make one list, not a deep tree.
fn union(before: Profile, added: Profile) -> Profile {
    let mut parts = match before {
        Profile::Union(parts) => parts,
        one => vec![one],
    };
    match added {
        Profile::Union(more) => parts.extend(more),
        one => parts.push(one),
    }
    Profile::Union(parts)
}

/// `Sketch.finalize()`.
pub(crate) fn finalize(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    Ok(session.sketch(this)?.parent.map_or(Value::None, |parent| session.handle(parent)))
}

/// `Sketch.copy()`.
pub(crate) fn copy(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let faces = session.sketch(this)?.faces.clone();
    let mut copy = crate::api::object::Sketch::new(None, vec![Isometry::translation(DVec3::ZERO)]);
    copy.faces = faces;
    Ok(session.keep(Object::Sketch(copy)))
}

/// `Sketch.clean()`: profiles are regions without inner borders already.
#[expect(clippy::unnecessary_wraps, reason = "every function of the table has this signature")]
pub(crate) fn clean(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    Ok(session.handle(this))
}
