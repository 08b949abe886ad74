//! The volume a mesh bounds, with every point of it counted once.
//!
//! A mesh boolean takes its input at its word: two overlapping bodies in one mesh count twice where they overlap, which is
//! how a published evaluator arrives at an IoU above 1. So each mesh is brought to a form in which no point is covered
//! twice before it meets another mesh:
//!
//! - One shell, or several apart from each other, or voids wound inwards within bodies: taken as they are.
//! - A mesh wound inside out as a whole: turned.
//! - Anything else that is closed (overlapping or touching bodies, a body within a body, more than two triangles on an
//!   edge, self-intersections): rebuilt from the winding numbers, with everything that is wound around at all (in either
//!   sense) as material. A void wound inwards stays a void, an overlap is material once.
//!
//! `manifold-rust` does the import and the rebuilding. Its calls are wrapped against panics, since scans are hostile
//! input and its code is full of indexing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use glam::DVec3;
use manifold_rust::{
    manifold::Manifold,
    types::{Error, MeshGLP, WindingRule},
};

use super::signed_volume;
use crate::{
    Bounds, TriMesh,
    edges::EdgeCount,
    query::triangle_solid_angle,
    valid::{self, MeshFault},
};

/// A mesh as a volume, ready for booleans.
#[derive(Clone)]
pub struct Solid {
    pub(super) manifold: Manifold,
    volume: f64,
    bounds: Bounds,
    rebuilt: bool,
}

/// Why a mesh bounds no volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSolid {
    /// The mesh itself is faulty.
    #[error(transparent)]
    Fault(#[from] MeshFault),
    /// The surface has holes.
    #[error("the surface is not closed: {boundary_edges} edges have a triangle on one side only")]
    Open {
        /// Edges with one triangle.
        boundary_edges: usize,
    },
    /// The triangles are not wound alike, so inside and outside cannot be told apart by them.
    #[error("the triangles are not wound alike at {edges} edges")]
    Unoriented {
        /// Edges whose triangles do not pair up in opposite directions.
        edges: usize,
    },
    /// The surface is closed but has no inside.
    #[error("the surface is closed but encloses no volume")]
    NoVolume,
    /// Rebuilding would take minutes.
    #[error("the surface crosses itself and is too large to be rebuilt exactly ({triangles} triangles)")]
    TooLarge {
        /// Number of triangles.
        triangles: usize,
    },
    /// The mesh kernel gave up.
    #[error("the mesh kernel failed: {0}")]
    Kernel(&'static str),
}

/// Meshes that need rebuilding are refused above this size: the exact arrangement costs about 50 us per triangle and
/// much more where many triangles cross.
const REBUILD_LIMIT: usize = 200_000;

impl Solid {
    /// Reads a mesh as a volume.
    ///
    /// Vertices at (almost) the same place are merged where edges are open: within 1e-12 of the box first and, if that
    /// leaves holes, within 1e-6, which is the precision of coordinates stored in single precision or as text.
    ///
    /// # Errors
    /// [`NotSolid`], saying what keeps the mesh from bounding a volume.
    pub fn new(mesh: &TriMesh) -> Result<Self, NotSolid> {
        valid::check(mesh)?;
        let bounds = Bounds::of_mesh(mesh).ok_or(MeshFault::NoTriangles)?;
        catch_unwind(AssertUnwindSafe(|| Self::read(mesh, bounds))).unwrap_or(Err(NotSolid::Kernel("it panicked")))
    }

    fn read(mesh: &TriMesh, bounds: Bounds) -> Result<Self, NotSolid> {
        let manifold = import(mesh, bounds)?;
        let shells = if manifold.as_impl().is_soup || manifold.has_self_intersections() {
            Shells::Entangled
        } else {
            Shells::of(&to_mesh(&manifold))
        };
        let (manifold, rebuilt) = match shells {
            Shells::Sound => (manifold, false),
            Shells::InsideOut => {
                let mut turned = to_mesh(&manifold);
                turned.triangles.iter_mut().for_each(|t| t.swap(0, 1));
                (import(&turned, bounds)?, false)
            }
            Shells::Entangled if manifold.num_tri() > REBUILD_LIMIT => {
                return Err(NotSolid::TooLarge { triangles: manifold.num_tri() });
            }
            Shells::Entangled => (manifold.rebuild_solid(WindingRule::Nonzero), true),
        };
        match manifold.status() {
            Error::NoError => {}
            error => return Err(NotSolid::Kernel(error.to_str())),
        }
        let volume = manifold.volume();
        let flat = 1e-12 * bounds.longest_side().powi(3);
        if !(volume.is_finite() && volume > flat) {
            return Err(NotSolid::NoVolume);
        }
        Ok(Self { manifold, volume, bounds, rebuilt })
    }

    /// The volume, in the mesh's unit cubed.
    pub fn volume(&self) -> f64 {
        self.volume
    }

    /// The box of the mesh it was read from.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Whether the mesh had to be rebuilt because it overlapped or crossed itself.
    pub fn was_rebuilt(&self) -> bool {
        self.rebuilt
    }

    /// The surface of the volume.
    pub fn mesh(&self) -> TriMesh {
        to_mesh(&self.manifold)
    }
}

/// How the shells (the pieces connected over edges) of a mesh that does not cross itself lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shells {
    /// Outward shells in empty space, inward shells in material.
    Sound,
    /// The same after turning all of them.
    InsideOut,
    /// Neither, so that some point is covered twice or a void lies in nothing.
    Entangled,
}

