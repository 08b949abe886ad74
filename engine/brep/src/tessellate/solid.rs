//! The mesh of several solids.

use glam::DVec3;
use partwright_geometry::TriMesh;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use truck_topology::{EdgeID, VertexID};

use super::chart::{self, Layout};
use super::domain::{self, Fault, Meshed};
use super::{TessellateError, Tolerance, closed, edges};
use crate::measure::loops::{self, Coedge};
use crate::span::position;
use crate::topology::{Edge, Face, Solid};
use crate::{Curve, Span};

/// A watertight mesh with its faces and edges known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tessellation {
    /// The mesh; triangles are counter-clockwise seen from outside.
    pub mesh: TriMesh,
    /// Per triangle the number of its face, counted over the faces of all solids in their order.
    pub triangle_faces: Vec<u32>,
    /// Per edge, in the order in which the faces first use them, the points it was sampled at (indices into the mesh's
    /// positions).
    pub edges: Vec<Vec<u32>>,
    /// Per edge of `edges` the curve it lies on.
    pub edge_curves: Vec<Curve>,
    /// Per edge of `edges` the faces that it bounds, numbered as in `triangle_faces`; one face twice along a seam.
    pub edge_faces: Vec<[u32; 2]>,
}

/// How often a finer tolerance is tried when sampled boundaries cross (each a quarter of the one before).
const MAX_REFINEMENTS: usize = 5;

/// Meshes `solids` within `tolerance`. Vertices are shared along edges, also between solids that share them.
///
/// # Errors
/// When a face cannot be laid out or its boundary crosses itself at any tolerance, when the mesh would be too fine, or
/// when the faces do not close; see [`TessellateError`].
pub fn tessellate(solids: &[Solid], tolerance: Tolerance) -> Result<Tessellation, TessellateError> {
    let mut tolerance = tolerance;
    let mut refinements = 0;
    loop {
        match attempt(solids, &tolerance) {
            Err(TessellateError::BoundaryCrosses { .. } | TessellateError::NotBounded { .. })
                if refinements < MAX_REFINEMENTS =>
            {
                refinements += 1;
                tolerance = tolerance.finer();
            }
            result => return result,
        }
    }
}

/// The points of all edges, each sampled once.
#[derive(Default)]
struct Samples {
    positions: Vec<DVec3>,
    vertices: FxHashMap<VertexID<truck_modeling::Point3>, u32>,
    /// Per edge the points along its curve, both ends included.
    edges: FxHashMap<EdgeID<Curve>, usize>,
    lists: Vec<Vec<u32>>,
    curves: Vec<Curve>,
    faces: Vec<[u32; 2]>,
}

impl Samples {
    fn add_edge(&mut self, edge: &Edge, face: usize, tolerance: &Tolerance) {
        if let Some(&known) = self.edges.get(&edge.id()) {
            self.faces[known][1] = face as u32;
            return;
        }
        let (from, to) = edge.absolute_ends();
        let mut vertex = |v: &crate::topology::Vertex| {
            *self.vertices.entry(v.id()).or_insert_with(|| {
                self.positions.push(position(v));
                self.positions.len() as u32 - 1
            })
        };
        let (from, to) = (vertex(from), vertex(to));
        let span = Span::of_edge(edge);
        let mut list = vec![from];
        for t in edges::inner_parameters(&span, tolerance) {
            list.push(self.positions.len() as u32);
            self.positions.push(span.point(t));
        }
        list.push(to);
        self.edges.insert(edge.id(), self.lists.len());
        self.lists.push(list);
        self.curves.push(span.curve().clone());
        self.faces.push([face as u32; 2]);
    }

    /// The points of a closed chain of edges, none twice.
    fn chain(&self, chain: &[Coedge]) -> Vec<u32> {
        let mut out = Vec::new();
        for coedge in chain {
            let Some(list) = self.edges.get(&coedge.edge).map(|&i| &self.lists[i]) else { continue };
            let end = list.len() - 1;
            if coedge.forward {
                out.extend(&list[..end]);
            } else {
                out.extend(list[1..].iter().rev());
            }
        }
        out
    }
}

