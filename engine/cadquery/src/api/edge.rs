//! Single edges in space: what drawing produces, and what is selected from a body.

use std::f64::consts::TAU;

use glam::DVec3;
use partwright_brep::{Frame, Isometry};

use super::error::{Fault, show_point};

/// Points closer than this are one point (`OpenCASCADE`'s `Precision::Confusion`).
pub(crate) const CONFUSION: f64 = 1e-7;

/// Two vectors with a smaller sine between them are parallel to `OpenCASCADE`'s arc construction (measured).
const ARC_SINE: f64 = 1e-7;

/// An edge's geometry, run from its start to its end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EdgeCurve {
    Line {
        start: DVec3,
        end: DVec3,
    },
    /// Through `mid`, which lies strictly between the ends.
    Arc {
        start: DVec3,
        mid: DVec3,
        end: DVec3,
    },
    /// A full circle from the frame's x axis counter-clockwise about z.
    Circle {
        frame: Frame,
        radius: f64,
    },
    /// An ellipse or a spline selected from a body: can be measured, not drawn with.
    Other {
        kind: &'static str,
        start: DVec3,
        end: DVec3,
        center: DVec3,
        length: f64,
    },
}

/// An edge.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edge {
    pub(crate) curve: EdgeCurve,
    /// Drawn `forConstruction`: never part of a wire.
    pub(crate) construction: bool,
}

/// The circle an arc lies on, run counter-clockwise about `frame.z` from `frame.x` by `sweep_rad`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ArcCircle {
    pub(crate) frame: Frame,
    pub(crate) radius: f64,
    pub(crate) sweep_rad: f64,
}

impl Edge {
    pub(crate) fn line(start: DVec3, end: DVec3) -> Result<Self, Fault> {
        if start.distance(end) <= CONFUSION {
            return Err(Fault::LineWithoutLength { at: show_point(start) });
        }
        Ok(Self { curve: EdgeCurve::Line { start, end }, construction: false })
    }

    pub(crate) fn arc(start: DVec3, mid: DVec3, end: DVec3) -> Result<Self, Fault> {
        let (u, v) = (mid - start, end - start);
        let degenerate = u.length() <= CONFUSION
            || v.length() <= CONFUSION
            || mid.distance(end) <= CONFUSION
            || u.cross(v).length() <= ARC_SINE * u.length() * v.length();
        if degenerate {
            let points = [start, mid, end].map(show_point).join(", ");
            return Err(Fault::DegenerateArc { points });
        }
        Ok(Self { curve: EdgeCurve::Arc { start, mid, end }, construction: false })
    }

    pub(crate) fn circle(frame: Frame, radius: f64) -> Result<Self, Fault> {
        if radius <= CONFUSION {
            return Err(Fault::NotPositive { what: "the radius", value: radius });
        }
        Ok(Self { curve: EdgeCurve::Circle { frame, radius }, construction: false })
    }

    pub(crate) fn start(&self) -> DVec3 {
        match self.curve {
            EdgeCurve::Line { start, .. } | EdgeCurve::Arc { start, .. } | EdgeCurve::Other { start, .. } => start,
            EdgeCurve::Circle { frame, radius } => frame.origin + frame.x * radius,
        }
    }

