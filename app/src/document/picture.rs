//! Pictures as the network sees them: each fitted into 128 x 128 pixels with a black border of 3, four of them in two rows
//! (Kolodiazhnyi et al., cadrille, arXiv 2505.22914).

use std::path::PathBuf;
use std::sync::Arc;

use image::imageops::{self, FilterType};
use image::{DynamicImage, RgbImage};

/// Most pictures of one part: the network was trained on four views.
pub const MOST_PICTURES: usize = 4;

/// Width and height of a picture as the network sees it, without its border, in pixels.
pub const VIEW_PX: u32 = 128;

/// The black border of each.
const BORDER_PX: u32 = 3;

/// Pictures in a row.
const IN_A_ROW: u32 = 2;

/// Width and height of all of them together, in pixels.
pub const SHEET_PX: u32 = IN_A_ROW * (VIEW_PX + 2 * BORDER_PX);

/// A picture larger than this is first made smaller by the mean of its pixels, which is quick; four times the view leaves
/// the fine filter enough to work on.
const COARSE_PX: u32 = 4 * VIEW_PX;

/// What surrounds a part in the pictures that the network was trained on.
const WHITE: [u8; 3] = [255; 3];

/// One picture of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Where it was read from.
    pub path: PathBuf,
    /// Width and height of the file's picture, in pixels.
    pub size_px: [u32; 2],
    /// What was done to it, in words.
    pub changes: Vec<String>,
    /// What the network sees of it: RGB, [`VIEW_PX`] wide and high, row by row.
    view: Arc<Vec<u8>>,
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
        let longest = f64::from(size_px[0].max(size_px[1]).max(1));
        let fitted = size_px.map(|side| ((f64::from(side) * f64::from(VIEW_PX) / longest).round() as u32).max(1));
        let fitted_picture = if [opaque.width(), opaque.height()] == fitted {
            opaque
        } else {
            imageops::resize(&opaque, fitted[0], fitted[1], FilterType::CatmullRom)
        };
        if size_px != fitted {
            changes.push(format!("scaled to {} × {} px", fitted[0], fitted[1]));
        }
        if fitted != [VIEW_PX; 2] {
            changes.push("white was added to make it square".to_owned());
        }
        let mut view = RgbImage::from_pixel(VIEW_PX, VIEW_PX, image::Rgb(WHITE));
        let [left, top] = fitted.map(|side| i64::from((VIEW_PX - side.min(VIEW_PX)) / 2));
        imageops::replace(&mut view, &fitted_picture, left, top);
        Self { path, size_px, changes, view: Arc::new(view.into_raw()) }
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

/// All pictures as the network sees them, [`SHEET_PX`] wide and high, RGB: row by row in their order, each with its border.
/// The places of missing ones are white.
pub fn sheet(pictures: &[Picture]) -> Vec<u8> {
    let mut sheet = RgbImage::new(SHEET_PX, SHEET_PX);
    let white = vec![WHITE[0]; (VIEW_PX * VIEW_PX * 3) as usize];
    for place in 0..MOST_PICTURES as u32 {
        let view = pictures.get(place as usize).map_or(&white, |picture| &*picture.view);
        let corner = |index: u32| index * (VIEW_PX + 2 * BORDER_PX) + BORDER_PX;
        let (left, top) = (corner(place % IN_A_ROW), corner(place / IN_A_ROW));
        for (row, pixels) in (0..).zip(view.chunks_exact(VIEW_PX as usize * 3)) {
            let start = ((top + row) * SHEET_PX + left) as usize * 3;
            if let Some(target) = sheet.get_mut(start..start + pixels.len()) {
                target.copy_from_slice(pixels);
            }
        }
    }
    sheet.into_raw()
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgba, RgbaImage};

    use super::*;

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
