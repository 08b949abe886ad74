//! The topology over chains and faces: vertices, edges, wires, faces, shells, solids.

use std::collections::BTreeMap;

use glam::DVec3;
use truck_modeling::Point3;

use super::chains::Chains;
use super::curves::Span;
use super::pairing::HalfedgeMesh;
use super::regions::{Key, Regions};
use super::slivers::{dissolved, hollow, slivers};
use super::snap::{settle, snap, snap_corner};
use crate::canonical::SurfaceTable;
use crate::facet::FacetTable;
use crate::topology::{Edge, Face, Shell, Solid, Vertex, Wire};
use crate::{Curve, Surface};

/// What a rebuild makes of a mesh.
pub(crate) struct Rebuilt {
    /// The solids.
    pub(crate) solids: Vec<Solid>,
    /// Vertices of all solids.
    pub(crate) vertices: Vec<DVec3>,
    /// Edges: curve, ends, and the faces on both sides.
    pub(crate) edges: Vec<RebuiltEdge>,
    /// Faces, in the order of the solids' shells.
    pub(crate) faces: Vec<RebuiltFace>,
    /// The face of every triangle; `None` for facets of faces that turned out to have no width.
    pub(crate) triangle_faces: Vec<Option<u32>>,
}

/// An edge of a [`Rebuilt`].
pub(crate) struct RebuiltEdge {
    pub(crate) curve: Curve,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) faces: [u32; 2],
    pub(crate) topology: Edge,
}

/// A face of a [`Rebuilt`].
pub(crate) struct RebuiltFace {
    pub(crate) surface: Surface,
    pub(crate) reversed: bool,
    pub(crate) body_face: u32,
    pub(crate) solid: u32,
    pub(crate) loops: Vec<Vec<u32>>,
    pub(crate) topology: Face,
}

/// Largest distance of a spline from the curve it stands for, as a part of its size. Volumes of small parts with long
/// spline edges come out to about a millionth.
const SPLINE_CHORD: f64 = 3e-8;

/// How far a corner may lie from the surfaces that meet there, by the half size of the part, where they all but touch and
/// have no common point near: a tenth of a micrometre on a part of a few millimetres, the order of the last digits that
/// such surfaces are written with.
const WIDEST_CORNER: f64 = 5e-5;

/// Rounds of doing away with faces that are none: one may uncover another.
const MAX_ROUNDS: usize = 6;

/// Rebuilds the solids of a mesh. Shells that enclose nothing are taken out of the mesh.
pub(crate) fn rebuild(
    mesh: &mut HalfedgeMesh,
    table: &FacetTable,
    surfaces: &SurfaceTable,
    merge_class: &[u32],
) -> Result<Rebuilt, String> {
    drop_hollow(mesh, None, surfaces);
    let mut regions = Regions::new(mesh, table, merge_class);
    for round in 0.. {
        let chains = Chains::new(mesh, &regions, |v, face| {
            let apex = surfaces.surface(regions.faces[face as usize].surface).apex();
            apex.is_some_and(|apex| apex.distance(mesh.position(v)) <= 100.0 * surfaces.tolerance())
        });
        let corners = Corners::new(mesh, &regions, &chains, surfaces)?;
        let mut builder = Builder { mesh, regions: &regions, chains: &chains, surfaces, corners, edges: Vec::new() };
        let edge_of = builder.edges();
        let (rebuilt, face_of_region) = builder.solids(&edge_of)?;
        let faces: Vec<Option<&Face>> =
            face_of_region.iter().map(|f| f.map(|f| &rebuilt.faces[f as usize].topology)).collect();
        let none = slivers(mesh, &regions, &chains, surfaces, &faces);
        if none.contains(&true) && round < MAX_ROUNDS {
            if let Some(keys) = dissolved(mesh, &regions, &chains, surfaces, &none) {
                regions = Regions::grouped(mesh, table, keys);
                continue;
            }
            if let Some(keys) = drop_hollow(mesh, Some((&regions, &none)), surfaces) {
                regions = Regions::grouped(mesh, table, keys);
                continue;
            }
        }
        refuse_folds(mesh, &regions, &chains)?;
        return Ok(rebuilt);
    }
    Err("faces without width remain".into())
}

/// Takes shells that enclose nothing out of the mesh; the keys of what is left if there were any and the faces are known.
fn drop_hollow(
    mesh: &mut HalfedgeMesh,
    faces: Option<(&Regions, &[bool])>,
    surfaces: &SurfaceTable,
) -> Option<Vec<Key>> {
    let dropped = hollow(mesh, faces, surfaces.tolerance());
    if !dropped.contains(&true) {
        return None;
    }
    *mesh = mesh.without(&dropped);
    let (regions, _) = faces?;
    Some(regions.keys.iter().zip(&dropped).filter(|(_, d)| !**d).map(|(k, _)| *k).collect())
}

