//! Places in a sketch: pushed points and arrays.

use glam::DVec3;
use partwright_brep::Isometry;

use crate::api::binding::{Arguments, Placement};
use crate::api::error::Fault;
use crate::api::object::{Item, Object, ObjectId, Sketch, SketchItem};
use crate::api::plane;
use crate::api::session::{Answer, Session};
use crate::api::workplane::place::{limit, polar_place, polar_step, sketch_places};

/// `Workplane.sketch()`.
pub(crate) fn on_workplane(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let places = sketch_places(session, this)?;
    let parent = session.derive_id(this, Vec::new())?;
    let sketch = session.keep_id(Object::Sketch(Sketch::new(Some(parent), places)));
    session.workplane_mut(parent)?.items.push(Item::Sketch(sketch));
    Ok(session.handle(sketch))
}

/// `Sketch()`.
#[expect(clippy::unnecessary_wraps, reason = "every function of the table has this signature")]
pub(crate) fn construct(session: &mut Session, _: ObjectId, _: &Arguments) -> Answer {
    let here = Isometry::translation(DVec3::ZERO);
    Ok(session.keep(Object::Sketch(Sketch::new(None, vec![here]))))
}

/// `Workplane.placeSketch(sketch)`.
pub(crate) fn place_sketch(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let places = sketch_places(session, this)?;
    let mut items = Vec::new();
    for id in args.objects("sketches")? {
        let mut copy = Sketch::new(None, places.clone());
        copy.faces = session.sketch(*id)?.faces.clone();
        items.push(Item::Sketch(session.keep_id(Object::Sketch(copy))));
    }
    session.derive(this, items)
}

/// `Sketch.push(locs, tag=None)`.
pub(crate) fn push(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let place = |placement: &Placement| match placement {
        Placement::Point(point) => Isometry::translation(*point),
        Placement::Motion(motion) => *motion,
    };
    let places = args.placements("locs")?.iter().map(place).collect();
    select_places(session, this, places, args.optional_text("tag")?)
}

fn select_places(session: &mut Session, this: ObjectId, places: Vec<Isometry>, tag: Option<&str>) -> Answer {
    let selection: Vec<SketchItem> = places.into_iter().map(SketchItem::Location).collect();
    let sketch = session.sketch_mut(this)?;
    if let Some(tag) = tag {
        sketch.tags.insert(tag.to_owned(), selection.clone());
    }
    sketch.selection = Some(selection);
    Ok(session.handle(this))
}

/// `Sketch.rarray(xs, ys, nx, ny)`.
pub(crate) fn rectangular_array(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (dx, dy) = (args.number("xs")?, args.number("ys")?);
    let (nx, ny) = (args.integer("nx")?, args.integer("ny")?);
    if nx < 1 || ny < 1 {
        return Err(Fault::Rule("an array needs at least one element in each direction"));
    }
    limit(nx.saturating_mul(ny))?;
    let center = DVec3::new((nx - 1) as f64 * dx, (ny - 1) as f64 * dy, 0.0) / 2.0;
    let at = |i: i64, j: i64| Isometry::translation(DVec3::new(i as f64 * dx, j as f64 * dy, 0.0) - center);
    let grid: Vec<Isometry> = (0..nx).flat_map(|i| (0..ny).map(move |j| at(i, j))).collect();
    let selected = selected_places(session, this)?;
    limit((grid.len() * selected.len()) as i64)?;
    let places = grid.iter().flat_map(|place| selected.iter().map(|inner| plane::compose(place, inner))).collect();
    select_places(session, this, places, None)
}

/// `Sketch.parray(r, a1, da, n, rotate=True)`.
pub(crate) fn polar_array(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (radius, start) = (args.number("r")?, args.number("a1")?);
    let (count, turned) = (args.integer("n")?, args.flag("rotate")?);
    let step = polar_step(args.number("da")?, start, count, true)?;
    let selected = selected_places(session, this)?;
    limit(count * selected.len() as i64)?;
    let mut places = Vec::new();
    for k in 0..count {
        let degrees = start + step * k as f64;
        let place = polar_place(radius, degrees, false);
        let turn = polar_place(0.0, degrees, turned);
        places.extend(selected.iter().map(|inner| plane::compose(&plane::compose(&place, inner), &turn)));
    }
    select_places(session, this, places, None)
}

fn selected_places(session: &Session, this: ObjectId) -> Result<Vec<Isometry>, Fault> {
    match &session.sketch(this)?.selection {
        Some(selection) if !selection.is_empty() => selection
            .iter()
            .map(|item| match item.location() {
                Some(place) => Ok(place),
                None => super::topology::profile_center(session, item).map(Isometry::translation),
            })
            .collect(),
        _ => Ok(vec![Isometry::translation(DVec3::ZERO)]),
    }
}
