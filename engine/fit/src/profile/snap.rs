//! Makes nearly level and upright edges exactly so, and equal coordinates equal.

use glam::DVec2;

use crate::part::PathEdge;

/// The path with every straight edge that is level or upright within `tolerance` made exactly so. Vertices joined by
/// such edges share their coordinate; arcs keep their bulge.
pub(super) fn snap_to_axes(start: DVec2, edges: &[PathEdge], tolerance: f64) -> (DVec2, Vec<PathEdge>) {
    let n = edges.len();
    let points: Vec<DVec2> = std::iter::once(start).chain(edges.iter().map(PathEdge::end)).take(n).collect();
    let mut snapped = points.clone();
    for axis in 0..2 {
        // Runs of vertices joined by edges along which this coordinate is constant.
        let joined: Vec<bool> = (0..n)
            .map(|i| {
                let (a, b) = (points[i], points[(i + 1) % n]);
                matches!(edges[i], PathEdge::Line { .. })
                    && (a[axis] - b[axis]).abs() <= tolerance
                    && (a[1 - axis] - b[1 - axis]).abs() > 4.0 * tolerance
            })
            .collect();
        if joined.iter().all(|&j| j) {
            continue;
        }
        let Some(first) = (0..n).find(|&i| !joined[(i + n - 1) % n]) else { continue };
        let mut i = 0;
        while i < n {
            let mut run = vec![(first + i) % n];
            while joined[(first + i) % n] {
                i += 1;
                run.push((first + i) % n);
            }
            let mean = run.iter().map(|&k| points[k][axis]).sum::<f64>() / run.len() as f64;
            for &k in &run {
                snapped[k][axis] = mean;
            }
            i += 1;
        }
    }
    let edges = (0..n)
        .map(|i| {
            let (a, b) = (points[i], points[(i + 1) % n]);
            let (new_a, new_b) = (snapped[i], snapped[(i + 1) % n]);
            match edges[i] {
                PathEdge::Line { .. } => PathEdge::Line { end: new_b },
                PathEdge::Arc { mid, .. } => {
                    let chord = b - a;
                    let q = (mid - a) / chord.length_squared().max(f64::MIN_POSITIVE);
                    let (along, across) = (q.dot(chord), q.dot(chord.perp()));
                    let new_chord = new_b - new_a;
                    PathEdge::Arc { mid: new_a + new_chord * along + new_chord.perp() * across, end: new_b }
                }
            }
        })
        .collect();
    (snapped[0], edges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slightly_skew_rectangle_becomes_exact() {
        let points = [(0.001, 0.0), (4.0, 0.001), (3.999, 2.0), (0.0, 2.001)].map(DVec2::from);
        let edges: Vec<PathEdge> = (1..=4).map(|i| PathEdge::Line { end: points[i % 4] }).collect();
        let (start, edges) = snap_to_axes(points[0], &edges, 0.01);
        let outline = crate::part::Outline::Path { start, edges };
        let (center, size) = outline.as_rectangle(1e-12).unwrap();
        assert!(center.distance(DVec2::new(2.0, 1.0005)) < 1e-3);
        assert!((size - DVec2::new(3.999, 2.0)).length() < 2e-3);
    }

    #[test]
    fn oblique_edges_stay() {
        let points = [(0.0, 0.0), (4.0, 1.0), (2.0, 5.0)].map(DVec2::from);
        let edges: Vec<PathEdge> = (1..=3).map(|i| PathEdge::Line { end: points[i % 3] }).collect();
        assert_eq!(snap_to_axes(points[0], &edges, 0.01), (points[0], edges));
    }
}
