//! Orthonormal frames: where a profile or a primitive lies in space.

use glam::{DVec2, DVec3};

/// A right-handed orthonormal frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Origin in world coordinates.
    pub origin: DVec3,
    /// Unit x axis in world coordinates.
    pub x: DVec3,
    /// Unit y axis in world coordinates.
    pub y: DVec3,
    /// Unit z axis in world coordinates; always `x.cross(y)`.
    pub z: DVec3,
}

impl Frame {
    /// The world frame.
    pub const WORLD: Self = Self { origin: DVec3::ZERO, x: DVec3::X, y: DVec3::Y, z: DVec3::Z };

    /// The frame at `origin` with the given normal and x direction (made perpendicular to the normal).
    /// `None` when either is zero or they are parallel.
    pub fn from_normal(origin: DVec3, normal: DVec3, x_direction: DVec3) -> Option<Self> {
        let z = normal.try_normalize()?;
        let x = (x_direction - z * x_direction.dot(z)).try_normalize()?;
        Some(Self { origin, x, y: z.cross(x), z })
    }

    /// The same axes at another origin.
    #[must_use]
    pub fn at(self, origin: DVec3) -> Self {
        Self { origin, ..self }
    }

    /// World position of frame coordinates.
    pub fn world_from_local(&self, local: DVec3) -> DVec3 {
        self.origin + self.x * local.x + self.y * local.y + self.z * local.z
    }

    /// World position of a point of the frame's xy plane.
    pub fn world_from_plane(&self, local: DVec2) -> DVec3 {
        self.origin + self.x * local.x + self.y * local.y
    }

    /// Frame coordinates of a world position.
    pub fn local_from_world(&self, world: DVec3) -> DVec3 {
        let d = world - self.origin;
        DVec3::new(d.dot(self.x), d.dot(self.y), d.dot(self.z))
    }
}