impl Shells {
    fn of(mesh: &TriMesh) -> Self {
        let shells = connected(mesh);
        if let [only] = &shells[..] {
            return if signed_volume(only) < 0.0 { Self::InsideOut } else { Self::Sound };
        }
        let outward: Vec<bool> = shells.iter().map(|shell| signed_volume(shell) > 0.0).collect();
        let boxes: Vec<Option<Bounds>> = shells.iter().map(Bounds::of_mesh).collect();
        // How often the other shells go around a point of each shell.
        let around: Vec<f64> = (0..shells.len())
            .map(|i| {
                let Some([a, b, c]) = shells[i].triangles.first().and_then(|&t| shells[i].corners(t)) else {
                    return 0.0;
                };
                let point = (a + b + c) / 3.0;
                let others = (0..shells.len()).filter(|&j| j != i && boxes[j].is_some_and(|b| b.contains(point)));
                others.map(|j| winding_number(&shells[j], point)).sum::<f64>().round()
            })
            .collect();
        let all = |outward_in: f64, inward_in: f64| {
            outward.iter().zip(&around).all(|(&out, &around)| around == if out { outward_in } else { inward_in })
        };
        if all(0.0, 1.0) {
            Self::Sound
        } else if all(-1.0, 0.0) {
            Self::InsideOut
        } else {
            Self::Entangled
        }
    }
}

/// The exact winding number of a closed mesh about a point.
fn winding_number(mesh: &TriMesh, point: DVec3) -> f64 {
    let solid_angle: f64 = mesh
        .triangles
        .iter()
        .filter_map(|&t| mesh.corners(t))
        .map(|corners| triangle_solid_angle(corners, point))
        .sum();
    solid_angle / (4.0 * std::f64::consts::PI)
}

