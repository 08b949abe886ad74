//! Workplanes' coordinate systems.

use glam::{DMat3, DVec3};
use partwright_brep::{Frame, Isometry};

use super::error::Fault;

/// A plane by `CadQuery`'s name (`XY`, `front`, ...) at `origin`.
pub(crate) fn named(name: &str, origin: DVec3) -> Result<Frame, Fault> {
    let (x, z) = match name {
        "XY" | "front" => (DVec3::X, DVec3::Z),
        "YZ" => (DVec3::Y, DVec3::X),
        "ZX" => (DVec3::Z, DVec3::Y),
        "XZ" | "bottom" => (DVec3::X, DVec3::NEG_Y),
        "YX" => (DVec3::Y, DVec3::NEG_Z),
        "ZY" | "left" => (DVec3::Z, DVec3::NEG_X),
        "back" => (DVec3::NEG_X, DVec3::NEG_Z),
        "right" => (DVec3::NEG_Z, DVec3::X),
        "top" => (DVec3::X, DVec3::Y),
        _ => return Err(Fault::UnknownPlane { name: name.chars().take(40).collect() }),
    };
    Ok(Frame { origin, x, y: z.cross(x), z })
}

/// The plane at `origin` with a normal and an x direction, made perpendicular as OpenCASCADE's `gp_Ax3` makes it.
pub(crate) fn from_directions(origin: DVec3, x_direction: Option<DVec3>, normal: DVec3) -> Result<Frame, Fault> {
    if normal.length() == 0.0 {
        return Err(Fault::ZeroVector { what: "the normal" });
    }
    let x_direction = match x_direction {
        Some(x) if x.length() == 0.0 => return Err(Fault::ZeroVector { what: "the x direction" }),
        Some(x) => x,
        None => default_x_direction(normal),
    };
    if x_direction.normalize().cross(normal.normalize()).length() < 1e-12 {
        return Err(Fault::ParallelDirections);
    }
    Frame::from_normal(origin, normal, x_direction).ok_or(Fault::ParallelDirections)
}

/// The x direction `OpenCASCADE` gives an axis system of which only the normal is known (`gp_Ax2(P, V)`): perpendicular
/// to the normal, with the component of the smallest part of the normal left out.
pub(crate) fn default_x_direction(normal: DVec3) -> DVec3 {
    let DVec3 { x: a, y: b, z: c } = normal;
    let (aa, ab, ac) = (a.abs(), b.abs(), c.abs());
    if ab <= aa && ab <= ac {
        if aa > ac { DVec3::new(-c, 0.0, a) } else { DVec3::new(c, 0.0, -a) }
    } else if aa <= ab && aa <= ac {
        if ab > ac { DVec3::new(0.0, -c, b) } else { DVec3::new(0.0, c, -b) }
    } else if aa > ab {
        DVec3::new(-b, a, 0.0)
    } else {
        DVec3::new(b, -a, 0.0)
    }
}

/// The motion from a plane's local coordinates to the world's.
pub(crate) fn location(plane: &Frame) -> Isometry {
    Isometry { linear: DMat3::from_cols(plane.x, plane.y, plane.z), translation: plane.origin }
}

/// First `first`, then `second`.
pub(crate) fn compose(second: &Isometry, first: &Isometry) -> Isometry {
    Isometry { linear: second.linear * first.linear, translation: second.point(first.translation) }
}

/// The motion that undoes `motion`.
pub(crate) fn inverse(motion: &Isometry) -> Isometry {
    let linear = motion.linear.transpose();
    Isometry { linear, translation: -(linear * motion.translation) }
}

/// The frame that `motion` carries the world frame to.
pub(crate) fn frame_of(motion: &Isometry) -> Frame {
    Frame { origin: motion.translation, x: motion.linear.x_axis, y: motion.linear.y_axis, z: motion.linear.z_axis }
}

/// The plane with its axes turned about its own x, y and z by the given angles (degrees); the z turn is applied first.
pub(crate) fn rotated(plane: &Frame, degrees: DVec3) -> Frame {
    let turn = |axis: DVec3, angle: f64| DMat3::from_axis_angle(axis, angle.to_radians());
    let rotation = turn(plane.x, degrees.x) * turn(plane.y, degrees.y) * turn(plane.z, degrees.z);
    let (x, z) = ((rotation * plane.x).normalize(), (rotation * plane.z).normalize());
    Frame { origin: plane.origin, x, y: z.cross(x), z }
}

/// The x direction of a workplane on a face with this normal, as `Workplane.workplane` chooses it.
pub(crate) fn face_x_direction(normal: DVec3) -> DVec3 {
    let x = DVec3::Z.cross(normal);
    if x.length() < 1e-4 { DVec3::X } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_planes_have_cadquerys_axes() {
        let check = |name: &str, x: DVec3, y: DVec3, z: DVec3| {
            let plane = named(name, DVec3::ONE).unwrap();
            assert_eq!((plane.x, plane.y, plane.z, plane.origin), (x, y, z, DVec3::ONE), "{name}");
        };
        check("XY", DVec3::X, DVec3::Y, DVec3::Z);
        check("YZ", DVec3::Y, DVec3::Z, DVec3::X);
        check("ZX", DVec3::Z, DVec3::X, DVec3::Y);
        check("XZ", DVec3::X, DVec3::Z, DVec3::NEG_Y);
        check("YX", DVec3::Y, DVec3::X, DVec3::NEG_Z);
        check("ZY", DVec3::Z, DVec3::Y, DVec3::NEG_X);
        check("front", DVec3::X, DVec3::Y, DVec3::Z);
        check("back", DVec3::NEG_X, DVec3::Y, DVec3::NEG_Z);
        check("left", DVec3::Z, DVec3::Y, DVec3::NEG_X);
        check("right", DVec3::NEG_Z, DVec3::Y, DVec3::X);
        check("top", DVec3::X, DVec3::NEG_Z, DVec3::Y);
        check("bottom", DVec3::X, DVec3::Z, DVec3::NEG_Y);
        assert!(named("xy", DVec3::ZERO).is_err());
    }

    #[test]
    fn rotations_are_about_the_planes_own_axes() {
        let plane = rotated(&Frame::WORLD, DVec3::new(90.0, 0.0, 0.0));
        assert!(plane.z.distance(DVec3::NEG_Y) < 1e-12 && plane.x.distance(DVec3::X) < 1e-12);
        let both = rotated(&Frame::WORLD, DVec3::new(90.0, 0.0, 90.0));
        assert!(both.x.distance(DVec3::Z) < 1e-12, "{both:?}");
    }

    #[test]
    fn locations_compose_and_invert() {
        let plane = named("YZ", DVec3::new(1.0, 2.0, 3.0)).unwrap();
        let there = location(&plane);
        let back = compose(&inverse(&there), &there);
        assert!(back.point(DVec3::new(4.0, 5.0, 6.0)).distance(DVec3::new(4.0, 5.0, 6.0)) < 1e-12);
        assert_eq!(frame_of(&there), plane);
    }
}
