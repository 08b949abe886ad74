//! The turntable camera: z stays up, as in CAD.

use std::f32::consts::{FRAC_PI_2, FRAC_PI_4};

use glam::{Mat4, Vec2, Vec3};

/// How depth is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Projection {
    /// Far things are smaller.
    Perspective,
    /// Parallel: sizes can be compared.
    #[default]
    Parallel,
}

/// The usual directions of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StandardView {
    /// From above, right and front.
    Isometric,
    /// Along +y.
    Front,
    /// Along -y.
    Back,
    /// Along +x.
    Left,
    /// Along -x.
    Right,
    /// Along -z.
    Top,
    /// Along +z.
    Bottom,
}

impl StandardView {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Isometric, Self::Front, Self::Back, Self::Left, Self::Right, Self::Top, Self::Bottom];

    /// Its name on the command line and, with a capital, in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::Isometric => "iso",
            Self::Front => "front",
            Self::Back => "back",
            Self::Left => "left",
            Self::Right => "right",
            Self::Top => "top",
            Self::Bottom => "bottom",
        }
    }

    /// Yaw and pitch of the direction towards the eye, in radians.
    fn angles(self) -> (f32, f32) {
        match self {
            Self::Isometric => (-FRAC_PI_4, 0.615_479_7),
            Self::Front => (-FRAC_PI_2, 0.0),
            Self::Back => (FRAC_PI_2, 0.0),
            Self::Left => (std::f32::consts::PI, 0.0),
            Self::Right => (0.0, 0.0),
            Self::Top => (-FRAC_PI_2, FRAC_PI_2),
            Self::Bottom => (-FRAC_PI_2, -FRAC_PI_2),
        }
    }
}

/// Vertical angle of view in perspective, in radians.
const FIELD_OF_VIEW_RAD: f32 = 0.6;

/// Where the eye is and what it looks at, in the scene's coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The point looked at, about which it turns.
    pub target: Vec3,
    /// Half the height of what is seen at the target.
    pub half_height: f32,
    /// Angle about z of the direction from the target to the eye, in radians from +x.
    pub yaw_rad: f32,
    /// Angle of that direction above the xy plane, in radians.
    pub pitch_rad: f32,
    /// Parallel or perspective.
    pub projection: Projection,
}

impl Default for Camera {
    fn default() -> Self {
        let (yaw_rad, pitch_rad) = StandardView::Isometric.angles();
        Self { target: Vec3::ZERO, half_height: 1.0, yaw_rad, pitch_rad, projection: Projection::default() }
    }
}

impl Camera {
    /// Looks from a usual direction, at the same target.
    pub fn look_from(&mut self, view: StandardView) {
        (self.yaw_rad, self.pitch_rad) = view.angles();
    }

    /// Looks at the same target with the eye in another direction from it. From straight above and below x points right,
    /// as in [`StandardView::Top`].
    pub fn look_along(&mut self, towards_eye: Vec3) {
        let Some(direction) = towards_eye.try_normalize() else { return };
        let is_vertical = direction.truncate().length() < 1e-4;
        self.yaw_rad = if is_vertical { -FRAC_PI_2 } else { direction.y.atan2(direction.x) };
        self.pitch_rad = if is_vertical { FRAC_PI_2.copysign(direction.z) } else { direction.z.asin() };
    }

    /// Sees all of a sphere of `radius` about `center` in a picture `aspect` times as wide as high.
    pub fn fit(&mut self, center: Vec3, radius: f32, aspect: f32) {
        self.target = center;
        // In a narrow picture the width decides. The margin also covers that in perspective a sphere looks larger than its
        // great circle.
        let narrow = if aspect.is_finite() && aspect > 0.0 { aspect.min(1.0) } else { 1.0 };
        self.half_height = (radius * 1.08 / narrow).max(1e-6);
    }

    /// Unit direction from the target to the eye.
    pub fn towards_eye(&self) -> Vec3 {
        let (sin_yaw, cos_yaw) = self.yaw_rad.sin_cos();
        let (sin_pitch, cos_pitch) = self.pitch_rad.sin_cos();
        Vec3::new(cos_yaw * cos_pitch, sin_yaw * cos_pitch, sin_pitch)
    }

