//! What a model still has too much or lacks, as features from any direction.

use glam::DVec3;

use super::slab::slabs;
use super::stack::{Changing, stack};
use super::{Draft, section_of_model};
use crate::part::{FeatureKind, SketchPlane};
use crate::progress::Deadline;
use crate::section::Area;
use crate::select::Selection;
use crate::understand::Target;

/// Rounds of correction; each looks at all directions and takes the better half of what it finds there.
const ROUNDS: usize = 3;
/// Directions looked at.
const DIRECTIONS: usize = 5;

/// The model with features added and cut for as long as they bring it closer to the target.
pub fn corrected(target: &Target, model: Vec<Draft>, selection: &Selection, deadline: &Deadline) -> Vec<Draft> {
    let mut model = model;
    for _ in 0..ROUNDS {
        let before = model.len();
        for direction in target.directions.iter().take(DIRECTIONS) {
            for kind in [FeatureKind::Cut, FeatureKind::Add] {
                if deadline.reached() || selection.is_close(&model, deadline) {
                    return model;
                }
                let found = differences(target, &model, direction.axis, kind, deadline);
                model = selection.extended(model, found, deadline);
            }
        }
        if model.len() == before {
            break;
        }
    }
    model
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
