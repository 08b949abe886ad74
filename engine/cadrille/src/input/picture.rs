//! A picture as the vision tower reads it: resized, normalised and cut into patches, exactly as Qwen2-VL's processor does.
//!
//! The picture is a video of one frame, which the processor doubles because a patch spans two frames. The numbers are those
//! of transformers 4.50.3 (slow processor) after `qwen_vl_utils`; the larger `min_pixels` that cadrille's own program passes
//! has no effect there, so it has none here.

use candle_core::{Device, Tensor};
use image::RgbImage;

use super::grid::PictureGrid;
use super::resample::bicubic;

/// Width and height of a patch, in pixels.
const PATCH: usize = 14;

/// Patches along each side of what becomes one token.
const MERGE: usize = 2;

/// Frames in a patch.
const FRAMES: usize = 2;

/// Both sides of a picture are multiples of this.
const FACTOR: u32 = (PATCH * MERGE) as u32;

/// Bounds of a picture's pixels, those of `qwen_vl_utils`.
const LEAST_PIXELS: f64 = (4 * FACTOR * FACTOR) as f64;
const MOST_PIXELS: f64 = (16_384 * FACTOR * FACTOR) as f64;

/// Mean and deviation of CLIP's training pictures (arXiv 2103.00020), for red, green and blue.
const MEAN: [f32; 3] = [0.481_454_66, 0.457_827_5, 0.408_210_73];
const DEVIATION: [f32; 3] = [0.268_629_54, 0.261_302_6, 0.275_777_1];

/// A picture cut into patches.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureInput {
    /// One row of 1176 values per patch: channel, frame, y, x. The patches of one token follow one another.
    pub pixel_values: Vec<f32>,
    /// Frames, rows and columns of patches.
    pub grid_thw: [usize; 3],
}

impl PictureInput {
    /// The patches of a grid of views: 400 of them, `grid_thw` is 1, 20, 20.
    pub fn of_grid(grid: &PictureGrid) -> Self {
        patches(&frame(grid.image()))
    }

    /// How many tokens of the prompt the picture stands for: 100 for a grid of views.
    pub fn tokens(&self) -> usize {
        self.grid_thw.iter().product::<usize>() / (MERGE * MERGE)
    }

    /// The patches as a tensor (patches, 1176) of f32.
    ///
    /// # Errors
    /// A device that cannot take them.
    pub fn tensor(&self, device: &Device) -> candle_core::Result<Tensor> {
        let row = 3 * FRAMES * PATCH * PATCH;
        Tensor::from_slice(&self.pixel_values, (self.pixel_values.len() / row, row), device)
    }
}

/// The frame that is cut into patches: a grid of 268 x 268 pixels becomes 280 x 280.
pub fn frame(picture: &RgbImage) -> RgbImage {
    let (width, height) = fitting_size(picture.width(), picture.height());
    bicubic(picture, width, height)
}

/// Sides that are multiples of 28, with about the proportions of the given ones and within the bounds of pixels.
fn fitting_size(width: u32, height: u32) -> (u32, u32) {
    let factor = f64::from(FACTOR);
    let (w, h) = (f64::from(width), f64::from(height));
    let whole = |side: f64| (side / factor).round_ties_even().max(1.0) * factor;
    let (mut fit_w, mut fit_h) = (whole(w), whole(h));
    if fit_w * fit_h > MOST_PIXELS {
        let shrink = (w * h / MOST_PIXELS).sqrt();
        let down = |side: f64| (side / shrink / factor).floor().max(1.0) * factor;
        (fit_w, fit_h) = (down(w), down(h));
    } else if fit_w * fit_h < LEAST_PIXELS {
        let grow = (LEAST_PIXELS / (w * h)).sqrt();
        let up = |side: f64| (side * grow / factor).ceil() * factor;
        (fit_w, fit_h) = (up(w), up(h));
    }
    (fit_w as u32, fit_h as u32)
}

/// Cuts a frame whose sides are multiples of 28.
fn patches(frame: &RgbImage) -> PictureInput {
    let (columns, rows) = (frame.width() as usize / PATCH, frame.height() as usize / PATCH);
    let normalised = normalised_bytes();
    let mut pixel_values = Vec::with_capacity(rows * columns * 3 * FRAMES * PATCH * PATCH);
    let mut push_patch = |row: usize, column: usize| {
        for (channel, normalised) in normalised.iter().enumerate() {
            for _ in 0..FRAMES {
                for y in row * PATCH..(row + 1) * PATCH {
                    let xs = column * PATCH..(column + 1) * PATCH;
                    pixel_values.extend(xs.map(|x| {
                        let value = frame.get_pixel(x as u32, y as u32).0[channel];
                        normalised[usize::from(value)]
                    }));
                }
            }
        }
    };
    for block_row in 0..rows / MERGE {
        for block_column in 0..columns / MERGE {
            for within in 0..MERGE * MERGE {
                push_patch(block_row * MERGE + within / MERGE, block_column * MERGE + within % MERGE);
            }
        }
    }
    PictureInput { pixel_values, grid_thw: [1, rows, columns] }
}

/// The number of every byte, per channel. The product is taken in f64 and rounded to f32 first, as numpy does.
fn normalised_bytes() -> [[f32; 256]; 3] {
    std::array::from_fn(|channel| {
        std::array::from_fn(|byte| {
            let share = (byte as f64 * (1.0 / 255.0)) as f32;
            (share - MEAN[channel]) / DEVIATION[channel]
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_fit() {
        // Values of qwen_vl_utils' smart_resize, worked out by its definition.
        let check = |from: (u32, u32), to: (u32, u32)| assert_eq!(fitting_size(from.0, from.1), to, "{from:?}");
        check((268, 268), (280, 280));
        check((280, 280), (280, 280));
        // 42 / 28 = 1.5 is rounded to the even 2, 70 / 28 = 2.5 too.
        check((42, 70), (56, 56));
        check((10, 20), (56, 84));
        check((14, 140), (28, 140));
        check((8000, 4000), (5068, 2520));
    }

    #[test]
    fn patches_of_one_token_follow_one_another() {
        let frame = RgbImage::from_fn(56, 56, |x, y| image::Rgb([(x / 14 + 4 * (y / 14)) as u8; 3]));
        let cut = patches(&frame);
        assert_eq!((cut.grid_thw, cut.tokens()), ([1, 4, 4], 4));
        let red = normalised_bytes()[0];
        let order: Vec<usize> = cut
            .pixel_values
            .chunks(1176)
            .map(|row| red.iter().position(|value| value.to_bits() == row[0].to_bits()).unwrap())
            .collect();
        assert_eq!(order, [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
    }
}