    pub(crate) fn end(&self) -> DVec3 {
        match self.curve {
            EdgeCurve::Line { end, .. } | EdgeCurve::Arc { end, .. } | EdgeCurve::Other { end, .. } => end,
            EdgeCurve::Circle { .. } => self.start(),
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.start().distance(self.end()) <= CONFUSION
    }

    /// The circle under an arc or a circle.
    pub(crate) fn arc_circle(&self) -> Option<ArcCircle> {
        match self.curve {
            EdgeCurve::Circle { frame, radius } => Some(ArcCircle { frame, radius, sweep_rad: TAU }),
            EdgeCurve::Arc { start, mid, end } => arc_circle(start, mid, end),
            EdgeCurve::Line { .. } | EdgeCurve::Other { .. } => None,
        }
    }

    pub(crate) fn length(&self) -> f64 {
        match self.curve {
            EdgeCurve::Line { start, end } => start.distance(end),
            EdgeCurve::Other { length, .. } => length,
            _ => self.arc_circle().map_or(0.0, |arc| arc.radius * arc.sweep_rad),
        }
    }

    /// Centre of mass of the curve.
    pub(crate) fn center(&self) -> DVec3 {
        match self.curve {
            EdgeCurve::Line { start, end } => (start + end) / 2.0,
            EdgeCurve::Circle { frame, .. } => frame.origin,
            EdgeCurve::Other { center, .. } => center,
            EdgeCurve::Arc { mid, .. } => self.arc_circle().map_or(mid, |arc| {
                let half = arc.sweep_rad / 2.0;
                let toward_middle = arc.frame.x * half.cos() + arc.frame.y * half.sin();
                arc.frame.origin + toward_middle * (arc.radius * half.sin() / half)
            }),
        }
    }

    /// Unit tangent at the end, in the direction of travel; `None` where it is not known.
    pub(crate) fn end_tangent(&self) -> Option<DVec3> {
        match self.curve {
            EdgeCurve::Line { start, end } => (end - start).try_normalize(),
            EdgeCurve::Other { .. } => None,
            _ => self.arc_circle().and_then(|arc| arc.frame.z.cross(self.end() - arc.frame.origin).try_normalize()),
        }
    }

    /// Unit tangent at the start, in the direction of travel; `None` where it is not known.
    pub(crate) fn start_tangent(&self) -> Option<DVec3> {
        match self.curve {
            EdgeCurve::Line { start, end } => (end - start).try_normalize(),
            EdgeCurve::Other { .. } => None,
            _ => self.arc_circle().map(|arc| arc.frame.y),
        }
    }

    /// `CadQuery`'s name of the kind of curve.
    pub(crate) fn kind(&self) -> &'static str {
        match self.curve {
            EdgeCurve::Line { .. } => "LINE",
            EdgeCurve::Arc { .. } | EdgeCurve::Circle { .. } => "CIRCLE",
            EdgeCurve::Other { kind, .. } => kind,
        }
    }

    #[must_use]
    pub(crate) fn reversed(&self) -> Self {
        let curve = match self.curve {
            EdgeCurve::Line { start, end } => EdgeCurve::Line { start: end, end: start },
            EdgeCurve::Arc { start, mid, end } => EdgeCurve::Arc { start: end, mid, end: start },
            EdgeCurve::Circle { frame, radius } => {
                EdgeCurve::Circle { frame: Frame { y: -frame.y, z: -frame.z, ..frame }, radius }
            }
            EdgeCurve::Other { kind, start, end, center, length } => {
                EdgeCurve::Other { kind, start: end, end: start, center, length }
            }
        };
        Self { curve, ..*self }
    }

    #[must_use]
    pub(crate) fn moved(&self, motion: &Isometry) -> Self {
        let at = |p| motion.point(p);
        let curve = match self.curve {
            EdgeCurve::Line { start, end } => EdgeCurve::Line { start: at(start), end: at(end) },
            EdgeCurve::Arc { start, mid, end } => EdgeCurve::Arc { start: at(start), mid: at(mid), end: at(end) },
            EdgeCurve::Circle { frame, radius } => {
                let (x, y) = (motion.direction(frame.x), motion.direction(frame.y));
                EdgeCurve::Circle { frame: Frame { origin: at(frame.origin), x, y, z: x.cross(y) }, radius }
            }
            EdgeCurve::Other { kind, start, end, center, length } => {
                EdgeCurve::Other { kind, start: at(start), end: at(end), center: at(center), length }
            }
        };
        Self { curve, ..*self }
    }
}