/// The pieces of a mesh connected over shared vertices, by their lowest vertex.
fn connected(mesh: &TriMesh) -> Vec<TriMesh> {
    let mut parent: Vec<u32> = (0..mesh.positions.len() as u32).collect();
    let root = |parent: &mut Vec<u32>, mut v: u32| {
        while parent[v as usize] != v {
            parent[v as usize] = parent[parent[v as usize] as usize];
            v = parent[v as usize];
        }
        v
    };
    for &[a, b, c] in &mesh.triangles {
        for other in [b, c] {
            let (p, q) = (root(&mut parent, a), root(&mut parent, other));
            parent[p.max(q) as usize] = p.min(q);
        }
    }
    let mut shell_of_root = vec![u32::MAX; mesh.positions.len()];
    let mut shells: Vec<TriMesh> = Vec::new();
    let mut place = vec![u32::MAX; mesh.positions.len()];
    for &triangle in &mesh.triangles {
        let shell = &mut shell_of_root[root(&mut parent, triangle[0]) as usize];
        if *shell == u32::MAX {
            *shell = shells.len() as u32;
            shells.push(TriMesh::default());
        }
        let shell = &mut shells[*shell as usize];
        let moved = triangle.map(|v| {
            let place = &mut place[v as usize];
            if *place == u32::MAX {
                *place = shell.positions.len() as u32;
                shell.positions.push(mesh.positions[v as usize]);
            }
            *place
        });
        shell.triangles.push(moved);
    }
    shells
}

/// Imports a mesh, merging vertices at open edges more and more generously.
fn import(mesh: &TriMesh, bounds: Bounds) -> Result<Manifold, NotSolid> {
    let mut buffers = MeshGLP::<f64, u32> {
        num_prop: 3,
        vert_properties: mesh.positions.iter().flat_map(|p| finite(*p).to_array()).collect(),
        tri_verts: mesh.triangles.iter().flatten().copied().collect(),
        ..MeshGLP::default()
    };
    for merge_within in [0.0, 1e-6 * bounds.diagonal()] {
        buffers.tolerance = merge_within;
        buffers.merge();
        buffers.tolerance = 0.0;
        let manifold = Manifold::from_mesh_glp_robust(&buffers);
        match manifold.status() {
            Error::NoError if manifold.is_empty() => return Err(NotSolid::NoVolume),
            Error::NoError => return Ok(manifold),
            Error::NotClosed => {}
            error => return Err(NotSolid::Kernel(error.to_str())),
        }
    }
    let edges = EdgeCount::of(mesh);
    Err(match edges {
        EdgeCount { boundary: 0, inconsistent: 0, .. } => NotSolid::NoVolume,
        EdgeCount { boundary: 0, inconsistent, .. } => NotSolid::Unoriented { edges: inconsistent },
        EdgeCount { boundary, .. } => NotSolid::Open { boundary_edges: boundary },
    })
}

/// Unused vertices may be NaN, which the import refuses wherever it stands.
fn finite(p: DVec3) -> DVec3 {
    if p.is_finite() { p } else { DVec3::ZERO }
}

