//! The report on a mesh.

use glam::DVec3;

use super::weld::weld_exact;
use crate::edges::{EdgeCount, Edges, Side};
use crate::pieces::pieces;
use crate::{Bounds, TriMesh};

/// What a mesh is and what is wrong with it. Lengths, areas and volumes are in the mesh's own unit.
///
/// Edges and pieces are judged after joining vertices at identical positions: many programs write a vertex once per face,
/// which is no defect of the shape. How many were joined is in `repeated_vertices`.
#[derive(Clone, Debug, PartialEq)]
pub struct MeshReport {
    /// Number of triangles.
    pub triangles: usize,
    /// Number of vertices.
    pub vertices: usize,
    /// Vertices at the position of an earlier one.
    pub repeated_vertices: usize,
    /// Vertices that no triangle uses.
    pub unused_vertices: usize,
    /// Triangles with two corners at the same place, or whose height is zero within rounding.
    pub degenerate: usize,
    /// Triangles with the same three corners as an earlier one, whichever way round.
    pub duplicate: usize,
    /// Edges with one triangle: the rims of holes.
    pub boundary_edges: usize,
    /// Edges with more than two triangles.
    pub non_manifold_edges: usize,
    /// Edges of two or more triangles that do not run along it in both directions equally often.
    pub inconsistent_edges: usize,
    /// Whether the surface is closed and oriented: every edge is run along equally often in both directions. Bodies that
    /// touch along an edge (a non-manifold one) can be watertight.
    pub watertight: bool,
    /// Connected pieces of the surface, cavities included.
    pub shells: usize,
    /// Connected pieces of the surface, cavities (closed pieces that face inwards, in the box of a closed one that faces
    /// outwards) not counted.
    pub bodies: usize,
    /// The box of the triangles; `None` without any.
    pub bounds: Option<Bounds>,
    /// The area of all triangles.
    pub area: f64,
    /// The enclosed volume, when watertight; negative when the mesh is inside out.
    pub volume: Option<f64>,
}

/// Reports on a mesh without changing it.
///
/// Every corner must be an index into the positions, as the readers of this crate guarantee.
#[must_use]
pub fn inspect(mesh: &TriMesh) -> MeshReport {
    let welded = weld_exact(mesh);
    let edges = Edges::of(&welded.triangles);
    let counts = EdgeCount::in_each(&edges);
    let (piece_of, piece_count) = pieces(welded.triangles.len(), &edges);
    let bounds = Bounds::of_mesh(mesh);
    // About the middle of the box, so that a part far from the origin loses no digits.
    let middle = bounds.map_or(DVec3::ZERO, Bounds::center);
    let mut pieces = vec![Piece::default(); piece_count];
    let mut area = 0.0;
    let mut degenerate = 0;
    for (corners, &piece) in welded.triangles.iter().zip(&piece_of) {
        let points = corners.map(|corner| welded.positions[corner as usize]);
        let is_point_or_line = has_repeated_corner(*corners);
        area += triangle_area(points);
        degenerate += usize::from(is_point_or_line || is_flat(points));
        pieces[piece as usize].add(points, middle, is_point_or_line);
    }
    let is_balanced = |sides: &[Side]| sides.iter().filter(|side| side.is_forward()).count() * 2 == sides.len();
    for side in edges.groups().filter(|sides| !is_balanced(sides)).flatten() {
        pieces[piece_of[side.triangle()] as usize].is_open = true;
    }
    pieces.retain(|piece| piece.has_surface);
    let watertight = !pieces.is_empty() && counts.boundary == 0 && counts.inconsistent == 0;
    let volume: f64 = pieces.iter().map(|piece| piece.volume).sum();
    MeshReport {
        triangles: mesh.triangles.len(),
        vertices: mesh.positions.len(),
        repeated_vertices: mesh.positions.len() - welded.positions.len(),
        unused_vertices: unused(mesh),
        degenerate,
        duplicate: edges.duplicate_triangles(&welded.triangles),
        boundary_edges: counts.boundary,
        non_manifold_edges: counts.crowded,
        inconsistent_edges: counts.inconsistent,
        watertight,
        shells: pieces.len(),
        bodies: pieces.len() - cavities(&pieces, volume),
        bounds,
        area,
        volume: watertight.then_some(volume),
    }
}

/// A connected piece of the surface.
#[derive(Clone, Copy, Default)]
struct Piece {
    /// Whether it has a triangle between three different vertices.
    has_surface: bool,
    is_open: bool,
    volume: f64,
    bounds: Option<Bounds>,
}

impl Piece {
    fn add(&mut self, points: [DVec3; 3], middle: DVec3, is_point_or_line: bool) {
        self.has_surface |= !is_point_or_line;
        self.volume += signed_volume(points.map(|point| point - middle));
        let own = Bounds::of_points(points);
        self.bounds = self.bounds.zip(own).map(|(all, own)| all.union(own)).or(own);
    }

    fn lies_in(&self, other: &Self) -> bool {
        self.bounds.zip(other.bounds).is_some_and(|(own, other)| other.contains(own.min) && other.contains(own.max))
    }
}

