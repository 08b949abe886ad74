//! Measuring a part against its input.

use std::sync::Arc;

use glam::DVec3;
use partwright_geometry::metric::{CompareConfig, Deviation, PreparedReference};
use partwright_geometry::query::MeshQuery;
use partwright_geometry::{Geometry, TriMesh};
use rayon::prelude::*;

use super::{JobId, JobKind, Jobs, Outcome};
use crate::document::{Comparison, ItemId, Part, Scan};

/// Most points of the input whose distance is measured with its sign for the heat map; of a larger one every point still
/// has a distance, but its side is taken from the nearest face's normal alone.
const MOST_SIGNED: usize = 200_000;

/// Measures `part` against the prepared scan of an item.
pub fn compare(jobs: &mut Jobs, item: ItemId, scan: &Scan, part: &Arc<Part>) -> JobId {
    let (geometry, part) = (Arc::clone(&scan.prepared), Arc::clone(part));
    jobs.start(JobKind::Compare, Some(item), "", move |_, cancel| {
        let comparison = measure(&geometry, &part, &|| cancel.is_cancelled()).map(Arc::new);
        Outcome::Compared { item, comparison }
    })
}

fn measure(input: &Geometry, part: &Part, stopped: &dyn Fn() -> bool) -> Option<Comparison> {
    let mesh = &*part.facets;
    let query = MeshQuery::new(mesh).ok()?;
    let points: &[DVec3] = match input {
        Geometry::Mesh(mesh) => &mesh.positions,
        Geometry::Cloud(cloud) => &cloud.positions,
    };
    let distances = signed_distances(points, &query);
    if stopped() {
        return None;
    }
    let prepared = PreparedReference::of_geometry(input.clone(), CompareConfig::default());
    let measured = prepared.compare(mesh);
    let worst =
        points.iter().zip(&distances).filter(|(_, d)| d.is_finite()).max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    let volume = |mesh: &TriMesh| partwright_geometry::repair::inspect(mesh).volume;
    let input_volume = match input {
        Geometry::Mesh(mesh) => volume(mesh),
        Geometry::Cloud(_) => None,
    };
    Some(Comparison {
        source: Arc::clone(&part.source),
        iou: measured.iou,
        chamfer: measured.chamfer,
        deviation: measured.deviation.or_else(|| Deviation::of(distances.iter().map(|d| f64::from(d.abs())).collect())),
        worst: worst.map(|(p, _)| *p),
        volume_difference: input_volume.map(|volume| part.properties.volume - volume),
        distances: Arc::new(distances),
    })
}

/// The distance of every vertex or point of `input` to `part`: positive outside, negative inside.
pub fn deviations(input: &Geometry, part: &Part) -> Option<Vec<f32>> {
    let query = MeshQuery::new(&part.facets).ok()?;
    Some(match input {
        Geometry::Mesh(mesh) => signed_distances(&mesh.positions, &query),
        Geometry::Cloud(cloud) => signed_distances(&cloud.positions, &query),
    })
}

/// The distance of every point to the surface: positive outside, negative inside. `MeshQuery` tells the side of few points
/// by its inside test, and of many by the nearest face's normal.
fn signed_distances(points: &[DVec3], query: &MeshQuery) -> Vec<f32> {
    let exact = points.len() <= MOST_SIGNED;
    let one = |p: &DVec3| -> f32 {
        if exact {
            return query.signed_distance(*p) as f32;
        }
        let Some(closest) = query.closest(*p) else { return f32::INFINITY };
        let corners = query.mesh().triangles.get(closest.triangle).and_then(|t| query.mesh().corners(*t));
        let outside = corners.is_none_or(|[a, b, c]| (b - a).cross(c - a).dot(*p - closest.point) >= 0.0);
        (if outside { closest.distance } else { -closest.distance }) as f32
    };
    points.par_iter().with_min_len(1024).map(one).collect()
}
