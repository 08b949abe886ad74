//! Closed outlines: one per place on the stack.

use std::f64::consts::TAU;

use glam::DVec3;
use partwright_brep::{Frame, Isometry};

use super::place::places;
use crate::api::binding::Arguments;
use crate::api::edge::Edge;
use crate::api::error::Fault;
use crate::api::object::{Item, ObjectId};
use crate::api::plane;
use crate::api::session::{Answer, Session};
use crate::api::wire::{Wire, connect};

/// Most corners of a regular polygon.
pub(crate) const MAX_CORNERS: i64 = 10_000;

/// `Workplane.rect(xLen, yLen, centered=True, forConstruction=False)`.
pub(crate) fn rect(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (x, y) = (args.number("xLen")?, args.number("yLen")?);
    let centered = args.centering("centered")?;
    let shift = DVec3::new(if centered[0] { 0.0 } else { x / 2.0 }, if centered[1] { 0.0 } else { y / 2.0 }, 0.0);
    let corner = |sx: f64, sy: f64| shift + DVec3::new(sx * x / 2.0, sy * y / 2.0, 0.0);
    let corners = [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
    place_all(session, this, args, &Wire::polygon(&corners, true)?)
}

/// `Workplane.circle(radius, forConstruction=False)`.
pub(crate) fn circle(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let edge = Edge::circle(Frame::WORLD, args.number("radius")?)?;
    place_all(session, this, args, &Wire { edges: vec![edge], construction: false })
}

/// `Workplane.polygon(nSides, diameter, forConstruction=False, circumscribed=False)`.
pub(crate) fn polygon(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let sides = args.integer("nSides")?;
    if !(3..=MAX_CORNERS).contains(&sides) {
        return Err(Fault::RuleWith(format!("a polygon has 3 to {MAX_CORNERS} sides, not {sides}")));
    }
    let step = TAU / sides as f64;
    let (radius, start) = if args.flag("circumscribed")? {
        (args.number("diameter")? / 2.0 / (step / 2.0).cos(), step / 2.0)
    } else {
        (args.number("diameter")? / 2.0, 0.0)
    };
    let corner = |k: i64| {
        let angle = start + step * k as f64;
        DVec3::new(radius * angle.cos(), radius * angle.sin(), 0.0)
    };
    let corners: Vec<DVec3> = (0..sides).map(corner).collect();
    place_all(session, this, args, &Wire::polygon(&corners, true)?)
}

/// `Workplane.slot2D(length, diameter, angle=0)`.
pub(crate) fn slot(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let wire = slot_wire(args.number("length")? - args.number("diameter")?, args.number("diameter")?)?;
    let turn = Isometry::rotation(DVec3::ZERO, DVec3::Z, args.number("angle")?.to_radians());
    place_all(session, this, args, &wire.moved(&turn))
}

/// A slot along x: `straight` between the centres of its round ends of the given diameter.
pub(crate) fn slot_wire(straight: f64, diameter: f64) -> Result<Wire, Fault> {
    let (x, r) = (straight / 2.0, diameter / 2.0);
    let p = |x, y| DVec3::new(x, y, 0.0);
    let edges = vec![
        Edge::line(p(-x, r), p(x, r))?,
        Edge::arc(p(x, r), p(x + r, 0.0), p(x, -r))?,
        Edge::line(p(x, -r), p(-x, -r))?,
        Edge::arc(p(-x, -r), p(-x - r, 0.0), p(-x, r))?,
    ];
    Ok(Wire { edges, construction: false })
}

/// Puts a copy of a local wire at every place, pending unless it is for construction.
fn place_all(session: &mut Session, this: ObjectId, args: &Arguments, wire: &Wire) -> Answer {
    let construction = args.has("forConstruction") && args.flag("forConstruction")?;
    let plane = plane::location(&session.workplane(this)?.plane);
    let places = places(session, this)?;
    let mut wires = Vec::with_capacity(places.len());
    for place in &places {
        wires.push(Wire { construction, ..wire.moved(&plane::compose(&plane, place)) });
    }
    if !construction {
        session.context_mut(this)?.pending_wires.extend(wires.iter().cloned());
    }
    session.derive(this, wires.into_iter().map(|wire| Item::Wire(wire, None)).collect())
}

/// `Workplane.mirrorX()`: completes the outline by its image in the plane's x axis.
pub(crate) fn mirror_x(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let axis = session.workplane(this)?.plane.x;
    mirror(session, this, axis)
}

/// `Workplane.mirrorY()`: completes the outline by its image in the plane's y axis.
pub(crate) fn mirror_y(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let axis = session.workplane(this)?.plane.y;
    mirror(session, this, axis)
}

/// Mirrors by half a turn about the axis, which in the plane is the same.
fn mirror(session: &mut Session, this: ObjectId, axis: DVec3) -> Answer {
    let context = session.context_mut(this)?;
    let mut edges: Vec<Edge> = std::mem::take(&mut context.pending_edges);
    edges.extend(std::mem::take(&mut context.pending_wires).into_iter().flat_map(|wire| wire.edges));
    context.first_point = None;
    if edges.is_empty() {
        return Err(Fault::NoPendingEdges);
    }
    let turn = Isometry::rotation(session.workplane(this)?.plane.origin, axis, TAU / 2.0);
    // Joined before mirroring and after it, as upstream does: an outline that meets its image becomes one wire.
    let halves: Vec<Edge> = connect(&edges, JOIN).into_iter().flat_map(|wire| wire.edges).collect();
    let images: Vec<Edge> = halves.iter().map(|edge| edge.moved(&turn)).collect();
    let wires = connect(&[halves, images].concat(), JOIN);
    session.context_mut(this)?.pending_wires.clone_from(&wires);
    session.derive(this, wires.into_iter().map(|wire| Item::Wire(wire, None)).collect())
}

/// Ends this near are joined when outlines are mirrored; images of one point differ by rounding.
const JOIN: f64 = 1e-7;

/// `Workplane.toPending()`.
pub(crate) fn to_pending(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let items = session.workplane(this)?.items.clone();
    let context = session.context_mut(this)?;
    for item in items {
        match item {
            Item::Wire(wire, _) => context.pending_wires.push(wire),
            Item::Edge(edge, _) => context.pending_edges.push(edge),
            _ => {}
        }
    }
    Ok(session.handle(this))
}

/// `Workplane.consolidateWires()`.
pub(crate) fn consolidate(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let context = session.context_mut(this)?;
    let mut edges: Vec<Edge> = std::mem::take(&mut context.pending_edges);
    edges.extend(std::mem::take(&mut context.pending_wires).into_iter().flat_map(|wire| wire.edges));
    if edges.is_empty() {
        return Ok(session.handle(this));
    }
    let wires = connect(&edges, JOIN);
    let context = session.context_mut(this)?;
    context.first_point = None;
    context.pending_wires.clone_from(&wires);
    session.derive(this, wires.into_iter().map(|wire| Item::Wire(wire, None)).collect())
}
