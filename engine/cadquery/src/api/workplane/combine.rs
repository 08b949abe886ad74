//! Booleans, and finding the solid they work on.

use partwright_brep::BooleanKind;

use super::stack::merge_tags;
use crate::api::binding::{Arguments, Combine};
use crate::api::error::Fault;
use crate::api::object::{Item, Object, ObjectId};
use crate::api::session::{Answer, Session};
use crate::api::solid::Solid;

/// `Workplane.findSolid`: the solids on the stack, or on the nearest parent's that has any.
pub(crate) fn find_solid(session: &Session, this: ObjectId, search_stack: bool) -> Result<Option<Solid>, Fault> {
    let mut at = if search_stack { Some(this) } else { session.workplane(this)?.parent };
    while let Some(id) = at {
        let workplane = session.workplane(id)?;
        if let Some(solid) = session.solids_among(&workplane.items).filter(Solid::exists) {
            return Ok(Some(solid));
        }
        at = workplane.parent;
    }
    Ok(None)
}

/// The solid a call works on.
pub(crate) fn context_solid(session: &Session, this: ObjectId) -> Result<Solid, Fault> {
    find_solid(session, this, true)?.ok_or(Fault::NoSolid)
}

/// `Workplane.findSolid(searchStack=True, searchParents=True)`.
pub(crate) fn find(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let found = if args.flag("searchParents")? {
        find_solid(session, this, args.flag("searchStack")?)?
    } else if args.flag("searchStack")? {
        session.solids_among(&session.workplane(this)?.items)
    } else {
        None
    };
    Ok(session.keep_item(Item::Solid(found.ok_or(Fault::NoSolid)?)))
}

/// Joins new bodies to the solid in the chain, if there is one.
pub(crate) fn combine_with_base(
    session: &mut Session,
    this: ObjectId,
    bodies: Vec<Solid>,
    mode: Combine,
    clean: bool,
) -> Answer {
    let call = session.call;
    let base = if mode == Combine::Keep { None } else { find_solid(session, this, true)? };
    let result = match (mode, base) {
        (Combine::Keep, _) => return session.derive(this, bodies.into_iter().map(Item::Solid).collect()),
        (Combine::Cut, None) => Solid::compound(bodies, call),
        (Combine::Cut, Some(base)) => {
            let cut = |left: Solid, tool: &Solid| left.boolean(BooleanKind::Cut, tool, clean, call);
            Some(bodies.iter().fold(base, cut))
        }
        (Combine::Fuse, base) => Solid::united(base.into_iter().chain(bodies).collect(), clean, call),
    };
    session.derive_solid(this, result.ok_or(Fault::NoSolid)?)
}

/// `Workplane.union(toUnion=None, clean=True, glue=False, tol=None)` and `a + b`.
pub(crate) fn union(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let call = session.call;
    let other = match args.optional_object("toUnion")? {
        Some(other) => Some(operand(session, this, other)?),
        None => None,
    };
    let base = find_solid(session, this, true)?;
    let parts: Vec<Solid> = base.into_iter().chain(other).collect();
    let united = Solid::united(parts, args.flag("clean")?, call).ok_or(Fault::NoSolid)?;
    session.derive_solid(this, united)
}

/// `Workplane.cut(toCut, clean=True, tol=None)` and `a - b`.
pub(crate) fn cut(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    subtract_or_intersect(session, this, args, "toCut", BooleanKind::Cut)
}

/// `Workplane.intersect(toIntersect, clean=True, tol=None)` and `a * b`.
pub(crate) fn intersect(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    subtract_or_intersect(session, this, args, "toIntersect", BooleanKind::Intersect)
}

fn subtract_or_intersect(
    session: &mut Session,
    this: ObjectId,
    args: &Arguments,
    parameter: &'static str,
    kind: BooleanKind,
) -> Answer {
    let base = context_solid(session, this)?;
    let other = operand(session, this, args.object(parameter)?)?;
    let result = base.boolean(kind, &other, args.flag("clean")?, session.call);
    session.derive_solid(this, result)
}

/// The solids of another Workplane's stack, or a solid itself.
fn operand(session: &mut Session, this: ObjectId, id: ObjectId) -> Result<Solid, Fault> {
    match session.object(id) {
        Some(Object::Workplane(other)) => {
            let solid = session.solids_among(&other.items).filter(Solid::exists).ok_or(Fault::NoSolidInOperand)?;
            merge_tags(session, this, id)?;
            Ok(solid)
        }
        Some(Object::Item(Item::Solid(solid))) => Ok(solid.clone()),
        other => Err(crate::api::session::wrong_class("a Workplane or a solid", other)),
    }
}

/// `Workplane.combine(clean=True, glue=False, tol=None)`.
pub(crate) fn combine(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let items = &session.workplane(this)?.items;
    let solids = items.iter().filter_map(|item| if let Item::Solid(solid) = item { Some(solid.clone()) } else { None });
    let united = Solid::united(solids.collect(), args.flag("clean")?, session.call).ok_or(Fault::NoSolid)?;
    session.derive_solid(this, united)
}

/// `Workplane.clean()`: booleans clean already, so the stack stays as it is.
pub(crate) fn clean(session: &mut Session, this: ObjectId, _: &Arguments) -> Answer {
    let items = session.workplane(this)?.items.clone();
    session.derive(this, items)
}
