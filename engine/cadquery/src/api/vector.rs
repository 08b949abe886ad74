//! Methods and properties of vectors, planes, locations and boxes, and what shapes do on their own.

use glam::DVec3;
use partwright_brep::{BooleanKind, Isometry};

use super::binding::Arguments;
use super::constructors::{location_object, plane_object};
use super::error::Fault;
use super::object::{Item, Object, ObjectId};
use super::plane;
use super::session::{Answer, Session, wrong_class};
use super::shapes::measure::tuple;
use super::workplane::motion::{keep_moved, solid_item, turn};
use crate::Value;

fn point(session: &Session, this: ObjectId) -> Result<DVec3, Fault> {
    match session.object(this) {
        Some(Object::Item(Item::Point(point) | Item::Vertex(point, _))) => Ok(*point),
        other => Err(wrong_class("a Vector", other)),
    }
}

fn keep(session: &mut Session, point: DVec3) -> Value {
    session.keep_item(Item::Point(point))
}

/// `Vector.Center()`.
pub(crate) fn itself(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let p = point(session, this)?;
    Ok(keep(session, p))
}

/// `Vector.add(v)` and `a + b`.
pub(crate) fn add(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let sum = point(session, this)? + args.point("v")?;
    Ok(keep(session, sum))
}

/// `Vector.sub(v)` and `a - b`.
pub(crate) fn sub(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let difference = point(session, this)? - args.point("v")?;
    Ok(keep(session, difference))
}

/// `Vector.multiply(scale)` and `a * s`.
pub(crate) fn scale(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let product = point(session, this)? * args.number("scale")?;
    Ok(keep(session, product))
}

/// `a / s`.
pub(crate) fn divide(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let scale = args.number("scale")?;
    if scale == 0.0 {
        return Err(Fault::Rule("division by zero"));
    }
    let quotient = point(session, this)? / scale;
    Ok(keep(session, quotient))
}

/// `-a`.
pub(crate) fn negate(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let p = -point(session, this)?;
    Ok(keep(session, p))
}

/// `abs(a)`.
pub(crate) fn length(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    Ok(Value::Float(point(session, this)?.length()))
}

/// `Vector.dot(v)`.
pub(crate) fn dot(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    Ok(Value::Float(point(session, this)?.dot(args.point("v")?)))
}

/// `Vector.cross(v)`.
pub(crate) fn cross(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let product = point(session, this)?.cross(args.point("v")?);
    Ok(keep(session, product))
}

/// `Vector.normalized()`.
pub(crate) fn normalized(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let unit = point(session, this)?.try_normalize().ok_or(Fault::ZeroVector { what: "the vector" })?;
    Ok(keep(session, unit))
}

/// `Vector.getAngle(v)`, in radians.
pub(crate) fn angle(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (a, b) = (point(session, this)?, args.point("v")?);
    if a == DVec3::ZERO || b == DVec3::ZERO {
        return Err(Fault::ZeroVector { what: "the vector" });
    }
    Ok(Value::Float(a.angle_between(b)))
}

/// `Plane.toWorldCoords(tuplePoint)`.
pub(crate) fn to_world(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let world = plane_object(session, this)?.world_from_local(args.point("tuplePoint")?);
    Ok(keep(session, world))
}

/// `Plane.toLocalCoords(obj)`.
pub(crate) fn to_local(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let local = plane_object(session, this)?.local_from_world(args.point("obj")?);
    Ok(keep(session, local))
}

/// `Plane.rotated(rotate=(0, 0, 0))`.
pub(crate) fn rotated_plane(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let plane = plane::rotated(&plane_object(session, this)?, args.point("rotate")?);
    Ok(session.keep(Object::Plane(plane)))
}

/// `Location * Location`.
pub(crate) fn compose_locations(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (first, second) = (location_object(session, this)?, args.object("other")?);
    let motion = plane::compose(&first, &location_object(session, second)?);
    Ok(session.keep_item(Item::Location(motion)))
}

