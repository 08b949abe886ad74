//! Closing an open surface so that it can be counted along columns: what is added is known and is taken off again.
//!
//! The generalised winding number of a surface is that of the surface closed by any caps, which is a whole number, less
//! that of the caps alone. No answer changes by it; the caps are few triangles where the surface has many.

use glam::DVec3;

use crate::{TriMesh, edges::Edges, repair::weld_exact};

/// Triangles that close the mesh, whose indices must be in range: a fan over every rim, about its middle. Where a surface
/// is closed, nothing. A rim is wherever the triangles do not run along an edge equally often in both directions.
pub(super) fn caps(mesh: &TriMesh) -> TriMesh {
    let welded = weld_exact(mesh);
    let edges = Edges::of(&welded.triangles);
    // Every side that no other runs against, from its larger vertex to its smaller or the other way, as a cap needs it.
    let mut rims: Vec<[u32; 2]> = Vec::new();
    for sides in edges.groups() {
        let forward = sides.iter().filter(|side| side.is_forward()).count();
        let backward = sides.len() - forward;
        if let Some([smaller, larger]) = sides.first().map(|side| side.ends(&welded.triangles)) {
            rims.extend(std::iter::repeat_n([larger, smaller], forward.saturating_sub(backward)));
            rims.extend(std::iter::repeat_n([smaller, larger], backward.saturating_sub(forward)));
        }
    }
    // Rims that hang together over vertices have one middle: each closes in itself.
    let mut leader: Vec<u32> = (0..welded.positions.len() as u32).collect();
    for &[from, to] in &rims {
        let (a, b) = (root(&mut leader, from), root(&mut leader, to));
        leader[a.max(b) as usize] = a.min(b);
    }
    let mut middles: Vec<(DVec3, u32)> = vec![(DVec3::ZERO, 0); welded.positions.len()];
    for &[from, _] in &rims {
        let (sum, count) = &mut middles[root(&mut leader, from) as usize];
        *sum += welded.positions[from as usize];
        *count += 1;
    }
    let mut positions = welded.positions;
    let mut apex_of: Vec<Option<u32>> = vec![None; middles.len()];
    let triangles = rims
        .into_iter()
        .map(|[from, to]| {
            let rim = root(&mut leader, from) as usize;
            let apex = *apex_of[rim].get_or_insert_with(|| {
                let (sum, count) = middles[rim];
                positions.push(sum / f64::from(count));
                positions.len() as u32 - 1
            });
            [from, to, apex]
        })
        .collect();
    TriMesh { positions, triangles }
}

fn root(leader: &mut [u32], mut v: u32) -> u32 {
    while leader[v as usize] != v {
        leader[v as usize] = leader[leader[v as usize] as usize];
        v = leader[v as usize];
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        edges::EdgeCount,
        metric::shapes::{cuboid, sphere},
    };

    #[test]
    fn every_rim_is_closed() {
        let check = |mesh: &TriMesh, expected: usize| {
            let caps = caps(mesh);
            assert_eq!(caps.triangles.len(), expected);
            let closed = EdgeCount::of(&TriMesh::joined([mesh, &caps]));
            assert_eq!((closed.boundary, closed.inconsistent), (0, 0));
        };
        let mut mesh = cuboid(DVec3::ZERO, DVec3::ONE);
        check(&mesh, 0);
        mesh.triangles.truncate(10);
        check(&mesh, 4);
        // A triangle the wrong way round needs its three edges twice.
        let mut mesh = cuboid(DVec3::ZERO, DVec3::ONE);
        mesh.triangles[0].swap(0, 1);
        check(&mesh, 6);
        // Two rims that meet in a vertex, and one apart.
        let mut mesh = sphere(DVec3::ZERO, 1.0, 12, 8);
        let first = mesh.triangles[40];
        let shared = |t: &[u32; 3]| t.iter().filter(|v| first.contains(v)).count();
        let other = mesh.triangles.iter().position(|t| shared(t) == 1).unwrap();
        mesh.triangles.remove(40.max(other));
        mesh.triangles.remove(40.min(other));
        mesh.triangles.remove(0);
        check(&mesh, 9);
    }
}
