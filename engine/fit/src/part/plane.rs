//! Where a sketch lies in space.

use glam::{DMat3, DVec2, DVec3};

/// A right-handed sketch plane: profiles are drawn in `x`, `y` and swept along `normal`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SketchPlane {
    /// Origin of the plane's coordinates.
    pub origin: DVec3,
    /// Unit x axis.
    pub x: DVec3,
    /// Unit normal, perpendicular to `x`.
    pub normal: DVec3,
}

impl SketchPlane {
    /// A plane through `origin` with the given unit normal. Its x axis is the one CadQuery's named planes have where the
    /// normal is a coordinate axis (`XY`, `YZ`, `ZX`), and otherwise the coordinate axis closest to the plane, projected.
    pub fn through(origin: DVec3, normal: DVec3) -> Self {
        let n = normal;
        let x = if n.z.abs() > 1.0 - 1e-12 {
            DVec3::X
        } else if n.x.abs() > 1.0 - 1e-12 {
            DVec3::Y
        } else if n.y.abs() > 1.0 - 1e-12 {
            DVec3::Z
        } else {
            let axis = [DVec3::X, DVec3::Y, DVec3::Z]
                .into_iter()
                .fold(DVec3::X, |best, a| if a.dot(n).abs() < best.dot(n).abs() - 1e-9 { a } else { best });
            (axis - n * axis.dot(n)).normalize_or(n.any_orthonormal_vector())
        };
        Self { origin, x, normal: n }
    }

    /// The y axis.
    pub fn y(&self) -> DVec3 {
        self.normal.cross(self.x)
    }

    /// The same axes at another origin.
    #[must_use]
    pub fn at(self, origin: DVec3) -> Self {
        Self { origin, ..self }
    }

    /// Coordinates (x, y, height over the plane) of a point in space.
    pub fn local(&self, p: DVec3) -> DVec3 {
        let d = p - self.origin;
        DVec3::new(d.dot(self.x), d.dot(self.y()), d.dot(self.normal))
    }

    /// The point in space at plane coordinates `p` and `height` over the plane.
    pub fn world(&self, p: DVec2, height: f64) -> DVec3 {
        self.origin + self.x * p.x + self.y() * p.y + self.normal * height
    }

    /// The plane after a rotation of space about the origin.
    #[must_use]
    pub fn rotated(&self, rotation: DMat3) -> Self {
        Self { origin: rotation * self.origin, x: rotation * self.x, normal: rotation * self.normal }
    }
}