/// Neighbouring faces of one surface that look opposite ways have nothing between them: a flap the boolean left behind.
fn refuse_folds(mesh: &HalfedgeMesh, regions: &Regions, chains: &Chains) -> Result<(), String> {
    for chain in &chains.all {
        let [f, g] = regions.sides(mesh, chain[0]).map(|f| &regions.faces[f as usize]);
        if f.surface == g.surface && f.natural != g.natural {
            let p = mesh.position(mesh.from(chain[0]));
            return Err(format!("the boolean left a flap without thickness at ({:.6}, {:.6}, {:.6})", p.x, p.y, p.z));
        }
    }
    Ok(())
}

/// Snapped vertices; vertices joined by an edge of no length are one.
struct Corners {
    /// For every mesh vertex that is a corner: its vertex.
    of_mesh: Vec<Option<u32>>,
    positions: Vec<DVec3>,
    /// Chains without length.
    collapsed: Vec<bool>,
}

impl Corners {
    fn new(mesh: &HalfedgeMesh, regions: &Regions, chains: &Chains, surfaces: &SurfaceTable) -> Result<Self, String> {
        let reach = 0.05 * surfaces.extent();
        let mut snapped: Vec<Option<DVec3>> = vec![None; mesh.positions.len()];
        for (v, faces) in chains.faces_at.iter().enumerate() {
            if faces.is_empty() {
                continue;
            }
            let mut ids: Vec<_> = faces.iter().map(|f| regions.faces[*f as usize].surface).collect();
            ids.sort_unstable();
            ids.dedup();
            let mut around: Vec<Surface> = ids.into_iter().map(|id| *surfaces.surface(id)).collect();
            // Planes first: they are exact, and what is tangent to them gives way.
            around.sort_by_key(|s| !matches!(s, Surface::Plane { .. }));
            let from = mesh.positions[v];
            let (mut to, residual) = snap_corner(from, &around, reach);
            let mut lost = residual > 100.0 * surfaces.tolerance() || from.distance(to) > reach;
            if lost {
                // Surfaces that all but touch have their common point far away or nowhere.
                let (near, residual) = settle(from, &around);
                lost = residual > WIDEST_CORNER * surfaces.extent();
                to = near;
            }
            if lost {
                return Err(format!(
                    "the {} surfaces at ({:.6}, {:.6}, {:.6}) have no common point near it",
                    around.len(),
                    from.x,
                    from.y,
                    from.z
                ));
            }
            snapped[v] = Some(to);
        }
        let near = 10.0 * surfaces.tolerance();
        let mut parent: Vec<u32> = (0..mesh.positions.len() as u32).collect();
        let mut collapsed = vec![false; chains.all.len()];
        for (i, chain) in chains.all.iter().enumerate() {
            let (a, b) = (mesh.from(chain[0]), mesh.to(chain[chain.len() - 1]));
            let (Some(p), Some(q)) = (snapped[a as usize], snapped[b as usize]) else { continue };
            if a == b || p.distance(q) > near {
                continue;
            }
            // Between surfaces that touch at the ends, the points in between come to the ends too.
            let sides = regions.sides(mesh, chain[0]).map(|f| *surfaces.surface(regions.faces[f as usize].surface));
            let between = chain[1..].iter().map(|h| snap(mesh.position(mesh.from(*h)), &sides).0);
            // So they do where the chain on the facets is a way there and not a way round: it ends far from its start.
            let from = mesh.position(a);
            let reached = chain[1..].iter().map(|h| mesh.position(mesh.from(*h)).distance(from)).fold(0.0, f64::max);
            let way = 2.0 * from.distance(mesh.position(b)) >= reached;
            // Otherwise the edge is closed: the ends are one vertex all the same.
            collapsed[i] = way || between.into_iter().all(|m| m.distance(p) <= 1e-3 * surfaces.extent());
            let (a, b) = (root(&parent, a), root(&parent, b));
            parent[a.max(b) as usize] = a.min(b);
        }
        let mut of_mesh = vec![None; mesh.positions.len()];
        let mut positions = Vec::new();
        for v in 0..mesh.positions.len() as u32 {
            let Some(position) = snapped[v as usize] else { continue };
            let first = root(&parent, v);
            if first == v {
                of_mesh[v as usize] = Some(positions.len() as u32);
                positions.push(position);
            } else {
                of_mesh[v as usize] = of_mesh[first as usize];
            }
        }
        Ok(Self { of_mesh, positions, collapsed })
    }
}

fn root(parent: &[u32], mut v: u32) -> u32 {
    while parent[v as usize] != v {
        v = parent[v as usize];
    }
    v
}

