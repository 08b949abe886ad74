//! What a model still has too much or lacks, as features from any direction.

use glam::DVec3;

use super::slab::slabs;
use super::stack::{Changing, stack};
use super::{Draft, section_of_model};
use crate::part::{FeatureKind, SketchPlane};
use crate::progress::Deadline;
use crate::section::Area;
use crate::select::{Evaluated, Selection};
use crate::understand::Target;

/// The model with what along one direction is too much cut and then what is missing added; `None` where neither brings
/// more than it costs.
pub(super) fn corrected_along(
    target: &Target,
    model: &Evaluated,
    axis: DVec3,
    selection: &Selection,
    deadline: &Deadline,
) -> Option<Evaluated> {
    let mut reached: Option<Evaluated> = None;
    for kind in [FeatureKind::Cut, FeatureKind::Add] {
        let now = reached.as_ref().unwrap_or(model);
        if deadline.reached() || selection.is_close(now) {
            break;
        }
        let found = differences(target, &now.drafts, axis, kind, deadline);
        reached = selection.extended(now, found, deadline).or(reached);
    }
    reached
}

/// The stack, along `axis`, of what is too much (`Cut`) or missing (`Add`).
fn differences(target: &Target, model: &[Draft], axis: DVec3, kind: FeatureKind, deadline: &Deadline) -> Vec<Draft> {
    const MOST_LEVELS: usize = 24;
    let plane = SketchPlane::through(DVec3::ZERO, axis);
    let slicer = target.slicer_in(plane);
    // Twice the scan's sliver width: facets of the model and the target may differ by it on either side.
    let width = 2.0 * target.tolerances.sliver;
    let section = |height: f64| -> Area {
        let wanted = slicer.section(height);
        let there = section_of_model(model, &plane.at(plane.normal * height));
        let difference = match kind {
            FeatureKind::Cut => there.minus(&wanted),
            FeatureKind::Add => wanted.minus(&there),
        };
        difference.without_slivers(width)
    };
    let levels = target.levels(axis, MOST_LEVELS);
    let layers = slabs(&section, &levels, &target.tolerances, deadline);
    stack(&layers, &section, plane, Changing::Core, kind, target.size, &target.tolerances, deadline)
}
