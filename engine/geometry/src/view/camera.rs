//! The pinhole camera of `Open3D`'s `ViewControl`, as cadrille's dataset code sets it.

use glam::{DVec2, DVec3};

use super::ViewConfig;

/// The views look at the middle of the unit cube.
pub(super) const LOOK_AT: DVec3 = DVec3::splat(0.5);

/// A pinhole camera with square pixels and the principal point in the middle of a square picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Where it stands.
    pub eye: DVec3,
    /// The picture's direction to the right, of unit length.
    pub right: DVec3,
    /// The picture's direction downwards, of unit length.
    pub down: DVec3,
    /// Where it looks, of unit length.
    pub forward: DVec3,
    /// Distance of the picture's plane, in pixels.
    pub focal_px: f64,
    /// Width and height of the picture, in pixels.
    pub side_px: u32,
}

impl Camera {
    /// Looks along `front` at the middle of the unit cube.
    ///
    /// `front` is not of unit length and the eye keeps away by its length, as in cadrille's code. The y axis runs down in the
    /// picture where `front` goes up or is level. For a `front` along the y axis the picture's right is the x axis.
    pub fn toward(front: DVec3, config: &ViewConfig) -> Self {
        let forward = front.try_normalize().unwrap_or(DVec3::Z);
        let right = DVec3::Y.cross(forward).try_normalize().unwrap_or(DVec3::X);
        let half_px = 0.5 * f64::from(config.window_px);
        Self {
            eye: LOOK_AT - config.eye_distance * front,
            right,
            down: forward.cross(right).normalize(),
            forward,
            focal_px: half_px / (0.5 * config.field_of_view_rad).tan(),
            side_px: config.window_px,
        }
    }

    /// A point as the camera has it: to the right, down and forward from the eye.
    pub fn camera_from_world(&self, point: DVec3) -> DVec3 {
        let from_eye = point - self.eye;
        DVec3::new(self.right.dot(from_eye), self.down.dot(from_eye), self.forward.dot(from_eye))
    }

    /// Where a point of the camera's frame comes to lie, in pixels from the upper left corner of the picture (the middle of the
    /// first pixel is at 0.5, 0.5). The point must be in front of the eye.
    pub fn picture_from_camera(&self, point: DVec3) -> DVec2 {
        DVec2::splat(0.5 * f64::from(self.side_px)) + self.focal_px / point.z * point.truncate()
    }

    /// The ray from the eye through a place in the picture, as long as to reach one unit forward.
    pub fn ray(&self, place_px: DVec2) -> DVec3 {
        let out = (place_px - 0.5 * f64::from(self.side_px)) / self.focal_px;
        self.forward + out.x * self.right + out.y * self.down
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of the extrinsic matrices that stand in `open3d-views/views.json` of the reference pictures.
    #[test]
    fn the_first_two_cameras_are_those_of_the_reference() {
        let config = ViewConfig::default();
        let [root2, root3, root6] = [2.0, 3.0, 6.0].map(|n: f64| 1.0 / n.sqrt());
        let first = Camera::toward(config.fronts[0], &config);
        assert!(first.right.distance(root2 * DVec3::new(1.0, 0.0, -1.0)) < 1e-12);
        assert!(first.down.distance(root6 * DVec3::new(-1.0, 2.0, -1.0)) < 1e-12);
        assert!(first.forward.distance(DVec3::splat(root3)) < 1e-12);
        assert!((first.camera_from_world(DVec3::ZERO) - DVec3::new(0.0, 0.0, 0.692_820_323_027_551)).length() < 1e-12);
        assert!((first.focal_px - 433.012_701_892_219_35).abs() < 1e-9);
        let second = Camera::toward(config.fronts[1], &config);
        assert!((second.camera_from_world(DVec3::ZERO).z - 2.424_871_130_596_428_3).abs() < 1e-12);
        assert!(second.right.distance(-first.right) < 1e-12);
    }

    #[test]
    fn the_centre_is_in_the_middle_and_rays_go_back() {
        let config = ViewConfig::default();
        for front in config.fronts.into_iter().chain([DVec3::Y, DVec3::X]) {
            let camera = Camera::toward(front, &config);
            let center = camera.camera_from_world(LOOK_AT);
            assert!(camera.picture_from_camera(center).distance(DVec2::splat(250.0)) < 1e-9);
            let point = DVec3::new(0.2, 0.9, 0.4);
            let seen = camera.camera_from_world(point);
            let back = camera.eye + seen.z * camera.ray(camera.picture_from_camera(seen));
            assert!(back.distance(point) < 1e-12, "{front} {back}");
        }
    }
}
