//! Rounds every coordinate of a part to one decimal grid.
//!
//! Coordinates are absolute while they are rounded. Whatever was flush stays flush, because equal coordinates round
//! equally and all differences are multiples of the grid.

use glam::{DVec2, DVec3};

use crate::part::{Feature, Outline, Part, PathEdge, Region, SketchPlane, Sweep, circle_through};

/// The grid that coordinates are put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precision {
    /// Decimals of coordinates, lengths and radii.
    pub decimals: usize,
    /// Whether arcs' middles have to be on the grid, too, rather than on one two decimals finer.
    pub strict: bool,
}

impl Precision {
    /// The coarsest decimal grid whose rounding stays within `error`.
    pub fn within(error: f64) -> Self {
        let decimals = (-(2.0 * error).log10()).ceil().clamp(0.0, 12.0) as usize;
        Self { decimals, strict: false }
    }

    /// Integers.
    pub const INTEGERS: Self = Self { decimals: 0, strict: true };

    fn round(self, value: f64) -> f64 {
        round_to(value, self.decimals)
    }

    /// The distance between neighbouring points of the grid.
    pub fn step(self) -> f64 {
        10f64.powi(-(self.decimals as i32))
    }
}

fn round_to(value: f64, decimals: usize) -> f64 {
    let scale = 10f64.powi(decimals as i32);
    (value * scale).round() / scale
}

/// The part with its coordinates on the grid. Features, regions and holes that vanish on it are dropped; a depth is never
/// less than one step of the grid.
#[must_use]
pub fn rounded(part: &Part, precision: Precision) -> Part {
    let features = part
        .features
        .iter()
        .filter_map(|feature| {
            let n = feature.plane.normal;
            let (plane, sweep) = match feature.sweep {
                Sweep::Extrude { depth } => {
                    let height = feature.plane.origin.dot(n);
                    let from = precision.round(height);
                    let to = precision.round(height + depth).max(from + precision.step());
                    let aside = feature.plane.origin - n * height;
                    let plane = feature.plane.at(aside + n * from);
                    (plane, Sweep::Extrude { depth: round_to(to - from, precision.decimals) })
                }
                Sweep::Revolve => {
                    (SketchPlane { origin: rounded_origin(&feature.plane, precision), ..feature.plane }, Sweep::Revolve)
                }
            };
            let regions: Vec<Region> = feature.regions.iter().filter_map(|r| rounded_region(r, precision)).collect();
            (!regions.is_empty()).then_some(Feature { kind: feature.kind, plane, regions, sweep })
        })
        .collect();
    Part { features }
}

/// The origin on the grid where the plane's axes are coordinate axes; elsewhere a grid would not keep it on its plane.
fn rounded_origin(plane: &SketchPlane, precision: Precision) -> DVec3 {
    let along_axis = |d: DVec3| d.abs().max_element() > 1.0 - 1e-12;
    if along_axis(plane.normal) && along_axis(plane.x) {
        DVec3::from_array(plane.origin.to_array().map(|v| precision.round(v)))
    } else {
        plane.origin
    }
}

fn rounded_region(region: &Region, precision: Precision) -> Option<Region> {
    let outer = rounded_outline(&region.outer, precision)?;
    let holes = region.holes.iter().filter_map(|h| rounded_outline(h, precision)).collect();
    Some(Region { outer, holes })
}

