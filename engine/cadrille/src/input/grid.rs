//! The one picture cadrille looks at: four views of a part, 2 by 2, each with a black border.

use image::{Rgb, RgbImage, imageops};

use super::resample::bicubic;

/// How many views there are.
pub const VIEWS: usize = 4;

/// Width and height of a view without its border, in pixels.
pub const VIEW_SIDE: u32 = 128;

/// Width of a view's border, in pixels. Without it the network's answers are ruined.
const BORDER: u32 = 3;

/// Width and height of a view with its border.
const FRAMED_SIDE: u32 = VIEW_SIDE + 2 * BORDER;

/// Width and height of the whole picture, in pixels.
pub const GRID_SIDE: u32 = 2 * FRAMED_SIDE;

/// What lies around a user's picture that is not square: the colour of the views' background.
const BACKGROUND: Rgb<u8> = Rgb([255; 3]);

/// Why pictures do not make a grid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// No picture, or too many.
    #[error("{given} pictures were given; the network looks at one to four views of a part")]
    WrongCount {
        /// How many were given.
        given: usize,
    },
    /// A picture without pixels.
    #[error("picture {number} has no pixels")]
    PictureEmpty {
        /// Which one, counted from 1.
        number: usize,
    },
    /// A finished grid of another size.
    #[error("the picture is {width} x {height} pixels; a finished grid of four views is 268 x 268")]
    WrongSize {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
}

/// Four bordered views in a picture of 268 x 268 pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureGrid(RgbImage);

impl PictureGrid {
    /// A grid that is finished already.
    ///
    /// # Errors
    /// A picture of another size.
    pub fn finished(grid: RgbImage) -> Result<Self, GridError> {
        match grid.dimensions() {
            (GRID_SIDE, GRID_SIDE) => Ok(Self(grid)),
            (width, height) => Err(GridError::WrongSize { width, height }),
        }
    }

    /// The grid of one to four views, row by row. Views of another size than 128 x 128 are fitted: scaled with their
    /// proportions kept, centred on white. The places of missing ones are white.
    ///
    /// The network was trained on four rendered views from fixed directions; other pictures are a guess.
    ///
    /// # Errors
    /// No view, more than four, or an empty one.
    pub fn of_views(views: &[RgbImage]) -> Result<Self, GridError> {
        if views.is_empty() || views.len() > VIEWS {
            return Err(GridError::WrongCount { given: views.len() });
        }
        if let Some(index) = views.iter().position(|view| view.width() == 0 || view.height() == 0) {
            return Err(GridError::PictureEmpty { number: index + 1 });
        }
        let fitted: Vec<RgbImage> = views.iter().map(fitted_view).collect();
        Ok(Self::of_fitted(&fitted.iter().collect::<Vec<_>>()))
    }

    /// The grid of views of 128 x 128 pixels; places beyond the last one are white, and views beyond the fourth left out.
    pub fn of_fitted(views: &[&RgbImage]) -> Self {
        let mut grid = RgbImage::from_pixel(GRID_SIDE, GRID_SIDE, Rgb([0; 3]));
        let missing = RgbImage::from_pixel(VIEW_SIDE, VIEW_SIDE, BACKGROUND);
        for place in 0..VIEWS {
            let view = views.get(place).copied().unwrap_or(&missing);
            let (column, row) = (place as u32 % 2, place as u32 / 2);
            let corner = |index: u32| i64::from(index * FRAMED_SIDE + BORDER);
            imageops::replace(&mut grid, view, corner(column), corner(row));
        }
        Self(grid)
    }

    /// The picture.
    pub fn image(&self) -> &RgbImage {
        &self.0
    }
}

/// Width and height of what a picture of this size becomes in a view, in pixels: its proportions are kept.
pub fn fitted_size([width, height]: [u32; 2]) -> [u32; 2] {
    let longest = f64::from(width.max(height).max(1));
    [width, height].map(|side| ((f64::from(side) * f64::from(VIEW_SIDE) / longest).round() as u32).clamp(1, VIEW_SIDE))
}

/// A picture as a view of 128 x 128 pixels: scaled with its proportions kept, centred on white.
pub fn fitted_view(view: &RgbImage) -> RgbImage {
    let [width, height] = fitted_size([view.width(), view.height()]);
    let scaled = bicubic(view, width, height);
    let mut square = RgbImage::from_pixel(VIEW_SIDE, VIEW_SIDE, BACKGROUND);
    let margin = |side: u32| i64::from((VIEW_SIDE - side) / 2);
    imageops::replace(&mut square, &scaled, margin(scaled.width()), margin(scaled.height()));
    square
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(width: u32, height: u32, value: u8) -> RgbImage {
        RgbImage::from_pixel(width, height, Rgb([value; 3]))
    }

    #[test]
    fn views_stand_row_by_row_within_borders() {
        let views: Vec<RgbImage> = (1..=4).map(|k| plain(128, 128, 50 * k)).collect();
        let grid = PictureGrid::of_views(&views).unwrap();
        let at = |x, y| grid.image().get_pixel(x, y).0[0];
        assert_eq!([at(3, 3), at(264, 3), at(3, 264), at(264, 264)], [50, 100, 150, 200]);
        assert_eq!([at(2, 60), at(131, 60), at(136, 60), at(267, 267)], [0; 4]);
        assert_eq!([at(130, 130), at(137, 130), at(130, 137), at(137, 137)], [50, 100, 150, 200]);
    }

    #[test]
    fn other_pictures_are_fitted_and_missing_ones_are_white() {
        let grid = PictureGrid::of_views(&[plain(640, 320, 90)]).unwrap();
        let at = |x, y| grid.image().get_pixel(x, y).0[0];
        // 640 x 320 becomes 128 x 64 with 32 white rows above and below.
        assert_eq!([at(3, 34), at(3, 35), at(130, 98), at(130, 99)], [255, 90, 90, 255]);
        assert_eq!([at(137, 34), at(137, 35), at(136, 35)], [255, 255, 0]);
        assert!(PictureGrid::of_views(&[plain(1, 5000, 1)]).is_ok());
    }

    #[test]
    fn wrong_pictures_are_refused() {
        assert_eq!(PictureGrid::of_views(&[]), Err(GridError::WrongCount { given: 0 }));
        let five = vec![plain(2, 2, 0); 5];
        assert_eq!(PictureGrid::of_views(&five), Err(GridError::WrongCount { given: 5 }));
        let empty = PictureGrid::of_views(&[plain(2, 2, 0), plain(0, 2, 0)]);
        assert_eq!(empty, Err(GridError::PictureEmpty { number: 2 }));
        let small = PictureGrid::finished(plain(200, 268, 0));
        assert_eq!(small, Err(GridError::WrongSize { width: 200, height: 268 }));
    }
}
