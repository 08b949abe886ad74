//! `Workplane.workplane()`: a new plane on what is selected.

use glam::DVec3;
use partwright_brep::Surface;

use super::place::center_of;
use crate::api::binding::Arguments;
use crate::api::error::Fault;
use crate::api::object::{Face, Item, Object, ObjectId, Workplane};
use crate::api::plane;
use crate::api::session::{Answer, Session};

/// Faces are in one plane when they differ by less than this (`CQContext.tolerance`).
const TOLERANCE: f64 = 1e-4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum CenterOption {
    Mass,
    Box,
    ProjectedOrigin,
}

/// `Workplane.workplane(offset=0, invert=False, centerOption='ProjectedOrigin', origin=None)`.
pub(crate) fn workplane(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let option = match args.text("centerOption")? {
        "CenterOfMass" => CenterOption::Mass,
        "CenterOfBoundBox" => CenterOption::Box,
        "ProjectedOrigin" => CenterOption::ProjectedOrigin,
        _ => {
            return Err(Fault::Rule("centerOption must be 'ProjectedOrigin', 'CenterOfMass' or 'CenterOfBoundBox'"));
        }
    };
    let workplane = session.workplane(this)?;
    let context = workplane.context;
    let (mut center, mut normal, x) = if workplane.items.len() > 1 {
        on_several(session, &workplane.items, option)?
    } else {
        on_one(session, workplane, option)?
    };
    if option == CenterOption::ProjectedOrigin {
        let origin = args.optional_point("origin")?.unwrap_or(workplane.plane.origin);
        center = origin - normal * normal.dot(origin - center);
    }
    if args.flag("invert")? {
        normal = -normal;
    }
    let plane = plane::from_directions(center + normal * args.number("offset")?, Some(x), normal)?;
    Ok(session.keep(Object::Workplane(Workplane { plane, items: Vec::new(), parent: Some(this), context })))
}

type Placement = (DVec3, DVec3, DVec3);

fn on_one(session: &Session, workplane: &Workplane, option: CenterOption) -> Result<Placement, Fault> {
    let origin = Item::Point(workplane.plane.origin);
    let item = workplane.items.first().unwrap_or(&origin);
    if matches!(item, Item::Sketch(_) | Item::Location(_)) {
        return Err(Fault::RuleWith(format!(
            "a workplane needs a face, an edge, a vertex or a point, not a {}",
            item.class()
        )));
    }
    let center = match (option, item) {
        (CenterOption::Box, item) => box_center(session, std::slice::from_ref(item))?,
        // Where the plane comes from the workplane and the origin is projected, the centre only has to lie on it;
        // a solid need not be measured for that unless it is off the plane.
        (_, item) => center_of(session, item)?,
    };
    let parent_item = match workplane.parent {
        Some(parent) => session.workplane(parent)?.items.first().cloned(),
        None => None,
    };
    let face = if let Item::Face(face) = item { Some(face.clone()) } else { None };
    match (face, parent_item) {
        (Some(face), _) | (None, Some(Item::Face(face))) => {
            let normal = face.normal_at(center)?;
            Ok((center, normal, plane::face_x_direction(normal)))
        }
        _ => Ok((center, workplane.plane.z, workplane.plane.x)),
    }
}

fn on_several(session: &Session, items: &[Item], option: CenterOption) -> Result<Placement, Fault> {
    let faces: Option<Vec<&Face>> = items.iter().map(planar_face).collect();
    let Some(faces) = faces else {
        return Err(Fault::Rule("where several objects are selected they must all be planar faces"));
    };
    let (first, others) = faces.split_first().ok_or(Fault::NothingSelected)?;
    let (normal, start) = (first.normal()?, first.info()?.center);
    for face in others {
        let same =
            (face.normal()? - normal).length() < TOLERANCE && normal.dot(face.info()?.center - start).abs() < TOLERANCE;
        if !same {
            return Err(Fault::Rule("the selected faces must lie in one plane"));
        }
    }
    let center = if option == CenterOption::Box {
        box_center(session, items)?
    } else {
        let infos = faces.iter().map(|face| face.info()).collect::<Result<Vec<_>, _>>()?;
        let area: f64 = infos.iter().map(|info| info.area).sum();
        infos.iter().map(|info| info.center * info.area).sum::<DVec3>() / area
    };
    Ok((center, normal, plane::face_x_direction(normal)))
}

fn planar_face(item: &Item) -> Option<&Face> {
    let Item::Face(face) = item else { return None };
    matches!(face.info().ok()?.surface, Surface::Plane { .. }).then_some(face)
}

fn box_center(session: &Session, items: &[Item]) -> Result<DVec3, Fault> {
    let boxes = items.iter().map(|item| crate::api::shapes::bounds_of(session, item)).collect::<Result<Vec<_>, _>>()?;
    let joined = boxes.into_iter().reduce(|[a, b], [c, d]| [a.min(c), b.max(d)]);
    let [low, high] = joined.ok_or(Fault::NothingSelected)?;
    Ok((low + high) / 2.0)
}
