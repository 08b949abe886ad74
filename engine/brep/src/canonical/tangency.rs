//! Cylinders that touch along a line get facets that touch in that line alone.
//!
//! Two polygons of the same angles in circles that touch inside are copies of each other, scaled about the common point:
//! the smaller lies in the larger. Their first sides, though, lie on one line, and rounding would decide which is outside.
//! So the larger circle breaks once more on both sides of the common point.

use std::f64::consts::PI;

use glam::DVec3;

use super::{AxisId, Grids, SurfaceTable};
use crate::Surface;

/// Most cylinders among which contacts are looked for: the search is quadratic.
const MAX_CYLINDERS: usize = 600;
/// Most further breaks on each side of a contact, for as many circles that touch in one point.
const MAX_LEVEL: u32 = 3;

struct Cylinder {
    axis: AxisId,
    origin: DVec3,
    z: DVec3,
    radius: f64,
}

/// Notes in the grids where parallel cylinders of the table touch.
pub(crate) fn note_tangencies(surfaces: &mut SurfaceTable, grids: &mut Grids) {
    let round: Vec<Surface> =
        surfaces.all().iter().filter(|s| matches!(s, Surface::Cylinder { .. })).copied().collect();
    if round.len() > MAX_CYLINDERS {
        return;
    }
    let mut cylinders: Vec<Cylinder> = Vec::with_capacity(round.len());
    for surface in round {
        if let Surface::Cylinder { frame, radius } = surface {
            let axis = surfaces.intern_axis(&frame);
            let shared = surfaces.axis(axis);
            cylinders.push(Cylinder { axis, origin: shared.origin, z: shared.z, radius });
        }
    }
    cylinders.sort_by(|a, b| a.radius.total_cmp(&b.radius));
    let tolerance = surfaces.tolerance();
    let mut pairs = Vec::new();
    // The level of every circle at an angle: how many smaller ones touch it there, one in the other.
    let mut levels: Vec<(AxisId, f64, u32)> = Vec::new();
    for (i, large) in cylinders.iter().enumerate() {
        for small in &cylinders[..i] {
            if small.axis == large.axis || small.z.cross(large.z).length() > 1e-9 {
                continue;
            }
            let between = small.origin - large.origin;
            let across = between - large.z * between.dot(large.z);
            let apart = across.length();
            let inside = (apart - (large.radius - small.radius)).abs() <= tolerance;
            if apart <= tolerance || !(inside || (apart - (large.radius + small.radius)).abs() <= tolerance) {
                continue;
            }
            let frame = surfaces.axis(large.axis);
            let angle = across.dot(frame.y).atan2(across.dot(frame.x));
            grids.want_angle(large.axis, angle);
            grids.want_angle(small.axis, if inside { angle } else { angle + PI });
            pairs.push((small.axis, large.axis));
            if inside {
                let level = level_at(&levels, small.axis, angle) + 1;
                levels.push((large.axis, angle, level.min(MAX_LEVEL)));
            }
        }
    }
    for (axis, angle, level) in levels {
        grids.want_fan(axis, angle, level);
    }
    // Circles that touch are cut into equally many steps, also along chains of them.
    for _ in 0..4 {
        for (small, large) in &pairs {
            grids.want_equal_steps(*small, *large);
        }
    }
}

fn level_at(levels: &[(AxisId, f64, u32)], axis: AxisId, angle: f64) -> u32 {
    let here = levels.iter().filter(|(a, at, _)| *a == axis && (at - angle).abs() < 1e-6);
    here.map(|(_, _, level)| *level).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frame;
    use crate::canonical::Resolution;

    #[test]
    fn the_larger_of_touching_circles_breaks_nearer_to_the_contact() {
        let mut surfaces = SurfaceTable::new(1e-6, 100.0);
        let mut grids = Grids::default();
        // Circles about the origin and at (3, 4), touching inside at (9, 12).
        let mut axes = Vec::new();
        for (origin, radius) in [(DVec3::ZERO, 15.0), (DVec3::new(3.0, 4.0, 7.0), 10.0)] {
            let frame = Frame::WORLD.at(origin);
            surfaces.intern(Surface::Cylinder { frame, radius });
            let axis = surfaces.intern_axis(&frame);
            grids.want_radius(axis, radius);
            axes.push(axis);
        }
        note_tangencies(&mut surfaces, &mut grids);
        grids.finish(Resolution { segments: 96, phase: 0.0 }, 100.0, 1e-6);
        let contact = 4f64.atan2(3.0);
        let after = |axis: AxisId| {
            let grid = grids.axis(axis);
            assert!(grid.iter().any(|a| (a - contact).abs() < 1e-12), "no break at the contact");
            grid.iter().find(|a| **a > contact + 1e-9).map_or(f64::NAN, |a| a - contact)
        };
        assert!((after(axes[1]) / after(axes[0]) - 2.0).abs() < 1e-9);
    }
}
