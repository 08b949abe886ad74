//! Vertices, edges, faces, shells and solids as STEP instances.

use glam::DVec3;
use rustc_hash::FxHashMap;
use truck_topology::{EdgeID, VertexID};

use super::data::{Data, Id, list};
use super::geometry;
use super::seam::seamless;
use crate::span::position;
use crate::topology::{Edge, Face, Shell, Solid, Vertex};
use crate::{Curve, Frame, Span, Surface};

/// Writes solids, each vertex and edge once.
#[derive(Default)]
pub(super) struct SolidWriter {
    vertices: FxHashMap<VertexID<truck_modeling::Point3>, Id>,
    edges: FxHashMap<EdgeID<Curve>, Id>,
}

fn flag(value: bool) -> &'static str {
    if value { ".T." } else { ".F." }
}

impl SolidWriter {
    pub(super) fn solid(&mut self, data: &mut Data, solid: &Solid) -> Option<Id> {
        let mut shells = solid.boundaries().iter();
        let outer = self.shell(data, shells.next()?);
        let voids: Vec<Id> = shells
            .map(|shell| {
                let shell = self.shell(data, shell);
                // The faces of a void already look into it, away from the material.
                data.add(&format!("ORIENTED_CLOSED_SHELL('',*,{shell},.T.)"))
            })
            .collect();
        Some(if voids.is_empty() {
            data.add(&format!("MANIFOLD_SOLID_BREP('',{outer})"))
        } else {
            data.add(&format!("BREP_WITH_VOIDS('',{outer},({}))", list(voids)))
        })
    }

    fn shell(&mut self, data: &mut Data, shell: &Shell) -> Id {
        let faces: Vec<Id> = shell.face_iter().map(|f| self.face(data, f)).collect();
        data.add(&format!("CLOSED_SHELL('',({}))", list(faces)))
    }

    fn face(&mut self, data: &mut Data, face: &Face) -> Id {
        let surface = face.surface();
        let mut loops: Vec<Id> = Vec::new();
        for wire in face.boundaries() {
            let edges: Vec<Id> = wire.iter().map(|e| self.oriented_edge(data, e)).collect();
            loops.push(data.add(&format!("EDGE_LOOP('',({}))", list(edges))));
        }
        if loops.is_empty() {
            loops.extend(closing_loop(data, &surface));
        }
        let bounds: Vec<Id> = loops.into_iter().map(|l| data.add(&format!("FACE_BOUND('',{l},.T.)"))).collect();
        let on = geometry::surface(data, &seamless(face));
        data.add(&format!("ADVANCED_FACE('',({}),{on},{})", list(bounds), flag(face.orientation())))
    }

    fn oriented_edge(&mut self, data: &mut Data, edge: &Edge) -> Id {
        let id = if let Some(&id) = self.edges.get(&edge.id()) {
            id
        } else {
            let curve = geometry::curve(data, &Span::of_edge(edge));
            let (from, to) = edge.absolute_ends();
            let (from, to) = (self.vertex(data, from), self.vertex(data, to));
            let id = data.add(&format!("EDGE_CURVE('',{from},{to},{curve},.T.)"));
            self.edges.insert(edge.id(), id);
            id
        };
        data.add(&format!("ORIENTED_EDGE('',*,*,{id},{})", flag(edge.orientation())))
    }

    fn vertex(&mut self, data: &mut Data, vertex: &Vertex) -> Id {
        *self.vertices.entry(vertex.id()).or_insert_with(|| vertex_point(data, position(vertex)))
    }
}

fn vertex_point(data: &mut Data, p: DVec3) -> Id {
    let p = geometry::point(data, p);
    data.add(&format!("VERTEX_POINT('',{p})"))
}

/// The loop that readers want on a face without wires: on a sphere the south pole, on a torus the two circles that cut
/// it open. `None` on other surfaces, whose faces always have wires.
fn closing_loop(data: &mut Data, surface: &Surface) -> Option<Id> {
    match *surface {
        Surface::Sphere { frame, radius } => {
            let pole = vertex_point(data, frame.origin - frame.z * radius);
            Some(data.add(&format!("VERTEX_LOOP('',{pole})")))
        }
        Surface::Torus { frame, major_radius, minor_radius } => {
            let start = frame.origin + frame.x * (major_radius + minor_radius);
            let vertex = vertex_point(data, start);
            let tube = Frame { origin: frame.origin + frame.x * major_radius, x: frame.x, y: frame.z, z: -frame.y };
            let around = Curve::Circle { frame, radius: major_radius + minor_radius };
            let across = Curve::Circle { frame: tube, radius: minor_radius };
            let [around, across] = [around, across].map(|curve| {
                let curve = geometry::curve(data, &Span::new(curve, start, start, true));
                data.add(&format!("EDGE_CURVE('',{vertex},{vertex},{curve},.T.)"))
            });
            let uses = [(around, true), (across, true), (around, false), (across, false)];
            let uses = uses.map(|(e, along)| data.add(&format!("ORIENTED_EDGE('',*,*,{e},{})", flag(along))));
            Some(data.add(&format!("EDGE_LOOP('',({}))", list(uses))))
        }
        Surface::Plane { .. } | Surface::Cylinder { .. } | Surface::Cone { .. } => None,
    }
}
