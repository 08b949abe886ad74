//! The makers of `cq.Solid`: bodies without a workplane.

use glam::{DVec2, DVec3};
use partwright_brep::{Frame, Loop, Primitive, Profile, Region};

use crate::api::binding::Arguments;
use crate::api::error::Fault;
use crate::api::object::{Item, ObjectId};
use crate::api::plane;
use crate::api::session::{Answer, Session};
use crate::api::solid::Solid;
use crate::api::workplane::primitive::{positive, rectangle, sector};

/// `Solid.makeBox(length, width, height, pnt=(0, 0, 0), dir=(0, 0, 1))`.
pub(crate) fn cuboid(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let high =
        DVec2::new(positive("the length", args.number("length")?)?, positive("the width", args.number("width")?)?);
    let height = positive("the height", args.number("height")?)?;
    let profile = rectangle(DVec3::ZERO, high.extend(0.0));
    Ok(keep(session, Primitive::Extrusion { frame: frame(args)?, profile, from: 0.0, to: height }))
}

/// `Solid.makeCylinder(radius, height, pnt=(0, 0, 0), dir=(0, 0, 1), angleDegrees=360)`.
pub(crate) fn cylinder(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let radius = positive("the radius", args.number("radius")?)?;
    let height = positive("the height", args.number("height")?)?;
    let profile = sector(radius, args.number("angleDegrees")?)?;
    Ok(keep(session, Primitive::Extrusion { frame: frame(args)?, profile, from: 0.0, to: height }))
}

/// `Solid.makeSphere(radius, pnt=(0, 0, 0), dir=(0, 0, 1), angleDegrees1=0, angleDegrees2=90, angleDegrees3=360)`; upstream's
/// defaults make the upper half.
pub(crate) fn sphere(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let radius = positive("the radius", args.number("radius")?)?;
    let (low, high) = (args.number("angleDegrees1")?, args.number("angleDegrees2")?);
    if low > -90.0 || high < 90.0 || args.number("angleDegrees3")? < 360.0 {
        return Err(Fault::NotSupported {
            what: "a part of a sphere (CadQuery's own default is the upper half)".to_owned(),
            instead: "give angleDegrees1=-90 for a whole ball, and intersect it with a box for a part",
        });
    }
    Ok(keep(session, Primitive::Sphere { frame: frame(args)?, radius }))
}

/// `Solid.makeCone(radius1, radius2, height, pnt=(0, 0, 0), dir=(0, 0, 1), angleDegrees=360)`.
pub(crate) fn cone(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let [bottom_radius, top_radius] = [args.number("radius1")?, args.number("radius2")?];
    let height = positive("the height", args.number("height")?)?;
    positive("the larger radius", bottom_radius.max(top_radius))?;
    if bottom_radius < 0.0 || top_radius < 0.0 {
        return Err(Fault::Rule("the radii of a cone must not be negative"));
    }
    if args.number("angleDegrees")? < 360.0 {
        return Err(Fault::not_supported("a part of a cone"));
    }
    let frame = frame(args)?;
    if (bottom_radius - top_radius).abs() < 1e-9 {
        let outer = Loop::Circle { center: DVec2::ZERO, radius: bottom_radius };
        let profile = Profile::Region(Region { outer, holes: Vec::new() });
        return Ok(keep(session, Primitive::Extrusion { frame, profile, from: 0.0, to: height }));
    }
    Ok(keep(session, Primitive::Cone { frame, bottom_radius, top_radius, height }))
}

/// `Solid.makeTorus(radius1, radius2, pnt=(0, 0, 0), dir=(0, 0, 1), angleDegrees1=0, angleDegrees2=360)`.
pub(crate) fn torus(session: &mut Session, _: ObjectId, args: &Arguments) -> Answer {
    let major_radius = positive("the large radius", args.number("radius1")?)?;
    let minor_radius = positive("the small radius", args.number("radius2")?)?;
    if minor_radius >= major_radius {
        return Err(Fault::not_supported("a torus that meets its own axis"));
    }
    if args.number("angleDegrees1")? != 0.0 || args.number("angleDegrees2")? < 360.0 {
        return Err(Fault::not_supported("a part of a torus"));
    }
    Ok(keep(session, Primitive::Torus { frame: frame(args)?, major_radius, minor_radius }))
}

fn frame(args: &Arguments) -> Result<Frame, Fault> {
    plane::from_directions(args.point("pnt")?, None, args.point("dir")?)
}

fn keep(session: &mut Session, primitive: Primitive) -> crate::Value {
    let solid = Solid::primitive(primitive, session.call);
    session.keep_item(Item::Solid(solid))
}
