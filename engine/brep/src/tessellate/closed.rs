//! Faces without wires: whole spheres and tori, as grids.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use glam::{DVec2, DVec3};

use super::Tolerance;
use crate::Surface;

/// Points and triangles (counter-clockwise against the natural normal) of a whole sphere or torus; `None` on other
/// surfaces.
pub(super) fn grid(surface: &Surface, tolerance: &Tolerance) -> Option<(Vec<DVec3>, Vec<[u32; 3]>)> {
    let tolerance = tolerance.shared_by_two();
    match *surface {
        Surface::Sphere { radius, .. } => Some(sphere(surface, tolerance.steps(radius, TAU))),
        Surface::Torus { major_radius, minor_radius, .. } => {
            let around = tolerance.steps(major_radius + minor_radius, TAU);
            Some(torus(surface, around, tolerance.steps(minor_radius, TAU)))
        }
        Surface::Plane { .. } | Surface::Cylinder { .. } | Surface::Cone { .. } => None,
    }
}

fn sphere(surface: &Surface, around: usize) -> (Vec<DVec3>, Vec<[u32; 3]>) {
    let rows = around.div_ceil(2).max(2);
    let mut points = vec![surface.point(DVec2::new(0.0, -FRAC_PI_2))];
    for row in 1..rows {
        let v = PI * (row as f64 / rows as f64) - FRAC_PI_2;
        points.extend((0..around).map(|i| surface.point(DVec2::new(TAU * (i as f64 / around as f64), v))));
    }
    points.push(surface.point(DVec2::new(0.0, FRAC_PI_2)));
    let north = points.len() as u32 - 1;
    let at = |row: usize, i: usize| (1 + (row - 1) * around + i % around) as u32;
    let mut triangles = Vec::new();
    for i in 0..around {
        triangles.push([0, at(1, i + 1), at(1, i)]);
        for row in 1..rows - 1 {
            triangles.push([at(row, i), at(row, i + 1), at(row + 1, i + 1)]);
            triangles.push([at(row, i), at(row + 1, i + 1), at(row + 1, i)]);
        }
        triangles.push([north, at(rows - 1, i), at(rows - 1, i + 1)]);
    }
    (points, triangles)
}

fn torus(surface: &Surface, around: usize, across: usize) -> (Vec<DVec3>, Vec<[u32; 3]>) {
    let angle = |i: usize, n: usize| TAU * (i as f64 / n as f64);
    let points = (0..around)
        .flat_map(|i| (0..across).map(move |j| DVec2::new(angle(i, around), angle(j, across))))
        .map(|uv| surface.point(uv))
        .collect();
    let at = |i: usize, j: usize| ((i % around) * across + j % across) as u32;
    let mut triangles = Vec::new();
    for i in 0..around {
        for j in 0..across {
            triangles.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
            triangles.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
        }
    }
    (points, triangles)
}
