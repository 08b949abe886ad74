//! The report on a mesh.

use glam::DVec3;
use rustc_hash::FxHashSet;

use super::components::pieces;
use super::edges::{EdgeCounts, Edges};
use super::weld::weld_exact;
use crate::TriMesh;

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
    /// Connected pieces of the surface, cavities (closed pieces that face inwards) not counted.
    pub bodies: usize,
    /// The corners of the bounding box of the triangles, or of the vertices when there are no triangles; `None` without.
    pub bounds: Option<[DVec3; 2]>,
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
    let counts = EdgeCounts::of(&edges);
    let (piece_of, shells) = pieces(welded.triangles.len(), &edges);
    let bounds = bounds(mesh);
    // About the middle of the box, so that a part far from the origin loses no digits.
    let middle = bounds.map_or(DVec3::ZERO, |[min, max]| min.midpoint(max));
    let mut is_degenerate_shell = vec![true; shells];
    let mut is_open_shell = vec![false; shells];
    let mut shell_volumes = vec![0.0; shells];
    let mut area = 0.0;
    let mut degenerate = 0;
    for (corners, &shell) in welded.triangles.iter().zip(&piece_of) {
        let points = corners.map(|corner| welded.positions[corner as usize]);
        let shell = shell as usize;
        area += triangle_area(points);
        shell_volumes[shell] += signed_volume(points.map(|point| point - middle));
        let repeated = has_repeated_corner(*corners);
        degenerate += usize::from(repeated || is_flat(points));
        is_degenerate_shell[shell] &= repeated;
    }
    for sides in edges.groups().filter(|sides| sides.iter().filter(|side| side.is_forward()).count() * 2 != sides.len())
    {
        for side in sides {
            is_open_shell[piece_of[side.triangle()] as usize] = true;
        }
    }
    let watertight =
        shells > 0 && counts.boundary == 0 && counts.inconsistent == 0 && degenerate_only(&is_degenerate_shell);
    let shells = is_degenerate_shell.iter().filter(|&&degenerate| !degenerate).count();
    // An inside-out mesh has its bodies where others have their cavities.
    let total: f64 = shell_volumes.iter().sum();
    let cavities =
        (0..shell_volumes.len()).filter(|&shell| !is_open_shell[shell] && shell_volumes[shell] * total < 0.0).count();
    MeshReport {
        triangles: mesh.triangles.len(),
        vertices: mesh.positions.len(),
        repeated_vertices: mesh.positions.len() - welded.positions.len(),
        unused_vertices: unused(mesh),
        degenerate,
        duplicate: duplicates(&welded.triangles),
        boundary_edges: counts.boundary,
        non_manifold_edges: counts.non_manifold,
        inconsistent_edges: counts.inconsistent,
        watertight,
        shells,
        bodies: shells - cavities,
        bounds,
        area,
        volume: watertight.then_some(total),
    }
}

/// Whether any piece is more than triangles with repeated corners.
fn degenerate_only(is_degenerate_shell: &[bool]) -> bool {
    is_degenerate_shell.iter().any(|&degenerate| !degenerate)
}

fn bounds(mesh: &TriMesh) -> Option<[DVec3; 2]> {
    let widen = |bounds: Option<[DVec3; 2]>, point: DVec3| match bounds {
        Some([min, max]) => Some([min.min(point), max.max(point)]),
        None => Some([point, point]),
    };
    if mesh.triangles.is_empty() {
        return mesh.positions.iter().copied().fold(None, widen);
    }
    mesh.triangles.iter().flatten().map(|&corner| mesh.positions[corner as usize]).fold(None, widen)
}

fn unused(mesh: &TriMesh) -> usize {
    let mut is_used = vec![false; mesh.positions.len()];
    for &corner in mesh.triangles.iter().flatten() {
        is_used[corner as usize] = true;
    }
    is_used.iter().filter(|&&used| !used).count()
}

fn duplicates(triangles: &[[u32; 3]]) -> usize {
    let mut seen = FxHashSet::default();
    seen.reserve(triangles.len());
    triangles
        .iter()
        .filter(|&&corners| {
            let mut key = corners;
            key.sort_unstable();
            !has_repeated_corner(corners) && !seen.insert(key)
        })
        .count()
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
    use crate::repair::weld;

    /// A unit cube with its corner at `origin`, facing outwards.
    pub(crate) fn cube(origin: DVec3) -> TriMesh {
        let positions =
            (0..8).map(|i| origin + DVec3::new((i & 1) as f64, (i >> 1 & 1) as f64, (i >> 2) as f64)).collect();
        let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        let triangles = quads.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
        TriMesh { positions, triangles }
    }

    fn joined(parts: &[TriMesh]) -> TriMesh {
        let mut all = TriMesh::default();
        for part in parts {
            let first = all.positions.len() as u32;
            all.positions.extend(&part.positions);
            all.triangles.extend(part.triangles.iter().map(|corners| corners.map(|corner| corner + first)));
        }
        all
    }

    fn flipped(mut mesh: TriMesh) -> TriMesh {
        mesh.triangles.iter_mut().for_each(|corners| corners.swap(1, 2));
        mesh
    }

    fn scaled(mut mesh: TriMesh, factor: f64) -> TriMesh {
        mesh.positions.iter_mut().for_each(|point| *point = (*point - DVec3::splat(0.5)) * factor);
        mesh
    }

    #[test]
    fn a_cube_is_a_cube_wherever_it_stands() {
        for origin in [DVec3::ZERO, DVec3::new(300.0, -200.0, 1e5)] {
            let report = inspect(&cube(origin));
            assert!(report.watertight);
            assert_eq!((report.triangles, report.vertices, report.bodies, report.shells), (12, 8, 1, 1));
            assert_eq!((report.degenerate, report.duplicate, report.boundary_edges), (0, 0, 0));
            assert!((report.area - 6.0).abs() < 1e-9);
            assert!((report.volume.unwrap() - 1.0).abs() < 1e-9);
            assert_eq!(report.bounds, Some([origin, origin + DVec3::ONE]));
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
        let cube = cube(DVec3::ZERO);
        let soup = TriMesh {
            positions: cube.triangles.iter().flatten().map(|&corner| cube.positions[corner as usize]).collect(),
            triangles: (0..12).map(|i| [3 * i, 3 * i + 1, 3 * i + 2]).collect(),
        };
        let report = inspect(&soup);
        assert!(report.watertight);
        assert_eq!((report.repeated_vertices, report.bodies), (28, 1));
    }
}
