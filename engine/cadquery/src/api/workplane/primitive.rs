//! Primitive bodies: one per place on the stack.

use std::f64::consts::TAU;

use glam::{DVec2, DVec3};
use partwright_brep::{Frame, Isometry, Loop, Node, PathEdge, Primitive, Profile, Region, Shape};

use super::combine::combine_with_base;
use super::place::places;
use crate::api::binding::Arguments;
use crate::api::edge::CONFUSION;
use crate::api::error::Fault;
use crate::api::object::ObjectId;
use crate::api::plane;
use crate::api::session::{Answer, Session};
use crate::api::solid::Solid;

/// `Workplane.box(length, width, height, centered=True, combine=True, clean=True)`.
pub(crate) fn cuboid(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let size = DVec3::new(
        positive("the length", args.number("length")?)?,
        positive("the width", args.number("width")?)?,
        positive("the height", args.number("height")?)?,
    );
    let centered = args.centering("centered")?;
    let low = DVec3::from_array(std::array::from_fn(|axis| if centered[axis] { -size[axis] / 2.0 } else { 0.0 }));
    place_all(session, this, args, |frame, call| {
        let shape = Shape::cuboid(frame, low, low + size, call);
        match shape.node() {
            Node::Primitive(primitive) => primitive.clone(),
            // A cuboid is an extrusion; anything else would still be right, only its extent unknown.
            _ => Primitive::Extrusion { frame, profile: rectangle(low, low + size), from: low.z, to: low.z + size.z },
        }
    })
}

/// The rectangle between two corners; their z is not looked at.
pub(crate) fn rectangle(low: DVec3, high: DVec3) -> Profile {
    let corner = |x, y| DVec2::new(x, y);
    let ends = [corner(high.x, low.y), corner(high.x, high.y), corner(low.x, high.y), corner(low.x, low.y)];
    let edges = ends.map(|end| PathEdge::Line { end }).to_vec();
    Profile::Region(Region { outer: Loop::Path { start: corner(low.x, low.y), edges }, holes: Vec::new() })
}

/// `Workplane.cylinder(height, radius, direct=Vector(0, 0, 1), angle=360, centered=True, combine=True, clean=True)`.
pub(crate) fn cylinder(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let height = positive("the height", args.number("height")?)?;
    let radius = positive("the radius", args.number("radius")?)?;
    let profile = sector(radius, args.number("angle")?)?;
    let centered = args.centering("centered")?;
    let offset = DVec3::new(
        if centered[0] { 0.0 } else { radius },
        if centered[1] { 0.0 } else { radius },
        if centered[2] { -height / 2.0 } else { 0.0 },
    );
    let direction = plane::from_directions(DVec3::ZERO, None, args.point("direct")?)?;
    let tilt = plane::location(&direction);
    place_all(session, this, args, |frame, _| {
        let placed = plane::compose(&plane::location(&frame), &tilt);
        let frame = plane::frame_of(&placed);
        let frame = frame.at(frame.world_from_local(offset));
        Primitive::Extrusion { frame, profile: profile.clone(), from: 0.0, to: height }
    })
}

/// A disc, or the sector of one from the x axis counter-clockwise.
pub(crate) fn sector(radius: f64, degrees: f64) -> Result<Profile, Fault> {
    let angle = degrees.to_radians();
    if angle <= 1e-9 || angle > TAU + 1e-9 {
        return Err(Fault::RuleWith(format!("the angle must be above 0 and at most 360 degrees, it is {degrees}")));
    }
    let outer = if angle > TAU - 1e-9 {
        Loop::Circle { center: DVec2::ZERO, radius }
    } else {
        let at = |angle: f64| DVec2::from_angle(angle) * radius;
        let edges = vec![
            PathEdge::Line { end: at(0.0) },
            PathEdge::Arc { mid: at(angle / 2.0), end: at(angle) },
            PathEdge::Line { end: DVec2::ZERO },
        ];
        Loop::Path { start: DVec2::ZERO, edges }
    };
    Ok(Profile::Region(Region { outer, holes: Vec::new() }))
}

/// `Workplane.sphere(radius, direct=(0, 0, 1), angle1=-90, angle2=90, angle3=360, centered=True, combine=True,
/// clean=True)`.
pub(crate) fn sphere(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let radius = positive("the radius", args.number("radius")?)?;
    let whole = args.number("angle1")? <= -90.0 && args.number("angle2")? >= 90.0 && args.number("angle3")? >= 360.0;
    if !whole {
        return Err(Fault::not_supported("parts of a sphere (angle1, angle2, angle3)"));
    }
    let centered = args.centering("centered")?;
    let offset = DVec3::from_array(centered.map(|centered| if centered { 0.0 } else { radius }));
    let direction = plane::from_directions(offset, None, args.point("direct")?)?;
    let local = plane::location(&direction);
    place_all(session, this, args, |frame, _| {
        let frame = plane::frame_of(&plane::compose(&plane::location(&frame), &local));
        Primitive::Sphere { frame, radius }
    })
}

/// Builds a body in the frame of every place and combines them with what is there.
fn place_all(
    session: &mut Session,
    this: ObjectId,
    args: &Arguments,
    build: impl Fn(Frame, partwright_brep::CallId) -> Primitive,
) -> Answer {
    let plane = plane::location(&session.workplane(this)?.plane);
    let call = session.call;
    let body = |place: &Isometry| Solid::primitive(build(plane::frame_of(&plane::compose(&plane, place)), call), call);
    let bodies = places(session, this)?.iter().map(body).collect();
    combine_with_base(session, this, bodies, args.combine("combine")?, args.flag("clean")?)
}

pub(crate) fn positive(what: &'static str, value: f64) -> Result<f64, Fault> {
    if value > CONFUSION { Ok(value) } else { Err(Fault::NotPositive { what, value }) }
}
