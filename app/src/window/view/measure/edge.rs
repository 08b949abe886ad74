//! The exact measures of an edge, from its curve and its vertices.

use glam::DVec3;
use partwright_cadquery::ReportedEdge;

/// What is known of an edge, in the program's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EdgeGeometry {
    /// A straight edge between its vertices.
    Line {
        /// Its first vertex.
        from: DVec3,
        /// Its second vertex.
        to: DVec3,
    },
    /// A circle or an arc of one.
    Circle {
        /// Centre.
        center: DVec3,
        /// Radius.
        radius: f64,
        /// How far it goes around, in radians; a whole circle a whole turn.
        sweep_rad: f64,
    },
    /// An ellipse or a part of one.
    Ellipse {
        /// Centre.
        center: DVec3,
        /// Length of the points it is drawn with: a little short.
        drawn_length: f64,
    },
    /// Any other curve.
    Curve {
        /// Length of the points it is drawn with: a little short.
        drawn_length: f64,
    },
}

impl EdgeGeometry {
    /// The geometry of a reported edge along `positions`; `None` when it has fewer than two points or does not fit them.
    pub fn of(edge: &ReportedEdge, positions: &[DVec3]) -> Option<Self> {
        let points: Vec<DVec3> =
            edge.points.iter().map(|&p| positions.get(p as usize).copied()).collect::<Option<_>>()?;
        let [from, .., to] = *points.as_slice() else { return None };
        let drawn_length = points.windows(2).map(|ends| ends[0].distance(ends[1])).sum();
        Some(match (edge.kind.as_str(), edge.center, edge.radius) {
            ("line", _, _) => Self::Line { from, to },
            ("circle", Some(center), Some(radius)) => {
                // The points lie on the circle, so the angles between them add up to the exact one.
                let turn = |ends: &[DVec3]| (ends[0] - center).angle_between(ends[1] - center);
                Self::Circle { center, radius, sweep_rad: points.windows(2).map(turn).sum() }
            }
            ("ellipse", Some(center), _) => Self::Ellipse { center, drawn_length },
            _ => Self::Curve { drawn_length },
        })
    }

    /// Its length; exact for lines and circles.
    pub fn length(&self) -> f64 {
        match *self {
            Self::Line { from, to } => from.distance(to),
            Self::Circle { radius, sweep_rad, .. } => radius * sweep_rad,
            Self::Ellipse { drawn_length, .. } | Self::Curve { drawn_length } => drawn_length,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, TAU};

    use super::*;

    fn edge(kind: &str, circle: Option<(DVec3, f64)>, points: &[DVec3]) -> EdgeGeometry {
        let edge = ReportedEdge {
            kind: kind.to_owned(),
            radius: circle.map(|(_, radius)| radius),
            center: circle.map(|(center, _)| center),
            faces: [0, 1],
            points: (0..points.len() as u32).collect(),
        };
        EdgeGeometry::of(&edge, points).expect("it has points")
    }

    fn arc(center: DVec3, radius: f64, sweep_rad: f64, pieces: u32) -> Vec<DVec3> {
        let at = |i: u32| f64::from(i) / f64::from(pieces) * sweep_rad;
        (0..=pieces).map(|i| center + radius * DVec3::new(at(i).cos(), at(i).sin(), 0.0)).collect()
    }

    #[test]
    fn lengths_do_not_depend_on_how_finely_an_edge_is_drawn() {
        let line = edge("line", None, &[DVec3::ZERO, DVec3::new(1.5, 2.0, 0.0), DVec3::new(3.0, 4.0, 0.0)]);
        assert!((line.length() - 5.0).abs() < 1e-12);
        let center = DVec3::new(1.0, 2.0, 3.0);
        for (sweep_rad, pieces) in [(TAU, 5), (TAU, 64), (FRAC_PI_2, 2), (FRAC_PI_2, 9)] {
            let circle = edge("circle", Some((center, 2.5)), &arc(center, 2.5, sweep_rad, pieces));
            assert!((circle.length() - 2.5 * sweep_rad).abs() < 1e-9, "{circle:?}");
        }
    }

    #[test]
    fn other_curves_have_the_length_they_are_drawn_with() {
        let points = [DVec3::ZERO, DVec3::X, DVec3::new(1.0, 1.0, 0.0)];
        assert!((edge("spline", None, &points).length() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn an_edge_that_does_not_fit_the_mesh_is_none() {
        let edge = ReportedEdge { kind: "line".into(), radius: None, center: None, faces: [0, 1], points: vec![0, 7] };
        assert_eq!(EdgeGeometry::of(&edge, &[DVec3::ZERO]), None);
        let edge = ReportedEdge { points: vec![0], ..edge };
        assert_eq!(EdgeGeometry::of(&edge, &[DVec3::ZERO]), None);
    }
}
