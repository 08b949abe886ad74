//! Moved, turned and mirrored copies of everything on the stack.

use glam::DVec3;
use partwright_brep::{BooleanKind, Isometry};

use super::combine::find_solid;
use super::place::center_of;
use crate::Value;
use crate::api::binding::Arguments;
use crate::api::error::Fault;
use crate::api::object::{Item, Object, ObjectId};
use crate::api::plane;
use crate::api::session::{Answer, Session};
use crate::api::solid::Solid;

/// `Workplane.translate(vec)`.
pub(crate) fn translate(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let motion = Isometry::translation(args.point("vec")?);
    move_all(session, this, |_| Ok(motion))
}

/// `Workplane.rotate(axisStartPoint, axisEndPoint, angleDegrees)`.
pub(crate) fn rotate(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (start, end) = (args.point("axisStartPoint")?, args.point("axisEndPoint")?);
    let motion = turn(start, end - start, args.number("angleDegrees")?)?;
    move_all(session, this, |_| Ok(motion))
}

/// `Workplane.rotateAboutCenter(axisEndPoint, angleDegrees)`.
pub(crate) fn rotate_about_center(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (axis, angle) = (args.point("axisEndPoint")?, args.number("angleDegrees")?);
    let items = session.workplane(this)?.items.clone();
    let mut motions =
        items.iter().map(|item| turn(center_of(session, item)?, axis, angle)).collect::<Vec<_>>().into_iter();
    move_all(session, this, |_| motions.next().unwrap_or(Err(Fault::NothingSelected)))
}

/// A turn about an axis, in degrees.
pub(crate) fn turn(start: DVec3, axis: DVec3, degrees: f64) -> Result<Isometry, Fault> {
    if axis.length() <= 1e-12 {
        return Err(Fault::ZeroVector { what: "the axis of rotation" });
    }
    Ok(Isometry::rotation(start, axis, degrees.to_radians()))
}

fn move_all(session: &mut Session, this: ObjectId, mut motion: impl FnMut(&Item) -> Result<Isometry, Fault>) -> Answer {
    let items = session.workplane(this)?.items.clone();
    let moved = items.iter().map(|item| moved_item(item, &motion(item)?)).collect::<Result<_, _>>()?;
    session.derive(this, moved)
}

/// Shapes move; points and locations stay, as upstream leaves them.
pub(crate) fn moved_item(item: &Item, motion: &Isometry) -> Result<Item, Fault> {
    Ok(match item {
        Item::Solid(solid) => Item::Solid(solid.moved(motion)),
        Item::Edge(edge, _) => Item::Edge(edge.moved(motion), None),
        Item::Wire(wire, _) => Item::Wire(wire.moved(motion), None),
        Item::Vertex(at, _) => Item::Vertex(motion.point(*at), None),
        Item::Face(_) => return Err(Fault::not_supported("moving a face of a body")),
        Item::Point(_) | Item::Location(_) | Item::Sketch(_) => item.clone(),
    })
}

/// `Workplane.mirror(mirrorPlane='XY', basePointVector=None, union=False)`.
pub(crate) fn mirror(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (normal, on_face) = mirror_plane(session, args)?;
    let base = args.optional_point("basePointVector")?.or(on_face).unwrap_or_default();
    if normal.length() <= 1e-12 {
        return Err(Fault::ZeroVector { what: "the mirror plane's normal" });
    }
    let motion = Isometry::mirror(base, normal);
    let items = session.workplane(this)?.items.clone();
    let shapes = items.iter().filter(|item| !matches!(item, Item::Point(_) | Item::Location(_) | Item::Sketch(_)));
    let images: Vec<Item> = shapes.map(|item| moved_item(item, &motion)).collect::<Result<_, _>>()?;
    if !args.flag("union")? {
        return session.derive(this, images);
    }
    let base = find_solid(session, this, true)?;
    let image = session.solids_among(&images).ok_or(Fault::NoSolidInOperand)?;
    let call = session.call;
    let united = match base {
        Some(base) => base.boolean(BooleanKind::Union, &image, true, call),
        None => image,
    };
    session.derive_solid(this, united)
}

/// The normal of a mirror plane, and a point on it where the plane is a face's.
fn mirror_plane(session: &Session, args: &Arguments) -> Result<(DVec3, Option<DVec3>), Fault> {
    let Some(value) = args.anything("mirrorPlane") else { return Ok((DVec3::Z, None)) };
    if let Value::Str(name) = value {
        return match name.as_str() {
            "XY" | "YX" => Ok((DVec3::Z, None)),
            "XZ" | "ZX" => Ok((DVec3::Y, None)),
            "YZ" | "ZY" => Ok((DVec3::X, None)),
            _ => Err(Fault::UnknownPlane { name: name.chars().take(40).collect() }),
        };
    }
    let of_face = |item: &Item| match item {
        Item::Face(face) => Ok((face.normal()?, Some(face.info()?.center))),
        Item::Point(normal) => Ok((*normal, None)),
        other => Err(Fault::RuleWith(format!("a mirror plane must be a planar face, not a {}", other.class()))),
    };
    match session.object_of(value) {
        Some(Object::Workplane(workplane)) => of_face(workplane.items.first().ok_or(Fault::NothingSelected)?),
        Some(Object::Item(item)) => of_face(item),
        Some(Object::Plane(frame)) => Ok((frame.z, Some(frame.origin))),
        _ => match crate::api::binding::point(session, value) {
            Some(normal) if normal.is_finite() => Ok((normal, None)),
            _ => Err(Fault::Rule("the mirror plane must be 'XY', 'XZ', 'YZ', a normal vector or a face")),
        },
    }
}

/// `Shape.moved(loc)`, `Shape.translate(vec)` and the like share this: a copy of an object, moved.
pub(crate) fn keep_moved(session: &mut Session, this: ObjectId, motion: &Isometry) -> Answer {
    let item = session.stack_item(this)?;
    let moved = match item {
        Item::Location(location) => Item::Location(plane::compose(motion, &location)),
        Item::Point(point) => Item::Point(motion.point(point)),
        item => moved_item(&item, motion)?,
    };
    Ok(session.keep_item(moved))
}

/// Unites solids of several items; used by operators on shapes.
pub(crate) fn solid_item(session: &Session, id: ObjectId) -> Result<Solid, Fault> {
    match session.object(id) {
        Some(Object::Item(Item::Solid(solid))) => Ok(solid.clone()),
        Some(Object::Workplane(workplane)) => session.solids_among(&workplane.items).ok_or(Fault::NoSolidInOperand),
        other => Err(crate::api::session::wrong_class("a solid", other)),
    }
}