fn rounded_outline(outline: &Outline, precision: Precision) -> Option<Outline> {
    let on_grid = |p: DVec2| DVec2::new(precision.round(p.x), precision.round(p.y));
    match outline {
        Outline::Circle { center, radius } => {
            let radius = precision.round(*radius);
            (radius > 0.0).then(|| Outline::Circle { center: on_grid(*center), radius })
        }
        Outline::Path { start, edges } => {
            let start = on_grid(*start);
            let mut from = start;
            let mut kept: Vec<PathEdge> = Vec::with_capacity(edges.len());
            for edge in edges {
                let end = on_grid(edge.end());
                if end == from {
                    continue;
                }
                kept.push(match *edge {
                    PathEdge::Line { .. } => PathEdge::Line { end },
                    PathEdge::Arc { mid, .. } => {
                        let finer = precision.decimals + if precision.strict { 0 } else { 2 };
                        let mid = DVec2::new(round_to(mid.x, finer), round_to(mid.y, finer));
                        let is_arc = mid != from && mid != end && circle_through(from, mid, end).is_some();
                        if is_arc { PathEdge::Arc { mid, end } } else { PathEdge::Line { end } }
                    }
                });
                from = end;
            }
            without_flat_corners(start, &mut kept);
            let lines_only = kept.iter().all(|e| matches!(e, PathEdge::Line { .. }));
            let start = kept.last()?.end();
            let outline = Outline::Path { start, edges: kept };
            let enough = match &outline {
                Outline::Path { edges, .. } => edges.len() >= if lines_only { 3 } else { 2 },
                Outline::Circle { .. } => true,
            };
            let area = crate::section::signed_area(&outline.points(precision.step() * 0.1)).abs();
            (enough && area > 0.0).then_some(outline)
        }
    }
}

/// Joins straight edges that rounding has made exactly collinear or folded back.
fn without_flat_corners(start: DVec2, edges: &mut Vec<PathEdge>) {
    let mut i = 0;
    while edges.len() > 3 && i < edges.len() {
        let next = (i + 1) % edges.len();
        let from = if i == 0 { edges.last().map_or(start, PathEdge::end) } else { edges[i - 1].end() };
        if let (PathEdge::Line { end: a }, PathEdge::Line { end: b }) = (edges[i], edges[next])
            && (a - from).perp_dot(b - a).abs() <= 1e-12 * (a - from).length() * (b - a).length()
            && from != b
        {
            edges.remove(i);
            i = i.saturating_sub(1);
            continue;
        }
        i += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::FeatureKind;

    #[test]
    fn precision_follows_the_error() {
        let check = |error: f64, decimals: usize| assert_eq!(Precision::within(error).decimals, decimals, "{error}");
        check(1e-6, 6);
        check(6e-7, 6);
        check(0.05, 1);
        check(0.002, 3);
        check(3.0, 0);
    }

    #[test]
    fn flush_features_stay_flush_and_nothing_vanishes() {
        let slab = |from: f64, depth: f64| Feature {
            kind: FeatureKind::Add,
            plane: SketchPlane::through(DVec3::Z * from, DVec3::Z),
            regions: vec![Region {
                outer: Outline::Circle { center: DVec2::new(0.04, 0.0), radius: 1.26 },
                holes: vec![],
            }],
            sweep: Sweep::Extrude { depth },
        };
        let third = 1.0 / 3.0;
        let part = Part { features: vec![slab(0.0, third), slab(third, third), slab(2.0 * third, 0.001)] };
        let found = rounded(&part, Precision { decimals: 1, strict: false });
        let ends: Vec<(f64, f64)> = found
            .features
            .iter()
            .map(|f| match f.sweep {
                Sweep::Extrude { depth } => (f.plane.origin.z, depth),
                Sweep::Revolve => (f64::NAN, f64::NAN),
            })
            .collect();
        assert_eq!(ends, [(0.0, 0.3), (0.3, 0.4), (0.7, 0.1)]);
        assert_eq!(found.features[0].regions[0].outer, Outline::Circle { center: DVec2::ZERO, radius: 1.3 });
    }

    #[test]
    fn vanishing_edges_and_outlines_go() {
        let path = |points: &[(f64, f64)]| {
            let points: Vec<DVec2> = points.iter().map(|&p| p.into()).collect();
            rounded_outline(&Outline::polygon(&points), Precision::INTEGERS)
        };
        assert_eq!(path(&[(0.0, 0.0), (0.2, 0.0), (0.2, 0.3)]), None);
        let Some(Outline::Path { edges, .. }) = path(&[(0.0, 0.0), (4.0, 0.2), (4.2, 0.3), (4.0, 4.0)]) else {
            unreachable!("the triangle stays")
        };
        assert_eq!(edges.len(), 3);
    }
}
