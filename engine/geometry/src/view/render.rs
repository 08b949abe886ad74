//! A part as one camera sees it, before the reduction.

use glam::{DVec2, DVec3};

use super::light::Light;
use super::raster::{DepthRange, Nearest};
use super::{Camera, Picture, ViewConfig};
use crate::{Bounds, TriMesh};

/// The near plane is never closer than this share of the box's longest side (`Open3D`, `ViewControl::SetViewMatrices`).
const NEAREST: f64 = 0.01;
/// The range of depth reaches this many longest sides to both sides of the box's middle.
const RANGE: f64 = 3.0;

/// The part as the camera sees it: [`ViewConfig::window_px`] wide and high, one sample per pixel.
///
/// The mesh is taken where it is, with its faces counter-clockwise seen from outside; what turns its back is not drawn.
pub fn window(mesh: &TriMesh, camera: &Camera, config: &ViewConfig) -> Picture {
    let mut picture = Picture::plain(camera.side_px, config.background);
    let Some(bounds) = Bounds::of_mesh(mesh) else { return picture };
    let (center, longest) = (bounds.center(), bounds.longest_side());
    let distance = camera.forward.dot(center - camera.eye).abs();
    let range =
        DepthRange { near: (NEAREST * longest).max(distance - RANGE * longest), far: distance + RANGE * longest };
    let mut nearest = Nearest::new(camera.side_px);
    for corners in mesh.triangles.iter().filter_map(|&triangle| mesh.corners(triangle)) {
        nearest.draw(camera, range, corners);
    }
    let light = Light::new(center, longest, camera.forward);
    for row in 0..camera.side_px {
        for column in 0..camera.side_px {
            let Some((face, depth)) = nearest.at(column, camera.side_px - 1 - row) else { continue };
            let ray = camera.ray(DVec2::new(f64::from(column) + 0.5, f64::from(row) + 0.5));
            let color = light.color(config.surface, camera.eye + depth * ray, face.normal, camera.eye);
            picture.set(column, row, bytes(color));
        }
    }
    picture
}

fn bytes(color: DVec3) -> [u8; 3] {
    color.to_array().map(|c| (c * 255.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::shapes::cuboid;

    const BACKGROUND: [u8; 3] = [10, 20, 30];

    fn seen_along_z(mesh: &TriMesh) -> Picture {
        let config = ViewConfig { background: BACKGROUND, ..ViewConfig::default() };
        window(mesh, &Camera::toward(DVec3::Z, &config), &config)
    }

    #[test]
    fn a_box_covers_what_perspective_says() {
        let picture = seen_along_z(&cuboid(DVec3::splat(0.4), DVec3::splat(0.6)));
        // The eye stands at -0.4, the near side at 0.4: half of it is 0.1 * 433.01 / 0.8 = 54.1 pixels in the picture.
        let is_part = |&(column, row): &(u32, u32)| picture.pixel(column, row) != Some(BACKGROUND);
        let all = (0..500).flat_map(|row| (0..500).map(move |column| (column, row)));
        let part: Vec<(u32, u32)> = all.filter(is_part).collect();
        assert_eq!(part.len(), 108 * 108);
        assert_eq!((part.first(), part.last()), (Some(&(196, 196)), Some(&(303, 303))));
    }

    #[test]
    fn the_side_that_faces_the_eye_shines_in_the_middle_only() {
        let picture = seen_along_z(&cuboid(DVec3::new(0.2, 0.2, 0.4), DVec3::new(0.8, 0.8, 0.6)));
        assert_eq!(picture.pixel(250, 250), Some([255; 3]));
        // Off the highlight the blue of the part's yellow is lit by 1.32 times a cosine.
        let [red, green, blue] = picture.pixel(100, 250).unwrap();
        assert_eq!([red, green], [255; 2]);
        assert!((160..=180).contains(&blue), "{blue}");
    }

    #[test]
    fn a_mesh_turned_inside_out_shows_its_far_side() {
        let mut mesh = cuboid(DVec3::splat(0.4), DVec3::splat(0.6));
        for triangle in &mut mesh.triangles {
            triangle.swap(0, 1);
        }
        let (inside, outside) = (seen_along_z(&mesh), seen_along_z(&cuboid(DVec3::splat(0.4), DVec3::splat(0.6))));
        let shown = |picture: &Picture| picture.pixel(200, 250).unwrap();
        assert_ne!(shown(&inside), BACKGROUND);
        assert!(shown(&inside)[0] < shown(&outside)[0], "a side wall is darker: {:?}", shown(&inside));
    }
}
