//! How a sketch plane is written.

use glam::DVec3;

use super::number;
use crate::part::SketchPlane;

/// `cq.Workplane(...)` for a plane, with `decimals` for its origin.
pub(super) fn workplane(plane: &SketchPlane, decimals: usize) -> String {
    let is = |d: DVec3, axis: DVec3| d.dot(axis) > 1.0 - 1e-12;
    let named = [
        ("XY", DVec3::X, DVec3::Z),
        ("YZ", DVec3::Y, DVec3::X),
        ("ZX", DVec3::Z, DVec3::Y),
        ("XZ", DVec3::X, DVec3::NEG_Y),
        ("YX", DVec3::Y, DVec3::NEG_Z),
        ("ZY", DVec3::Z, DVec3::NEG_X),
    ];
    let name = named.iter().find(|(_, x, normal)| is(plane.x, *x) && is(plane.normal, *normal));
    if let Some((name, ..)) = name {
        let origin = point(plane.origin, decimals);
        return if origin == "(0, 0, 0)" {
            format!("cq.Workplane(\"{name}\")")
        } else {
            format!("cq.Workplane(\"{name}\", origin={origin})")
        };
    }
    // Directions carry 9 decimals: at arm's length that is a nanometre.
    let (x, n) = (point(plane.x, 9), point(plane.normal, 9));
    format!("cq.Workplane(cq.Plane(origin={}, xDir={x}, normal={n}))", point(plane.origin, decimals.max(6)))
}

/// A point as a tuple.
pub(super) fn point(p: DVec3, decimals: usize) -> String {
    format!("({}, {}, {})", number(p.x, decimals), number(p.y, decimals), number(p.z, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_have_cadquerys_names() {
        let check = |normal: DVec3, origin: DVec3, expected: &str| {
            assert_eq!(workplane(&SketchPlane::through(origin, normal), 3), expected);
        };
        check(DVec3::Z, DVec3::ZERO, "cq.Workplane(\"XY\")");
        check(DVec3::X, DVec3::new(1.0, 2.5, 0.0), "cq.Workplane(\"YZ\", origin=(1, 2.5, 0))");
        check(DVec3::Y, DVec3::ZERO, "cq.Workplane(\"ZX\")");
        let oblique = DVec3::new(1.0, 0.0, 1.0).normalize();
        check(
            oblique,
            DVec3::ZERO,
            "cq.Workplane(cq.Plane(origin=(0, 0, 0), xDir=(0, 1, 0), normal=(0.707106781, 0, 0.707106781)))",
        );
    }
}
