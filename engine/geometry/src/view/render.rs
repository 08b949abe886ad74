//! A part as one camera sees it, before the reduction.

use glam::{DVec2, DVec3};

use super::light::Light;
use super::raster::{DepthRange, Nearest};
use super::{Camera, Picture, ViewConfig};
use crate::{Bounds, TriMesh};

/// The near plane is never closer than this share of the box's longest side (Open3D, `ViewControl::SetViewMatrices`).
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
