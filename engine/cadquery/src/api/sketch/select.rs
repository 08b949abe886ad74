//! Selections in a sketch.

use crate::api::binding::Arguments;
use crate::api::error::Fault;
use crate::api::object::{ObjectId, SketchItem};
use crate::api::session::{Answer, Session};
use crate::api::shapes::Part;

use super::topology;

/// `Sketch.reset()`.
pub(crate) fn reset(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    session.sketch_mut(this)?.selection = None;
    Ok(session.handle(this))
}

/// `Sketch.tag(tag)`.
pub(crate) fn tag(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let tag = args.text("tag")?.to_owned();
    let sketch = session.sketch_mut(this)?;
    let selection = sketch.selection.clone().filter(|selection| !selection.is_empty()).ok_or(Fault::NothingSelected)?;
    sketch.tags.insert(tag, selection);
    Ok(session.handle(this))
}

/// `Sketch.select(tag)`.
pub(crate) fn select(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let tag = args.text("tag")?.to_owned();
    let sketch = session.sketch_mut(this)?;
    let tagged = sketch.tags.get(&tag).cloned();
    sketch.selection = Some(tagged.ok_or_else(|| Fault::UnknownTag { tag: tag.chars().take(40).collect() })?);
    Ok(session.handle(this))
}

/// `Sketch.delete()`: of selected edges.
pub(crate) fn delete(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let sketch = session.sketch_mut(this)?;
    let selection = sketch.selection.take().filter(|selection| !selection.is_empty()).ok_or(Fault::NothingSelected)?;
    for item in selection {
        match item {
            SketchItem::Edge(gone) => sketch.edges.retain(|edge| *edge != gone),
            _ => return Err(Fault::not_supported("deleting anything but edges from a sketch")),
        }
    }
    Ok(session.handle(this))
}

/// `Sketch.faces(s=None, tag=None)`.
pub(crate) fn faces(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select_parts(session, this, args, Part::Face)
}

/// `Sketch.edges(s=None, tag=None)`.
pub(crate) fn edges(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select_parts(session, this, args, Part::Edge)
}

/// `Sketch.vertices(s=None, tag=None)`.
pub(crate) fn vertices(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select_parts(session, this, args, Part::Vertex)
}

/// `Sketch.wires(s=None, tag=None)`.
pub(crate) fn wires(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    select_parts(session, this, args, Part::Wire)
}

fn select_parts(session: &mut Session, this: ObjectId, args: &Arguments, part: Part) -> Answer {
    let parts = topology::parts(session, this, args.optional_text("tag")?, part)?;
    let picked = match args.selector("s")? {
        None => parts,
        Some(selector) => {
            let candidates = parts.iter().map(topology::candidate).collect::<Vec<_>>();
            let picked = selector.filter(&candidates)?;
            picked.into_iter().map(|index| parts[index].clone()).collect()
        }
    };
    session.sketch_mut(this)?.selection = Some(picked);
    Ok(session.handle(this))
}
