//! Everything found in a cloud.

use glam::DVec3;

use super::{Cylinder, Gap, Plane, cylinders_along, planes_along, round_gaps};
use crate::part::SketchPlane;
use crate::progress::Deadline;
use crate::understand::{CloudTarget, directions_of_normals};

/// The planes and cylinders of a cloud.
#[derive(Clone, Debug, Default)]
pub struct Primitives {
    /// Planes; those square to the coordinate axes first.
    pub planes: Vec<Plane>,
    /// Cylinders.
    pub cylinders: Vec<Cylinder>,
    /// Round gaps in the planes square to the coordinate axes.
    pub gaps: Vec<Gap>,
    /// Directions that cylinders were looked for along; the coordinate axes first.
    pub axes: Vec<DVec3>,
}

/// Most directions off the coordinate axes that planes are looked for along.
const OBLIQUE: usize = 12;
/// A direction off the coordinate axes is looked along for cylinders from this weight on.
const LEAST_WEIGHT: f64 = 0.06;

/// Finds planes and cylinders. Cylinders come first: strips of them would pass for planes, while no plane passes for a
/// cylinder, which has to go round.
pub fn detect(target: &CloudTarget, deadline: &Deadline) -> Primitives {
    let mut free = vec![true; target.points.len()];
    let mut axes = vec![DVec3::Z, DVec3::X, DVec3::Y];
    for d in target.directions.iter().filter(|d| d.weight > LEAST_WEIGHT).take(5) {
        if axes.iter().all(|a| a.dot(d.axis).abs() < 0.985) {
            axes.push(d.axis);
        }
    }
    let mut found = Primitives::default();
    for &axis in &axes {
        if deadline.reached() {
            break;
        }
        found.cylinders.extend(cylinders_along(target, SketchPlane::through(DVec3::ZERO, axis), &mut free));
    }
    for axis in [DVec3::Z, DVec3::X, DVec3::Y] {
        found.planes.extend(planes_along(target, axis, &mut free));
    }
    found.gaps = found.planes.iter().flat_map(|p| round_gaps(target, p)).collect();
    let rest: Vec<DVec3> = target.normals.iter().zip(&free).filter_map(|(n, f)| f.then_some(*n)).collect();
    for direction in directions_of_normals(&rest, 0.08, OBLIQUE) {
        if deadline.reached() {
            break;
        }
        if direction.axis.abs().max_element() < 0.985 {
            found.planes.extend(planes_along(target, direction.axis, &mut free));
        }
    }
    found.axes = axes;
    found
}