struct Builder<'a> {
    mesh: &'a HalfedgeMesh,
    regions: &'a Regions,
    chains: &'a Chains,
    surfaces: &'a SurfaceTable,
    corners: Corners,
    edges: Vec<RebuiltEdge>,
}

impl Builder<'_> {
    fn surface_of(&self, face: u32) -> Surface {
        *self.surfaces.surface(self.regions.faces[face as usize].surface)
    }

    /// Makes an edge of every chain that has length; the result maps chains to edges.
    fn edges(&mut self) -> Vec<Option<u32>> {
        let vertices: Vec<Vertex> =
            self.corners.positions.iter().map(|p| Vertex::new(Point3::new(p.x, p.y, p.z))).collect();
        let tolerance = self.surfaces.tolerance();
        let mut edge_of = Vec::with_capacity(self.chains.all.len());
        for (i, chain) in self.chains.all.iter().enumerate() {
            let ends = [self.mesh.from(chain[0]), self.mesh.to(chain[chain.len() - 1])];
            let [Some(start), Some(end)] = ends.map(|v| self.corners.of_mesh[v as usize]) else {
                edge_of.push(None);
                continue;
            };
            if self.corners.collapsed[i] {
                edge_of.push(None);
                continue;
            }
            let faces = self.regions.sides(self.mesh, chain[0]);
            let mut points = vec![self.corners.positions[start as usize]];
            points.extend(chain[1..].iter().map(|h| self.mesh.position(self.mesh.from(*h))));
            points.push(self.corners.positions[end as usize]);
            let (low, high) = points.iter().fold((points[0], points[0]), |(l, h), p| (l.min(*p), h.max(*p)));
            let span = Span {
                surfaces: faces.map(|f| self.surface_of(f)),
                points: &points,
                tolerance,
                chord_tolerance: SPLINE_CHORD * low.distance(high),
            };
            let curve = span.curve();
            let topology = Edge::new_unchecked(&vertices[start as usize], &vertices[end as usize], curve.clone());
            edge_of.push(Some(self.edges.len() as u32));
            self.edges.push(RebuiltEdge { curve, start, end, faces, topology });
        }
        edge_of
    }

    /// The result, and the face of every region that has one.
    fn solids(self, edge_of: &[Option<u32>]) -> Result<(Rebuilt, Vec<Option<u32>>), String> {
        let loops = self.chains.loops(self.mesh, self.regions);
        let shells = Shells::new(self.mesh);
        let mut solid_of_shell = shells.solids(self.mesh)?;
        let count = solid_of_shell.iter().map(|s| *s as usize + 1).max().unwrap_or(0);
        let mut faces = Vec::new();
        let mut face_of_region = vec![None; self.regions.faces.len()];
        let mut by_shell: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (id, region) in self.regions.faces.iter().enumerate() {
            let shell = shells.of_triangle[region.largest as usize] as usize;
            let Some(face) = self.face(id, &loops[id], edge_of, solid_of_shell[shell]) else { continue };
            face_of_region[id] = Some(faces.len() as u32);
            by_shell.entry(shell).or_default().push(faces.len() as u32);
            faces.push(face);
        }
        let mut boundaries: Vec<Vec<Shell>> = vec![Vec::new(); count];
        for outer in [true, false] {
            for (shell, members) in &by_shell {
                if (shells.volumes[*shell] > 0.0) == outer {
                    let shell_faces = members.iter().map(|f| faces[*f as usize].topology.clone());
                    boundaries[solid_of_shell[*shell] as usize].push(shell_faces.collect());
                }
            }
        }
        solid_of_shell.clear();
        let solids = boundaries.into_iter().map(Solid::new_unchecked).collect();
        let triangle_faces = self.regions.of_triangle.iter().map(|r| face_of_region[*r as usize]).collect();
        let mut edges = self.edges;
        for edge in &mut edges {
            for side in &mut edge.faces {
                *side = face_of_region[*side as usize].unwrap_or(u32::MAX);
            }
        }
        Ok((Rebuilt { solids, vertices: self.corners.positions, edges, faces, triangle_faces }, face_of_region))
    }

    /// The face of a region; `None` when nothing of its boundary has length.
    fn face(&self, id: usize, loops: &[Vec<(u32, bool)>], edge_of: &[Option<u32>], solid: u32) -> Option<RebuiltFace> {
        let region = &self.regions.faces[id];
        let surface = *self.surfaces.surface(region.surface);
        let mut wires: Vec<(f64, Wire, Vec<u32>)> = Vec::new();
        for walk in loops {
            let steps: Vec<(u32, bool)> =
                walk.iter().filter_map(|(c, forward)| Some((edge_of[*c as usize]?, *forward))).collect();
            if steps.is_empty() {
                continue;
            }
            let wire: Wire = steps
                .iter()
                .map(|(e, forward)| {
                    let edge = &self.edges[*e as usize].topology;
                    if *forward { edge.clone() } else { edge.inverse() }
                })
                .collect();
            let size = self.loop_size(walk);
            wires.push((size, wire, steps.into_iter().map(|s| s.0).collect()));
        }
        if wires.is_empty() && !loops.is_empty() {
            return None;
        }
        // The outer loop is the one that spans most.
        wires.sort_by(|a, b| b.0.total_cmp(&a.0));
        let boundaries: Vec<Wire> =
            wires.iter().map(|(_, wire, _)| if region.natural { wire.clone() } else { wire.inverse() }).collect();
        let mut topology = Face::new_unchecked(boundaries, surface);
        if !region.natural {
            topology.invert();
        }
        Some(RebuiltFace {
            surface,
            reversed: !region.natural,
            body_face: region.body_face,
            solid,
            loops: wires.into_iter().map(|w| w.2).collect(),
            topology,
        })
    }

    /// Diagonal of the box round a loop.
    fn loop_size(&self, walk: &[(u32, bool)]) -> f64 {
        let points = walk.iter().flat_map(|(c, _)| &self.chains.all[*c as usize]);
        let empty = (DVec3::INFINITY, DVec3::NEG_INFINITY);
        let (low, high) = points.fold(empty, |(low, high), h| {
            let p = self.mesh.position(self.mesh.from(*h));
            (low.min(p), high.max(p))
        });
        low.distance(high)
    }
}

