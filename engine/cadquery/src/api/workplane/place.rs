//! Points: the current point, arrays of points, and the places where outlines and primitives are put.

use glam::DVec3;
use partwright_brep::{Frame, Isometry};

use crate::api::binding::{Arguments, Placement};
use crate::api::error::Fault;
use crate::api::object::{Item, ObjectId};
use crate::api::plane;
use crate::api::session::{Answer, Session};

/// Most points an array makes; a program that wants more is a mistake.
const MAX_ARRAY: i64 = 10_000;

/// `Workplane.moveTo(x=0, y=0)`.
pub(crate) fn move_to(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let at = DVec3::new(args.number("x")?, args.number("y")?, 0.0);
    go_to(session, this, at)
}

/// `Workplane.move(xDist=0, yDist=0)`.
pub(crate) fn move_by(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let from = local_current_point(session, this)?;
    go_to(session, this, from + DVec3::new(args.number("xDist")?, args.number("yDist")?, 0.0))
}

fn go_to(session: &mut Session, this: ObjectId, local: DVec3) -> Answer {
    let point = session.workplane(this)?.plane.world_from_local(local);
    session.derive(this, vec![Item::Point(point)])
}

/// `Workplane.pushPoints(pntList)`.
pub(crate) fn push_points(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let plane = session.workplane(this)?.plane;
    let item = |placement: &Placement| match placement {
        Placement::Point(point) => Item::Point(plane.world_from_local(*point)),
        Placement::Motion(motion) => Item::Location(*motion),
    };
    let items = args.placements("pntList")?.iter().map(item).collect();
    session.derive(this, items)
}

/// `Workplane.rarray(xSpacing, ySpacing, xCount, yCount, center=True)`.
pub(crate) fn rectangular_array(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (dx, dy) = (args.number("xSpacing")?, args.number("ySpacing")?);
    let (nx, ny) = (args.integer("xCount")?, args.integer("yCount")?);
    if (dx <= 0.0 && dy <= 0.0) || nx < 1 || ny < 1 {
        return Err(Fault::Rule("the spacing must be positive in at least one direction, both counts at least 1"));
    }
    limit(nx.saturating_mul(ny))?;
    let centered = args.centering("center")?;
    let shift =
        |centered: bool, spacing: f64, count: i64| if centered { -spacing * (count - 1) as f64 / 2.0 } else { 0.0 };
    let corner = DVec3::new(shift(centered[0], dx, nx), shift(centered[1], dy, ny), 0.0);
    let plane = session.workplane(this)?.plane;
    let at = |x: i64, y: i64| plane.world_from_local(corner + DVec3::new(dx * x as f64, dy * y as f64, 0.0));
    let items = (0..nx).flat_map(|x| (0..ny).map(move |y| Item::Point(at(x, y)))).collect();
    session.derive(this, items)
}

/// `Workplane.polarArray(radius, startAngle, angle, count, fill=True, rotate=True)`.
pub(crate) fn polar_array(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (radius, start) = (args.number("radius")?, args.number("startAngle")?);
    let count = args.integer("count")?;
    let step = polar_step(args.number("angle")?, start, count, args.flag("fill")?)?;
    let turned = args.flag("rotate")?;
    let items = (0..count).map(|k| Item::Location(polar_place(radius, start + step * k as f64, turned))).collect();
    session.derive(this, items)
}

/// The angle between neighbours of a polar array, in degrees, by `CadQuery`'s rules.
pub(crate) fn polar_step(angle: f64, start: f64, count: i64, fill: bool) -> Result<f64, Fault> {
    if count < 1 {
        return Err(Fault::Rule("a polar array needs a count of at least 1"));
    }
    limit(count)?;
    let off_full_turn = angle - (angle / 360.0).round() * 360.0;
    Ok(if !fill {
        angle
    } else if off_full_turn.abs() < 1e-6 {
        angle / count as f64
    } else if count > 1 {
        angle / (count - 1) as f64
    } else {
        start
    })
}

/// A place on a circle about the origin, turned with it or not.
pub(crate) fn polar_place(radius: f64, degrees: f64, turned: bool) -> Isometry {
    let radians = degrees.to_radians();
    let offset = DVec3::new(radius * radians.cos(), radius * radians.sin(), 0.0);
    let turn =
        if turned { Isometry::rotation(DVec3::ZERO, DVec3::Z, radians) } else { Isometry::translation(DVec3::ZERO) };
    plane::compose(&Isometry::translation(offset), &turn)
}

pub(crate) fn limit(count: i64) -> Result<(), Fault> {
    if count > MAX_ARRAY {
        Err(Fault::RuleWith(format!("an array of {count} points is too large, at most {MAX_ARRAY} are made")))
    } else {
        Ok(())
    }
}

/// The current point in the world: the end of the last edge drawn, the last point, or the origin.
pub(crate) fn current_point(session: &Session, this: ObjectId) -> Result<DVec3, Fault> {
    let workplane = session.workplane(this)?;
    match workplane.items.last() {
        None => Ok(workplane.plane.origin),
        Some(Item::Edge(edge, _)) => Ok(edge.end()),
        Some(Item::Point(point) | Item::Vertex(point, _)) => Ok(*point),
        Some(other) => {
            Err(Fault::RuleWith(format!("a {} gives no point to draw from; use moveTo or center first", other.class())))
        }
    }
}

/// The current point in the plane's own coordinates.
pub(crate) fn local_current_point(session: &Session, this: ObjectId) -> Result<DVec3, Fault> {
    Ok(session.workplane(this)?.plane.local_from_world(current_point(session, this)?))
}

/// Where `eachpoint` puts things, in the plane's own coordinates: one place per item of the stack, the origin where
/// the stack is empty. Shapes count by their centres.
pub(crate) fn places(session: &Session, this: ObjectId) -> Result<Vec<Isometry>, Fault> {
    let workplane = session.workplane(this)?;
    if workplane.items.is_empty() {
        return Ok(vec![Isometry::translation(DVec3::ZERO)]);
    }
    let place = |item: &Item| match item {
        Item::Location(motion) => Ok(*motion),
        item => Ok(Isometry::translation(workplane.plane.local_from_world(center_of(session, item)?))),
    };
    workplane.items.iter().map(place).collect()
}

/// The same in the world: where sketches are put.
pub(crate) fn sketch_places(session: &Session, this: ObjectId) -> Result<Vec<Isometry>, Fault> {
    let workplane = session.workplane(this)?;
    let here = |origin: DVec3| plane::location(&Frame { origin, ..workplane.plane });
    let mut places = Vec::with_capacity(workplane.items.len().max(1));
    for item in &workplane.items {
        match item {
            // Not relative to the plane: `CadQuery` takes Locations as they are here.
            Item::Location(motion) => places.push(*motion),
            Item::Sketch(_) => {}
            item => places.push(here(center_of(session, item)?)),
        }
    }
    if places.is_empty() {
        places.push(here(workplane.plane.origin));
    }
    Ok(places)
}

/// An item's centre of mass in the world.
pub(crate) fn center_of(session: &Session, item: &Item) -> Result<DVec3, Fault> {
    Ok(match item {
        Item::Point(point) | Item::Vertex(point, _) => *point,
        Item::Location(motion) => motion.translation,
        Item::Edge(edge, _) => edge.center(),
        Item::Wire(wire, _) => wire.center(),
        Item::Face(face) => face.info()?.center,
        Item::Solid(solid) => solid.shape.body()?.center,
        Item::Sketch(id) => {
            let sketch = session.sketch(*id)?;
            crate::api::sketch::topology::center(sketch, session.call)?
        }
    })
}
