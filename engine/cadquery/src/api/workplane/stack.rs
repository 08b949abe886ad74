//! The stack: its items, tags, and the way back up the chain.

use crate::Value;
use crate::api::binding::Arguments;
use crate::api::error::Fault;
use crate::api::object::{Item, Object, ObjectId};
use crate::api::session::{Answer, Session};

/// `Workplane.tag(name)`.
pub(crate) fn tag(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let name = args.text("name")?.to_owned();
    session.context_mut(this)?.tags.insert(name, this);
    Ok(session.handle(this))
}

/// `Workplane.end(n=1)`.
pub(crate) fn end(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let mut at = this;
    for _ in 0..args.integer("n")? {
        at = session.workplane(at)?.parent.ok_or(Fault::NoParent)?;
    }
    Ok(session.handle(at))
}

/// `Workplane.first()`.
pub(crate) fn first(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let items = session.workplane(this)?.items.first().cloned().into_iter().collect();
    session.derive(this, items)
}

/// `Workplane.last()`.
pub(crate) fn last(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let item = session.workplane(this)?.items.last().cloned().ok_or(Fault::NothingSelected)?;
    session.derive(this, vec![item])
}

/// `Workplane.item(i)` and `workplane[i]`.
pub(crate) fn item(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let items = &session.workplane(this)?.items;
    let item = items[index_into(args.integer("i")?, items.len())?].clone();
    session.derive(this, vec![item])
}

/// A Python index, negative from the end, as an index into `count` things.
pub(crate) fn index_into(index: i64, count: usize) -> Result<usize, Fault> {
    let position = if index < 0 { index.checked_add(count as i64) } else { Some(index) };
    let position = position.and_then(|position| usize::try_from(position).ok()).filter(|position| *position < count);
    position.ok_or(Fault::IndexOutside { index, count })
}

/// `Workplane.size()` and `len(workplane)`.
pub(crate) fn size(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    Ok(Value::Int(session.workplane(this)?.items.len() as i64))
}

/// `Workplane.val()`: the first item, or the plane's origin where there is none.
pub(crate) fn val(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let workplane = session.workplane(this)?;
    let item = workplane.items.first().cloned().unwrap_or(Item::Point(workplane.plane.origin));
    Ok(session.keep_item(item))
}

/// `Workplane.vals()`, `workplane.objects` and iteration.
pub(crate) fn vals(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let items = session.workplane(this)?.items.clone();
    Ok(Value::List(items.into_iter().map(|item| session.keep_item(item)).collect()))
}

/// `Workplane.all()`: a Workplane for every item.
pub(crate) fn all(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let items = session.workplane(this)?.items.clone();
    let each = items.into_iter().map(|item| session.derive(this, vec![item]));
    Ok(Value::List(each.collect::<Result<_, _>>()?))
}

/// `Workplane.newObject(objlist)`.
pub(crate) fn new_object(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let items = args.objects("objlist")?.iter().map(|id| session.stack_item(*id)).collect::<Result<_, _>>()?;
    session.derive(this, items)
}

/// `Workplane.add(obj)`: changes this Workplane's own stack.
pub(crate) fn add(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    for id in args.objects("obj")? {
        let items = match session.object(*id) {
            Some(Object::Workplane(other)) => {
                let items = other.items.clone();
                merge_tags(session, this, *id)?;
                items
            }
            _ => vec![session.stack_item(*id)?],
        };
        session.workplane_mut(this)?.items.extend(items);
    }
    Ok(session.handle(this))
}

/// Takes over the tags of another chain that this chain does not have itself.
pub(crate) fn merge_tags(session: &mut Session, this: ObjectId, other: ObjectId) -> Result<(), Fault> {
    if session.workplane(this)?.context != session.workplane(other)?.context {
        let theirs = session.context(other)?.tags.clone();
        let tags = &mut session.context_mut(this)?.tags;
        for (tag, id) in theirs {
            tags.entry(tag).or_insert(id);
        }
    }
    Ok(())
}

impl Session {
    /// An object of the program as an item for a stack.
    pub(crate) fn stack_item(&self, id: ObjectId) -> Result<Item, Fault> {
        match self.object(id) {
            Some(Object::Item(item)) => Ok(item.clone()),
            Some(Object::Sketch(_)) => Ok(Item::Sketch(id)),
            other => Err(crate::api::session::wrong_class("a shape, a point or a sketch", other)),
        }
    }
}
