//! Joining vertices that lie at the same place.

use glam::DVec3;
use rustc_hash::FxHashMap;

use crate::TriMesh;

/// Joins vertices that lie within `tolerance` (in the mesh's unit) of one another.
///
/// Vertices are taken in order; each joins the nearest already kept vertex within the tolerance, or is kept itself. Kept
/// vertices do not move, and triangles are renumbered but all stay, degenerate ones included. With a tolerance of 0, or
/// one that is not a positive number, only identical positions are joined.
#[must_use]
pub fn weld(mesh: &TriMesh, tolerance: f64) -> TriMesh {
    if tolerance > 0.0 && tolerance.is_finite() { weld_within(mesh, tolerance) } else { weld_exact(mesh) }
}

/// Joins vertices at identical positions; 0 and -0 are the same.
#[must_use]
pub fn weld_exact(mesh: &TriMesh) -> TriMesh {
    let mut kept_at: FxHashMap<[u64; 3], u32> = FxHashMap::default();
    kept_at.reserve(mesh.positions.len() / 4);
    let mut kept = Vec::new();
    let renumbered: Vec<u32> = mesh
        .positions
        .iter()
        .map(|&point| {
            *kept_at.entry(bits(point)).or_insert_with(|| {
                kept.push(point);
                kept.len() as u32 - 1
            })
        })
        .collect();
    TriMesh { positions: kept, triangles: renumber(&mesh.triangles, &renumbered) }
}

/// The position as a key. Adding 0 turns -0 into 0 and changes nothing else.
pub(super) fn bits(point: DVec3) -> [u64; 3] {
    (point + DVec3::ZERO).to_array().map(f64::to_bits)
}

fn weld_within(mesh: &TriMesh, tolerance: f64) -> TriMesh {
    // In cells as wide as the tolerance, everything within it lies in the 27 cells around. A cell holds few kept vertices,
    // since they keep a distance from one another.
    let cell_of = |point: DVec3| (point / tolerance).floor().to_array().map(|index| index as i64);
    let mut cells: FxHashMap<[i64; 3], Vec<u32>> = FxHashMap::default();
    let mut kept: Vec<DVec3> = Vec::new();
    let mut renumbered = Vec::with_capacity(mesh.positions.len());
    for &point in &mesh.positions {
        let [x, y, z] = cell_of(point);
        let mut nearest: Option<(f64, u32)> = None;
        for offset in 0..27_i64 {
            let cell = [
                x.saturating_add(offset % 3 - 1),
                y.saturating_add(offset / 3 % 3 - 1),
                z.saturating_add(offset / 9 - 1),
            ];
            for &candidate in cells.get(&cell).into_iter().flatten() {
                let distance = kept[candidate as usize].distance(point);
                if distance <= tolerance && nearest.is_none_or(|best| (distance, candidate) < best) {
                    nearest = Some((distance, candidate));
                }
            }
        }
        renumbered.push(if let Some((_, index)) = nearest {
            index
        } else {
            let index = kept.len() as u32;
            kept.push(point);
            cells.entry([x, y, z]).or_default().push(index);
            index
        });
    }
    TriMesh { positions: kept, triangles: renumber(&mesh.triangles, &renumbered) }
}

fn renumber(triangles: &[[u32; 3]], renumbered: &[u32]) -> Vec<[u32; 3]> {
    triangles.iter().map(|corners| corners.map(|corner| renumbered[corner as usize])).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mesh(positions: &[[f64; 3]]) -> TriMesh {
        let triangles = (0..positions.len() as u32 / 3).map(|i| [3 * i, 3 * i + 1, 3 * i + 2]).collect();
        TriMesh { positions: positions.iter().copied().map(DVec3::from).collect(), triangles }
    }

    #[test]
    fn joins_by_tolerance() {
        let soup = mesh(&[
            [0.0, 0.0, 0.0],
            [1.0, 0.0, 0.0],
            [0.0, 1.0, 0.0],
            [1.0, -0.0, 0.0],
            [1.0, 1.0, 0.0],
            [0.0, 1.0 + 1e-6, 0.0],
        ]);
        let check = |tolerance: f64, vertices: usize, triangles: [[u32; 3]; 2]| {
            let welded = weld(&soup, tolerance);
            assert_eq!((welded.positions.len(), welded.triangles), (vertices, triangles.to_vec()), "{tolerance}");
        };
        check(0.0, 5, [[0, 1, 2], [1, 3, 4]]);
        check(-1.0, 5, [[0, 1, 2], [1, 3, 4]]);
        check(f64::NAN, 5, [[0, 1, 2], [1, 3, 4]]);
        check(1e-7, 5, [[0, 1, 2], [1, 3, 4]]);
        check(1e-5, 4, [[0, 1, 2], [1, 3, 2]]);
        check(10.0, 1, [[0, 0, 0], [0, 0, 0]]);
        check(1e-300, 5, [[0, 1, 2], [1, 3, 4]]);
    }

    proptest! {
        #[test]
        fn kept_vertices_keep_their_distance(
            points in prop::collection::vec(prop::array::uniform3(-2.0_f64..2.0), 3..60),
            tolerance in 0.01_f64..1.0,
        ) {
            let soup = mesh(&points);
            let welded = weld(&soup, tolerance);
            for (i, a) in welded.positions.iter().enumerate() {
                for b in &welded.positions[..i] {
                    prop_assert!(a.distance(*b) > tolerance);
                }
            }
            for (before, after) in soup.triangles.iter().zip(&welded.triangles) {
                for (b, a) in before.iter().zip(after) {
                    prop_assert!(soup.positions[*b as usize].distance(welded.positions[*a as usize]) <= tolerance);
                }
            }
            prop_assert_eq!(weld(&welded, tolerance), welded);
        }
    }
}
