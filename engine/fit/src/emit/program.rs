//! The whole program.

use glam::DMat3;

use super::parametric::Wording;
use super::statement::expression;
use crate::part::{FeatureKind, Part, Sweep};
use crate::refine::Precision;

/// A program and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramText {
    /// CadQuery source; the result is left in `r`.
    pub source: String,
    /// Number of features, one statement each.
    pub features: usize,
}

/// Longest line before a chain is broken into one call per line.
pub(super) const LONGEST_LINE: usize = 110;

/// Writes `part`, whose coordinates are on the grid of `precision`, turned into the scan's frame by `scan_from_part`.
pub fn program(part: &Part, scan_from_part: DMat3, precision: Precision) -> ProgramText {
    let turned = if scan_from_part == DMat3::IDENTITY { part.clone() } else { part.rotated(scan_from_part) };
    let mut source = String::from("import cadquery as cq\n\n");
    for (i, feature) in turned.features.iter().enumerate() {
        let chain = expression(feature, precision.decimals);
        let call = match feature.kind {
            FeatureKind::Add => "union",
            FeatureKind::Cut => "cut",
        };
        let line = chain.join(".");
        let (head, tail) = if i == 0 { ("r = ".to_owned(), "") } else { (format!("r = r.{call}("), ")") };
        if head.len() + line.len() + tail.len() <= LONGEST_LINE {
            source.extend([&head, &line, tail, "\n"]);
        } else {
            let open = if i == 0 { "r = (".to_owned() } else { head };
            source.extend([&open, "\n    ", &chain.join("\n    ."), "\n)\n"]);
        }
    }
    ProgramText { source, features: turned.features.len() }
}

/// Writes the same part as an engineer does: with named dimensions, patterns and comments. The numbers are the same, so the
/// solid is; `None` where there is nothing to write.
pub fn parametric_program(
    part: &Part,
    scan_from_part: DMat3,
    precision: Precision,
    wording: Wording,
) -> Option<String> {
    super::parametric::program(part, scan_from_part, precision, wording)
}

/// Whether a part can be written at all: it starts with something added.
pub fn is_writable(part: &Part) -> bool {
    part.features
        .first()
        .is_some_and(|f| f.kind == FeatureKind::Add && !matches!(f.sweep, Sweep::Extrude { depth } if depth <= 0.0))
}
