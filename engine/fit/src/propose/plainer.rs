//! A plainer telling of a model, for a kernel that cannot make the exact one.
//!
//! What kernels fail at is nearly always detail at the edge of what a section shows: outlines that nearly touch, edges of
//! no length to speak of, arcs through three points in a row. Outlines fitted loosely on a coarse grid have none of it.

use super::Draft;
use crate::part::{Feature, Outline, PathEdge, Region, Sweep};
use crate::profile::{ProfileTolerance, fit_outline};
use crate::section::Area;
use crate::understand::Target;

/// How far the plain outlines may stray, by the part's size.
const STRAY: f64 = 1.5e-3;
/// Pieces and holes of this mean width, by the part's size, are left out.
const LEAST_WIDTH: f64 = 3e-3;
/// The error of the coarse grid, by the part's size.
pub(super) const GRID_ERROR: f64 = 5e-4;

/// The drafts with loosely fitted outlines of straight edges and circles, and without what is too small for them.
pub(super) fn plainer(drafts: &[Draft], target: &Target) -> Vec<Draft> {
    let tolerance = ProfileTolerance { vertex: STRAY * target.size, loosest: 2.0 * STRAY * target.size };
    let thin = LEAST_WIDTH * target.size;
    drafts
        .iter()
        .filter_map(|draft| {
            if matches!(draft.feature.sweep, Sweep::Extrude { depth } if depth < thin) {
                return None;
            }
            let (mut regions, mut polygons) = (Vec::new(), Vec::new());
            for loops in &draft.polygons {
                for shape in Area::enclosed(loops, false).without_slivers(thin).shapes {
                    let Some(outer) = plain(&shape.outer, tolerance) else { continue };
                    let holes = shape.holes.iter().filter_map(|h| plain(h, tolerance)).collect();
                    regions.push(Region { outer, holes });
                    polygons.push(std::iter::once(shape.outer).chain(shape.holes).collect());
                }
            }
            let feature = Feature { regions, ..draft.feature.clone() };
            (!feature.regions.is_empty()).then_some(Draft { feature, polygons, sure: false })
        })
        .collect()
}

/// A circle, or straight edges that do not cross.
fn plain(polygon: &[glam::DVec2], tolerance: ProfileTolerance) -> Option<Outline> {
    let outline = fit_outline(polygon, tolerance)?;
    let Outline::Path { edges, .. } = &outline else { return Some(outline) };
    let straight = if edges.iter().all(|e| matches!(e, PathEdge::Line { .. })) {
        outline
    } else {
        Outline::polygon(&outline.points(tolerance.vertex))
    };
    let points = straight.points(tolerance.vertex);
    let whole = Area::enclosed(std::slice::from_ref(&points), false);
    // One that crosses itself falls apart; its largest piece stands for it.
    let largest = whole
        .shapes
        .into_iter()
        .map(|s| s.outer)
        .max_by(|a, b| crate::section::signed_area(a).total_cmp(&crate::section::signed_area(b)))?;
    Some(if largest.len() == points.len() { straight } else { Outline::polygon(&largest) })
}
