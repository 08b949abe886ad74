//! Which triangle is in front in each pixel.
//!
//! The rules of `OpenGL`, with the details of Mesa's software renderer that made the reference pictures: corners on a grid of
//! 1/256 pixel, the middle of a pixel decides, edges through a middle belong to the upper left triangle in memory (where rows
//! run upwards), triangles that turn their back are not drawn, 24 bits of depth, and of equal depths the first one stays.

use glam::{DVec2, DVec3};

use super::Camera;

/// Grid lines in a pixel.
const SUBPIXELS: i64 = 256;
/// The largest value of the depth buffer.
const DEEPEST: f64 = ((1 << 24) - 1) as f64;
/// Coordinates beyond this many pixels are not drawn: the sums of the edge functions stay far from the limits of 64 bits.
const FARTHEST_PX: f64 = 1e6;

/// A triangle as the picture shows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Face {
    /// On the eye's side, of unit length.
    pub(super) normal: DVec3,
    inverse_depth: Plane,
}

/// What is linear over the picture: a value at a place, and its growth per pixel to the right and up.
#[derive(Clone, Copy, Debug)]
struct Plane {
    origin: DVec2,
    value: f64,
    growth: DVec2,
}

/// The part of the depth that is kept, as `OpenGL`'s projection spreads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct DepthRange {
    /// Nearest distance that is drawn.
    pub(super) near: f64,
    /// Farthest distance that is drawn.
    pub(super) far: f64,
}

/// What each pixel shows; rows from the bottom upwards.
pub(super) struct Nearest {
    side_px: i64,
    depths: Vec<u32>,
    /// The number of a face, or `u32::MAX`.
    front: Vec<u32>,
    faces: Vec<Face>,
}

impl Plane {
    fn at(&self, column: i64, row: i64) -> f64 {
        self.value + self.growth.dot(DVec2::new(column as f64, row as f64) - self.origin)
    }
}

impl DepthRange {
    /// The value of the depth buffer; `None` outside the range.
    fn quantized(self, inverse_depth: f64) -> Option<u32> {
        let depth = self.far / (self.far - self.near) * (1.0 - self.near * inverse_depth);
        (0.0..=1.0).contains(&depth).then(|| (depth * DEEPEST).round() as u32)
    }
}

impl Nearest {
    /// An empty picture.
    pub(super) fn new(side_px: u32) -> Self {
        let pixels = side_px as usize * side_px as usize;
        Self {
            side_px: i64::from(side_px),
            depths: vec![DEEPEST as u32; pixels],
            front: vec![u32::MAX; pixels],
            faces: vec![],
        }
    }

    /// Draws a triangle where it is before all earlier ones. Triangles that reach behind the near plane are left out: parts
    /// in the unit cube never do.
    pub(super) fn draw(&mut self, camera: &Camera, range: DepthRange, corners: [DVec3; 3]) {
        let in_camera = corners.map(|corner| camera.camera_from_world(corner));
        if !in_camera.iter().all(|corner| corner.is_finite() && corner.z > range.near) {
            return;
        }
        let side = f64::from(camera.side_px);
        // From here on rows run upwards and the middle of a pixel has whole coordinates.
        let places = in_camera.map(|corner| {
            let place = camera.picture_from_camera(corner);
            DVec2::new(place.x - 0.5, side - place.y - 0.5)
        });
        if places.iter().any(|place| place.abs().max_element() > FARTHEST_PX) {
            return;
        }
        let snapped = places.map(|place| (place * SUBPIXELS as f64).round().to_array().map(|c| c as i64));
        let [[ax, ay], [bx, by], [cx, cy]] = snapped;
        if (bx - ax) * (cy - ay) - (cx - ax) * (by - ay) <= 0 {
            return;
        }
        let Some(face) = face(corners, in_camera, snapped, camera.eye) else { return };
        let number = self.faces.len() as u32;
        self.faces.push(face);
        let rows = [ay, by, cy];
        let lowest = (rows.into_iter().min().unwrap_or_default() + SUBPIXELS - 1).div_euclid(SUBPIXELS);
        let highest = rows.into_iter().max().unwrap_or_default().div_euclid(SUBPIXELS);
        for row in lowest.max(0)..=highest.min(self.side_px - 1) {
            let (first, last) = span(&snapped, row, self.side_px);
            for column in first..=last {
                let pixel = (row * self.side_px + column) as usize;
                let Some(depth) = range.quantized(face.inverse_depth.at(column, row)) else { continue };
                if depth < self.depths[pixel] {
                    self.depths[pixel] = depth;
                    self.front[pixel] = number;
                }
            }
        }
    }

