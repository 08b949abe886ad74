//! The program as an engineer writes it: named dimensions, patterns, and comments that name the features.
//!
//! The features are put into one form ([`canonical`]), their coordinates become expressions of parameters
//! ([`dimension`], [`parameter`]), round cuts become drilled holes ([`drill`], [`hole`]), only such
//! parameters are named as can be changed ([`sturdy`]), and all of it is written in the shortest of equivalent forms
//! ([`write`], [`sketch`]). The numbers stay those of the part.

mod canonical;
mod dimension;
mod drill;
mod expression;
mod hole;
mod model;
mod outline;
mod parameter;
mod pattern;
mod role;
mod shell;
mod sketch;
mod sturdy;
mod write;

use glam::{DMat3, DVec3};

use super::number;
use super::statement::expression;
use crate::part::Part;
use crate::refine::Precision;

/// When places of equal outlines are written as a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patterns {
    /// Where they are those of the pattern up to the rounding of the part's coordinates: a ring's places are irrational.
    Rounded,
    /// Where they are exactly those of the pattern.
    Exact,
}

/// How round cuts that begin at an end of the part are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holes {
    /// As `hole`, `cboreHole` or `cskHole` on the part's face.
    Drilled,
    /// As the bodies that are cut.
    Cut,
}

/// Choices between programs that make the same solid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording {
    /// When places are written as a pattern.
    pub patterns: Patterns,
    /// How holes are written.
    pub holes: Holes,
}

/// `part` as a program with parameters, turned into the scan's frame by `scan_from_part`; `None` where the part has no
/// feature.
pub(super) fn program(part: &Part, scan_from_part: DMat3, precision: Precision, wording: Wording) -> Option<String> {
    // A quarter turn is no turn: the part lies along the axes all the same.
    let along_axes = scan_from_part.to_cols_array().iter().all(|v| v.abs() < 1e-12 || (v.abs() - 1.0).abs() < 1e-12);
    let (part, turned) = if along_axes {
        let exact = DMat3::from_cols_array(&scan_from_part.to_cols_array().map(f64::round));
        (part.rotated(exact), DMat3::IDENTITY)
    } else {
        (part.clone(), scan_from_part)
    };
    if part.features.is_empty() {
        return None;
    }
    let decimals = precision.decimals;
    let step = 10f64.powi(-(decimals as i32));
    let tolerance = match wording.patterns {
        Patterns::Rounded => 0.75 * step,
        Patterns::Exact => 1e-6 * step,
    };
    // Points on arcs may be finer than the grid.
    let fine = (decimals + 4).max(11);
    let steps = canonical::steps(&part, fine);
    let steps = match wording.holes {
        Holes::Drilled => drill::drilled(steps),
        Holes::Cut => steps,
    };
    let model = dimension::drawn(steps, step, tolerance);
    let named = sturdy::named(&model);
    let header = header(&part, decimals);
    let writer = write::Writer::new(&model, named, fine);
    Some(writer.program(&header, turned, |feature| expression(feature, decimals)))
}

/// What the part is, in a comment.
fn header(part: &Part, decimals: usize) -> String {
    let steps = canonical::steps(part, decimals + 4);
    let boxes = steps.iter().filter(|s| s.kind == crate::part::FeatureKind::Add).filter_map(role::bounds);
    let Some([low, high]) = boxes.reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]) else { return String::new() };
    let size: DVec3 = high - low;
    // A comment is for orientation: four digits.
    let digits = (3.0 - size.max_element().max(f64::MIN_POSITIVE).log10().floor()).clamp(0.0, decimals as f64) as usize;
    let [x, y, z] = size.to_array().map(|v| number(v, digits));
    format!("# Reconstructed from a scan: {x} x {y} x {z}, in the scan's unit of length.\n")
}
