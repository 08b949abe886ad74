//! Pictures as the network sees them: each fitted into 128 x 128 pixels with a black border of 3, four of them in two rows
//! (Kolodiazhnyi et al., cadrille, arXiv 2505.22914).

use std::path::PathBuf;
use std::sync::Arc;

use image::{DynamicImage, RgbImage};
use partwright_cadrille::input::{self, PictureGrid, fitted_size, fitted_view};

/// Most pictures of one part: the network was trained on four views.
pub const MOST_PICTURES: usize = input::VIEWS;

/// Width and height of a picture as the network sees it, without its border, in pixels.
pub const VIEW_PX: u32 = input::VIEW_SIDE;

/// Width and height of all of them together, in pixels.
pub const SHEET_PX: u32 = input::GRID_SIDE;

/// A picture larger than this is first made smaller by the mean of its pixels, which is quick; four times the view leaves
/// the fine filter enough to work on.
const COARSE_PX: u32 = 4 * VIEW_PX;

/// One picture of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Where it was read from.
    pub path: PathBuf,
    /// Width and height of the file's picture, in pixels.
    pub size_px: [u32; 2],
    /// What was done to it, in words.
    pub changes: Vec<String>,
    /// What the network sees of it, [`VIEW_PX`] wide and high.
    view: Arc<RgbImage>,
}

impl Picture {
    /// A decoded picture, fitted: it keeps its proportions, and white fills the rest.
    pub fn new(path: PathBuf, decoded: &DynamicImage) -> Self {
        let size_px = [decoded.width(), decoded.height()];
        let mut changes = Vec::new();
        let coarse = size_px.iter().any(|side| *side > COARSE_PX).then(|| decoded.thumbnail(COARSE_PX, COARSE_PX));
        let small = coarse.as_ref().unwrap_or(decoded);
        if decoded.color().has_alpha() {
            changes.push("transparency became white".to_owned());
        }
        let opaque = on_white(small);
        let fitted = fitted_size([opaque.width(), opaque.height()]);
        if size_px != fitted {
            changes.push(format!("scaled to {} × {} px", fitted[0], fitted[1]));
        }
        if fitted != [VIEW_PX; 2] {
            changes.push("white was added to make it square".to_owned());
        }
        Self { path, size_px, changes, view: Arc::new(fitted_view(&opaque)) }
    }

    /// The file's name.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }
}

fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, a] = picture.get_pixel(x, y).0;
        let over = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8;
        image::Rgb([r, g, b].map(over))
    })
}

/// All pictures in the grid that the network reads.
pub(crate) fn grid(pictures: &[Picture]) -> PictureGrid {
    let views: Vec<&RgbImage> = pictures.iter().map(|picture| &*picture.view).collect();
    PictureGrid::of_fitted(&views)
}

/// All pictures as the network sees them, [`SHEET_PX`] wide and high, RGB: row by row in their order, each with its border.
/// The places of missing ones are white.
pub fn sheet(pictures: &[Picture]) -> Vec<u8> {
    grid(pictures).image().as_raw().clone()
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgba, RgbaImage};

    use super::*;

    /// What surrounds a part in the pictures that the network was trained on.
    const WHITE: [u8; 3] = [255; 3];

    fn plain(width: u32, height: u32, color: [u8; 3]) -> Picture {
        let picture = RgbImage::from_pixel(width, height, Rgb(color));
        Picture::new("/x/a.png".into(), &DynamicImage::ImageRgb8(picture))
    }

    fn at(pixels: &[u8], width: u32, x: u32, y: u32) -> [u8; 3] {
        let start = ((y * width + x) * 3) as usize;
        [pixels[start], pixels[start + 1], pixels[start + 2]]
    }

    #[test]
    fn a_picture_is_fitted_and_keeps_its_proportions() {
        let wide = plain(1000, 500, [200, 0, 0]);
        assert_eq!(wide.size_px, [1000, 500]);
        assert_eq!(wide.changes, ["scaled to 128 × 64 px", "white was added to make it square"]);
        assert_eq!(at(&wide.view, VIEW_PX, 64, 31), WHITE);
        assert_eq!(at(&wide.view, VIEW_PX, 64, 64), [200, 0, 0]);
        assert_eq!(at(&wide.view, VIEW_PX, 64, 96), WHITE);
        let same = plain(VIEW_PX, VIEW_PX, [1, 2, 3]);
        assert!(same.changes.is_empty());
        assert_eq!(at(&same.view, VIEW_PX, 127, 127), [1, 2, 3]);
        let narrow = plain(1, 40_000, [0, 0, 9]);
        assert_eq!(at(&narrow.view, VIEW_PX, 63, 64), [0, 0, 9]);
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let mut picture = RgbaImage::from_pixel(VIEW_PX, VIEW_PX, Rgba([9, 9, 9, 0]));
        picture.put_pixel(5, 6, Rgba([0, 0, 0, 255]));
        let picture = Picture::new("/x/a.png".into(), &DynamicImage::ImageRgba8(picture));
        assert_eq!((at(&picture.view, VIEW_PX, 0, 0), at(&picture.view, VIEW_PX, 5, 6)), (WHITE, [0; 3]));
        assert_eq!(picture.changes, ["transparency became white"]);
    }

    #[test]
    fn the_sheet_has_two_rows_with_borders() {
        assert_eq!(SHEET_PX, 268);
        let colors = [[200, 0, 0], [0, 200, 0], [0, 0, 200]];
        let sheet = sheet(&colors.map(|color| plain(VIEW_PX, VIEW_PX, color)));
        let pixel = |x, y| at(&sheet, SHEET_PX, x, y);
        assert_eq!(
            [pixel(60, 60), pixel(200, 60), pixel(60, 200), pixel(200, 200)],
            [colors[0], colors[1], colors[2], WHITE]
        );
        for (edge, inside) in [(2, 3), (131, 130), (136, 137), (265, 264)] {
            assert_eq!(pixel(edge, 60), [0; 3], "{edge}");
            assert_ne!(pixel(inside, 60), [0; 3], "{inside}");
        }
    }
}
