//! Resizing pictures exactly as Pillow does with its bicubic filter: equal to the last bit.
//!
//! Keys' cubic with a = -0.5, widened where a picture shrinks; rows first, then columns, rounded to bytes between the two;
//! weights as integers of 22 fractional bits (Pillow's Resample.c, version 13). Networks were trained on such pictures, and
//! other bicubic filters differ in one byte of a hundred.

use image::RgbImage;

/// Fractional bits of a weight: what is left of 32 when 8 are a byte's and 2 are for sums that overshoot.
const PRECISION_BITS: u32 = 22;

/// Half the width of the filter, in pixels of the finer picture.
const SUPPORT: f64 = 2.0;

/// Weights of neighbouring pixels for one pixel of the result.
struct Window {
    first: usize,
    weights: Vec<i64>,
}

/// The picture in another size; both sides must be at least 1.
pub(super) fn bicubic(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (from_width, from_height) = picture.dimensions();
    if (from_width, from_height) == (width, height) || from_width == 0 || from_height == 0 {
        return picture.clone();
    }
    let columns = windows(from_width as usize, width as usize);
    let rows = RgbImage::from_fn(width, from_height, |x, y| {
        blend(&columns[x as usize], |index| picture.get_pixel(index as u32, y).0)
    });
    let windows = windows(from_height as usize, height as usize);
    RgbImage::from_fn(width, height, |x, y| blend(&windows[y as usize], |index| rows.get_pixel(x, index as u32).0))
}

fn blend(window: &Window, pixel: impl Fn(usize) -> [u8; 3]) -> image::Rgb<u8> {
    let mut sums = [1_i64 << (PRECISION_BITS - 1); 3];
    for (offset, weight) in window.weights.iter().enumerate() {
        for (sum, value) in sums.iter_mut().zip(pixel(window.first + offset)) {
            *sum += i64::from(value) * weight;
        }
    }
    image::Rgb(sums.map(|sum| (sum >> PRECISION_BITS).clamp(0, 255) as u8))
}

/// The window of every pixel along one side.
fn windows(from: usize, to: usize) -> Vec<Window> {
    let scale = from as f64 / to as f64;
    let widening = scale.max(1.0);
    let support = SUPPORT * widening;
    (0..to)
        .map(|pixel| {
            let centre = (pixel as f64 + 0.5) * scale;
            // Truncation toward zero and the half are Pillow's.
            let first = ((centre - support + 0.5) as i64).max(0) as usize;
            let end = ((centre + support + 0.5) as usize).min(from);
            let weights: Vec<f64> = (first..end).map(|index| cubic((index as f64 - centre + 0.5) / widening)).collect();
            let sum: f64 = weights.iter().sum();
            let weights = weights.iter().map(|weight| fixed(weight / sum)).collect();
            Window { first, weights }
        })
        .collect()
}

/// Keys' cubic (IEEE Trans. ASSP 29, 1981) with a = -0.5.
fn cubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    let x = x.abs();
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

/// A weight as an integer, rounded half away from zero.
fn fixed(weight: f64) -> i64 {
    let scaled = weight * (1_i64 << PRECISION_BITS) as f64;
    (if weight < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_pictures_stay_plain_at_any_size() {
        let plain = RgbImage::from_pixel(13, 7, image::Rgb([255, 136, 0]));
        for (width, height) in [(1, 1), (5, 20), (40, 3), (13, 8)] {
            let resized = bicubic(&plain, width, height);
            assert_eq!(resized.dimensions(), (width, height));
            assert!(resized.pixels().all(|pixel| pixel.0 == [255, 136, 0]));
        }
    }

    #[test]
    fn the_same_size_is_the_same_picture() {
        let ramp = RgbImage::from_fn(9, 5, |x, y| image::Rgb([x as u8 * 20, y as u8 * 40, 7]));
        assert_eq!(bicubic(&ramp, 9, 5), ramp);
    }

    #[test]
    fn the_cubic_meets_its_samples() {
        for (x, expected) in [(0.0, 1.0), (1.0, 0.0), (2.0, 0.0), (0.5, 0.5625), (-1.5, -0.0625)] {
            assert!((cubic(x) - expected).abs() < 1e-15, "{x}");
        }
    }
}
