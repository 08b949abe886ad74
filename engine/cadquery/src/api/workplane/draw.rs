//! Drawing edge by edge: lines, arcs, and closing them into wires.

use glam::DVec3;

use super::place::{current_point, local_current_point};
use crate::api::binding::Arguments;
use crate::api::edge::Edge;
use crate::api::error::Fault;
use crate::api::object::{Item, ObjectId};
use crate::api::session::{Answer, Session};
use crate::api::wire::Wire;

/// `Workplane.lineTo(x, y, forConstruction=False)`.
pub(crate) fn line_to(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    line(session, this, args, |_| Ok(DVec3::new(args.number("x")?, args.number("y")?, 0.0)))
}

/// `Workplane.line(xDist, yDist, forConstruction=False)`.
pub(crate) fn line_by(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    line(session, this, args, |from| Ok(flat(from) + DVec3::new(args.number("xDist")?, args.number("yDist")?, 0.0)))
}

/// `Workplane.hLine(distance, forConstruction=False)`.
pub(crate) fn horizontal_by(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    line(session, this, args, |from| Ok(flat(from) + DVec3::X * args.number("distance")?))
}

/// `Workplane.vLine(distance, forConstruction=False)`.
pub(crate) fn vertical_by(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    line(session, this, args, |from| Ok(flat(from) + DVec3::Y * args.number("distance")?))
}

/// `Workplane.hLineTo(xCoord, forConstruction=False)`.
pub(crate) fn horizontal_to(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    line(session, this, args, |from| Ok(DVec3::new(args.number("xCoord")?, from.y, 0.0)))
}

/// `Workplane.vLineTo(yCoord, forConstruction=False)`.
pub(crate) fn vertical_to(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    line(session, this, args, |from| Ok(DVec3::new(from.x, args.number("yCoord")?, 0.0)))
}

/// `Workplane.polarLine(distance, angle, forConstruction=False)`.
pub(crate) fn polar_by(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    line(session, this, args, |from| Ok(flat(from) + polar(args)?))
}

/// `Workplane.polarLineTo(distance, angle, forConstruction=False)`.
pub(crate) fn polar_to(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    line(session, this, args, |_| polar(args))
}

fn polar(args: &Arguments) -> Result<DVec3, Fault> {
    let (distance, angle) = (args.number("distance")?, args.number("angle")?.to_radians());
    Ok(DVec3::new(angle.cos() * distance, angle.sin() * distance, 0.0))
}

fn flat(p: DVec3) -> DVec3 {
    p.with_z(0.0)
}

/// Draws a line to a local point found from the local current point.
fn line(
    session: &mut Session,
    this: ObjectId,
    args: &Arguments,
    end: impl FnOnce(DVec3) -> Result<DVec3, Fault>,
) -> Answer {
    let from = current_point(session, this)?;
    let plane = session.workplane(this)?.plane;
    let to = plane.world_from_local(end(plane.local_from_world(from))?);
    let edge = Edge::line(from, to)?;
    draw(session, this, args, vec![edge])
}

/// Puts new edges on the stack, and among the pending ones unless they are for construction.
fn draw(session: &mut Session, this: ObjectId, args: &Arguments, edges: Vec<Edge>) -> Answer {
    if !args.flag("forConstruction")? {
        for edge in &edges {
            add_pending(session, this, edge.clone())?;
        }
    }
    session.derive(this, edges.into_iter().map(|edge| Item::Edge(edge, None)).collect())
}

fn add_pending(session: &mut Session, this: ObjectId, edge: Edge) -> Result<(), Fault> {
    let start = session.workplane(this)?.plane.local_from_world(edge.start());
    let context = session.context_mut(this)?;
    context.first_point.get_or_insert(start);
    context.pending_edges.push(edge);
    Ok(())
}

/// `Workplane.polyline(listOfXYTuple, forConstruction=False, includeCurrent=False)`.
pub(crate) fn polyline(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let plane = session.workplane(this)?.plane;
    let mut points: Vec<DVec3> = args.points("listOfXYTuple")?.iter().map(|p| plane.world_from_local(*p)).collect();
    if args.flag("includeCurrent")? {
        points.insert(0, current_point(session, this)?);
    }
    if points.is_empty() {
        return Err(Fault::Rule("a polyline needs points"));
    }
    let edges = points.windows(2).map(|pair| Edge::line(pair[0], pair[1])).collect::<Result<_, _>>()?;
    draw(session, this, args, edges)
}

/// `Workplane.threePointArc(point1, point2, forConstruction=False)`.
pub(crate) fn three_point_arc(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    arc(session, this, args, args.point("point1")?, args.point("point2")?)
}

fn arc(session: &mut Session, this: ObjectId, args: &Arguments, mid: DVec3, end: DVec3) -> Answer {
    let from = current_point(session, this)?;
    let plane = session.workplane(this)?.plane;
    let edge = Edge::arc(from, plane.world_from_local(mid), plane.world_from_local(end))?;
    draw(session, this, args, vec![edge])
}

/// `Workplane.sagittaArc(endPoint, sag, forConstruction=False)`.
pub(crate) fn sagitta_arc(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    by_sagitta(session, this, args, args.number("sag")?)
}

