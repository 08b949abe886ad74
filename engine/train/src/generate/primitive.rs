//! Circles and turned rectangles, and their facets that know which curve they lie on.

use glam::DVec2;

/// What sketches are combined of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Primitive {
    /// A disc.
    Disc {
        /// Its centre.
        center: DVec2,
        /// Its radius.
        radius: f64,
    },
    /// A rectangle, turned.
    Rectangle {
        /// Its centre.
        center: DVec2,
        /// Half of its sides.
        half: DVec2,
        /// Angle of its first side.
        angle_rad: f64,
    },
}

/// Facets of a circle: its chords are off by 0.05 % of the radius, less than what rounding to integers moves.
const FACETS: usize = 96;

/// A curve that edges of the combination may lie on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    /// The line through a point along a unit vector.
    Line { point: DVec2, along: DVec2 },
    /// A circle.
    Circle { center: DVec2, radius: f64 },
}

impl Source {
    /// How far a point is from the curve.
    pub(super) fn distance(self, p: DVec2) -> f64 {
        match self {
            Self::Line { point, along } => along.perp_dot(p - point).abs(),
            Self::Circle { center, radius } => (p.distance(center) - radius).abs(),
        }
    }
}

impl Primitive {
    pub(super) fn center(self) -> DVec2 {
        match self {
            Self::Disc { center, .. } | Self::Rectangle { center, .. } => center,
        }
    }

    /// Half of the shorter side.
    pub(super) fn reach(self) -> f64 {
        match self {
            Self::Disc { radius, .. } => radius,
            Self::Rectangle { half, .. } => half.min_element(),
        }
    }

    fn corners(center: DVec2, half: DVec2, angle_rad: f64) -> [DVec2; 4] {
        let turn = DVec2::from_angle(angle_rad);
        let corner = |x, y| center + turn.rotate(half * DVec2::new(x, y));
        [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)]
    }

    /// Its boundary as a polygon, counter-clockwise.
    pub(super) fn polygon(self) -> Vec<[f64; 2]> {
        match self {
            Self::Disc { center, radius } => {
                let step = std::f64::consts::TAU / FACETS as f64;
                (0..FACETS).map(|k| (center + radius * DVec2::from_angle(step * k as f64)).to_array()).collect()
            }
            Self::Rectangle { center, half, angle_rad } => {
                Self::corners(center, half, angle_rad).map(|p| p.to_array()).to_vec()
            }
        }
    }

    /// The curves its boundary lies on.
    pub(super) fn sources(self) -> Vec<Source> {
        match self {
            Self::Disc { center, radius } => vec![Source::Circle { center, radius }],
            Self::Rectangle { center, half, angle_rad } => {
                let corners = Self::corners(center, half, angle_rad);
                (0..4)
                    .map(|k| {
                        let (a, b) = (corners[k], corners[(k + 1) % 4]);
                        Source::Line { point: a, along: (b - a).normalize_or_zero() }
                    })
                    .collect()
            }
        }
    }
}

/// The farthest the facets of a circle lie from it, in radii.
pub(super) fn sagitta() -> f64 {
    1.0 - (std::f64::consts::PI / FACETS as f64).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_lie_on_their_curves() {
        let shapes = [
            Primitive::Disc { center: DVec2::new(1.0, 2.0), radius: 3.0 },
            Primitive::Rectangle { center: DVec2::X, half: DVec2::new(2.0, 1.0), angle_rad: 0.4 },
        ];
        for shape in shapes {
            let (polygon, sources) = (shape.polygon(), shape.sources());
            for (k, a) in polygon.iter().enumerate() {
                let (a, b) = (DVec2::from_array(*a), DVec2::from_array(polygon[(k + 1) % polygon.len()]));
                let off = |source: &Source| source.distance(a).max(source.distance(b));
                assert!(sources.iter().map(off).fold(f64::MAX, f64::min) < 1e-12);
            }
            assert!(shape.reach() >= 1.0 && shape.center().x > 0.0);
        }
    }
}
