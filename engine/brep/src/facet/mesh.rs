//! A body's facet mesh and the table that says what every facet is.

use glam::{DVec2, DVec3};
use manifold_rust::linalg::Vec2;
use manifold_rust::polygon::triangulate_idx;
use manifold_rust::types::PolyVert;

use super::{Area, Outline, SegmentKind};
use crate::canonical::{SurfaceId, SurfaceTable, canonical_direction, natural_normal};
use crate::{BrepCause, CallId};

/// One face of one body, before any boolean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyFace {
    /// The call that made the body.
    pub(crate) call: CallId,
    /// The surface the face lies on.
    pub(crate) surface: SurfaceId,
}

/// A planar piece of a [`BodyFace`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facet {
    /// Index into [`FacetTable::faces`].
    pub(crate) face: u32,
    /// Whether the body's outward normal is the surface's natural normal.
    pub(crate) natural: bool,
}

/// All facets of one evaluation; the index of a facet is its face id in the mesh boolean.
#[derive(Debug, Default)]
pub(crate) struct FacetTable {
    /// Facets of all bodies.
    pub(crate) facets: Vec<Facet>,
    /// Faces of all bodies.
    pub(crate) faces: Vec<BodyFace>,
}

impl FacetTable {
    /// A new face made by `call` on `surface`.
    pub(crate) fn face(&mut self, call: CallId, surface: SurfaceId) -> u32 {
        self.faces.push(BodyFace { call, surface });
        self.faces.len() as u32 - 1
    }
}

/// A closed facet mesh.
#[derive(Clone, Debug, Default)]
pub(crate) struct FacetMesh {
    /// Corners.
    pub(crate) positions: Vec<DVec3>,
    /// Corner indices, counter-clockwise from outside.
    pub(crate) triangles: Vec<[u32; 3]>,
    /// The facet every triangle belongs to; index into [`FacetTable::facets`].
    pub(crate) facets: Vec<u32>,
}

impl FacetMesh {
    /// Adds the facets of another mesh.
    pub(crate) fn append(&mut self, other: Self) {
        let offset = self.positions.len() as u32;
        self.positions.extend(other.positions);
        self.triangles.extend(other.triangles.into_iter().map(|t| t.map(|v| v + offset)));
        self.facets.extend(other.facets);
    }

    /// Adds one planar facet of the given triangles to `face`; its orientation is read off its largest triangle.
    pub(crate) fn facet(
        &mut self,
        table: &mut FacetTable,
        surfaces: &SurfaceTable,
        face: u32,
        triangles: impl IntoIterator<Item = [u32; 3]>,
    ) {
        let id = table.facets.len() as u32;
        let mut largest = (0.0, true);
        let surface = surfaces.surface(table.faces[face as usize].surface);
        for triangle in triangles {
            let [a, b, c] = triangle;
            if a == b || b == c || c == a {
                continue;
            }
            let [p, q, r] = triangle.map(|i| self.positions[i as usize]);
            let normal = (q - p).cross(r - p);
            let size = normal.length_squared();
            if size > largest.0 {
                largest = (size, natural_normal(surface, (p + q + r) / 3.0).dot(normal) > 0.0);
            }
            self.triangles.push(triangle);
            self.facets.push(id);
        }
        table.facets.push(Facet { face, natural: largest.1 });
    }
}

/// Most of a circle's sector that straight steps may cut off: those of the coarsest grid, each half as wide again.
const CUT_OFF: f64 = 0.02;

/// Checks that `triangles` of the concatenated `polygons` cover what `area` bounds, but for what straight steps cut off
/// its arcs: a loop the triangulation lost would be missing in everything made of it.
pub(crate) fn check_cover(area: &Area, polygons: &[Vec<DVec2>], triangles: &[[u32; 3]]) -> Result<(), BrepCause> {
    let flat: Vec<DVec2> = polygons.concat();
    let reference = flat.first().copied().unwrap_or_default();
    let corner = |i: u32| flat[i as usize] - reference;
    let double = |[a, b, c]: &[u32; 3]| (corner(*b) - corner(*a)).perp_dot(corner(*c) - corner(*a));
    let faceted = triangles.iter().map(double).sum::<f64>() / 2.0;
    let side = |p: &DVec2, q: &DVec2| (*p - reference).perp_dot(*q - reference);
    let around = |p: &Vec<DVec2>| p.iter().zip(p.iter().cycle().skip(1)).map(|(a, b)| side(a, b)).sum::<f64>() / 2.0;
    let bounded: f64 = polygons.iter().map(around).sum();
    let exact: f64 = area.outlines.iter().map(Outline::signed_area).sum();
    let sectors = area.outlines.iter().flat_map(|o| &o.segments).map(|segment| match segment.kind {
        SegmentKind::Line => 0.0,
        SegmentKind::Arc { radius, sweep, .. } => radius * radius * sweep.abs() / 2.0,
    });
    let [low, high] = area.bounds();
    let rounding = 1e-9 * (high - low).length_squared();
    let covered = (faceted - bounded).abs() <= rounding;
    let alike = (bounded - exact).abs() <= rounding + CUT_OFF * sectors.sum::<f64>();
    if covered && alike { Ok(()) } else { Err(BrepCause::AreaMismatch { exact, faceted }) }
}