fn by_sagitta(session: &mut Session, this: ObjectId, args: &Arguments, sagitta: f64) -> Answer {
    let start = local_current_point(session, this)?;
    let end = args.point("endPoint")?;
    let along = (end - start).try_normalize().ok_or(Fault::Rule("the arc ends where it begins"))? * sagitta.abs();
    let aside =
        if sagitta > 0.0 { DVec3::new(-along.y, along.x, along.z) } else { DVec3::new(along.y, -along.x, along.z) };
    arc(session, this, args, (start + end) / 2.0 + aside, end)
}

/// `Workplane.radiusArc(endPoint, radius, forConstruction=False)`.
pub(crate) fn radius_arc(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let radius = args.number("radius")?;
    let half = args.point("endPoint")?.distance(local_current_point(session, this)?) / 2.0;
    let square = radius * radius - half * half;
    let sagitta = if square.abs() < 1e-6 {
        radius.abs()
    } else if square < 0.0 {
        return Err(Fault::Rule("the radius is too small to reach the end point"));
    } else {
        radius.abs() - square.sqrt()
    };
    by_sagitta(session, this, args, if radius > 0.0 { sagitta } else { -sagitta })
}

/// `Workplane.tangentArcPoint(endpoint, forConstruction=False, relative=True)`.
pub(crate) fn tangent_arc(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let mut end = args.point("endpoint")?;
    if args.flag("relative")? {
        end += local_current_point(session, this)?;
    }
    let workplane = session.workplane(this)?;
    let end = workplane.plane.world_from_local(end);
    let Some(Item::Edge(previous, _)) = workplane.items.last() else {
        return Err(Fault::Rule("a tangent arc needs an edge drawn just before it"));
    };
    let start = previous.end();
    let tangent = previous.end_tangent().ok_or(Fault::Rule("the edge before has no known tangent"))?;
    let edge = tangent_arc_edge(start, tangent, end)?;
    draw(session, this, args, vec![edge])
}

/// The arc from `start` with a unit tangent there to `end`.
fn tangent_arc_edge(start: DVec3, tangent: DVec3, end: DVec3) -> Result<Edge, Fault> {
    let chord = end - start;
    let aside = chord - tangent * chord.dot(tangent);
    let degenerate = Fault::Rule("the end point lies straight ahead (or at the start): there is no tangent arc to it");
    let Some(toward_center) = aside.try_normalize() else { return Err(degenerate) };
    if aside.length() <= 1e-9 * chord.length() {
        return Err(degenerate);
    }
    let radius = chord.length_squared() / (2.0 * chord.dot(toward_center));
    let center = start + toward_center * radius;
    // The middle of the arc lies opposite the chord's middle as seen from the centre, on the tangent's side.
    let half_turn =
        (end - center).dot(tangent).atan2(-(end - center).dot(toward_center)).rem_euclid(std::f64::consts::TAU) / 2.0;
    let mid = center + (tangent * half_turn.sin() - toward_center * half_turn.cos()) * radius;
    Edge::arc(start, mid, end)
}

/// `Workplane.close()`.
pub(crate) fn close(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let end = local_current_point(session, this)?;
    let start = session.context(this)?.first_point.ok_or(Fault::NothingToClose)?;
    if end.distance(start) > 1e-6 {
        let plane = session.workplane(this)?.plane;
        let edge = Edge::line(plane.world_from_local(end), plane.world_from_local(start))?;
        add_pending(session, this, edge)?;
    }
    session.context_mut(this)?.first_point = None;
    join(session, this, false)
}

/// `Workplane.wire(forConstruction=False)`.
pub(crate) fn wire(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    join(session, this, args.flag("forConstruction")?)
}

/// Joins the pending edges into a wire.
pub(crate) fn join(session: &mut Session, this: ObjectId, construction: bool) -> Answer {
    let edges = std::mem::take(&mut session.context_mut(this)?.pending_edges);
    if edges.is_empty() {
        return Ok(session.handle(this));
    }
    let mut wire = Wire::from_edges(&edges)?;
    wire.construction = construction;
    if !construction {
        session.context_mut(this)?.pending_wires.push(wire.clone());
    }
    let others = session.workplane(this)?.items.iter().filter(|item| !matches!(item, Item::Edge(..))).cloned();
    let items = others.chain([Item::Wire(wire, None)]).collect();
    session.derive(this, items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tangent_arcs_leave_along_the_tangent() {
        let check = |tangent: DVec3, end: DVec3| {
            let arc = tangent_arc_edge(DVec3::ZERO, tangent, end).unwrap();
            assert!(arc.start_tangent().unwrap().distance(tangent) < 1e-12, "{arc:?}");
            assert!(arc.end().distance(end) < 1e-12);
        };
        check(DVec3::X, DVec3::new(1.0, 1.0, 0.0));
        check(DVec3::X, DVec3::new(-1.0, 1.0, 0.0));
        check(DVec3::X, DVec3::new(-3.0, -1.0, 0.0));
        check(DVec3::Y, DVec3::new(2.0, 0.0, 0.0));
        assert!(tangent_arc_edge(DVec3::ZERO, DVec3::X, DVec3::X * 5.0).is_err());
    }
}
