//! Cutting a body in two along the workplane.

use glam::DVec2;
use partwright_brep::{BooleanKind, Primitive};

use super::combine::context_solid;
use super::primitive::rectangle;
use crate::api::binding::Arguments;
use crate::api::error::Fault;
use crate::api::object::{Item, ObjectId};
use crate::api::session::{Answer, Session};
use crate::api::solid::Solid;

/// `Workplane.split(keepTop=False, keepBottom=False)`: what lies above the workplane, below it, or both apart.
pub(crate) fn split(session: &mut Session, this: ObjectId, args: &Arguments) -> Answer {
    let (top, bottom) = (args.flag("keepTop")?, args.flag("keepBottom")?);
    if !top && !bottom {
        return Err(Fault::Rule("nothing would be left: give keepTop=True, keepBottom=True, or both"));
    }
    let solid = context_solid(session, this)?;
    let (frame, call) = (session.workplane(this)?.plane, session.call);
    // A box on either side of the plane that reaches beyond the body in every direction.
    let reach = [frame.x, frame.y, frame.z].into_iter().map(|axis| {
        let (low, high) = solid.range_along(frame.origin, axis);
        low.abs().max(high.abs())
    });
    let reach = 2.0 * reach.fold(1.0, f64::max);
    let corner = DVec2::splat(reach).extend(0.0);
    let half = |from: f64, to: f64| {
        let tool = Primitive::Extrusion { frame, profile: rectangle(-corner, corner), from, to };
        Item::Solid(solid.boolean(BooleanKind::Cut, &Solid::primitive(tool, call), false, call))
    };
    let above = top.then(|| half(-reach, 0.0));
    let below = bottom.then(|| half(0.0, reach));
    session.derive(this, above.into_iter().chain(below).collect())
}

/// `Workplane.split(splitter)`: not supported.
pub(crate) fn split_by_shape(_: &mut Session, _: ObjectId, _: &Arguments) -> Answer {
    let what = "Workplane.split by another shape".to_owned();
    Err(Fault::NotSupported {
        what,
        instead: "split along a workplane with keepTop=True or keepBottom=True, or use cut() and intersect()",
    })
}

#[cfg(test)]
mod tests {
    use crate::api::Session;
    use crate::{Limits, run_in_process};

    fn volume(keep: &str) -> Option<f64> {
        let source =
            format!("import cadquery as cq\nr = cq.Workplane().box(2, 3, 4).workplane(offset=1).split({keep})");
        let run = run_in_process(&source, &Limits::default(), &mut Session::new());
        run.shape.and_then(|shape| shape.body().ok()).map(|body| body.volume)
    }

    #[test]
    fn a_box_is_split_above_its_middle() {
        for (keep, expected) in [("keepTop=True", 6.0), ("keepBottom=True", 18.0), ("True, True", 24.0)] {
            let found = volume(keep).unwrap_or(f64::NAN);
            assert!((found - expected).abs() < 1e-9, "{keep}: {found}");
        }
        assert_eq!(volume(""), None);
    }
}
