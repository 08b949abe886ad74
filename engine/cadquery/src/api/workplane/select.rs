//! Selecting faces, edges, vertices, wires and solids of what is on the stack.

use std::sync::Arc;

use crate::api::binding::Arguments;
use crate::api::error::Fault;
use crate::api::object::{Item, ObjectId};
use crate::api::session::{Answer, Session};
use crate::api::shapes::{self, Part};

use super::planes::tagged;

/// `Workplane.faces(selector=None, tag=None)`.
pub(crate) fn faces(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select(session, this, args, Part::Face)
}

/// `Workplane.edges(selector=None, tag=None)`.
pub(crate) fn edges(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select(session, this, args, Part::Edge)
}

/// `Workplane.vertices(selector=None, tag=None)`.
pub(crate) fn vertices(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select(session, this, args, Part::Vertex)
}

/// `Workplane.wires(selector=None, tag=None)`.
pub(crate) fn wires(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select(session, this, args, Part::Wire)
}

/// `Workplane.solids(selector=None, tag=None)`.
pub(crate) fn solids(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select(session, this, args, Part::Solid)
}

/// `Workplane.compounds(selector=None, tag=None)`.
pub(crate) fn compounds(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select(session, this, args, Part::Compound)
}

fn select(session: &mut Session, this: ObjectId, args: &Arguments, part: Part) -> Answer {
    let source = match args.optional_text("tag")? {
        Some(tag) => tagged(session, this, tag)?,
        None => this,
    };
    let mut parts: Vec<Item> = Vec::new();
    for item in &session.workplane(source)?.items {
        refuse_several_solids(item, part)?;
        for found in shapes::parts_of(item, part)? {
            if !parts.iter().any(|known| same(known, &found)) {
                parts.push(found);
            }
        }
    }
    let picked = pick(session, parts, args)?;
    session.derive(this, picked)
}

/// A body of several lumps is one object here; its lumps cannot be told apart.
fn refuse_several_solids(item: &Item, part: Part) -> Result<(), Fault> {
    if let (Item::Solid(solid), Part::Solid) = (item, part)
        && solid.class() == "Compound"
        && solid.shape.body()?.solids.len() > 1
    {
        return Err(Fault::NotSupported {
            what: "selecting among the solids of one body".to_owned(),
            instead: "keep the bodies in variables of their own, or make them with combine=False",
        });
    }
    Ok(())
}

/// The items that the call's selector picks; all of them where it has none.
pub(crate) fn pick(session: &Session, items: Vec<Item>, args: &Arguments) -> Result<Vec<Item>, Fault> {
    let Some(selector) = args.selector("selector")? else { return Ok(items) };
    let candidates = items.iter().map(|item| shapes::candidate(session, item)).collect::<Result<Vec<_>, _>>()?;
    let picked = selector.filter(&candidates)?;
    Ok(picked.into_iter().map(|index| items[index].clone()).collect())
}

/// Whether two items are the same part of the same body.
fn same(a: &Item, b: &Item) -> bool {
    match (a, b) {
        (Item::Face(a), Item::Face(b)) => a.id == b.id && Arc::ptr_eq(&a.body, &b.body),
        (Item::Edge(_, Some(a)), Item::Edge(_, Some(b)))
        | (Item::Vertex(_, Some(a)), Item::Vertex(_, Some(b)))
        | (Item::Wire(_, Some(a)), Item::Wire(_, Some(b))) => a.index == b.index && Arc::ptr_eq(&a.body, &b.body),
        // Corners of drawn outlines have no body; those at one place are one vertex.
        (Item::Vertex(a, None), Item::Vertex(b, None)) => a.distance(*b) < 1e-7,
        _ => false,
    }
}
