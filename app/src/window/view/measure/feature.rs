//! What lies between two things: points, axes and planes of exact bodies.

use glam::DVec3;
use partwright_brep::Surface;

use super::EdgeGeometry;

/// Directions that differ by less than this sine are parallel: half a minute of arc, below what machines make.
const PARALLEL_SIN: f64 = 1.5e-4;

/// What a face, an edge or a point is for measuring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Feature {
    /// A vertex, a centre, a point of a scan.
    Point(DVec3),
    /// The axis of a cylinder, a cone or a torus, or a straight edge.
    Axis {
        /// A point on it.
        origin: DVec3,
        /// Unit direction.
        direction: DVec3,
    },
    /// A plane.
    Plane {
        /// A point on it.
        origin: DVec3,
        /// Unit normal.
        normal: DVec3,
    },
}

impl Feature {
    /// That of a face: its plane, its axis, or the centre of a sphere.
    pub fn of_surface(surface: &Surface) -> Self {
        let frame = surface.frame();
        match surface {
            Surface::Plane { .. } => Self::Plane { origin: frame.origin, normal: frame.z },
            Surface::Sphere { .. } => Self::Point(frame.origin),
            Surface::Cylinder { .. } | Surface::Cone { .. } | Surface::Torus { .. } => {
                Self::Axis { origin: frame.origin, direction: frame.z }
            }
        }
    }

    /// That of an edge: its line, or the centre of a circle or an ellipse. Other curves have none.
    pub fn of_edge(edge: &EdgeGeometry) -> Option<Self> {
        match *edge {
            EdgeGeometry::Line { from, to } => {
                let direction = (to - from).try_normalize()?;
                Some(Self::Axis { origin: from, direction })
            }
            EdgeGeometry::Circle { center, .. } | EdgeGeometry::Ellipse { center, .. } => Some(Self::Point(center)),
            EdgeGeometry::Curve { .. } => None,
        }
    }
}

/// One measured number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// From one point to another.
    Offset(DVec3),
    /// Between two planes or axes that are parallel, or from a point to one.
    Distance(f64),
    /// Between two planes or axes, in radians, at most a right angle.
    AngleRad(f64),
}