/// Counts the closed pieces that face against the whole, each in the box of a closed piece that faces with it. A mesh
/// inside out has its bodies where others have their cavities, so the whole's volume may be negative.
fn cavities(pieces: &[Piece], whole: f64) -> usize {
    let closed = || pieces.iter().filter(|piece| !piece.is_open);
    let is_cavity = |piece: &&Piece| {
        let holds = |other: &Piece| other.volume * whole > 0.0 && piece.lies_in(other);
        piece.volume * whole < 0.0 && closed().any(holds)
    };
    closed().filter(is_cavity).count()
}

fn unused(mesh: &TriMesh) -> usize {
    let mut is_used = vec![false; mesh.positions.len()];
    for &corner in mesh.triangles.iter().flatten() {
        is_used[corner as usize] = true;
    }
    is_used.iter().filter(|&&used| !used).count()
}

pub(super) fn has_repeated_corner([a, b, c]: [u32; 3]) -> bool {
    a == b || b == c || c == a
}

pub(super) fn triangle_area([a, b, c]: [DVec3; 3]) -> f64 {
    (b - a).cross(c - a).length() / 2.0
}

/// The volume of the tetrahedron with the origin, positive when the triangle is counter-clockwise seen from outside.
pub(super) fn signed_volume([a, b, c]: [DVec3; 3]) -> f64 {
    a.dot(b.cross(c)) / 6.0
}

/// Whether the triangle's height is lost in the rounding of its own coordinates.
fn is_flat(points: [DVec3; 3]) -> bool {
    /// A few units in the last place of an f64.
    const ROUNDING: f64 = 1e-15;
    let [a, b, c] = points;
    let longest = (b - a).length().max((c - b).length()).max((a - c).length());
    let magnitude = points.iter().map(|point| point.abs().max_element()).fold(0.0, f64::max);
    2.0 * triangle_area(points) <= longest * magnitude * ROUNDING
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::shapes::{cube, flipped, joined, scaled, soup};
    use crate::repair::weld;

    #[test]
    fn a_cube_is_a_cube_wherever_it_stands() {
        for origin in [DVec3::ZERO, DVec3::new(300.0, -200.0, 1e5)] {
            let report = inspect(&cube(origin));
            assert!(report.watertight);
            assert_eq!((report.triangles, report.vertices, report.bodies, report.shells), (12, 8, 1, 1));
            assert_eq!((report.degenerate, report.duplicate, report.boundary_edges), (0, 0, 0));
            assert!((report.area - 6.0).abs() < 1e-9);
            assert!((report.volume.unwrap() - 1.0).abs() < 1e-9);
            assert_eq!(report.bounds, Some(Bounds { min: origin, max: origin + DVec3::ONE }));
        }
    }

    #[test]
    fn defects_are_counted() {
        let check = |change: fn(&mut TriMesh), expected: (usize, usize, usize, usize, usize, bool)| {
            let mut mesh = cube(DVec3::ZERO);
            change(&mut mesh);
            let r = inspect(&mesh);
            let found =
                (r.degenerate, r.duplicate, r.boundary_edges, r.non_manifold_edges, r.inconsistent_edges, r.watertight);
            assert_eq!(found, expected, "{mesh:?}");
            assert_eq!(r.volume.is_some(), r.watertight);
        };
        check(|_| {}, (0, 0, 0, 0, 0, true));
        check(|mesh| mesh.triangles.push([0, 1, 1]), (1, 0, 0, 0, 0, true));
        check(|mesh| mesh.triangles.push(mesh.triangles[3]), (0, 1, 0, 3, 3, false));
        check(|mesh| mesh.triangles.truncate(11), (0, 0, 3, 0, 0, false));
        check(|mesh| mesh.triangles[5].swap(0, 1), (0, 0, 0, 0, 3, false));
        check(|mesh| mesh.triangles.clear(), (0, 0, 0, 0, 0, false));
    }

    #[test]
    fn bodies_and_cavities() {
        let check = |mesh: &TriMesh, bodies, shells, volume: f64| {
            let report = inspect(mesh);
            assert_eq!((report.bodies, report.shells), (bodies, shells));
            assert!((report.volume.unwrap() - volume).abs() < 1e-9);
        };
        let (a, far) = (cube(DVec3::ZERO), cube(DVec3::splat(5.0)));
        check(&joined(&[a.clone(), far]), 2, 2, 2.0);
        let hollow = joined(&[scaled(a.clone(), 1.0), flipped(scaled(a.clone(), 0.5))]);
        check(&hollow, 1, 2, 0.875);
        check(&flipped(hollow), 1, 2, -0.875);
        // Two cubes that share an edge, then only a vertex.
        check(&weld(&joined(&[a.clone(), cube(DVec3::new(1.0, 1.0, 0.0))]), 0.0), 2, 2, 2.0);
        check(&weld(&joined(&[a, cube(DVec3::ONE)]), 0.0), 2, 2, 2.0);
    }

    #[test]
    fn vertices_split_per_face_are_no_defect() {
        let report = inspect(&soup(&cube(DVec3::ZERO)));
        assert!(report.watertight);
        assert_eq!((report.repeated_vertices, report.bodies), (28, 1));
    }
}
