//! The flat pieces of an exact mesh: its triangles joined where they are coplanar, and which pieces meet at which angle.

use glam::DVec3;
use partwright_geometry::TriMesh;
use rustc_hash::FxHashMap;

/// A flat piece.
#[derive(Clone, Debug)]
pub(super) struct Flat {
    /// Unit normal, of the largest triangle.
    pub(super) normal: DVec3,
    pub(super) area: f64,
    /// Centre of its area.
    pub(super) middle: DVec3,
    pub(super) triangles: Vec<u32>,
    /// Its vertices, each once, in the order of their indices.
    pub(super) vertices: Vec<u32>,
    /// Flats beside it, each once.
    pub(super) beside: Vec<Beside>,
    /// Length of all edges to other flats.
    pub(super) perimeter: f64,
}

/// A flat beside another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside {
    pub(super) flat: u32,
    /// Length of the edges they share.
    pub(super) length: f64,
    /// Whether they meet at an angle at which facets of one curved face may.
    pub(super) smooth: bool,
}

/// An edge of two triangles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seam {
    pub(super) ends: [u32; 2],
    pub(super) triangles: [u32; 2],
}

/// A mesh's edges.
#[derive(Clone, Debug, Default)]
pub(super) struct Seams {
    pub(super) inner: Vec<Seam>,
    /// Edges with a triangle on one side only.
    pub(super) open: Vec<[u32; 2]>,
}

/// Facets of one curved face differ by less (cosine): 35 degrees, a little more than those of a twelve-sided circle.
const SMOOTH_COS: f64 = 0.819;

/// Which triangles share edges, in the order of the triangles.
pub(super) fn seams(mesh: &TriMesh) -> Seams {
    let mut open: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let mut seams = Seams::default();
    for (i, t) in mesh.triangles.iter().enumerate() {
        for k in 0..3 {
            let (a, b) = (t[k], t[(k + 1) % 3]);
            if let Some(other) = open.remove(&(b, a)) {
                seams.inner.push(Seam { ends: [a, b], triangles: [other, i as u32] });
            } else {
                open.insert((a, b), i as u32);
            }
        }
    }
    seams.open = open.into_keys().map(|(a, b)| [a, b]).collect();
    seams.open.sort_unstable();
    seams
}

/// The flat pieces, largest triangle first; vertices lie within `flatness` of their plane.
pub(super) fn flats(mesh: &TriMesh, seams: &Seams, flatness: f64) -> (Vec<Flat>, Vec<u32>) {
    const NONE: u32 = u32::MAX;
    let crosses: Vec<DVec3> = mesh
        .triangles
        .iter()
        .map(|t| mesh.corners(*t).map_or(DVec3::ZERO, |[a, b, c]| (b - a).cross(c - a) / 2.0))
        .collect();
    let mut near: Vec<Vec<u32>> = vec![Vec::new(); mesh.triangles.len()];
    for seam in &seams.inner {
        let [a, b] = seam.triangles;
        near[a as usize].push(b);
        near[b as usize].push(a);
    }
    let mut order: Vec<u32> = (0..mesh.triangles.len() as u32).collect();
    order.sort_by(|a, b| {
        crosses[*b as usize].length_squared().total_cmp(&crosses[*a as usize].length_squared()).then(a.cmp(b))
    });
    let mut of_triangle = vec![NONE; mesh.triangles.len()];
    let mut flats: Vec<Flat> = Vec::new();
    for first in order {
        if of_triangle[first as usize] != NONE {
            continue;
        }
        let id = flats.len() as u32;
        let normal = crosses[first as usize].normalize_or_zero();
        let start = mesh.positions[mesh.triangles[first as usize][0] as usize];
        let mut triangles = vec![first];
        of_triangle[first as usize] = id;
        let mut next = 0;
        while normal != DVec3::ZERO && next < triangles.len() {
            for &other in &near[triangles[next] as usize] {
                let lies = |v: &u32| normal.dot(mesh.positions[*v as usize] - start).abs() <= flatness;
                // A triangle without area has no side to look to.
                let side = crosses[other as usize].dot(normal) >= 0.0;
                if of_triangle[other as usize] == NONE && side && mesh.triangles[other as usize].iter().all(lies) {
                    of_triangle[other as usize] = id;
                    triangles.push(other);
                }
            }
            next += 1;
        }
        flats.push(flat(mesh, normal, triangles, &crosses));
    }
    for seam in &seams.inner {
        let [a, b] = seam.triangles.map(|t| of_triangle[t as usize]);
        if a == b {
            continue;
        }
        let length = mesh.positions[seam.ends[0] as usize].distance(mesh.positions[seam.ends[1] as usize]);
        let smooth = flats[a as usize].normal.dot(flats[b as usize].normal) > SMOOTH_COS;
        for (own, flat) in [(a, b), (b, a)] {
            let own = &mut flats[own as usize];
            own.perimeter += length;
            match own.beside.iter_mut().find(|x| x.flat == flat) {
                Some(known) => known.length += length,
                None => own.beside.push(Beside { flat, length, smooth }),
            }
        }
    }
    (flats, of_triangle)
}

fn flat(mesh: &TriMesh, normal: DVec3, triangles: Vec<u32>, crosses: &[DVec3]) -> Flat {
    let mut vertices: Vec<u32> = triangles.iter().flat_map(|t| mesh.triangles[*t as usize]).collect();
    vertices.sort_unstable();
    vertices.dedup();
    let (mut area, mut middle) = (0.0, DVec3::ZERO);
    for &t in &triangles {
        let own = crosses[t as usize].length();
        area += own;
        middle += mesh.triangles[t as usize].map(|v| mesh.positions[v as usize]).iter().sum::<DVec3>() / 3.0 * own;
    }
    let middle = if area > 0.0 { middle / area } else { mesh.positions[vertices[0] as usize] };
    Flat { normal, area, middle, triangles, vertices, beside: Vec::new(), perimeter: 0.0 }
}
