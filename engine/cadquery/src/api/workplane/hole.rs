//! Drilled holes: one per place on the stack, down from the workplane.

use glam::{DVec2, DVec3};
use partwright_brep::{BooleanKind, CallId, Frame, Loop, Primitive, Profile, Region};

use super::combine::context_solid;
use super::place::places;
use super::primitive::positive;
use crate::api::binding::Arguments;
use crate::api::error::Fault;
use crate::api::object::ObjectId;
use crate::api::plane;
use crate::api::session::{Answer, Session};
use crate::api::solid::Solid;

/// `Workplane.hole(diameter, depth=None, clean=True)`.
pub(crate) fn hole(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let radius = positive("the diameter", args.number("diameter")?)? / 2.0;
    let depth = depth(session, this, args)?;
    drill(session, this, args, |frame, call| vec![cylinder(frame, radius, depth, call)])
}

/// `Workplane.cboreHole(diameter, cboreDiameter, cboreDepth, depth=None, clean=True)`.
pub(crate) fn counterbore(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let radius = positive("the diameter", args.number("diameter")?)? / 2.0;
    let bore_radius = positive("the counterbore's diameter", args.number("cboreDiameter")?)? / 2.0;
    let bore_depth = positive("the counterbore's depth", args.number("cboreDepth")?)?;
    let depth = depth(session, this, args)?;
    drill(session, this, args, |frame, call| {
        vec![cylinder(frame, radius, depth, call), cylinder(frame, bore_radius, bore_depth, call)]
    })
}

/// `Workplane.cskHole(diameter, cskDiameter, cskAngle, depth=None, clean=True)`.
pub(crate) fn countersink(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let radius = positive("the diameter", args.number("diameter")?)? / 2.0;
    let bottom_radius = positive("the countersink's diameter", args.number("cskDiameter")?)? / 2.0;
    let height = bottom_radius / (args.number("cskAngle")? / 2.0).to_radians().tan();
    let height = positive("the countersink's depth (from its diameter and angle)", height)?;
    let depth = depth(session, this, args)?;
    drill(session, this, args, |frame, call| {
        let cone = Primitive::Cone { frame, bottom_radius, top_radius: 0.0, height };
        vec![cylinder(frame, radius, depth, call), Solid::primitive(cone, call)]
    })
}

/// The depth given, or the diagonal of the part's box: through whatever there is.
fn depth(session: &Session, this: ObjectId, args: &Arguments) -> Result<f64, Fault> {
    let depth = if let Some(depth) = args.optional_number("depth")? {
        depth
    } else {
        let [low, high] = context_solid(session, this)?.shape.body()?.bounds;
        low.distance(high)
    };
    positive("the depth", depth)
}

fn cylinder(frame: Frame, radius: f64, depth: f64, call: CallId) -> Solid {
    let profile = Profile::Region(Region { outer: Loop::Circle { center: DVec2::ZERO, radius }, holes: Vec::new() });
    Solid::primitive(Primitive::Extrusion { frame, profile, from: 0.0, to: depth }, call)
}

/// Cuts tools built in a frame that looks down the hole from every place.
fn drill(
    session: &mut Session,
    this: ObjectId,
    args: &Arguments,
    tools: impl Fn(Frame, CallId) -> Vec<Solid>,
) -> Answer {
    let (call, clean) = (session.call, args.flag("clean")?);
    let plane = plane::location(&session.workplane(this)?.plane);
    let mut result = context_solid(session, this)?;
    for place in places(session, this)? {
        let up = plane::frame_of(&plane::compose(&plane, &place));
        let down = Frame { y: -up.y, z: -up.z, ..up };
        for tool in tools(down, call) {
            result = result.boolean(BooleanKind::Cut, &tool, clean, call);
        }
    }
    session.derive_solid(this, result)
}

/// `Workplane.largestDimension()`: the diagonal of the part's box.
pub(crate) fn largest_dimension(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let [low, high]: [DVec3; 2] = context_solid(session, this)?.shape.body()?.bounds;
    Ok(crate::Value::Float(low.distance(high)))
}
