//! What views along other directions say is empty, cut from a model made along one.
//!
//! A view knows the planes and round walls along its own direction only: where a wall of another direction ends the material
//! within a block, the block is taken as solid. That other view shows the wall, and what is beyond it.

use super::scanned::View;
use super::slab::slabs;
use super::stack::{Changing, stack};
use super::{Draft, section_of_model};
use crate::part::FeatureKind;
use crate::progress::Deadline;
use crate::section::Area;
use crate::understand::Tolerances;

/// Cuts narrower than this share of the size, and smaller than this share of the model, are no cuts.
const NARROW: f64 = 2e-3;
const LEAST_VOLUME: f64 = 1e-3;
/// Most features times levels: sections of a long model take their time.
const MOST_SECTIONS: usize = 240;
/// Longer lists of cuts are no model of anything.
const MOST_CUTS: usize = 12;

/// The cuts that leave of `model` what `view` takes as solid; empty where that is hardly less.
pub(super) fn cuts_by(view: &View, model: &[Draft], size: f64, deadline: &Deadline) -> Vec<Draft> {
    let levels = view.blocks.levels();
    if model.len() * levels.len() > MOST_SECTIONS || deadline.reached() {
        return Vec::new();
    }
    let sections = view.blocks.sections();
    let section = |height: f64| -> Area {
        let layer = levels.partition_point(|l| *l <= height);
        let Some(solid) = layer.checked_sub(1).and_then(|l| sections.get(l)) else { return Area::default() };
        let there = section_of_model(model, &view.plane.at(view.plane.normal * height));
        there.minus(solid).without_slivers(NARROW * size)
    };
    let tolerances = Tolerances::exact(size);
    let layers = slabs(&section, levels, &tolerances, deadline);
    let cuts = stack(&layers, &section, view.plane, Changing::Hull, FeatureKind::Cut, size, &tolerances, deadline);
    let volume = |drafts: &[Draft]| drafts.iter().map(Draft::volume).sum::<f64>();
    if cuts.len() > MOST_CUTS || volume(&cuts) < LEAST_VOLUME * volume(model) { Vec::new() } else { cuts }
}
