//! Constructors other than those of Workplanes and Sketches: vectors, planes, locations, selectors.

use glam::{DMat3, DVec3};
use partwright_brep::{Frame, Isometry};

use super::binding::Arguments;
use super::error::Fault;
use super::object::{Item, Object, ObjectId};
use super::plane;
use super::selector::Selector;
use super::session::{Answer, Session, wrong_class};
use super::workplane::motion::turn;
use crate::Value;

/// `Vector()` and `Vector((x, y, z))`.
pub(crate) fn vector(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let point = args.optional_point("x")?.unwrap_or_default();
    Ok(session.keep_item(Item::Point(point)))
}

/// `Vector(x, y, z=0)`.
pub(crate) fn vector_of_components(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let point = DVec3::new(args.number("x")?, args.number("y")?, args.number("z")?);
    Ok(session.keep_item(Item::Point(point)))
}

/// `Plane(origin, xDir=None, normal=(0, 0, 1))`.
pub(crate) fn plane(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let plane = plane::from_directions(args.point("origin")?, args.optional_point("xDir")?, args.point("normal")?)?;
    Ok(session.keep(Object::Plane(plane)))
}

/// `Plane(loc)`.
pub(crate) fn plane_at(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let location = location_object(session, args.object("loc")?)?;
    Ok(session.keep(Object::Plane(plane::frame_of(&location))))
}

/// `Plane.named(stdName, origin=(0, 0, 0))`.
pub(crate) fn plane_named(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let plane = plane::named(args.text("stdName")?, args.point("origin")?)?;
    Ok(session.keep(Object::Plane(plane)))
}

/// `Plane.XY(origin=(0, 0, 0), xDir=...)` and the like.
pub(crate) fn standard_plane(session: &mut Session, args: &Arguments, name: &str) -> Answer {
    let plane = plane::named(name, args.point("origin")?)?;
    let plane = match args.optional_point("xDir")? {
        Some(x) => plane::from_directions(plane.origin, Some(x), plane.z)?,
        None => plane,
    };
    Ok(session.keep(Object::Plane(plane)))
}

/// `Location()` and `Location((x, y, z))`.
pub(crate) fn location(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let motion = Isometry::translation(args.optional_point("t")?.unwrap_or_default());
    Ok(session.keep_item(Item::Location(motion)))
}

/// `Location(t, ax, angle)`: turned about an axis through the origin, in degrees, then shifted.
pub(crate) fn location_turned(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let turn = turn(DVec3::ZERO, args.point("ax")?, args.number("angle")?)?;
    let motion = plane::compose(&Isometry::translation(args.point("t")?), &turn);
    Ok(session.keep_item(Item::Location(motion)))
}

/// `Location(plane)`.
pub(crate) fn location_of_plane(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let motion = match session.object(args.object("plane")?) {
        Some(Object::Plane(plane)) => plane::location(plane),
        Some(Object::Item(Item::Location(motion))) => *motion,
        other => return Err(wrong_class("a Plane", other)),
    };
    Ok(session.keep_item(Item::Location(motion)))
}

/// `Location(x=0, y=0, z=0, rx=0, ry=0, rz=0)`: turned about its own x, then y, then z axis, in degrees.
pub(crate) fn location_of_angles(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let about = |axis: DVec3, degrees: f64| DMat3::from_axis_angle(axis, degrees.to_radians());
    let linear =
        about(DVec3::X, args.number("rx")?) * about(DVec3::Y, args.number("ry")?) * about(DVec3::Z, args.number("rz")?);
    let translation = DVec3::new(args.number("x")?, args.number("y")?, args.number("z")?);
    Ok(session.keep_item(Item::Location(Isometry { linear, translation })))
}

/// A Location by its handle.
pub(crate) fn location_object(session: &Session, id: ObjectId) -> Result<Isometry, Fault> {
    match session.object(id) {
        Some(Object::Item(Item::Location(motion))) => Ok(*motion),
        other => Err(wrong_class("a Location", other)),
    }
}

/// A Plane by its handle.
pub(crate) fn plane_object(session: &Session, id: ObjectId) -> Result<Frame, Fault> {
    match session.object(id) {
        Some(Object::Plane(plane)) => Ok(*plane),
        other => Err(wrong_class("a Plane", other)),
    }
}

fn keep(session: &mut Session, selector: Selector) -> Value {
    session.keep(Object::Selector(selector))
}

/// `NearestToPointSelector(pnt)`.
pub(crate) fn nearest_to_point(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    Ok(keep(session, Selector::Nearest(args.point("pnt")?)))
}

/// `BoxSelector(point0, point1, boundingbox=False)`.
pub(crate) fn box_selector(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    if args.flag("boundingbox")? {
        return Err(Fault::not_supported("BoxSelector with boundingbox=True"));
    }
    Ok(keep(session, Selector::Box([args.point("point0")?, args.point("point1")?])))
}

/// `ParallelDirSelector(vector)`.
pub(crate) fn parallel(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    Ok(keep(session, Selector::Parallel(args.point("vector")?)))
}

/// `DirectionSelector(vector)`.
pub(crate) fn along(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    Ok(keep(session, Selector::Along(args.point("vector")?)))
}

/// `PerpendicularDirSelector(vector)`.
pub(crate) fn perpendicular(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    Ok(keep(session, Selector::Perpendicular(args.point("vector")?)))
}

/// `TypeSelector(typeString)`.
pub(crate) fn of_type(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    Ok(keep(session, Selector::Kind(args.text("typeString")?.to_ascii_uppercase())))
}

/// `StringSyntaxSelector(selectorString)`.
pub(crate) fn from_string(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let selector = args.selector("selectorString")?.cloned().ok_or(Fault::Rule("the selector is empty"))?;
    Ok(keep(session, selector))
}

/// `DirectionMinMaxSelector(vector, directionMax=True)`.
pub(crate) fn extreme(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let (direction, ascending) = (args.point("vector")?, args.flag("directionMax")?);
    Ok(keep(session, Selector::CenterNth { direction, index: -1, ascending }))
}

/// `CenterNthSelector(vector, n, directionMax=True)`.
pub(crate) fn center_nth(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let (direction, index, ascending) = (args.point("vector")?, args.integer("n")?, args.flag("directionMax")?);
    Ok(keep(session, Selector::CenterNth { direction, index, ascending }))
}

/// `DirectionNthSelector(vector, n, directionMax=True)`.
pub(crate) fn direction_nth(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let (direction, index, ascending) = (args.point("vector")?, args.integer("n")?, args.flag("directionMax")?);
    Ok(keep(session, Selector::ParallelNth { direction, index, ascending }))
}

/// `RadiusNthSelector(n, directionMax=True)`.
pub(crate) fn radius_nth(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    Ok(keep(session, Selector::RadiusNth { index: args.integer("n")?, ascending: args.flag("directionMax")? }))
}

/// `LengthNthSelector(n, directionMax=True)`.
pub(crate) fn length_nth(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    Ok(keep(session, Selector::LengthNth { index: args.integer("n")?, ascending: args.flag("directionMax")? }))
}

/// `AreaNthSelector(n, directionMax=True)`.
pub(crate) fn area_nth(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    Ok(keep(session, Selector::AreaNth { index: args.integer("n")?, ascending: args.flag("directionMax")? }))
}
