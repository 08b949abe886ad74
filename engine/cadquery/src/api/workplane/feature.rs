//! Extrusions, revolutions and the cuts made by them.

use std::f64::consts::TAU;

use glam::DVec3;
use partwright_brep::{BooleanKind, Frame, Primitive};

use super::combine::{combine_with_base, context_solid};
use crate::api::binding::{Arguments, Combine, Until};
use crate::api::edge::CONFUSION;
use crate::api::error::Fault;
use crate::api::object::{Item, ObjectId};
use crate::api::plane;
use crate::api::region::{self, PlacedProfile, is_plainly_empty, profile_of_wires};
use crate::api::session::{Answer, Session};
use crate::api::solid::Solid;

/// A profile and the frame it lies in.
struct Outline {
    frame: Frame,
    placed: PlacedProfile,
}

/// The faces to extrude: of the sketches and faces on the stack, else of the pending wires, which are used up.
fn outlines(session: &mut Session, this: ObjectId) -> Result<Vec<Outline>, Fault> {
    let mut outlines = Vec::new();
    let workplane = session.workplane(this)?;
    for item in &workplane.items {
        match item {
            Item::Sketch(id) => {
                let sketch = session.sketch(*id)?;
                if !is_plainly_empty(&sketch.faces) {
                    outlines.extend(sketch.locations.iter().map(|location| Outline {
                        frame: plane::frame_of(location),
                        placed: PlacedProfile { profile: sketch.faces.clone(), height: 0.0 },
                    }));
                }
            }
            Item::Face(face) => {
                let frame = face.plane_frame()?;
                outlines.push(Outline { frame, placed: profile_of_wires(&frame, &face.wires()?)? });
            }
            _ => {}
        }
    }
    if outlines.is_empty() {
        let frame = workplane.plane;
        let wires = std::mem::take(&mut session.context_mut(this)?.pending_wires);
        if wires.is_empty() {
            return Err(Fault::NoPendingWires);
        }
        outlines.push(Outline { frame, placed: profile_of_wires(&frame, &wires)? });
    }
    Ok(outlines)
}

/// Prisms on all outlines from `from` to `to` along the plane's normal, measured from each outline.
fn prisms(session: &mut Session, this: ObjectId, from: f64, to: f64) -> Result<Vec<Solid>, Fault> {
    if (to - from).abs() <= CONFUSION {
        return Err(Fault::Rule("the distance must not be zero"));
    }
    let normal = session.workplane(this)?.plane.z;
    let call = session.call;
    let mut bodies = Vec::new();
    for Outline { frame, placed: PlacedProfile { profile, height } } in outlines(session, this)? {
        let along = frame.z.dot(normal);
        if along.abs() < 1.0 - 1e-9 {
            return Err(Fault::not_supported("extruding an outline at a slant to its plane"));
        }
        let (a, b) = (from * along.signum() + height, to * along.signum() + height);
        let extrusion = Primitive::Extrusion { frame, profile, from: a.min(b), to: a.max(b) };
        bodies.push(Solid::primitive(extrusion, call));
    }
    Ok(bodies)
}

/// The range of an extrusion given by `until`, `both` and `taper`.
fn range(args: &Arguments) -> Result<(f64, f64), Fault> {
    if args.optional_number("taper")?.is_some_and(|taper| taper != 0.0) {
        return Err(Fault::not_supported("taper"));
    }
    let distance = match args.until("until")? {
        Until::Distance(distance) => distance,
        Until::Next | Until::Last => return Err(Fault::not_supported("until='next' and until='last'")),
    };
    Ok(if args.flag("both")? { (-distance.abs(), distance.abs()) } else { (0.0, distance) })
}

/// `Workplane.extrude(until, combine=True, clean=True, both=False, taper=None)`.
pub(crate) fn extrude(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let mode = args.combine("combine")?;
    if mode == Combine::Cut {
        return cut_blind(session, this, args);
    }
    let (from, to) = range(args)?;
    let bodies = prisms(session, this, from, to)?;
    combine_as_one(session, this, bodies, mode, args.flag("clean")?)
}