/// The circle through three points that are not on a line, run from the first through the second to the third.
pub(crate) fn arc_circle(start: DVec3, mid: DVec3, end: DVec3) -> Option<ArcCircle> {
    let (u, v) = (mid - start, end - start);
    let normal = u.cross(v);
    let square = normal.length_squared();
    if square == 0.0 {
        return None;
    }
    let to_center = (v.length_squared() * normal.cross(u) - u.length_squared() * normal.cross(v)) / (2.0 * square);
    let center = start + to_center;
    // Travelling start -> mid -> end is counter-clockwise about (mid - start) x (end - start).
    let frame = Frame::from_normal(center, normal, start - center)?;
    let e = frame.local_from_world(end);
    let sweep_rad = e.y.atan2(e.x).rem_euclid(TAU);
    Some(ArcCircle { frame, radius: to_center.length(), sweep_rad })
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn p(x: f64, y: f64) -> DVec3 {
        DVec3::new(x, y, 0.0)
    }

    #[test]
    fn arcs_know_their_circle() {
        let check = |s, m, e, center: DVec3, radius: f64, sweep: f64| {
            let arc = Edge::arc(s, m, e).unwrap();
            let circle = arc.arc_circle().unwrap();
            assert!(circle.frame.origin.distance(center) < 1e-12, "{circle:?}");
            assert!((circle.radius - radius).abs() < 1e-12 && (circle.sweep_rad - sweep).abs() < 1e-12, "{circle:?}");
            assert!((arc.reversed().length() - radius * sweep).abs() < 1e-12);
        };
        check(p(1.0, 0.0), p(0.0, 1.0), p(-1.0, 0.0), p(0.0, 0.0), 1.0, PI);
        check(p(-1.0, 0.0), p(0.0, 1.0), p(1.0, 0.0), p(0.0, 0.0), 1.0, PI);
        check(p(2.0, 0.0), p(-2.0, 0.0), p(0.0, -2.0), p(0.0, 0.0), 2.0, 1.5 * PI);
        check(p(5.0, 5.0), p(4.0, 6.0), p(4.0, 4.0), p(4.0, 5.0), 1.0, 1.5 * PI);
    }

    #[test]
    fn degenerate_edges_are_refused_as_opencascade_refuses_them() {
        let arc = |s, m, e| Edge::arc(s, m, e).is_ok();
        assert!(!arc(p(0.0, 0.0), p(1.0, 0.0), p(0.0, 0.0)));
        assert!(!arc(p(0.0, 0.0), p(0.0, 0.0), p(1.0, 0.0)));
        assert!(!arc(p(0.0, 0.0), p(1.0, 0.0), p(2.0, 0.0)));
        assert!(!arc(p(0.0, 0.0), p(3.0, 0.0), p(2.0, 0.0)));
        assert!(!arc(p(0.0, 0.0), p(1.0, 1e-9), p(2.0, 0.0)));
        assert!(arc(p(0.0, 0.0), p(1.0, 1e-6), p(2.0, 0.0)));
        assert!(Edge::line(p(0.0, 0.0), p(0.0, 0.0)).is_err());
        assert!(Edge::line(p(0.0, 0.0), p(1e-6, 0.0)).is_ok());
        assert!(Edge::circle(Frame::WORLD, 0.0).is_err());
    }

    #[test]
    fn centers_and_tangents() {
        let half = Edge::arc(p(1.0, 0.0), p(0.0, 1.0), p(-1.0, 0.0)).unwrap();
        assert!(half.center().distance(p(0.0, 2.0 / PI)) < 1e-12);
        assert!(half.end_tangent().unwrap().distance(p(0.0, -1.0)) < 1e-12);
        assert!(half.start_tangent().unwrap().distance(p(0.0, 1.0)) < 1e-12);
        assert!(half.reversed().start_tangent().unwrap().distance(p(0.0, 1.0)) < 1e-12);
    }
}
