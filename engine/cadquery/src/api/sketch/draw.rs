//! Sketching edge by edge.

use glam::DVec3;
use partwright_brep::Frame;

use super::faces::face_from_wires;
use crate::api::binding::Arguments;
use crate::api::edge::Edge;
use crate::api::error::Fault;
use crate::api::object::{ObjectId, SketchItem};
use crate::api::session::{Answer, Session};
use crate::api::wire::{SKETCH_JOIN, connect};

/// `Sketch.segment(p1, p2, tag=None, forConstruction=False)`.
pub(crate) fn segment(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let edge = Edge::line(args.point("p1")?, args.point("p2")?)?;
    add(session, this, args, edge)
}

/// `Sketch.segment(p2, tag=None, forConstruction=False)`.
pub(crate) fn segment_on(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let edge = Edge::line(end_point(session, this)?, args.point("p2")?)?;
    add(session, this, args, edge)
}

/// `Sketch.segment(l, a, tag=None, forConstruction=False)`: by length and direction in degrees.
pub(crate) fn segment_polar(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (length, angle) = (args.number("l")?, args.number("a")?.to_radians());
    let start = end_point(session, this)?;
    let edge = Edge::line(start, start + DVec3::new(length * angle.cos(), length * angle.sin(), 0.0))?;
    add(session, this, args, edge)
}

/// `Sketch.arc(p1, p2, p3, tag=None, forConstruction=False)`.
pub(crate) fn arc(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let edge = Edge::arc(args.point("p1")?, args.point("p2")?, args.point("p3")?)?;
    add(session, this, args, edge)
}

/// `Sketch.arc(p2, p3, tag=None, forConstruction=False)`.
pub(crate) fn arc_on(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let edge = Edge::arc(end_point(session, this)?, args.point("p2")?, args.point("p3")?)?;
    add(session, this, args, edge)
}

/// `Sketch.arc(c, r, a, da, tag=None, forConstruction=False)`: by centre, radius, start and sweep in degrees.
pub(crate) fn arc_about(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (center, radius) = (args.point("c")?, args.number("r")?);
    let (start, sweep) = (args.number("a")?, args.number("da")?);
    let at = |degrees: f64| {
        let angle = degrees.to_radians();
        center + DVec3::new(angle.cos(), angle.sin(), 0.0) * radius
    };
    let edge = if sweep.abs() >= 360.0 {
        let x = DVec3::new(start.to_radians().cos(), start.to_radians().sin(), 0.0);
        let z = if sweep > 0.0 { DVec3::Z } else { DVec3::NEG_Z };
        Edge::circle(Frame { origin: center, x, y: z.cross(x), z }, radius)?
    } else {
        Edge::arc(at(start), at(start + sweep / 2.0), at(start + sweep))?
    };
    add(session, this, args, edge)
}

/// `Sketch.close(tag=None)`.
pub(crate) fn close(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let edge = Edge::line(end_point(session, this)?, start_point(session, this)?)?;
    add(session, this, args, edge)
}

/// `Sketch.assemble(mode='a', tag=None)`: the faces that all edges drawn so far bound.
pub(crate) fn assemble(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let edges = &session.sketch(this)?.edges;
    let edges: Vec<Edge> = edges.iter().filter(|edge| !edge.construction).cloned().collect();
    if edges.is_empty() {
        return Err(Fault::NothingToAssemble);
    }
    let profile = face_from_wires(&connect(&edges, SKETCH_JOIN))?;
    super::faces::each(session, this, args, |place| crate::api::region::moved(&profile, place))
}

fn add(session: &mut Session, this: ObjectId, args: &Arguments, mut edge: Edge) -> Answer {
    edge.construction = args.has("forConstruction") && args.flag("forConstruction")?;
    let tag = args.optional_text("tag")?.map(str::to_owned);
    let sketch = session.sketch_mut(this)?;
    if let Some(tag) = tag {
        sketch.tags.insert(tag, vec![SketchItem::Edge(edge.clone())]);
    }
    sketch.edges.push(edge);
    Ok(session.handle(this))
}

fn end_point(session: &Session, this: ObjectId) -> Result<DVec3, Fault> {
    session.sketch(this)?.edges.last().map(Edge::end).ok_or(Fault::NoFreeEdges)
}

/// The start of the first edge that is for construction, or not, as the last one is.
fn start_point(session: &Session, this: ObjectId) -> Result<DVec3, Fault> {
    let edges = &session.sketch(this)?.edges;
    let last = edges.last().ok_or(Fault::NoFreeEdges)?;
    let first = edges.iter().find(|edge| edge.construction == last.construction);
    Ok(first.unwrap_or(last).start())
}