/// As `combine_with_base`, but kept apart the bodies are one compound on the stack.
fn combine_as_one(session: &mut Session, this: ObjectId, bodies: Vec<Solid>, mode: Combine, clean: bool) -> Answer {
    let bodies = match mode {
        Combine::Keep => Solid::compound(bodies, session.call).into_iter().collect(),
        _ => bodies,
    };
    combine_with_base(session, this, bodies, mode, clean)
}

/// `Workplane.cutBlind(until, clean=True, both=False, taper=None)`.
pub(crate) fn cut_blind(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (from, to) = range(args)?;
    let tools = prisms(session, this, from, to)?;
    let base = context_solid(session, this)?;
    subtract(session, this, base, &tools, args.flag("clean")?)
}

fn subtract(session: &mut Session, this: ObjectId, base: Solid, tools: &[Solid], clean: bool) -> Answer {
    let call = session.call;
    let result = tools.iter().fold(base, |left, tool| left.boolean(BooleanKind::Cut, tool, clean, call));
    session.derive_solid(this, result)
}

/// `Workplane.cutThruAll(clean=True, taper=0)`: through everything, both ways.
pub(crate) fn cut_through(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    if args.number("taper")? != 0.0 {
        return Err(Fault::not_supported("taper"));
    }
    let base = context_solid(session, this)?;
    let call = session.call;
    let mut tools = Vec::new();
    for Outline { frame, placed: PlacedProfile { profile, .. } } in outlines(session, this)? {
        let (low, high) = base.range_along(frame.origin, frame.z);
        let margin = 1.0 + 0.1 * (high - low);
        let tool = Primitive::Extrusion { frame, profile, from: low - margin, to: high + margin };
        tools.push(Solid::primitive(tool, call));
    }
    subtract(session, this, base, &tools, args.flag("clean")?)
}

/// `Workplane.revolve(angleDegrees=360, axisStart=None, axisEnd=None, combine=True, clean=True)`.
pub(crate) fn revolve(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let turn = args.number("angleDegrees")?.rem_euclid(360.0).to_radians();
    let angle_rad = if turn == 0.0 { TAU } else { turn };
    let plane = session.workplane(this)?.plane;
    let start = plane.world_from_local(args.optional_point("axisStart")?.unwrap_or_default());
    let end = match args.optional_point("axisEnd")? {
        Some(end) => end,
        // The start's y is taken in world coordinates, as upstream takes it.
        None => DVec3::new(0.0, if start.y == 0.0 { 1.0 } else { start.y }, 0.0),
    };
    let axis = plane.world_from_local(end) - start;
    let Some(axis) = axis.try_normalize().filter(|_| axis.length() > CONFUSION) else {
        return Err(Fault::Rule("the axis has no length: axisStart and axisEnd coincide"));
    };
    let call = session.call;
    let mut bodies = Vec::new();
    for Outline { frame, placed: PlacedProfile { profile, height } } in outlines(session, this)? {
        // The profile seen from a frame whose y axis is the axis of revolution.
        let base = frame.at(frame.origin + frame.z * height);
        let in_plane = base.z.dot(axis).abs() < 1e-9 && base.z.dot(start - base.origin).abs() < 1e-6;
        if !in_plane {
            return Err(Fault::not_supported("revolving about an axis outside the outline's plane"));
        }
        let target = Frame { origin: start, x: axis.cross(base.z), y: axis, z: base.z };
        let motion = plane::compose(&plane::inverse(&plane::location(&target)), &plane::location(&base));
        let profile = region::moved(&profile, &motion)?;
        bodies.push(Solid::primitive(Primitive::Revolution { frame: target, profile, angle_rad }, call));
    }
    combine_as_one(session, this, bodies, args.combine("combine")?, args.flag("clean")?)
}
