//! A part before it is brought to integers, and the box it fills.

use glam::{DVec2, DVec3};

use super::curve::{Region, bounds, polygon};
use super::program::{Join, Plane};

/// What is made of a sketch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum DraftSweep {
    /// As [`super::program::Sweep::Extrude`].
    Extrude { distance: f64, both: bool },
    /// As [`super::program::Sweep::Revolve`].
    Revolve { degrees: i32, about_up: bool, at: f64 },
}

/// One body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DraftBody {
    pub(super) workplane: usize,
    pub(super) join: Join,
    pub(super) regions: Vec<Region>,
    pub(super) sweep: DraftSweep,
}

/// How lengths along normals become integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    /// Each on its own, as CAD-Recode does.
    Each,
    /// Where a body begins and where it ends are rounded, so that what met still meets.
    Levels,
}

/// A part in any scale.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    /// Planes, and where they lie along their normals.
    pub(super) workplanes: Vec<(Plane, f64)>,
    pub(super) bodies: Vec<DraftBody>,
    pub(super) rounding: Rounding,
}

impl Draft {
    /// The lower and upper corner of all bodies that are added; `None` without any.
    pub(super) fn bounds(&self) -> Option<[DVec3; 2]> {
        let added = self.bodies.iter().filter(|body| body.join == Join::Union);
        added.filter_map(|body| self.bounds_of(body)).reduce(|[a, b], [c, d]| [a.min(c), b.max(d)])
    }

    /// The box of one body on one of its workplanes.
    pub(super) fn bounds_of(&self, body: &DraftBody) -> Option<[DVec3; 2]> {
        let (plane, offset) = *self.workplanes.get(body.workplane)?;
        let points: Vec<DVec2> = body.regions.iter().flat_map(|region| polygon(&region.outer)).collect();
        let [min, max] = bounds(points.iter().copied())?;
        let [low, high] = match body.sweep {
            DraftSweep::Extrude { distance, both } => {
                let from = if both { -distance } else { 0.0 };
                [min.extend(from.min(distance)), max.extend(from.max(distance))]
            }
            DraftSweep::Revolve { degrees, about_up, at } => {
                // Across the axis and along the normal; a turn about up goes from right to against the normal.
                let across = |p: &DVec2| if about_up { p.x - at } else { p.y - at };
                let toward = if about_up { -1.0 } else { 1.0 };
                let turns = (0..=degrees / 10).map(|k| f64::from(10 * k).to_radians());
                let swept = turns.flat_map(|turn| {
                    points.iter().map(move |p| {
                        let radius = across(p);
                        DVec2::new(radius * turn.cos() + at, toward * radius * turn.sin())
                    })
                });
                let [from, to] = bounds(swept)?;
                if about_up {
                    [DVec3::new(from.x, min.y, from.y), DVec3::new(to.x, max.y, to.y)]
                } else {
                    [DVec3::new(min.x, from.x, from.y), DVec3::new(max.x, to.x, to.y)]
                }
            }
        };
        let along_normal = DVec3::new(0.0, 0.0, offset);
        Some([in_world(plane, low + along_normal), in_world(plane, high + along_normal)])
    }
}

/// A point given along a plane's right, up and normal, in the world.
fn in_world(plane: Plane, local: DVec3) -> DVec3 {
    let mut world = [0.0; 3];
    for (value, axis) in local.to_array().into_iter().zip(plane.axes()) {
        world[axis] = value;
    }
    DVec3::from_array(world)
}

/// A point of the world along a plane's right, up and normal.
pub(super) fn in_plane(plane: Plane, world: DVec3) -> DVec3 {
    DVec3::from_array(plane.axes().map(|axis| world[axis]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::curve::Boundary;

    #[test]
    fn boxes_of_sweeps() {
        let check = |plane, sweep, low: DVec3, high: DVec3| {
            let regions =
                vec![Region { outer: Boundary::Circle { center: DVec2::new(3.0, 1.0), radius: 1.0 }, holes: vec![] }];
            let body = DraftBody { workplane: 0, join: Join::Union, regions, sweep };
            let draft = Draft { workplanes: vec![(plane, 10.0)], bodies: vec![body], rounding: Rounding::Each };
            let [a, b] = draft.bounds().unwrap();
            assert!(a.distance(low) < 1e-6 && b.distance(high) < 1e-6, "{a} {b}");
            for p in [a, b] {
                assert_eq!(in_world(plane, in_plane(plane, p)), p);
            }
        };
        let v = DVec3::new;
        let extrude = |both| DraftSweep::Extrude { distance: -2.0, both };
        check(Plane::Xy, extrude(false), v(2.0, 0.0, 8.0), v(4.0, 2.0, 10.0));
        check(Plane::Xy, extrude(true), v(2.0, 0.0, 8.0), v(4.0, 2.0, 12.0));
        check(Plane::Yz, extrude(false), v(8.0, 2.0, 0.0), v(10.0, 4.0, 2.0));
        check(Plane::Zx, extrude(false), v(0.0, 8.0, 2.0), v(2.0, 10.0, 4.0));
        let revolve = |degrees, about_up, at| DraftSweep::Revolve { degrees, about_up, at };
        check(Plane::Xy, revolve(360, true, 0.0), v(-4.0, 0.0, 6.0), v(4.0, 2.0, 14.0));
        check(Plane::Xy, revolve(90, true, 0.0), v(0.0, 0.0, 6.0), v(4.0, 2.0, 10.0));
        check(Plane::Xy, revolve(180, false, -1.0), v(2.0, -4.0, 10.0), v(4.0, 2.0, 13.0));
    }
}
