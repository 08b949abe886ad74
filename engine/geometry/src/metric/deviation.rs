//! How far each point of one shape is from the surface of another: the heat map and its summary.

use glam::DVec3;
use rayon::prelude::*;

use crate::{TriMesh, query::MeshQuery, sample};

/// Distances summed up, in the shapes' unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deviation {
    /// The mean distance.
    pub mean: f64,
    /// 95 % of the distances are at most this.
    pub p95: f64,
    /// The largest distance.
    pub max: f64,
}

impl Deviation {
    /// Sums up distances; `None` without any. Infinite ones (points that are not finite) are left out.
    pub fn of(mut distances: Vec<f64>) -> Option<Self> {
        distances.retain(|d| d.is_finite());
        distances.sort_by(f64::total_cmp);
        let max = *distances.last()?;
        let mean = distances.iter().sum::<f64>() / distances.len() as f64;
        Some(Self { mean, p95: quantile(&distances, 0.95), max })
    }
}

/// The distance of every point or vertex, and their summary.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviationField {
    /// One unsigned distance per point (or vertex) given, in its order; infinite where the point is not finite.
    pub distances: Vec<f64>,
    /// `None` when nothing could be measured.
    pub summary: Option<Deviation>,
}

/// The distance of each of `points` to the surface of `target`.
pub fn deviation_of_points(points: &[DVec3], target: &MeshQuery) -> DeviationField {
    let distances = distances(points, target);
    DeviationField { summary: Deviation::of(distances.clone()), distances }
}

/// The distance of each vertex of `mesh` to the surface of `target`.
///
/// Mean and p95 are taken over `samples` points uniform by area, because vertices crowd where a surface is curved and
/// would weigh it too much; the maximum is over samples and vertices, since corners stick out farthest.
pub fn deviation_of_mesh(mesh: &TriMesh, target: &MeshQuery, samples: usize, seed: u64) -> DeviationField {
    let on_surface = sample::surface(mesh, samples, seed);
    deviation_with_samples(mesh, &on_surface.positions, target)
}

pub(super) fn deviation_with_samples(mesh: &TriMesh, samples: &[DVec3], target: &MeshQuery) -> DeviationField {
    let at_vertices = distances(&mesh.positions, target);
    let mut used = vec![false; mesh.positions.len()];
    for &v in mesh.triangles.iter().flatten() {
        if let Some(used) = used.get_mut(v as usize) {
            *used = true;
        }
    }
    let farthest_vertex =
        at_vertices.iter().zip(&used).filter(|(d, used)| **used && d.is_finite()).map(|(d, _)| *d).fold(0.0, f64::max);
    let summary = Deviation::of(distances(samples, target))
        .map(|of_samples| Deviation { max: of_samples.max.max(farthest_vertex), ..of_samples });
    DeviationField { distances: at_vertices, summary }
}

fn distances(points: &[DVec3], target: &MeshQuery) -> Vec<f64> {
    points.par_iter().with_min_len(256).map(|&p| target.distance(p)).collect()
}

/// The quantile of sorted values, interpolated between neighbours (NumPy's default).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes;

    #[test]
    fn quantiles_as_numpy() {
        let found = Deviation::of((0..=10).map(f64::from).chain([f64::INFINITY]).collect()).unwrap();
        assert_eq!(found, Deviation { mean: 5.0, p95: 9.5, max: 10.0 });
        assert_eq!(Deviation::of(vec![3.0]), Some(Deviation { mean: 3.0, p95: 3.0, max: 3.0 }));
        assert_eq!(Deviation::of(vec![f64::INFINITY]), None);
    }

    #[test]
    fn a_box_inside_a_larger_box() {
        let inner = shapes::cuboid(DVec3::splat(-1.0), DVec3::splat(1.0));
        let outer = MeshQuery::new(&shapes::cuboid(DVec3::splat(-1.25), DVec3::splat(1.25))).unwrap();
        let field = deviation_of_mesh(&inner, &outer, 4000, 3);
        let summary = field.summary.unwrap();
        assert!(field.distances.iter().all(|d| (d - 0.25).abs() < 1e-12));
        for value in [summary.mean, summary.p95, summary.max] {
            assert!((value - 0.25).abs() < 1e-12, "{summary:?}");
        }
        let back = deviation_of_mesh(outer.mesh(), &MeshQuery::new(&inner).unwrap(), 4000, 3).summary.unwrap();
        // The corners are the farthest: the vertices find them, samples alone would not.
        assert!((back.max - 0.25 * 3f64.sqrt()).abs() < 1e-12, "{back:?}");
    }

    #[test]
    fn unused_vertices_do_not_count() {
        let mut mesh = shapes::cuboid(DVec3::ZERO, DVec3::ONE);
        let target = MeshQuery::new(&mesh).unwrap();
        mesh.positions.push(DVec3::splat(50.0));
        let field = deviation_of_mesh(&mesh, &target, 100, 3);
        assert!(field.summary.unwrap().max < 1e-9 && field.distances[8] > 80.0);
        assert_eq!(deviation_of_points(&[], &target).summary, None);
    }
}
