//! Faces with any number of corners, cut into triangles.
//!
//! A polygon of n corners always becomes n - 2 triangles between exactly its own corners, so that neighbouring faces keep
//! sharing their edges. Concave polygons are clipped in their own plane; a fan from the first corner would leave the face.

use glam::{DVec2, DVec3};
use manifold_rust::linalg::Vec2;
use manifold_rust::polygon::triangulate;

/// Faces in the order of a file, polygons kept whole until all vertices are known.
#[derive(Default)]
pub(super) struct Faces {
    triangles: Vec<[u32; 3]>,
    polygons: Vec<Polygon>,
    corners: Vec<u32>,
    /// Faces with fewer than three corners, which were left out.
    skipped: usize,
}

/// A face of more than three corners.
struct Polygon {
    /// How many triangles of the file come before it.
    before: usize,
    /// The end of its corners in the common list.
    end: usize,
}

impl Faces {
    pub(super) fn with_capacity(faces: usize) -> Self {
        Self { triangles: Vec::with_capacity(faces), ..Self::default() }
    }

    /// Adds a face; fewer than three corners are counted as skipped.
    pub(super) fn push(&mut self, corners: &[u32]) {
        match *corners {
            [] | [_] | [_, _] => self.skipped += 1,
            [a, b, c] => self.triangles.push([a, b, c]),
            _ => {
                self.corners.extend_from_slice(corners);
                self.polygons.push(Polygon { before: self.triangles.len(), end: self.corners.len() });
            }
        }
    }

    pub(super) fn push_triangle(&mut self, corners: [u32; 3]) {
        self.triangles.push(corners);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.triangles.is_empty() && self.polygons.is_empty()
    }

    /// What became of faces that are no triangles, in sentences for the user.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.polygons.is_empty() {
            notes.push(format!("{} faces with more than three corners were cut into triangles", self.polygons.len()));
        }
        if self.skipped > 0 {
            notes.push(format!("{} faces with fewer than three corners were left out", self.skipped));
        }
        notes
    }

    /// All faces as triangles, in order. Every corner must be an index into `positions`.
    pub(super) fn into_triangles(self, positions: &[DVec3]) -> Vec<[u32; 3]> {
        if self.polygons.is_empty() {
            return self.triangles;
        }
        let mut triangles = Vec::with_capacity(self.triangles.len() + self.corners.len());
        let (mut taken, mut start) = (0, 0);
        for polygon in &self.polygons {
            triangles.extend_from_slice(&self.triangles[taken..polygon.before]);
            cut(&self.corners[start..polygon.end], positions, &mut triangles);
            (taken, start) = (polygon.before, polygon.end);
        }
        triangles.extend_from_slice(&self.triangles[taken..]);
        triangles
    }
}

/// Cuts one polygon of at least four corners.
fn cut(corners: &[u32], positions: &[DVec3], triangles: &mut Vec<[u32; 3]>) {
    let point = |corner: u32| positions[corner as usize];
    if let [a, b, c, d] = *corners {
        let normal = |p: u32, q: u32, r: u32| (point(q) - point(p)).cross(point(r) - point(p));
        let ac_lies_inside = normal(a, b, c).dot(normal(a, c, d)) > 0.0;
        let bd_lies_inside = normal(a, b, d).dot(normal(b, c, d)) > 0.0;
        if bd_lies_inside && !ac_lies_inside {
            triangles.extend([[a, b, d], [b, c, d]]);
        } else {
            triangles.extend([[a, b, c], [a, c, d]]);
        }
        return;
    }
    let points: Vec<_> = corners.iter().map(|&corner| point(corner)).collect();
    let clipped = clip(&points).filter(|clipped| clipped.len() == corners.len() - 2);
    match clipped {
        Some(clipped) => triangles.extend(clipped.iter().map(|ears| ears.map(|ear| corners[ear]))),
        None => triangles.extend(corners[1..].windows(2).map(|pair| [corners[0], pair[0], pair[1]])),
    }
}

