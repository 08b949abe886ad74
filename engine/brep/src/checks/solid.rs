//! All checks of all solids.

use glam::DVec3;

use super::{
    EdgeOffSurface, EdgeRunTwice, EdgeUses, InsideOut, LoopCrosses, VertexOffCurve, VoidMisplaced, WireNotClosed,
    check_closed_shell, check_edges_on_surfaces, check_oriented, check_outward, check_simple_loops,
    check_vertices_on_curves, check_voids_inside, check_wires_closed,
};
use crate::measure::face_bounds;
use crate::topology::Solid;

/// How far, in parts of a solid's diagonal, analytic geometry that should meet may be apart: rounding and the vertices'
/// snapping stay far below.
const EXACT: f64 = 1e-7;
/// The same for splines, which stand for curves that have no simpler form.
const FITTED: f64 = 1e-4;

/// A rule that a solid violates.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("solid {solid}: {rule}")]
pub struct Violation {
    /// Index of the solid.
    pub solid: usize,
    /// The rule, and where it is violated.
    pub rule: Rule,
}

/// The rules.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum Rule {
    /// Every edge of a shell has two uses.
    ClosedShell(#[from] EdgeUses),
    /// The two uses of an edge run in opposite directions.
    Oriented(#[from] EdgeRunTwice),
    /// Every wire is closed.
    WiresClosed(#[from] WireNotClosed),
    /// Every vertex lies on the curves of its edges.
    VerticesOnCurves(#[from] VertexOffCurve),
    /// Every edge lies on the surfaces of its faces.
    EdgesOnSurfaces(#[from] EdgeOffSurface),
    /// No loop crosses itself or another of its face.
    SimpleLoops(#[from] LoopCrosses),
    /// The faces look outward.
    Outward(#[from] InsideOut),
    /// Voids lie inside.
    VoidsInside(#[from] VoidMisplaced),
}

/// Tolerances in the solid's unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowed {
    pub(super) exact: f64,
    pub(super) fitted: f64,
}

impl Allowed {
    pub(super) fn of(solid: &Solid) -> Self {
        let [low, high] = solid
            .face_iter()
            .map(face_bounds)
            .fold([DVec3::INFINITY, DVec3::NEG_INFINITY], |[l, h], b| [l.min(b[0]), h.max(b[1])]);
        let size = (high - low).length();
        let size = if size.is_finite() { size } else { 0.0 };
        Self { exact: EXACT * size, fitted: FITTED * size }
    }

    pub(super) fn on(&self, curve: &crate::Curve) -> f64 {
        if matches!(curve, crate::Curve::Spline { .. }) { self.fitted } else { self.exact }
    }
}

/// Every violation found in `solids`; empty when all are valid. Geometric rules are only asked of solids whose topology
/// holds.
pub fn check(solids: &[Solid]) -> Vec<Violation> {
    let mut out = Vec::new();
    for (i, solid) in solids.iter().enumerate() {
        let mut found: Vec<Rule> = Vec::new();
        found.extend(check_wires_closed(solid).into_iter().map(Rule::from));
        found.extend(check_closed_shell(solid).into_iter().map(Rule::from));
        found.extend(check_oriented(solid).into_iter().map(Rule::from));
        if found.is_empty() {
            found.extend(check_vertices_on_curves(solid).into_iter().map(Rule::from));
            found.extend(check_edges_on_surfaces(solid).into_iter().map(Rule::from));
        }
        if found.is_empty() {
            found.extend(check_simple_loops(solid).into_iter().map(Rule::from));
        }
        if found.is_empty() {
            found.extend(check_outward(solid).into_iter().map(Rule::from));
            found.extend(check_voids_inside(solid).into_iter().map(Rule::from));
        }
        out.extend(found.into_iter().map(|rule| Violation { solid: i, rule }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn all_samples_are_valid() {
        for s in samples::all() {
            assert_eq!(check(std::slice::from_ref(&s.solid)), [], "{}", s.name);
        }
    }

    #[test]
    fn a_violation_says_where() {
        let mut inside_out = samples::cuboid().solid;
        inside_out.not();
        let found = check(&[samples::sphere().solid, inside_out]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to_string(), "solid 1: shell 0 encloses the volume -40.000000: its faces look inward");
    }
}
