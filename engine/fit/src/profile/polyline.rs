//! Closed polylines without needless vertices.

use glam::DVec2;

/// The polygon's vertices that are needed for every dropped vertex to lie within `tolerance` of the polygon that
/// remains (Douglas and Peucker, 1973), in their order.
pub fn simplified(polygon: &[DVec2], tolerance: f64) -> Vec<DVec2> {
    let points: Vec<DVec2> = dedup(polygon, tolerance * 0.5);
    if points.len() < 4 {
        return points;
    }
    // The two anchors are extreme points, which every simplification keeps.
    let a = (0..points.len()).fold(0, |b, i| if lexical(points[i], points[b]) { i } else { b });
    let b = (0..points.len()).fold(a, |b, i| {
        if points[i].distance_squared(points[a]) > points[b].distance_squared(points[a]) { i } else { b }
    });
    let n = points.len();
    let mut keep = vec![false; n];
    keep[a] = true;
    keep[b] = true;
    let mut stack = vec![(a, if b > a { b } else { b + n }), (b, if a > b { a } else { a + n })];
    while let Some((from, to)) = stack.pop() {
        if to - from < 2 {
            continue;
        }
        let (p, q) = (points[from % n], points[to % n]);
        let (mut far, mut worst) = (0.0, from);
        for i in from + 1..to {
            let d = distance_to_segment(points[i % n], p, q);
            if d > far {
                (far, worst) = (d, i);
            }
        }
        if far > tolerance {
            keep[worst % n] = true;
            stack.push((from, worst));
            stack.push((worst, to));
        }
    }
    let mut kept: Vec<DVec2> = points.into_iter().zip(keep).filter_map(|(p, k)| k.then_some(p)).collect();
    // The anchors themselves may be collinear with their neighbours.
    for _ in 0..2 {
        if let Some(i) = (0..kept.len()).find(|&i| {
            let m = kept.len();
            m > 3 && distance_to_segment(kept[i], kept[(i + m - 1) % m], kept[(i + 1) % m]) <= tolerance * 0.5
        }) {
            kept.remove(i);
        }
    }
    kept
}

fn lexical(a: DVec2, b: DVec2) -> bool {
    a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)).is_lt()
}

fn dedup(polygon: &[DVec2], tolerance: f64) -> Vec<DVec2> {
    let mut points: Vec<DVec2> = Vec::with_capacity(polygon.len());
    for &p in polygon {
        if points.last().is_none_or(|q| q.distance(p) > tolerance) {
            points.push(p);
        }
    }
    while points.len() > 1 && points[0].distance(points[points.len() - 1]) <= tolerance {
        points.pop();
    }
    points
}

/// Distance of `p` from the segment `a`-`b`.
pub(super) fn distance_to_segment(p: DVec2, a: DVec2, b: DVec2) -> f64 {
    let d = b - a;
    let t = ((p - a).dot(d) / d.length_squared().max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
    p.distance(a + d * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collinear_vertices_go_and_corners_stay() {
        let check = |points: &[(f64, f64)], expected: usize| {
            let points: Vec<DVec2> = points.iter().map(|&p| p.into()).collect();
            assert_eq!(simplified(&points, 1e-6).len(), expected);
        };
        check(&[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 2.0), (0.0, 2.0), (0.0, 1.0)], 4);
        check(&[(1.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)], 4);
        check(&[(0.0, 0.0), (2.0, 0.0), (2.0, 0.0), (0.0, 2.0)], 3);
        check(&[(0.0, 0.0), (1.0, -1e-9), (2.0, 0.0), (2.0, 2.0)], 3);
    }
}