    /// Unit direction up in the picture.
    pub fn up(&self) -> Vec3 {
        let (sin_yaw, cos_yaw) = self.yaw_rad.sin_cos();
        let (sin_pitch, cos_pitch) = self.pitch_rad.sin_cos();
        Vec3::new(-cos_yaw * sin_pitch, -sin_yaw * sin_pitch, cos_pitch)
    }

    /// Unit direction to the right in the picture.
    pub fn right(&self) -> Vec3 {
        self.up().cross(self.towards_eye())
    }

    /// Distance of the eye from the target.
    pub fn distance(&self) -> f32 {
        self.half_height / (FIELD_OF_VIEW_RAD * 0.5).tan()
    }

    /// Where the eye is (in perspective; in parallel projection it is far away in this direction).
    pub fn eye(&self) -> Vec3 {
        self.target + self.towards_eye() * self.distance()
    }

    /// Turns by `by` radians: to the right and down as the hand drags the part.
    pub fn orbit(&mut self, by: Vec2) {
        self.yaw_rad = (self.yaw_rad - by.x) % std::f32::consts::TAU;
        self.pitch_rad = (self.pitch_rad + by.y).clamp(-FRAC_PI_2, FRAC_PI_2);
    }

    /// Moves the picture by `by`, in heights of the picture, right and down.
    pub fn pan(&mut self, by: Vec2) {
        self.target += (self.up() * by.y - self.right() * by.x) * (2.0 * self.half_height);
    }

    /// Shows things `factor` times as large, keeping what is at `at` (from the picture's middle, in heights, right and
    /// down) where it is.
    pub fn zoom(&mut self, factor: f32, at: Vec2) {
        let before = self.half_height;
        self.half_height = (self.half_height / factor).clamp(1e-6, 1e9);
        let moved = 2.0 * (before - self.half_height);
        self.target += (self.right() * at.x - self.up() * at.y) * moved;
    }

    /// From the scene to clip space, of a scene within `radius` of `center`.
    pub fn clip_from_scene(&self, aspect: f32, center: Vec3, radius: f32) -> Mat4 {
        let eye = self.eye();
        let eye_from_scene = look_at(eye, self.right(), self.up(), self.towards_eye());
        let along = (eye - center).dot(self.towards_eye());
        let far = (along + radius).max(1e-3) * 1.001;
        match self.projection {
            Projection::Perspective => {
                let near = (along - radius).max(far * 1e-4) * 0.999;
                perspective(FIELD_OF_VIEW_RAD, aspect, near, far) * eye_from_scene
            }
            Projection::Parallel => {
                let near = along - radius * 1.001;
                parallel(self.half_height, aspect, near, far) * eye_from_scene
            }
        }
    }

    /// The ray through a point of the picture (from its middle, in heights, right and down): a point and a unit
    /// direction away from the eye.
    pub fn ray(&self, at: Vec2) -> (Vec3, Vec3) {
        let in_plane = (self.right() * at.x - self.up() * at.y) * (2.0 * self.half_height);
        match self.projection {
            Projection::Perspective => {
                let eye = self.eye();
                (eye, (self.target + in_plane - eye).normalize())
            }
            Projection::Parallel => {
                let away = -self.towards_eye();
                // Far enough back to lie before everything that can be seen.
                (self.target + in_plane - away * (1e3 * self.half_height), away)
            }
        }
    }

    /// How far a point of the scene is from the eye along the direction of view, in distances of the target: 1 for what is as
    /// far as that, less for what is nearer.
    pub fn depth(&self, p: Vec3) -> f32 {
        1.0 - (p - self.target).dot(self.towards_eye()) / self.distance()
    }

    /// Where a point of the scene is in the picture (from its middle, in heights, right and down); `None` behind the eye.
    pub fn project(&self, p: Vec3) -> Option<Vec2> {
        let d = p - self.target;
        let depth = match self.projection {
            Projection::Parallel => 1.0,
            Projection::Perspective => self.depth(p),
        };
        let scale = 2.0 * self.half_height * depth;
        (depth > 1e-6).then(|| Vec2::new(d.dot(self.right()), -d.dot(self.up())) / scale)
    }
}

fn look_at(eye: Vec3, right: Vec3, up: Vec3, back: Vec3) -> Mat4 {
    Mat4::from_cols(
        glam::Vec4::new(right.x, up.x, back.x, 0.0),
        glam::Vec4::new(right.y, up.y, back.y, 0.0),
        glam::Vec4::new(right.z, up.z, back.z, 0.0),
        glam::Vec4::new(-eye.dot(right), -eye.dot(up), -eye.dot(back), 1.0),
    )
}