fn attempt(solids: &[Solid], tolerance: &Tolerance) -> Result<Tessellation, TessellateError> {
    let faces: Vec<&Face> = solids.iter().flat_map(Solid::face_iter).collect();
    let mut samples = Samples::default();
    for (i, face) in faces.iter().enumerate() {
        for edge in face.absolute_boundaries().iter().flat_map(|w| w.iter()) {
            samples.add_edge(edge, i, tolerance);
        }
    }
    let meshed: Vec<Result<Meshed, TessellateError>> = faces
        .par_iter()
        .enumerate()
        .map(|(i, face)| mesh_face(face, &samples, tolerance).map_err(|fault| explained(fault, face, i)))
        .collect();
    let shared = samples.positions.len() as u32;
    let mut out = Tessellation {
        edges: samples.lists,
        edge_curves: samples.curves,
        edge_faces: samples.faces,
        ..Tessellation::default()
    };
    out.mesh.positions = samples.positions;
    for (i, (face, meshed)) in faces.iter().zip(meshed).enumerate() {
        let meshed = meshed?;
        let offset = out.mesh.positions.len() as u32;
        out.mesh.positions.extend(meshed.points);
        for triangle in meshed.triangles {
            let [a, b, c] = triangle.map(|v| if v < shared { v } else { v - shared + offset });
            out.mesh.triangles.push(if face.orientation() { [a, b, c] } else { [a, c, b] });
            out.triangle_faces.push(i as u32);
        }
    }
    match open_edge(&out.mesh) {
        Some(near) => Err(TessellateError::Open { near }),
        None => Ok(out),
    }
}

fn explained(fault: Fault, face: &Face, number: usize) -> TessellateError {
    let surface = face.surface();
    let near = face.vertex_iter().next().map_or(surface.frame().origin, |v| position(&v));
    match fault {
        Fault::Crosses => TessellateError::BoundaryCrosses { face: number, surface: surface.kind(), near },
        Fault::NotBounded => TessellateError::NotBounded { face: number, surface: surface.kind(), near },
        Fault::TooFine => TessellateError::TooFine { face: number, limit: domain::MAX_POINTS },
    }
}

/// One face.
fn mesh_face(face: &Face, samples: &Samples, tolerance: &Tolerance) -> Result<Meshed, Fault> {
    let surface = face.surface();
    let first_new = samples.positions.len() as u32;
    let wires = loops::of_face(face);
    if wires.is_empty() {
        let (points, triangles) = closed::grid(&surface, tolerance).ok_or(Fault::NotBounded)?;
        let triangles = triangles.into_iter().map(|t| t.map(|v| v + first_new)).collect();
        return Ok(Meshed { points, triangles });
    }
    let circles: Vec<Curve> = wires.iter().flatten().map(|c| c.span.curve().clone()).collect();
    let ids: Vec<Vec<u32>> = wires.iter().map(|w| samples.chain(w)).collect();
    let at = |id: u32| samples.positions[id as usize];
    let polylines: Vec<Vec<DVec3>> = ids.iter().map(|w| w.iter().map(|&id| at(id)).collect()).collect();
    let layout: Layout = chart::lay_out(&surface, &polylines, &circles).ok_or(Fault::NotBounded)?;
    domain::triangulate(&surface, &layout, &ids, &at, first_new, tolerance)
}

