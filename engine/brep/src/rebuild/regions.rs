//! Connected triangles of one surface are one face.

use super::pairing::HalfedgeMesh;
use crate::canonical::SurfaceId;
use crate::facet::FacetTable;

/// What triangles of one face have in common: the surface, the class of faces that may become one, and whether outward is
/// the surface's natural normal.
pub(crate) type Key = (SurfaceId, u32, bool);

/// The faces of a mesh.
#[derive(Debug)]
pub(crate) struct Regions {
    /// The key of every triangle.
    pub(crate) keys: Vec<Key>,
    /// The face of every triangle.
    pub(crate) of_triangle: Vec<u32>,
    /// The faces.
    pub(crate) faces: Vec<Region>,
}

/// One face: what its triangles have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    /// The surface.
    pub(crate) surface: SurfaceId,
    /// Whether outward is the surface's natural normal.
    pub(crate) natural: bool,
    /// The body face that contributes most.
    pub(crate) body_face: u32,
    /// The largest triangle.
    pub(crate) largest: u32,
}

impl Regions {
    /// Groups triangles; `merge_class` says for every body face which others it may be one face with.
    pub(crate) fn new(mesh: &HalfedgeMesh, table: &FacetTable, merge_class: &[u32]) -> Self {
        let keys: Vec<Key> = (0..mesh.triangles.len())
            .map(|t| {
                let facet = table.facets[mesh.facets[t] as usize];
                let face = table.faces[facet.face as usize];
                (face.surface, merge_class[facet.face as usize], facet.natural != mesh.inverted[t])
            })
            .collect();
        Self::grouped(mesh, table, keys)
    }

    /// Groups triangles of equal keys.
    pub(crate) fn grouped(mesh: &HalfedgeMesh, table: &FacetTable, keys: Vec<Key>) -> Self {
        let mut of_triangle = vec![u32::MAX; mesh.triangles.len()];
        let mut faces = Vec::new();
        let mut pending = Vec::new();
        for seed in 0..mesh.triangles.len() {
            if of_triangle[seed] != u32::MAX {
                continue;
            }
            let id = faces.len() as u32;
            let mut members = Vec::new();
            of_triangle[seed] = id;
            pending.push(seed);
            while let Some(t) = pending.pop() {
                members.push(t);
                for k in 0..3 {
                    let other = mesh.opposite[3 * t + k] as usize / 3;
                    if of_triangle[other] == u32::MAX && keys[other] == keys[seed] {
                        of_triangle[other] = id;
                        pending.push(other);
                    }
                }
            }
            faces.push(summary(mesh, table, &members, keys[seed]));
        }
        Self { keys, of_triangle, faces }
    }

    /// The faces on both sides of a half-edge, its own first.
    pub(crate) fn sides(&self, mesh: &HalfedgeMesh, h: u32) -> [u32; 2] {
        [h, mesh.opposite[h as usize]].map(|g| self.of_triangle[g as usize / 3])
    }
}

fn summary(mesh: &HalfedgeMesh, table: &FacetTable, members: &[usize], key: Key) -> Region {
    let mut by_face: Vec<(u32, f64)> = Vec::new();
    let mut largest = (-1.0, 0);
    for &t in members {
        let size = mesh.double_area(t).length() / 2.0;
        if size > largest.0 {
            largest = (size, t as u32);
        }
        let face = table.facets[mesh.facets[t] as usize].face;
        match by_face.iter_mut().find(|(f, _)| *f == face) {
            Some((_, sum)) => *sum += size,
            None => by_face.push((face, size)),
        }
    }
    let most = by_face.iter().fold((u32::MAX, -1.0), |best, f| if f.1 > best.1 { *f } else { best });
    Region { surface: key.0, natural: key.2, body_face: most.0, largest: largest.1 }
}
