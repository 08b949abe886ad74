//! Making Workplanes: the constructor, and planes derived from planes.

use glam::DVec3;

use crate::api::binding::{Arguments, PlaneArgument};
use crate::api::error::Fault;
use crate::api::object::{Item, Object, ObjectId, Workplane};
use crate::api::plane;
use crate::api::session::{Answer, Session};

/// `Workplane(inPlane='XY', origin=(0, 0, 0), obj=None)`.
pub(crate) fn construct(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let origin = args.point("origin")?;
    let mut items = Vec::new();
    let plane = match args.plane("inPlane")? {
        PlaneArgument::Plane(plane) => *plane,
        PlaneArgument::Name(name) => plane::named(name, origin)?,
        PlaneArgument::Object(id) => {
            items.push(session.stack_item(*id)?);
            plane::named("XY", origin)?
        }
    };
    if let Some(id) = args.optional_object("obj")? {
        items = vec![session.stack_item(id)?];
    }
    let context = session.new_context();
    Ok(session.keep(Object::Workplane(Workplane { plane, items, parent: None, context })))
}

/// `Workplane.transformed(rotate=(0, 0, 0), offset=(0, 0, 0))`.
pub(crate) fn transformed(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let plane = session.workplane(this)?.plane;
    let origin = plane.world_from_local(args.point("offset")?);
    let turned = plane::rotated(&plane, args.point("rotate")?).at(origin);
    let child = session.derive_id(this, vec![Item::Point(origin)])?;
    session.workplane_mut(child)?.plane = turned;
    Ok(session.handle(child))
}

/// `Workplane.center(x, y)`.
pub(crate) fn center(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let plane = session.workplane(this)?.plane;
    let origin = plane.world_from_local(DVec3::new(args.number("x")?, args.number("y")?, 0.0));
    let child = session.derive_id(this, vec![Item::Point(origin)])?;
    session.workplane_mut(child)?.plane.origin = origin;
    Ok(session.handle(child))
}

/// `Workplane.copyWorkplane(obj)`: a copy of another Workplane, stack and all, in this chain.
pub(crate) fn copy(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let source = args.object("obj")?;
    copy_of(session, this, source)
}

/// `Workplane.workplaneFromTagged(name)`.
pub(crate) fn from_tagged(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let source = tagged(session, this, args.text("name")?)?;
    copy_of(session, this, source)
}

fn copy_of(session: &mut Session, this: ObjectId, source: ObjectId) -> Answer {
    let mut copy = session.workplane(source)?.clone();
    copy.parent = Some(this);
    copy.context = session.workplane(this)?.context;
    Ok(session.keep(Object::Workplane(copy)))
}

/// The Workplane that carries a tag in this chain.
pub(crate) fn tagged(session: &Session, this: ObjectId, tag: &str) -> Result<ObjectId, Fault> {
    let found = session.context(this)?.tags.get(tag).copied();
    found.ok_or_else(|| Fault::UnknownTag { tag: tag.chars().take(40).collect() })
}
