//! Points, frames, curves and surfaces as STEP instances.

use glam::DVec3;

use super::data::{Data, Id, list, real};
use crate::{Curve, Frame, Span, Surface};

fn triple(p: DVec3) -> String {
    format!("({},{},{})", real(p.x), real(p.y), real(p.z))
}

pub(super) fn point(data: &mut Data, p: DVec3) -> Id {
    data.share(format!("CARTESIAN_POINT('',{})", triple(p)))
}

fn direction(data: &mut Data, d: DVec3) -> Id {
    data.share(format!("DIRECTION('',{})", triple(d)))
}

pub(super) fn placement(data: &mut Data, frame: &Frame) -> Id {
    let (origin, z, x) = (point(data, frame.origin), direction(data, frame.z), direction(data, frame.x));
    data.share(format!("AXIS2_PLACEMENT_3D('',{origin},{z},{x})"))
}

pub(super) fn surface(data: &mut Data, surface: &Surface) -> Id {
    // A cone's angle may not be zero and its radius not negative; both hold by its definition.
    let at = placement(data, surface.frame());
    let text = match *surface {
        Surface::Plane { .. } => format!("PLANE('',{at})"),
        Surface::Cylinder { radius, .. } => format!("CYLINDRICAL_SURFACE('',{at},{})", real(radius)),
        Surface::Cone { radius, half_angle_rad, .. } => {
            format!("CONICAL_SURFACE('',{at},{},{})", real(radius), real(half_angle_rad))
        }
        Surface::Sphere { radius, .. } => format!("SPHERICAL_SURFACE('',{at},{})", real(radius)),
        Surface::Torus { major_radius, minor_radius, .. } => {
            format!("TOROIDAL_SURFACE('',{at},{},{})", real(major_radius), real(minor_radius))
        }
    };
    data.share(text)
}

pub(super) fn curve(data: &mut Data, span: &Span) -> Id {
    let text = match span.curve() {
        Curve::Line => {
            let (start, along) = (span.point(0.0), span.derivative(0.0));
            let (start, along) = (point(data, start), direction(data, along.normalize_or(DVec3::X)));
            let vector = data.share(format!("VECTOR('',{along},1.)"));
            format!("LINE('',{start},{vector})")
        }
        Curve::Circle { frame, radius } => {
            let at = placement(data, frame);
            format!("CIRCLE('',{at},{})", real(*radius))
        }
        Curve::Ellipse { frame, major_radius, minor_radius } => {
            let at = placement(data, frame);
            format!("ELLIPSE('',{at},{},{})", real(*major_radius), real(*minor_radius))
        }
        Curve::Spline { points, knots } => {
            let poles: Vec<Id> = points.iter().map(|&p| point(data, p)).collect();
            let multiplicities =
                knots.iter().enumerate().map(|(i, _)| if i == 0 || i + 1 == knots.len() { 4 } else { 3 });
            format!(
                "B_SPLINE_CURVE_WITH_KNOTS('',3,({}),.UNSPECIFIED.,.F.,.F.,({}),({}),.UNSPECIFIED.)",
                list(poles),
                list(multiplicities),
                list(knots.iter().map(|&k| real(k))),
            )
        }
    };
    data.share(text)
}
