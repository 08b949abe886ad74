//! Whether boundaries cross or touch themselves or each other.

use glam::DVec2;

/// Whether the polygons neither cross nor touch, each itself and all each other. Neighbouring edges of a polygon share an
/// end, and nothing more.
pub(super) fn are_simple(polygons: &[Vec<DVec2>]) -> bool {
    let mut edges: Vec<SideOf> = Vec::with_capacity(polygons.iter().map(Vec::len).sum());
    for (polygon, points) in polygons.iter().enumerate() {
        let count = points.len();
        let side = |k: usize| SideOf { polygon, place: k, count, a: points[k], b: points[(k + 1) % count] };
        edges.extend((0..count).map(side));
    }
    // From left to right, so that only those that lie above each other are compared.
    edges.sort_by(|s, t| s.left().total_cmp(&t.left()));
    for (k, side) in edges.iter().enumerate() {
        let right = side.a.x.max(side.b.x);
        for other in edges[k + 1..].iter().take_while(|other| other.left() <= right) {
            if side.meets(other) {
                return false;
            }
        }
    }
    true
}

/// One edge of one polygon.
struct SideOf {
    polygon: usize,
    place: usize,
    count: usize,
    a: DVec2,
    b: DVec2,
}

impl SideOf {
    fn left(&self) -> f64 {
        self.a.x.min(self.b.x)
    }

    fn meets(&self, other: &Self) -> bool {
        if self.a.y.min(self.b.y) > other.a.y.max(other.b.y) || self.a.y.max(self.b.y) < other.a.y.min(other.b.y) {
            return false;
        }
        if self.polygon == other.polygon {
            if (self.place + 1) % self.count == other.place {
                return folds_back(self.a, self.b, other.b);
            }
            if (other.place + 1) % self.count == self.place {
                return folds_back(other.a, other.b, self.b);
            }
        }
        let of = |a: DVec2, b: DVec2, p: DVec2| (b - a).perp_dot(p - a);
        let (c, d) = (of(self.a, self.b, other.a), of(self.a, self.b, other.b));
        let (e, f) = (of(other.a, other.b, self.a), of(other.a, other.b, self.b));
        let eps = 1e-7;
        let apart = |x: f64, y: f64| (x > eps && y > eps) || (x < -eps && y < -eps);
        if apart(c, d) || apart(e, f) {
            return false;
        }
        // On one line their boxes decide; they overlap in y already.
        self.left() <= other.a.x.max(other.b.x) && other.left() <= self.a.x.max(self.b.x)
    }
}

/// Whether the way from `a` over `b` to `c` turns right back.
fn folds_back(a: DVec2, b: DVec2, c: DVec2) -> bool {
    let (on, back) = (b - a, c - b);
    on.dot(back) < 0.0 && on.perp_dot(back).abs() < 1e-4 * on.length() * back.length()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polygon(points: &[(f64, f64)]) -> Vec<DVec2> {
        points.iter().copied().map(DVec2::from).collect()
    }

    #[test]
    fn what_crosses_or_touches_is_not_simple() {
        let square = polygon(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]);
        let moved = |x: f64, y: f64, scale: f64| -> Vec<DVec2> {
            square.iter().map(|p| scale * *p + DVec2::new(x, y)).collect()
        };
        let check =
            |polygons: &[Vec<DVec2>], expected: bool| assert_eq!(are_simple(polygons), expected, "{polygons:?}");
        check(std::slice::from_ref(&square), true);
        check(&[square.clone(), moved(1.0, 1.0, 0.5)], true);
        check(&[square.clone(), moved(9.0, 0.0, 1.0)], true);
        check(&[square.clone(), moved(2.0, 2.0, 1.0)], false);
        check(&[square.clone(), moved(4.0, 0.0, 1.0)], false);
        check(&[square.clone(), moved(4.0, 4.0, 1.0)], false);
        check(&[polygon(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)])], false);
        check(&[polygon(&[(0.0, 0.0), (4.0, 0.0), (2.0, 0.0), (2.0, 3.0)])], false);
        // A corner that touches the opposite side.
        check(&[polygon(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0), (0.0, 4.0)])], false);
    }
}
