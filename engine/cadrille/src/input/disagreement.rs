//! Where an input and a part disagree, as points for a network that improves programs (`CADReasoner`, arXiv 2603.29847).

use glam::DVec3;
use partwright_geometry::furthest::furthest_points;
use partwright_geometry::nearest::NearestPoints;
use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;
use partwright_geometry::query::MeshQuery;
use partwright_geometry::{Geometry, TriMesh, sample};

use super::points::SAMPLES;

/// Of the farthest points so many times as many are looked at as are taken, so that they spread over all that disagrees.
const LOOKED_AT: usize = 8;

/// The points where `input` and the part with this surface are farthest from each other, in -1..1: the first half lies on the
/// input and is far from the part, the second on the part and is far from the input. Both are in the program's frame.
///
/// `None` where one of them has no surface and no points, or `count` is 0.
pub fn disagreement(input: &Geometry, part: &TriMesh, count: usize, seed: u64) -> Option<Vec<[f32; 3]>> {
    let query = MeshQuery::new(part).ok()?;
    let of_input: Vec<DVec3> = match input {
        Geometry::Mesh(mesh) => sample::surface(mesh, SAMPLES, seed).positions,
        Geometry::Cloud(cloud) => {
            let every = cloud.positions.len().div_ceil(SAMPLES).max(1);
            cloud.positions.iter().copied().filter(|p| p.is_finite()).step_by(every).collect()
        }
    };
    let of_part = sample::surface(part, SAMPLES, seed).positions;
    if of_input.is_empty() || of_part.is_empty() || count == 0 {
        return None;
    }
    let tree = NearestPoints::new(&of_input);
    let to_part = |p: &DVec3| query.distance(*p);
    let to_input = |p: &DVec3| tree.nearest(*p).map_or(0.0, |nearest| nearest.1);
    let first = count.div_ceil(2);
    let mut points = farthest(&of_input, to_part, first);
    points.extend(farthest(&of_part, to_input, count - first));
    Some(points)
}

/// So many of the points that are farthest, spread over them; the same ones again where there are fewer.
fn farthest(points: &[DVec3], distance: impl Fn(&DVec3) -> f64, count: usize) -> Vec<[f32; 3]> {
    let mut order: Vec<(f64, usize)> = points.iter().enumerate().map(|(i, p)| (distance(p), i)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    order.truncate((count * LOOKED_AT).max(1));
    let far: Vec<DVec3> = order.iter().map(|(_, i)| points[*i]).collect();
    let chosen = furthest_points(&far, count, 0);
    let scaled = |i: &usize| (far[*i] / (PROGRAM_FRAME_SIDE / 2.0)).as_vec3().to_array();
    chosen.iter().cycle().take(if chosen.is_empty() { 0 } else { count }).map(scaled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuboid(low: DVec3, high: DVec3) -> TriMesh {
        let corner = |i: usize| {
            let pick = |axis: usize| if i >> axis & 1 == 1 { high[axis] } else { low[axis] };
            DVec3::new(pick(0), pick(1), pick(2))
        };
        let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        TriMesh {
            positions: (0..8).map(corner).collect(),
            triangles: quads.iter().flat_map(|q| [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]).collect(),
        }
    }

    #[test]
    fn points_lie_where_one_has_what_the_other_lacks() {
        let input = Geometry::Mesh(cuboid(DVec3::splat(-100.0), DVec3::new(100.0, 100.0, 50.0)));
        let part = cuboid(DVec3::splat(-100.0), DVec3::new(60.0, 100.0, 50.0));
        let points = disagreement(&input, &part, 32, 1).unwrap();
        assert_eq!(points.len(), 32);
        // What the part lacks is beyond x = 0.6; its own end there is far from the input's surface.
        assert!(points[..16].iter().all(|p| p[0] > 0.7), "{points:?}");
        assert!(points[16..].iter().all(|p| (p[0] - 0.6).abs() < 1e-5), "{points:?}");
        assert_eq!(disagreement(&input, &part, 32, 1), Some(points));
        assert_eq!(disagreement(&input, &TriMesh::default(), 32, 1), None);
        assert_eq!(disagreement(&input, &part, 0, 1), None);
    }
}
