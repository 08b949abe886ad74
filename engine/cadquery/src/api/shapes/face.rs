//! Faces of evaluated bodies.

use glam::DVec3;
use partwright_brep::{Body, Curve, EdgeId, FaceInfo, Frame, Surface};

use crate::api::edge::{Edge, EdgeCurve};
use crate::api::error::Fault;
use crate::api::object::Face;
use crate::api::wire::{Wire, connect};

/// An index that the body does not have: a fault of this software, reported, not a panic.
const MISSING: Fault = Fault::Rule("internal: a selected part is not in its body");

impl Face {
    pub(crate) fn info(&self) -> Result<&FaceInfo, Fault> {
        self.body.faces.get(self.id.0 as usize).ok_or(MISSING)
    }

    /// The outward normal of a planar face; of another, that at the point of it nearest to its centre.
    pub(crate) fn normal(&self) -> Result<DVec3, Fault> {
        self.normal_at(self.info()?.center)
    }

    /// The outward normal at the point of the surface nearest to `p`.
    pub(crate) fn normal_at(&self, p: DVec3) -> Result<DVec3, Fault> {
        let info = self.info()?;
        let natural = match info.surface {
            Surface::Plane { frame } => frame.z,
            Surface::Sphere { frame, .. } => (p - frame.origin).normalize_or(frame.z),
            Surface::Cylinder { frame, .. } => radial(&frame, p),
            Surface::Cone { frame, half_angle_rad, .. } => {
                radial(&frame, p) * half_angle_rad.cos() - frame.z * half_angle_rad.sin()
            }
            Surface::Torus { frame, major_radius, .. } => {
                let tube_center = frame.origin + radial(&frame, p) * major_radius;
                (p - tube_center).normalize_or(frame.z)
            }
        };
        Ok(if info.reversed { -natural } else { natural })
    }

    /// The plane of a planar face, its normal outward.
    pub(crate) fn plane_frame(&self) -> Result<Frame, Fault> {
        let info = self.info()?;
        let Surface::Plane { frame } = info.surface else {
            return Err(Fault::RuleWith(format!("a planar face is needed, this one is a {}", info.surface.kind())));
        };
        let normal = if info.reversed { -frame.z } else { frame.z };
        Frame::from_normal(frame.origin, normal, frame.x).ok_or(MISSING)
    }

    /// Its boundary, outer wire first.
    pub(crate) fn wires(&self) -> Result<Vec<Wire>, Fault> {
        let mut wires = Vec::new();
        for edges in &self.info()?.loops {
            let edges = edges.iter().map(|edge| body_edge(&self.body, *edge)).collect::<Result<Vec<_>, _>>()?;
            wires.extend(connect(&edges, JOIN));
        }
        Ok(wires)
    }
}

/// Edges of one loop share vertices; their ends differ only by rounding, which grows with the part.
const JOIN: f64 = 1e-5;

/// The direction away from the axis of a frame, at a point.
fn radial(frame: &Frame, p: DVec3) -> DVec3 {
    let q = frame.local_from_world(p);
    (frame.x * q.x + frame.y * q.y).normalize_or(frame.x)
}

/// An edge of a body as an edge of its own.
pub(crate) fn body_edge(body: &Body, id: EdgeId) -> Result<Edge, Fault> {
    let info = body.edges.get(id.0 as usize).ok_or(MISSING)?;
    let vertex = |index: u32| body.vertices.get(index as usize).copied().ok_or(MISSING);
    let (start, end) = (vertex(info.start)?, vertex(info.end)?);
    let other = |kind| EdgeCurve::Other { kind, start, end, center: info.center, length: info.length };
    let curve = match &info.curve {
        Curve::Line => EdgeCurve::Line { start, end },
        Curve::Circle { frame, radius } => {
            let local = frame.local_from_world(start);
            let toward_start = (frame.x * local.x + frame.y * local.y).normalize_or(frame.x);
            if info.start == info.end {
                let x = toward_start;
                EdgeCurve::Circle { frame: Frame { x, y: frame.z.cross(x), ..*frame }, radius: *radius }
            } else {
                let half = info.length / radius / 2.0;
                let across = frame.z.cross(toward_start);
                let mid = frame.origin + (toward_start * half.cos() + across * half.sin()) * *radius;
                EdgeCurve::Arc { start, mid, end }
            }
        }
        Curve::Ellipse { .. } => other("ELLIPSE"),
        Curve::Spline { .. } => other("BSPLINE"),
    };
    Ok(Edge { curve, construction: false })
}