fn to_mesh(manifold: &Manifold) -> TriMesh {
    let buffers = manifold.get_mesh_glp::<f64, u32>(-1);
    let mut positions: Vec<DVec3> = (0..buffers.num_vert()).map(|v| DVec3::from(buffers.get_vert_pos(v))).collect();
    // Vertices split for their properties are named as equal; nothing here has properties, but the format allows it.
    let mut place: Vec<u32> = (0..positions.len() as u32).collect();
    for (from, to) in buffers.merge_from_vert.iter().zip(&buffers.merge_to_vert) {
        place[*from as usize] = *to;
    }
    positions.shrink_to_fit();
    let triangles = (0..buffers.num_tri()).map(|t| buffers.get_tri_verts(t).map(|v| place[v as usize])).collect();
    TriMesh { positions, triangles }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes::{cuboid, inside_out, sphere, together};

    fn boxed(min: f64, max: f64) -> TriMesh {
        cuboid(DVec3::splat(min), DVec3::splat(max))
    }

    fn check(mesh: &TriMesh, expected_volume: f64) {
        let solid = Solid::new(mesh).unwrap();
        assert!((solid.volume() - expected_volume).abs() < 1e-9, "{} instead of {expected_volume}", solid.volume());
        assert!((signed_volume(&solid.mesh()) - expected_volume).abs() < 1e-9);
    }

    #[test]
    fn every_point_counts_once() {
        check(&boxed(0.0, 2.0), 8.0);
        check(&inside_out(boxed(0.0, 2.0)), 8.0);
        // Two bodies apart.
        check(&together(&[boxed(0.0, 1.0), boxed(2.0, 3.0)]), 2.0);
        // One of them inside out.
        check(&together(&[boxed(0.0, 1.0), inside_out(boxed(2.0, 3.0))]), 2.0);
        // A void.
        check(&together(&[boxed(0.0, 3.0), inside_out(boxed(1.0, 2.0))]), 26.0);
        // The same, all inside out.
        check(&together(&[inside_out(boxed(0.0, 3.0)), boxed(1.0, 2.0)]), 26.0);
        // A body in the void.
        check(&together(&[boxed(0.0, 5.0), inside_out(boxed(1.0, 4.0)), boxed(2.0, 3.0)]), 125.0 - 27.0 + 1.0);
        // A body within a body, wound the same way: material, once.
        check(&together(&[boxed(0.0, 3.0), boxed(1.0, 2.0)]), 27.0);
        // Overlapping bodies.
        check(&together(&[boxed(0.0, 2.0), boxed(1.0, 3.0)]), 15.0);
        // The same body three times.
        check(&together(&[boxed(0.0, 2.0), boxed(0.0, 2.0), boxed(0.0, 2.0)]), 8.0);
        // Bodies that share a face, an edge, a corner.
        let unit = |x: f64, y: f64, z: f64| cuboid(DVec3::new(x, y, z), DVec3::new(x + 1.0, y + 1.0, z + 1.0));
        check(&together(&[unit(0.0, 0.0, 0.0), unit(1.0, 0.0, 0.0)]), 2.0);
        check(&together(&[unit(0.0, 0.0, 0.0), unit(1.0, 1.0, 0.0)]), 2.0);
        check(&together(&[unit(0.0, 0.0, 0.0), unit(1.0, 1.0, 1.0)]), 2.0);
    }

    #[test]
    fn triangles_without_shared_vertices_are_merged() {
        let whole = sphere(DVec3::X, 1.0, 24, 12);
        let mut soup = TriMesh {
            positions: whole.triangles.iter().flat_map(|&t| whole.corners(t).unwrap()).collect(),
            triangles: (0..whole.triangles.len() as u32).map(|t| [3 * t, 3 * t + 1, 3 * t + 2]).collect(),
        };
        check(&soup, signed_volume(&whole));
        // Stored in single precision far away, corners no longer meet exactly.
        for (i, p) in soup.positions.iter_mut().enumerate() {
            *p += 1e-7 * DVec3::new((i % 3) as f64, (i % 5) as f64, (i % 7) as f64);
        }
        let loose = Solid::new(&soup).unwrap();
        assert!((loose.volume() - signed_volume(&whole)).abs() < 1e-5);
    }

    #[test]
    fn what_is_no_solid_says_why() {
        let refused = |mesh: &TriMesh| Solid::new(mesh).err().unwrap();
        let mut open = boxed(0.0, 1.0);
        open.triangles.truncate(10);
        assert_eq!(refused(&open), NotSolid::Open { boundary_edges: 4 });
        let mut flipped = boxed(0.0, 1.0);
        flipped.triangles[0].swap(0, 1);
        assert_eq!(refused(&flipped), NotSolid::Unoriented { edges: 3 });
        assert_eq!(refused(&TriMesh::default()), NotSolid::Fault(MeshFault::NoTriangles));
        assert_eq!(refused(&cuboid(DVec3::ZERO, DVec3::new(1.0, 1.0, 0.0))), NotSolid::NoVolume);
        let mut nan = boxed(0.0, 1.0);
        nan.positions[3].x = f64::NAN;
        assert_eq!(refused(&nan), NotSolid::Fault(MeshFault::NotFinite { vertex: 3 }));
    }
}