/// Clips ears in the polygon's mean plane; `None` when it has no plane. Corners are numbered along the polygon.
fn clip(points: &[DVec3]) -> Option<Vec<[usize; 3]>> {
    /// The clipper's tolerance on a polygon scaled to about unit size: rounding only.
    const EPSILON: f64 = 1e-12;
    let origin = points[0];
    let size = points.iter().map(|&point| (point - origin).abs().max_element()).fold(0.0, f64::max);
    let scaled: Vec<_> = points.iter().map(|&point| (point - origin) / size).collect();
    // Newell's normal: right for every planar polygon, and the mean one where it is not planar.
    let normal = (0..scaled.len()).map(|i| scaled[i].cross(scaled[(i + 1) % scaled.len()])).sum::<DVec3>();
    let normal = normal.try_normalize()?;
    let (u, v) = normal.any_orthonormal_pair();
    let flat = |point: &DVec3| DVec2::new(point.dot(u), point.dot(v));
    let outline = scaled.iter().map(flat).map(|point| Vec2 { x: point.x, y: point.y }).collect();
    let ears = triangulate(&vec![outline], EPSILON, false);
    let inside = |index: i32| usize::try_from(index).ok().filter(|&index| index < points.len());
    ears.iter().map(|ear| Some([inside(ear[0])?, inside(ear[1])?, inside(ear[2])?])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(positions: &[DVec3], triangles: &[[u32; 3]]) -> f64 {
        let point = |corner: u32| positions[corner as usize];
        triangles.iter().map(|&[a, b, c]| (point(b) - point(a)).cross(point(c) - point(a)).length() / 2.0).sum()
    }

    #[test]
    fn polygons_keep_their_area_and_corners() {
        let check = |outline: &[(f64, f64)], expected_area: f64| {
            // Tilted, so that no coordinate plane is special.
            let tilt = glam::DQuat::from_euler(glam::EulerRot::XYZ, 0.3, 0.7, 0.2);
            let positions: Vec<_> = outline.iter().map(|&(x, y)| tilt * DVec3::new(x, y, 5.0)).collect();
            let mut faces = Faces::default();
            faces.push(&(0..positions.len() as u32).collect::<Vec<_>>());
            let triangles = faces.into_triangles(&positions);
            assert_eq!(triangles.len(), outline.len() - 2);
            assert!((area(&positions, &triangles) - expected_area).abs() < 1e-9, "{outline:?}");
            let outward = tilt * DVec3::Z;
            for &[a, b, c] in &triangles {
                let point = |corner: u32| positions[corner as usize];
                assert!((point(b) - point(a)).cross(point(c) - point(a)).dot(outward) >= -1e-12, "{outline:?}");
            }
        };
        check(&[(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)], 2.0);
        // A dart: only one of its diagonals lies inside, whichever corner comes first.
        check(&[(0.0, 0.0), (2.0, -2.0), (1.0, 0.0), (2.0, 2.0)], 2.0);
        check(&[(2.0, -2.0), (1.0, 0.0), (2.0, 2.0), (0.0, 0.0)], 2.0);
        // An L with a corner in the middle of an edge.
        check(&[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)], 3.0);
        // A comb.
        check(&[(0.0, 0.0), (5.0, 0.0), (5.0, 3.0), (4.0, 3.0), (4.0, 1.0), (3.0, 1.0), (3.0, 3.0), (0.0, 3.0)], 13.0);
    }

    #[test]
    fn flat_or_repeated_corners_do_no_harm() {
        for points in [vec![DVec3::ZERO; 6], (0..7).map(|i| DVec3::X * f64::from(i)).collect()] {
            let mut faces = Faces::default();
            faces.push(&(0..points.len() as u32).collect::<Vec<_>>());
            assert_eq!(faces.into_triangles(&points).len(), points.len() - 2);
        }
    }

    #[test]
    fn order_is_kept_and_short_faces_are_counted() {
        let positions = [DVec3::ZERO, DVec3::X, DVec3::new(1.0, 1.0, 0.0), DVec3::Y];
        let mut faces = Faces::default();
        faces.push(&[0, 1]);
        faces.push(&[2, 1, 0]);
        faces.push(&[0, 1, 2, 3]);
        faces.push(&[3, 1, 0]);
        assert_eq!(faces.notes().len(), 2);
        assert_eq!(faces.into_triangles(&positions), [[2, 1, 0], [0, 1, 2], [0, 2, 3], [3, 1, 0]]);
    }
}