/// What lies between two features: the offset of points; the distance of what is parallel, else the angle.
pub fn between(one: Feature, other: Feature) -> Measured {
    use Feature::{Axis, Plane, Point};
    let to_axis = |from: DVec3, direction: DVec3| from.cross(direction).length();
    // The sine alone is exact for small angles, the cosine for those near a right one.
    let angle = |a: DVec3, b: DVec3| (a.cross(b).length(), a.dot(b).abs());
    match (one, other) {
        (Point(from), Point(to)) => Measured::Offset(to - from),
        (Point(p), Axis { origin, direction }) | (Axis { origin, direction }, Point(p)) => {
            Measured::Distance(to_axis(p - origin, direction))
        }
        (Point(p), Plane { origin, normal }) | (Plane { origin, normal }, Point(p)) => {
            Measured::Distance((p - origin).dot(normal).abs())
        }
        (Axis { origin: a, direction: u }, Axis { origin: b, direction: v }) => match angle(u, v) {
            (sin, _) if sin < PARALLEL_SIN => Measured::Distance(to_axis(b - a, u)),
            (sin, cos) => Measured::AngleRad(sin.atan2(cos)),
        },
        (Plane { origin: a, normal: u }, Plane { origin: b, normal: v }) => match angle(u, v) {
            (sin, _) if sin < PARALLEL_SIN => Measured::Distance((b - a).dot(u).abs()),
            (sin, cos) => Measured::AngleRad(sin.atan2(cos)),
        },
        // Parallel when the axis is perpendicular to the normal.
        (Plane { origin: a, normal }, Axis { origin: b, direction })
        | (Axis { origin: b, direction }, Plane { origin: a, normal }) => match angle(normal, direction) {
            (_, cos) if cos < PARALLEL_SIN => Measured::Distance((b - a).dot(normal).abs()),
            (sin, cos) => Measured::AngleRad(cos.atan2(sin)),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

    use partwright_brep::Frame;

    use super::*;

    fn frame(origin: [f64; 3], z: [f64; 3]) -> Frame {
        let z = DVec3::from(z);
        Frame::from_normal(origin.into(), z, z.any_orthogonal_vector()).expect("a direction")
    }

    fn plane(origin: [f64; 3], normal: [f64; 3]) -> Feature {
        Feature::of_surface(&Surface::Plane { frame: frame(origin, normal) })
    }

    fn cylinder(origin: [f64; 3], axis: [f64; 3]) -> Feature {
        Feature::of_surface(&Surface::Cylinder { frame: frame(origin, axis), radius: 2.5 })
    }

    fn line(from: [f64; 3], to: [f64; 3]) -> Feature {
        let line = EdgeGeometry::Line { from: from.into(), to: to.into() };
        Feature::of_edge(&line).expect("it has a direction")
    }

    fn circle(center: [f64; 3]) -> Feature {
        let circle = EdgeGeometry::Circle { center: center.into(), radius: 3.0, sweep_rad: 1.0 };
        Feature::of_edge(&circle).expect("it has a centre")
    }

    #[track_caller]
    fn check(one: Feature, other: Feature, expected: Measured) {
        for (a, b) in [(one, other), (other, one)] {
            let found = between(a, b);
            let agree = match (found, expected) {
                (Measured::Distance(a), Measured::Distance(b)) | (Measured::AngleRad(a), Measured::AngleRad(b)) => {
                    (a - b).abs() < 1e-9
                }
                (Measured::Offset(a), Measured::Offset(b)) => (a.abs() - b.abs()).length() < 1e-9,
                _ => false,
            };
            assert!(agree, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn faces_are_measured_by_their_surfaces() {
        let floor = plane([0.0, 0.0, 1.0], [0.0, 0.0, -1.0]);
        check(floor, plane([7.0, 8.0, 11.0], [0.0, 0.0, 1.0]), Measured::Distance(10.0));
        check(floor, plane([7.0, 8.0, 11.0], [0.0, 1.0, 1.0]), Measured::AngleRad(FRAC_PI_4));
        check(floor, plane([0.0; 3], [1.0, 0.0, 0.0]), Measured::AngleRad(FRAC_PI_2));
        check(floor, cylinder([0.0, 0.0, 6.0], [1.0, 1.0, 0.0]), Measured::Distance(5.0));
        check(floor, cylinder([0.0, 0.0, 6.0], [0.0, 0.0, 1.0]), Measured::AngleRad(FRAC_PI_2));
        let axis = cylinder([0.0; 3], [0.0, 0.0, 1.0]);
        check(axis, cylinder([3.0, 4.0, 9.0], [0.0, 0.0, -1.0]), Measured::Distance(5.0));
        check(axis, cylinder([3.0, 4.0, 9.0], [1.0, 0.0, 0.0]), Measured::AngleRad(FRAC_PI_2));
        let ball = Surface::Sphere { frame: frame([3.0, 4.0, 5.0], [0.0, 0.0, 1.0]), radius: 1.0 };
        check(Feature::of_surface(&ball), axis, Measured::Distance(5.0));
        check(Feature::of_surface(&ball), floor, Measured::Distance(4.0));
    }

    #[test]
    fn edges_and_vertices_are_measured_too() {
        let along_x = line([0.0, 0.0, 2.0], [9.0, 0.0, 2.0]);
        check(along_x, line([5.0, 3.0, 6.0], [1.0, 3.0, 6.0]), Measured::Distance(5.0));
        check(along_x, line([0.0; 3], [1.0, 1.0, 0.0]), Measured::AngleRad(FRAC_PI_4));
        check(along_x, plane([0.0; 3], [0.0, 0.0, 1.0]), Measured::Distance(2.0));
        check(circle([1.0, 2.0, 3.0]), circle([4.0, 6.0, 3.0]), Measured::Offset(DVec3::new(3.0, 4.0, 0.0)));
        check(circle([7.0, 4.0, 5.0]), along_x, Measured::Distance(5.0));
        check(Feature::Point(DVec3::new(2.0, 0.0, 6.0)), along_x, Measured::Distance(4.0));
        check(Feature::Point(DVec3::ZERO), Feature::Point(DVec3::ONE), Measured::Offset(DVec3::ONE));
        let from = EdgeGeometry::Line { from: DVec3::ONE, to: DVec3::ONE };
        assert_eq!(Feature::of_edge(&from), None, "without length there is no direction");
    }
}