    /// The face in front in a pixel and its distance forward from the eye; rows are counted from the bottom.
    pub(super) fn at(&self, column: u32, row: u32) -> Option<(&Face, f64)> {
        let (column, row) = (i64::from(column), i64::from(row));
        let number = *self.front.get((row * self.side_px + column) as usize)?;
        let face = self.faces.get(number as usize)?;
        Some((face, 1.0 / face.inverse_depth.at(column, row)))
    }
}

fn face(corners: [DVec3; 3], in_camera: [DVec3; 3], snapped: [[i64; 2]; 3], eye: DVec3) -> Option<Face> {
    let [a, b, c] = corners;
    let normal = (b - a).cross(c - a).try_normalize()?;
    let [origin, to_b, to_c] = snapped.map(|place| DVec2::from_array(place.map(|c| c as f64 / SUBPIXELS as f64)));
    let (to_b, to_c) = (to_b - origin, to_c - origin);
    let [value, at_b, at_c] = in_camera.map(|corner| 1.0 / corner.z);
    let (grow_b, grow_c) = (at_b - value, at_c - value);
    let growth = DVec2::new(grow_b * to_c.y - grow_c * to_b.y, grow_c * to_b.x - grow_b * to_c.x) / to_b.perp_dot(to_c);
    Some(Face {
        normal: if normal.dot(eye - a) < 0.0 { -normal } else { normal },
        inverse_depth: Plane { origin, value, growth },
    })
}

/// The first and last column of a row whose middles lie in a counter-clockwise triangle; the first is behind the last where
/// there are none.
fn span(corners: &[[i64; 2]; 3], row: i64, side_px: i64) -> (i64, i64) {
    let (mut first, mut last) = (0, side_px - 1);
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
        let ([ax, ay], [bx, by]) = (corners[from], corners[to]);
        let (dx, dy) = (bx - ax, by - ay);
        let holds_its_middle = dy < 0 || (dy == 0 && dx > 0);
        // Inside where `at_zero - dy * x >= least`, with x in grid lines.
        let at_zero = dx * (row * SUBPIXELS - ay) + dy * ax;
        let least = i64::from(!holds_its_middle);
        let per_column = -dy * SUBPIXELS;
        let lacking = least - at_zero;
        match per_column {
            1.. => first = first.max((lacking + per_column - 1).div_euclid(per_column)),
            0 if lacking > 0 => return (1, 0),
            0 => {}
            _ => last = last.min((-lacking).div_euclid(-per_column)),
        }
    }
    (first, last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::ViewConfig;

    const RANGE: DepthRange = DepthRange { near: 0.01, far: 10.0 };

    fn camera() -> Camera {
        Camera::toward(DVec3::Z, &ViewConfig { window_px: 64, ..ViewConfig::default() })
    }

    /// A triangle at a depth that spans the picture's middle; it faces the camera.
    fn across(z: f64) -> [DVec3; 3] {
        [DVec3::new(-9.0, -9.0, z), DVec3::new(0.5, 9.0, z), DVec3::new(9.0, -9.0, z)]
    }

    #[test]
    fn the_nearest_stays_whatever_the_order() {
        for depths in [[0.2, 0.8], [0.8, 0.2]] {
            let mut nearest = Nearest::new(64);
            for z in depths {
                nearest.draw(&camera(), RANGE, across(z));
            }
            let (face, distance) = nearest.at(32, 32).unwrap();
            assert!((distance - (0.2 - camera().eye.z)).abs() < 1e-9, "{distance}");
            assert!(face.normal.distance(DVec3::NEG_Z) < 1e-12);
        }
    }

    #[test]
    fn backs_and_what_is_behind_are_not_drawn() {
        let mut nearest = Nearest::new(64);
        let [a, b, c] = across(0.5);
        nearest.draw(&camera(), RANGE, [a, c, b]);
        nearest.draw(&camera(), RANGE, across(camera().eye.z - 1.0));
        nearest.draw(&camera(), RANGE, [a, a, b]);
        assert!(nearest.at(32, 32).is_none());
    }

    #[test]
    fn triangles_that_share_edges_cover_each_pixel_once() {
        // Corners on middles of pixels, where ties are frequent; four triangles around a point fill a square.
        let ring = [[2, 2], [9, 2], [9, 9], [2, 9]].map(|place| place.map(|c| c * SUBPIXELS));
        let middle = [5 * SUBPIXELS, 5 * SUBPIXELS];
        let mut counts = [[0; 12]; 12];
        for side in 0..4 {
            let corners = [ring[side], ring[(side + 1) % 4], middle];
            for row in 2..=9 {
                let (first, last) = span(&corners, row, 12);
                for column in first..=last {
                    counts[row as usize][column as usize] += 1;
                }
            }
        }
        for (row, counts) in counts.iter().enumerate() {
            for (column, &count) in counts.iter().enumerate() {
                let is_inside = (2..9).contains(&row) && (2..9).contains(&column);
                assert_eq!(count, i32::from(is_inside), "{column} {row}");
            }
        }
    }
}
