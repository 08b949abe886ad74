//! What is known of a scan before anything is done with it: bodies, holes, noise.

use partwright_fit::{CloudTarget, Target};
use partwright_geometry::repair::{MeshReport, inspect, weld_exact};
use partwright_geometry::{Geometry, PointCloud, TriMesh};
use rayon::prelude::*;

/// A report on a scan. Lengths are in the scan's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// What a mesh is and what is wrong with it; `None` for a cloud.
    pub mesh: Option<MeshReport>,
    /// Rims of the mesh: openings, or the border of a scan from one side. Rims that touch count as one.
    pub holes: usize,
    /// Standard deviation of the points from the surface they were taken from, as the fitter estimates it; `None` where
    /// that cannot be told, and for a mesh with exactly flat faces, which nobody scanned.
    pub noise: Option<f64>,
}

/// The noise of larger meshes is not estimated.
const MOST_TRIANGLES: usize = 300_000;

/// Directions that are looked for to tell whether a mesh is exact: the least.
const DIRECTIONS: usize = 1;

impl Survey {
    /// Surveys a scan: some tenths of a second, or seconds for millions of triangles.
    pub fn of(geometry: &Geometry) -> Self {
        match geometry {
            Geometry::Mesh(mesh) => {
                let report = inspect(mesh);
                let holes = if report.boundary_edges > 0 { rims(mesh) } else { 0 };
                let noise = (mesh.triangles.len() <= MOST_TRIANGLES)
                    .then(|| Target::new(mesh, DIRECTIONS))
                    .flatten()
                    .filter(|target| !target.exact)
                    .and_then(|_| noise(&PointCloud { positions: mesh.positions.clone(), ..PointCloud::default() }));
                Self { mesh: Some(report), holes, noise }
            }
            Geometry::Cloud(cloud) => Self { mesh: None, holes: 0, noise: noise(cloud) },
        }
    }
}

fn noise(cloud: &PointCloud) -> Option<f64> {
    CloudTarget::new(cloud).map(|target| target.noise).filter(|noise| noise.is_finite())
}

/// The number of connected chains of edges that have one triangle.
fn rims(mesh: &TriMesh) -> usize {
    let welded = weld_exact(mesh);
    let triangles = welded.triangles.par_iter().filter(|[a, b, c]| a != b && b != c && c != a);
    let mut edges: Vec<(u32, u32)> = triangles
        .flat_map_iter(|[a, b, c]| [(a, b), (b, c), (c, a)].map(|(from, to)| (*from.min(to), *from.max(to))))
        .collect();
    edges.par_sort_unstable();
    let rim: Vec<(u32, u32)> =
        edges.chunk_by(|a, b| a == b).filter(|same| same.len() == 1).map(|same| same[0]).collect();
    let mut parent: Vec<u32> = (0..welded.positions.len() as u32).collect();
    let mut joined = 0;
    let mut touched = vec![false; welded.positions.len()];
    let mut vertices = 0;
    for (from, to) in rim {
        for vertex in [from, to] {
            vertices += usize::from(!std::mem::replace(&mut touched[vertex as usize], true));
        }
        let (from, to) = (root(&mut parent, from), root(&mut parent, to));
        if from != to {
            parent[from as usize] = to;
            joined += 1;
        }
    }
    vertices - joined
}

/// The representative of a vertex's chain; paths are halved on the way.
fn root(parent: &mut [u32], mut vertex: u32) -> u32 {
    while parent[vertex as usize] != vertex {
        parent[vertex as usize] = parent[parent[vertex as usize] as usize];
        vertex = parent[vertex as usize];
    }
    vertex
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;

    /// A square of `n` x `n` cells in the plane, without the cells that `left_out` says.
    fn sheet(n: u32, left_out: impl Fn(u32, u32) -> bool) -> TriMesh {
        let side = n + 1;
        let positions = (0..side * side).map(|i| DVec3::new(f64::from(i % side), f64::from(i / side), 0.0)).collect();
        let cells = (0..n * n).map(|i| (i % n, i / n)).filter(|&(x, y)| !left_out(x, y));
        let triangles = cells
            .flat_map(|(x, y)| {
                let corner = y * side + x;
                [[corner, corner + 1, corner + side], [corner + 1, corner + side + 1, corner + side]]
            })
            .collect();
        TriMesh { positions, triangles }
    }

    #[test]
    fn rims_are_counted() {
        let check = |mesh: &TriMesh, expected: usize| {
            assert_eq!(Survey::of(&Geometry::Mesh(mesh.clone())).holes, expected);
        };
        check(&sheet(8, |_, _| false), 1);
        check(&sheet(8, |x, y| (x, y) == (2, 2)), 2);
        check(&sheet(8, |x, y| (x, y) == (2, 2) || (x == 5 && y > 3 && y < 6)), 3);
        // A vertex for every corner of every triangle, as STL has it.
        let shared = sheet(8, |x, y| (x, y) == (2, 2));
        let positions = shared.triangles.iter().flatten().map(|&v| shared.positions[v as usize]).collect();
        let triangles = (0..shared.triangles.len() as u32).map(|t| [3 * t, 3 * t + 1, 3 * t + 2]).collect();
        check(&TriMesh { positions, triangles }, 2);
    }

    #[test]
    fn noise_is_that_of_the_points() {
        let wave = |i: u32| (f64::from(i) * 12.9898).sin() * 43_758.545_3;
        let cloud = |noise: f64| {
            let points = (0..4000u32).map(|i| {
                let offset = (wave(i) - wave(i).floor() - 0.5) * 12f64.sqrt() * noise;
                let (x, y) = (f64::from(i % 80), f64::from(i / 80));
                // Two sides of a plate, so that it has a thickness.
                DVec3::new(x, y, if i % 2 == 0 { offset } else { 20.0 + offset })
            });
            Survey::of(&Geometry::Cloud(PointCloud { positions: points.collect(), ..PointCloud::default() })).noise
        };
        let found = cloud(0.2).expect("there are points");
        assert!((0.12..0.3).contains(&found), "{found}");
        assert!(cloud(0.0).is_some_and(|noise| noise < 1e-6));
        assert_eq!(Survey::of(&Geometry::Mesh(sheet(8, |_, _| false))).noise, None, "flat faces are exact");
    }
}
