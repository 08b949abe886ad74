//! The exact bounding box of a face.

use std::f64::consts::PI;

use glam::{DVec2, DVec3};

use crate::contains::contains;
use crate::topology::Face;
use crate::{Span, Surface};

/// The exact lower and upper corner of the box of `face`.
///
/// On a plane or a cylinder every extreme is reached on an edge, on a cone there or at the apex, since where the normal
/// is along the axis asked for, it is so along a whole generator. A sphere and a torus bulge: their own extremes count
/// where they lie on the face.
pub fn face_bounds(face: &Face) -> [DVec3; 2] {
    let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
    for edge in face.absolute_boundaries().iter().flat_map(|w| w.iter()) {
        let [l, h] = Span::of_edge(edge).bounds();
        (low, high) = (low.min(l), high.max(h));
    }
    let surface = face.surface();
    for p in extremes(&surface) {
        let grows = p.cmplt(low).any() || p.cmpgt(high).any();
        if grows && contains(face, p) {
            (low, high) = (low.min(p), high.max(p));
        }
    }
    [low, high]
}

/// Points of the surface where a world axis is normal to it, and a cone's apex.
fn extremes(surface: &Surface) -> Vec<DVec3> {
    let frame = surface.frame();
    let axes = [DVec3::X, DVec3::Y, DVec3::Z];
    match *surface {
        Surface::Plane { .. } | Surface::Cylinder { .. } => Vec::new(),
        Surface::Cone { .. } => surface.singular_v()[0].map(|v| frame.origin + frame.z * v).into_iter().collect(),
        Surface::Sphere { radius, .. } => {
            axes.iter().flat_map(|&a| [frame.origin + a * radius, frame.origin - a * radius]).collect()
        }
        Surface::Torus { .. } => axes
            .iter()
            .flat_map(|&a| {
                let local = DVec3::new(a.dot(frame.x), a.dot(frame.y), a.dot(frame.z));
                let (u, v) = (local.y.atan2(local.x), local.z.atan2(local.truncate().length()));
                [DVec2::new(u, v), DVec2::new(u, PI + v), DVec2::new(u + PI, PI - v), DVec2::new(u + PI, -v)]
            })
            .map(|uv| surface.point(uv))
            .collect(),
    }
}