/// `Location.toTuple()`: the shift, and the angles about x, y and z in degrees.
pub(crate) fn location_tuple(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let Isometry { linear, translation } = location_object(session, this)?;
    let (x, y, z) = glam::DQuat::from_mat3(&linear).to_euler(glam::EulerRot::XYZ);
    Ok(Value::Tuple(vec![tuple(translation), tuple(DVec3::new(x.to_degrees(), y.to_degrees(), z.to_degrees()))]))
}

/// `Shape.translate(vector)`.
pub(crate) fn translate_shape(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    keep_moved(session, this, &Isometry::translation(args.point("vector")?))
}

/// `Shape.moved(loc)`.
pub(crate) fn move_shape(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let motion = location_object(session, args.object("loc")?)?;
    keep_moved(session, this, &motion)
}

/// `Shape.rotate(startVector, endVector, angleDegrees)`.
pub(crate) fn rotate_shape(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (start, end) = (args.point("startVector")?, args.point("endVector")?);
    keep_moved(session, this, &turn(start, end - start, args.number("angleDegrees")?)?)
}

/// `Shape.fuse(toFuse)` and `a + b`.
pub(crate) fn fuse(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    boolean(session, this, args, ["toFuse", "other"], BooleanKind::Union)
}

/// `Shape.cut(toCut)` and `a - b`.
pub(crate) fn cut(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    boolean(session, this, args, ["toCut", "other"], BooleanKind::Cut)
}

/// `Shape.intersect(toIntersect)` and `a * b`.
pub(crate) fn intersect(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    boolean(session, this, args, ["toIntersect", "other"], BooleanKind::Intersect)
}

/// Shapes do not clean up after a boolean, as upstream's do not.
fn boolean(session: &mut Session, this: ObjectId, args: &Arguments, names: [&str; 2], kind: BooleanKind) -> Answer {
    let name = if args.has(names[0]) { names[0] } else { names[1] };
    let (left, right) = (solid_item(session, this)?, solid_item(session, args.object(name)?)?);
    let solid = left.boolean(kind, &right, false, session.call);
    Ok(session.keep_item(Item::Solid(solid)))
}

impl Session {
    /// A property of an object; `None` where it has none by that name.
    pub(crate) fn property(&mut self, this: ObjectId, name: &str) -> Option<Value> {
        let component = |p: DVec3| match name {
            "x" | "X" => Some(p.x),
            "y" | "Y" => Some(p.y),
            "z" | "Z" => Some(p.z),
            _ => None,
        };
        match self.object(this) {
            Some(Object::Item(Item::Point(p))) if name == "Length" => Some(Value::Float(p.length())),
            Some(Object::Item(Item::Point(p) | Item::Vertex(p, _))) => component(*p).map(Value::Float),
            Some(Object::BoundBox([low, high])) => {
                let size = *high - *low;
                let number = match name {
                    "xmin" => low.x,
                    "ymin" => low.y,
                    "zmin" => low.z,
                    "xmax" => high.x,
                    "ymax" => high.y,
                    "zmax" => high.z,
                    "xlen" => size.x,
                    "ylen" => size.y,
                    "zlen" => size.z,
                    "DiagonalLength" => size.length(),
                    "center" => {
                        let center = (*low + *high) / 2.0;
                        return Some(self.keep_item(Item::Point(center)));
                    }
                    _ => return None,
                };
                Some(Value::Float(number))
            }
            Some(Object::Plane(plane)) => {
                let vector = match name {
                    "origin" => plane.origin,
                    "xDir" => plane.x,
                    "yDir" => plane.y,
                    "zDir" => plane.z,
                    _ => return None,
                };
                Some(self.keep_item(Item::Point(vector)))
            }
            Some(Object::Workplane(workplane)) => match name {
                "plane" => {
                    let plane = workplane.plane;
                    Some(self.keep(Object::Plane(plane)))
                }
                "objects" => {
                    let items = workplane.items.clone();
                    Some(Value::List(items.into_iter().map(|item| self.keep_item(item)).collect()))
                }
                "parent" => Some(workplane.parent.map_or(Value::None, |parent| self.handle(parent))),
                _ => None,
            },
            _ => None,
        }
    }
}