/// Connected sets of triangles.
struct Shells {
    of_triangle: Vec<u32>,
    /// Signed volume: positive bounds material from outside, negative is a void.
    volumes: Vec<f64>,
    /// A triangle of every shell.
    sample: Vec<usize>,
}

impl Shells {
    fn new(mesh: &HalfedgeMesh) -> Self {
        let mut shells =
            Self { of_triangle: vec![u32::MAX; mesh.triangles.len()], volumes: Vec::new(), sample: Vec::new() };
        for seed in 0..mesh.triangles.len() {
            if shells.of_triangle[seed] != u32::MAX {
                continue;
            }
            let id = shells.volumes.len() as u32;
            shells.of_triangle[seed] = id;
            let mut pending = vec![seed];
            let origin = mesh.position(mesh.triangles[seed][0]);
            let mut volume = 0.0;
            let mut largest = (-1.0, seed);
            while let Some(t) = pending.pop() {
                let [a, b, c] = mesh.triangles[t].map(|v| mesh.position(v) - origin);
                volume += a.dot(b.cross(c)) / 6.0;
                let size = mesh.double_area(t).length_squared();
                if size > largest.0 {
                    largest = (size, t);
                }
                for k in 0..3 {
                    let other = mesh.opposite[3 * t + k] as usize / 3;
                    if shells.of_triangle[other] == u32::MAX {
                        shells.of_triangle[other] = id;
                        pending.push(other);
                    }
                }
            }
            shells.volumes.push(volume);
            shells.sample.push(largest.1);
        }
        shells
    }

    /// The solid of every shell: outer shells in order, every void with the smallest shell round it.
    fn solids(&self, mesh: &HalfedgeMesh) -> Result<Vec<u32>, String> {
        let count = self.volumes.len();
        let mut solid = vec![u32::MAX; count];
        let outer: Vec<usize> = (0..count).filter(|s| self.volumes[*s] > 0.0).collect();
        for (i, s) in outer.iter().enumerate() {
            solid[*s] = i as u32;
        }
        for void in (0..count).filter(|s| self.volumes[*s] <= 0.0) {
            let [a, b, c] = mesh.triangles[self.sample[void]].map(|v| mesh.position(v));
            let inside = (a + b + c) / 3.0;
            let around = outer.iter().filter(|s| self.winding(mesh, **s, inside) > 0.5);
            let smallest = around.min_by(|s, t| self.volumes[**s].total_cmp(&self.volumes[**t]));
            let Some(smallest) = smallest else {
                return Err("a void lies in no solid".into());
            };
            solid[void] = solid[*smallest];
        }
        Ok(solid)
    }

    /// How often a shell goes round a point.
    fn winding(&self, mesh: &HalfedgeMesh, shell: usize, p: DVec3) -> f64 {
        let triangles = mesh.triangles.iter().zip(&self.of_triangle).filter(|(_, s)| **s as usize == shell);
        let angle = |triangle: &[u32; 3]| {
            let [a, b, c] = triangle.map(|v| mesh.position(v) - p);
            let (x, y, z) = (a.length(), b.length(), c.length());
            let numerator = a.dot(b.cross(c));
            let denominator = x * y * z + a.dot(b) * z + b.dot(c) * x + c.dot(a) * y;
            2.0 * numerator.atan2(denominator)
        };
        triangles.map(|(t, _)| angle(t)).sum::<f64>() / (4.0 * std::f64::consts::PI)
    }
}