/// Triangles between two parallel columns of corners, `left` and `right` seen from outside, both rising to the same height.
/// Corners of one height face each other in quads, split the same way whichever body's wall it is.
pub(crate) fn panel(positions: &[DVec3], left: &[Corner], right: &[Corner], tolerance: f64) -> Vec<[u32; 3]> {
    let (mut i, mut j) = (0, 0);
    let mut triangles = Vec::with_capacity(left.len() + right.len() - 2);
    while i + 1 < left.len() || j + 1 < right.len() {
        let up_left = left.get(i + 1).map_or(f64::INFINITY, |c| c.height);
        let up_right = right.get(j + 1).map_or(f64::INFINITY, |c| c.height);
        let (a, b) = (left[i].index, right[j].index);
        if (up_left - up_right).abs() <= tolerance {
            let (c, d) = (right[j + 1].index, left[i + 1].index);
            let [p, q, r] = [a, b, d].map(|v| positions[v as usize]);
            let across = canonical_direction(q - p) == q - p;
            let up = canonical_direction(r - p) == r - p;
            triangles.extend(if across == up { [[a, b, c], [a, c, d]] } else { [[a, b, d], [b, c, d]] });
            (i, j) = (i + 1, j + 1);
        } else if up_left < up_right {
            triangles.push([a, b, left[i + 1].index]);
            i += 1;
        } else {
            triangles.push([a, b, right[j + 1].index]);
            j += 1;
        }
    }
    triangles
}

/// A corner of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corner {
    /// Index of its position.
    pub(crate) index: u32,
    /// Height along the column.
    pub(crate) height: f64,
}

/// Triangles of the area between closed polygons (the outer one counter-clockwise, holes clockwise), as indices into the
/// concatenated points. Uses the given points alone.
pub(crate) fn triangulate(polygons: &[Vec<DVec2>], epsilon: f64) -> Vec<[u32; 3]> {
    let mut next = 0;
    let indexed = polygons
        .iter()
        .map(|polygon| {
            let numbered = polygon.iter().zip(next..).map(|(p, idx)| PolyVert { pos: Vec2::new(p.x, p.y), idx });
            let points: Vec<PolyVert> = numbered.collect();
            next += polygon.len() as i32;
            points
        })
        .collect();
    triangulate_idx(&indexed, epsilon, true).into_iter().map(|t| [t.x as u32, t.y as u32, t.z as u32]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loop, PathEdge, Region};

    fn plate_with_hole() -> (Area, Vec<Vec<DVec2>>) {
        let corners = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]].map(DVec2::from);
        let edges = [1, 2, 3, 0].map(|i: usize| PathEdge::Line { end: corners[i] }).to_vec();
        let hole = Loop::Circle { center: DVec2::splat(5.0), radius: 0.1 };
        let region = Region { outer: Loop::Path { start: corners[0], edges }, holes: vec![hole] };
        let area = Area::from_region(&region, 1e-7).expect("a sound region");
        let around = |i: u32| DVec2::splat(5.0) + DVec2::from_angle(-f64::from(i) * std::f64::consts::TAU / 32.0) * 0.1;
        (area, vec![corners.to_vec(), (0..32).map(around).collect()])
    }

    #[test]
    fn a_lost_loop_is_found() {
        let (area, polygons) = plate_with_hole();
        let all = triangulate(&polygons, 1e-9);
        assert_eq!(check_cover(&area, &polygons, &all), Ok(()));
        let without = triangulate(&polygons[..1], 1e-9);
        let lost = check_cover(&area, &polygons, &without);
        assert!(matches!(lost, Err(BrepCause::AreaMismatch { .. })), "{lost:?}");
        let lost = check_cover(&area, &polygons[..1], &without);
        assert!(matches!(lost, Err(BrepCause::AreaMismatch { .. })), "{lost:?}");
        assert!(check_cover(&area, &polygons, &all[1..]).is_err());
    }
}
