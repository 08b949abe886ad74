//! What the pictures show and how large they are.

use glam::DVec3;

/// How the four views are drawn. The default is what cadrille was trained on.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewConfig {
    /// Where each view looks, row by row. Their length counts: the eye stands `eye_distance` times this vector before the
    /// centre.
    pub fronts: [DVec3; 4],
    /// Distance of the eye from the centre of the unit cube, in lengths of the view's `fronts` vector.
    pub eye_distance: f64,
    /// Vertical field of view.
    pub field_of_view_rad: f64,
    /// Width and height of the picture as it is drawn, in pixels.
    pub window_px: u32,
    /// Width and height of a view after the reduction, in pixels; at most `window_px`.
    pub view_px: u32,
    /// Width of the border on each side of a view, in pixels.
    pub border_px: u32,
    /// Colour of the part, RGB from 0 to 1.
    pub surface: DVec3,
    /// Colour around the part, RGB.
    pub background: [u8; 3],
    /// Colour of the border, RGB.
    pub border: [u8; 3],
}

impl Default for ViewConfig {
    fn default() -> Self {
        Self {
            fronts: [
                DVec3::new(1.0, 1.0, 1.0),
                DVec3::new(-1.0, -1.0, -1.0),
                DVec3::new(-1.0, 1.0, -1.0),
                DVec3::new(1.0, -1.0, 1.0),
            ],
            eye_distance: 0.9,
            field_of_view_rad: 60_f64.to_radians(),
            window_px: 500,
            view_px: 128,
            border_px: 3,
            surface: DVec3::new(255.0, 255.0, 136.0) / 255.0,
            background: [255; 3],
            border: [0; 3],
        }
    }
}

impl ViewConfig {
    /// Width and height of the four views together with their borders, in pixels.
    pub fn grid_px(&self) -> u32 {
        2 * (self.view_px + 2 * self.border_px)
    }
}