/// A point where the mesh is open: an edge without its opposite, or with two.
fn open_edge(mesh: &TriMesh) -> Option<DVec3> {
    let mut uses: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for t in &mesh.triangles {
        for i in 0..3 {
            *uses.entry((t[i], t[(i + 1) % 3])).or_default() += 1;
        }
    }
    mesh.triangles
        .iter()
        .flat_map(|t| (0..3).map(move |i| (t[i], t[(i + 1) % 3])))
        .find(|&(a, b)| uses.get(&(a, b)) != uses.get(&(b, a)))
        .map(|(a, _)| mesh.positions[a as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn mesh_volume(mesh: &TriMesh) -> f64 {
        let p = |i: u32| mesh.positions[i as usize];
        mesh.triangles.iter().map(|t| p(t[0]).dot(p(t[1]).cross(p(t[2]))) / 6.0).sum()
    }

    fn mesh_area(mesh: &TriMesh) -> f64 {
        let p = |i: u32| mesh.positions[i as usize];
        mesh.triangles.iter().map(|t| (p(t[1]) - p(t[0])).cross(p(t[2]) - p(t[0])).length() / 2.0).sum()
    }

    #[test]
    fn samples_are_meshed_watertight_and_within_the_tolerance() {
        for s in samples::all() {
            for (chord, angle) in [(0.3, 3.0), (0.02, 3.0), (0.001, 0.3)] {
                let tolerance = Tolerance::new(chord, angle).expect("positive");
                let t =
                    tessellate(std::slice::from_ref(&s.solid), tolerance).unwrap_or_else(|e| panic!("{} {e}", s.name));
                let faces: Vec<_> = s.solid.face_iter().collect();
                for (triangle, &face) in t.mesh.triangles.iter().zip(&t.triangle_faces) {
                    let surface = faces[face as usize].surface();
                    let p = triangle.map(|i| t.mesh.positions[i as usize]);
                    for q in p {
                        assert!(surface.signed_distance(q).abs() < 1e-9, "{} vertex off the surface", s.name);
                    }
                    for k in 0..3 {
                        let off = surface.signed_distance((p[k] + p[(k + 1) % 3]) * 0.5).abs();
                        assert!(off <= chord * 1.02, "{} {surface:?} off {off} at {chord}", s.name);
                    }
                    let normal = (p[1] - p[0]).cross(p[2] - p[0]);
                    let out = surface.normal_at((p[0] + p[1] + p[2]) / 3.0);
                    let sign = if faces[face as usize].orientation() { 1.0 } else { -1.0 };
                    assert!(normal.dot(out) * sign > 0.0, "{} {surface:?} folded triangle {p:?}", s.name);
                }
                // A chord bound c leaves out at most about c times the area.
                let (volume, area) = (mesh_volume(&t.mesh), mesh_area(&t.mesh));
                assert!((volume - s.volume).abs() < chord * s.area, "{} volume {volume} {}", s.name, s.volume);
                assert!((area - s.area).abs() < 0.2 * s.area, "{} area {area} {}", s.name, s.area);
            }
        }
    }

    #[test]
    fn finer_meshes_converge_to_the_exact_volume_and_area() {
        for s in samples::all() {
            let error = |chord: f64| {
                let tolerance = Tolerance::new(chord, 10.0).expect("positive");
                let t = tessellate(std::slice::from_ref(&s.solid), tolerance).expect(s.name);
                [(mesh_volume(&t.mesh) / s.volume - 1.0).abs(), (mesh_area(&t.mesh) / s.area - 1.0).abs()]
            };
            let [volume, area] = error(1e-3);
            assert!(volume < 2e-3 && area < 2e-3, "{} {volume} {area}", s.name);
        }
    }

    #[test]
    fn the_same_solid_gives_the_same_mesh() {
        let tolerance = Tolerance::new(0.05, 0.3).expect("positive");
        for (a, b) in samples::all().into_iter().zip(samples::all()) {
            assert_eq!(tessellate(&[a.solid], tolerance), tessellate(&[b.solid], tolerance));
        }
    }

    #[test]
    fn an_open_shell_is_refused() {
        let s = samples::cuboid();
        let mut shell = s.solid.boundaries()[0].clone();
        shell.pop();
        let open = Solid::new_unchecked(vec![shell]);
        let tolerance = Tolerance::new(0.1, 0.5).expect("positive");
        assert!(matches!(tessellate(&[open], tolerance), Err(TessellateError::Open { .. })));
    }
}
