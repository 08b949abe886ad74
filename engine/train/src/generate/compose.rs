//! Set operations on primitives, with their arcs kept.
//!
//! The polygons of the primitives are combined (by `i_overlay`), and every edge of the result is traced back to the curve
//! it lies on. Neighbouring edges of one circle become one arc.

use glam::DVec2;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay as _;

use super::curve::{Boundary, Curve, Region};
use super::primitive::{Primitive, Source, sagitta};

/// What is done with a primitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Unite,
    Cut,
}

type Contour = Vec<[f64; 2]>;

/// Edges of the overlay lie on its grid, which is far finer than this.
const GRID: f64 = 1e-6;

/// The faces of a combination; empty when nothing is left. `None` when an edge cannot be traced back.
pub(super) fn compose(steps: &[(Operation, Primitive)]) -> Option<Vec<Region>> {
    if let [(Operation::Unite, Primitive::Disc { center, radius })] = *steps {
        return Some(vec![Region { outer: Boundary::Circle { center, radius }, holes: Vec::new() }]);
    }
    let mut shapes: Vec<Vec<Contour>> = Vec::new();
    for (operation, primitive) in steps {
        let own = vec![primitive.polygon()];
        shapes = match (operation, shapes.is_empty()) {
            (Operation::Unite, true) => vec![own],
            (Operation::Cut, true) => shapes,
            (Operation::Unite, _) => shapes.overlay(&own, OverlayRule::Union, FillRule::NonZero),
            (Operation::Cut, _) => shapes.overlay(&own, OverlayRule::Difference, FillRule::NonZero),
        };
    }
    let sources: Vec<Source> = steps.iter().flat_map(|(_, primitive)| primitive.sources()).collect();
    let widest = steps.iter().map(|(_, primitive)| primitive.reach()).fold(0.0, f64::max);
    let tolerance = 2.0 * sagitta() * widest + GRID;
    let boundary = |contour: &Contour| {
        let points: Vec<DVec2> = contour.iter().copied().map(DVec2::from_array).collect();
        traced(&points, &sources, tolerance)
    };
    let region = |shape: &Vec<Contour>| {
        let (outer, holes) = shape.split_first()?;
        Some(Region { outer: boundary(outer)?, holes: holes.iter().map(boundary).collect::<Option<_>>()? })
    };
    shapes.iter().map(region).collect()
}

/// A polygon as edges of the curves it lies on, counter-clockwise.
fn traced(points: &[DVec2], sources: &[Source], tolerance: f64) -> Option<Boundary> {
    let mut points = points.to_vec();
    if super::curve::area(&points) < 0.0 {
        points.reverse();
    }
    let count = points.len();
    let next = |k: usize| (k + 1) % count;
    let of_edge: Vec<usize> =
        (0..count).map(|k| source_of(points[k], points[next(k)], sources, tolerance)).collect::<Option<_>>()?;
    // Where one curve gives way to another.
    let first = (0..count).find(|k| of_edge[(k + count - 1) % count] != of_edge[*k]);
    let Some(first) = first else {
        return match sources.get(*of_edge.first()?)? {
            Source::Circle { center, radius } => Some(Boundary::Circle { center: *center, radius: *radius }),
            Source::Line { .. } => None,
        };
    };
    let mut edges = Vec::new();
    let mut k = 0;
    while k < count {
        let (from, source) = ((first + k) % count, of_edge[(first + k) % count]);
        let mut sweep = 0.0;
        while k < count && of_edge[(first + k) % count] == source {
            let at = (first + k) % count;
            if let Source::Circle { center, .. } = sources[source] {
                sweep += (points[at] - center).angle_to(points[next(at)] - center);
            }
            k += 1;
        }
        let (start, to) = (points[from], points[(first + k) % count]);
        edges.push(match sources[source] {
            Source::Line { .. } => Curve::Line { to },
            Source::Circle { center, radius } => {
                let mid = center + radius * DVec2::from_angle((start - center).to_angle() + 0.5 * sweep);
                Curve::Arc { mid, to }
            }
        });
    }
    Some(Boundary::Path { start: points[first], edges })
}

/// The curve an edge lies on: the nearest to its ends and its middle.
fn source_of(a: DVec2, b: DVec2, sources: &[Source], tolerance: f64) -> Option<usize> {
    let off = |source: &Source| [a, b, 0.5 * (a + b)].map(|p| source.distance(p)).into_iter().fold(0.0, f64::max);
    let nearest = sources.iter().map(off).enumerate().min_by(|x, y| x.1.total_cmp(&y.1))?;
    (nearest.1 <= tolerance).then_some(nearest.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::curve::{area, polygon};

    fn disc(x: f64, y: f64, radius: f64) -> Primitive {
        Primitive::Disc { center: DVec2::new(x, y), radius }
    }

    fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Primitive {
        Primitive::Rectangle { center: DVec2::new(x, y), half: DVec2::new(width, height) / 2.0, angle_rad: 0.0 }
    }

    fn check(steps: &[(Operation, Primitive)], faces: &[(usize, usize)], expected_area: f64) {
        let regions = compose(steps).unwrap();
        let edges = |boundary: &Boundary| match boundary {
            Boundary::Circle { .. } => 1,
            Boundary::Path { edges, .. } => edges.len(),
        };
        let found: Vec<_> = regions.iter().map(|region| (edges(&region.outer), region.holes.len())).collect();
        assert_eq!(found, faces, "{regions:?}");
        let of_region = |region: &Region| {
            area(&polygon(&region.outer)) - region.holes.iter().map(|hole| area(&polygon(hole))).sum::<f64>()
        };
        let total: f64 = regions.iter().map(of_region).sum();
        assert!((total - expected_area).abs() < 0.01 * expected_area, "{total} {expected_area}");
    }

    #[test]
    fn arcs_survive() {
        use Operation::{Cut, Unite};
        let pi = std::f64::consts::PI;
        check(&[(Unite, disc(0.0, 0.0, 1.0))], &[(1, 0)], pi);
        check(&[(Unite, rectangle(0.0, 0.0, 2.0, 1.0))], &[(4, 0)], 2.0);
        check(&[(Unite, rectangle(0.0, 0.0, 2.0, 2.0)), (Cut, disc(0.0, 0.0, 0.5))], &[(4, 1)], 4.0 - pi / 4.0);
        // A slot, and the same with a rectangle through it that leaves two ends.
        let slot =
            [(Unite, rectangle(0.0, 0.0, 2.0, 1.0)), (Unite, disc(-1.0, 0.0, 0.5)), (Unite, disc(1.0, 0.0, 0.5))];
        check(&slot, &[(4, 0)], 2.0 + pi / 4.0);
        check(&[&slot[..], &[(Cut, rectangle(0.0, 0.0, 2.0, 3.0))]].concat(), &[(2, 0), (2, 0)], pi / 4.0);
        // A plus sign of two bars.
        check(&[(Unite, rectangle(0.0, 0.0, 3.0, 1.0)), (Unite, rectangle(0.0, 0.0, 1.0, 3.0))], &[(12, 0)], 5.0);
        assert_eq!(compose(&[(Unite, disc(0.0, 0.0, 1.0)), (Cut, disc(0.0, 0.0, 2.0))]), Some(vec![]));
    }
}