/// wgpu's depth runs from 0 (near) to 1 (far).
fn perspective(field_rad: f32, aspect: f32, near: f32, far: f32) -> Mat4 {
    let f = 1.0 / (field_rad * 0.5).tan();
    let depth = far / (near - far);
    Mat4::from_cols_array(&[
        f / aspect,
        0.0,
        0.0,
        0.0, //
        0.0,
        f,
        0.0,
        0.0, //
        0.0,
        0.0,
        depth,
        -1.0, //
        0.0,
        0.0,
        near * depth,
        0.0,
    ])
}

fn parallel(half_height: f32, aspect: f32, near: f32, far: f32) -> Mat4 {
    let depth = 1.0 / (near - far);
    Mat4::from_cols_array(&[
        1.0 / (half_height * aspect),
        0.0,
        0.0,
        0.0, //
        0.0,
        1.0 / half_height,
        0.0,
        0.0, //
        0.0,
        0.0,
        depth,
        0.0, //
        0.0,
        0.0,
        near * depth,
        1.0,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cameras() -> impl Iterator<Item = Camera> {
        [Projection::Perspective, Projection::Parallel].into_iter().flat_map(|projection| {
            StandardView::ALL.into_iter().map(move |view| {
                let mut camera = Camera { projection, ..Camera::default() };
                camera.look_from(view);
                camera.fit(Vec3::new(1.0, 2.0, 3.0), 10.0, 1.5);
                camera
            })
        })
    }

    #[test]
    fn the_matrix_the_projection_and_the_ray_agree() {
        let p = Vec3::new(3.0, -1.0, 5.0);
        for camera in cameras() {
            let aspect = 1.5;
            let in_clip = camera.clip_from_scene(aspect, camera.target, 10.0) * p.extend(1.0);
            let ndc = in_clip.truncate() / in_clip.w;
            assert!((0.0..=1.0).contains(&ndc.z), "{camera:?}: {ndc}");
            let at = camera.project(p).expect("before the eye");
            let expected = Vec2::new(ndc.x * aspect, -ndc.y) * 0.5;
            assert!(at.distance(expected) < 1e-4, "{camera:?}: {at} {expected}");
            let (origin, direction) = camera.ray(at);
            let off = (p - origin) - direction * (p - origin).dot(direction);
            assert!(off.length() < 0.05, "{camera:?}: {off}");
        }
    }

    #[test]
    fn what_is_fitted_is_seen_whole() {
        for camera in cameras() {
            for axis in [Vec3::X, Vec3::Y, Vec3::Z] {
                for p in [camera.target + axis * 10.0, camera.target - axis * 10.0] {
                    let at = camera.project(p).expect("before the eye");
                    assert!(at.y.abs() <= 0.55, "{camera:?} {p}: {at}");
                }
            }
        }
    }

    #[test]
    fn narrow_pictures_show_the_whole_width() {
        for mut camera in cameras() {
            for aspect in [0.25, 0.5, 1.0, 2.0] {
                camera.fit(camera.target, 10.0, aspect);
                let (right, up) = (camera.right(), camera.up());
                for step in 0..16 {
                    let (sin, cos) = (step as f32 * std::f32::consts::TAU / 16.0).sin_cos();
                    let at = camera.project(camera.target + (right * cos + up * sin) * 10.0).expect("before the eye");
                    assert!(at.x.abs() <= 0.5 * aspect && at.y.abs() <= 0.5, "{camera:?} {aspect}: {at}");
                }
            }
        }
    }

    #[test]
    fn looking_along_a_direction_agrees_with_the_usual_views() {
        for view in StandardView::ALL {
            let mut usual = Camera::default();
            usual.look_from(view);
            let mut along = Camera::default();
            along.look_along(usual.towards_eye());
            assert!(along.towards_eye().distance(usual.towards_eye()) < 1e-5, "{view:?}");
            assert!(along.up().distance(usual.up()) < 1e-5, "{view:?}");
        }
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        for mut camera in cameras() {
            let at = Vec2::new(0.3, -0.2);
            let in_plane = camera.target + (camera.right() * at.x - camera.up() * at.y) * 2.0 * camera.half_height;
            camera.zoom(2.5, at);
            assert!(camera.project(in_plane).expect("before the eye").distance(at) < 1e-4);
        }
    }
}
