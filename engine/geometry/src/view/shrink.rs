//! A picture made smaller, as scikit-image's `resize` with `order=2, anti_aliasing=True, preserve_range=True` does it:
//! a Gaussian blur, then a quadratic spline through what is left of the pixels, then the fraction cut off.
//!
//! Source: scikit-image, `transform/_warps.py`, and `SciPy`, `ndimage`. The order of every sum is theirs (see `spline`).

use super::Picture;
use super::spline::{rows_to_coefficients, to_coefficients, weights};

/// The blur reaches this many standard deviations, rounded (`SciPy`'s `truncate`).
const REACH: f64 = 4.0;

/// Numbers of a pixel.
const CHANNELS: usize = 3;

/// The picture at `side_px` pixels; itself when it is not larger.
pub(super) fn shrunk(picture: &Picture, side_px: u32) -> Picture {
    let side = picture.side_px() as usize;
    if picture.side_px() <= side_px || side_px == 0 {
        return picture.clone();
    }
    let factor = f64::from(picture.side_px()) / f64::from(side_px);
    let kernel = gaussian((factor - 1.0) / 2.0);
    let mut values = blurred_down(picture.rgb(), side * CHANNELS, &kernel);
    let mut extended = Vec::new();
    for row in values.chunks_exact_mut(side * CHANNELS) {
        blur_along(row, &kernel, &mut extended);
    }
    // Three axes, for the channels are one to scikit-image: no value changes by it, but its last digits do.
    rows_to_coefficients(&mut values, side * CHANNELS);
    let (pixels, _) = values.as_chunks_mut::<CHANNELS>();
    for row in pixels.chunks_exact_mut(side) {
        to_coefficients(row);
        for pixel in &mut *row {
            to_coefficients(pixel.as_chunks_mut::<1>().0);
        }
    }
    // Unlike `min` and `max` of an iterator, these are many bytes at a time to the compiler.
    let lowest = f64::from(picture.rgb().iter().fold(u8::MAX, |lowest, &byte| lowest.min(byte)));
    let highest = f64::from(picture.rgb().iter().fold(u8::MIN, |highest, &byte| highest.max(byte)));
    let places: Vec<_> = (0..side_px).map(|pixel| weights((f64::from(pixel) + 0.5) * factor - 0.5, side)).collect();
    let channels: [_; CHANNELS] = std::array::from_fn(|channel| weights(channel as f64, CHANNELS));
    let mut rgb = Vec::with_capacity(places.len() * places.len() * CHANNELS);
    for (rows, row_weights) in &places {
        for (columns, column_weights) in &places {
            for (across, channel_weights) in &channels {
                let mut sum = 0.0;
                for (row, by_row) in rows.iter().zip(row_weights) {
                    for (column, by_column) in columns.iter().zip(column_weights) {
                        let pixel = (row * side + column) * CHANNELS;
                        for (channel, by_channel) in across.iter().zip(channel_weights) {
                            sum += values[pixel + channel] * by_row * by_column * by_channel;
                        }
                    }
                }
                rgb.push(sum.clamp(lowest, highest) as u8);
            }
        }
    }
    Picture::from_rgb(side_px, rgb).unwrap_or_else(|| picture.clone())
}

/// Half of the blur's weights, from the middle outwards.
fn gaussian(sigma: f64) -> Vec<f64> {
    let reach = (REACH * sigma + 0.5) as i32;
    let scale = -0.5 / (sigma * sigma);
    let whole: Vec<f64> = (-reach..=reach).map(|x| (scale * f64::from(x * x)).exp()).collect();
    let sum = numpy_sum(&whole);
    whole.into_iter().skip(reach as usize).map(|weight| weight / sum).collect()
}

/// The sum in `NumPy`'s order: eight sums side by side, then these by pairs, then the rest.
fn numpy_sum(values: &[f64]) -> f64 {
    let (eights, rest) = values.as_chunks::<8>();
    let Some((first, others)) = eights.split_first() else { return values.iter().sum() };
    let mut sums = *first;
    for eight in others {
        for (sum, value) in sums.iter_mut().zip(eight) {
            *sum += value;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
}

/// Blurs from row to row.
fn blurred_down(bytes: &[u8], row_length: usize, kernel: &[f64]) -> Vec<f64> {
    let Some((middle, sides)) = kernel.split_first() else { return Vec::new() };
    let count = bytes.len() / row_length.max(1);
    let row_at = |i: i64| &bytes[mirrored(i, count) * row_length..][..row_length];
    let mut blurred: Vec<f64> = bytes.iter().map(|&byte| f64::from(byte) * middle).collect();
    for (i, sums) in (0..).zip(blurred.chunks_exact_mut(row_length)) {
        for (nearer, weight) in sides.iter().enumerate().rev() {
            let distance = nearer as i64 + 1;
            for ((sum, before), after) in sums.iter_mut().zip(row_at(i - distance)).zip(row_at(i + distance)) {
                *sum += f64::from(u16::from(*before) + u16::from(*after)) * weight;
            }
        }
    }
    blurred
}

/// Blurs a row from pixel to pixel, in place; `extended` is storage that rows share.
fn blur_along(row: &mut [f64], kernel: &[f64], extended: &mut Vec<f64>) {
    let Some((middle, sides)) = kernel.split_first() else { return };
    let (reach, count) = (sides.len(), row.len() / CHANNELS);
    // The pixels with their mirror images on both sides, so that no sum has to ask where it is.
    extended.clear();
    for i in -(reach as i64)..0 {
        extended.extend_from_slice(&row[mirrored(i, count) * CHANNELS..][..CHANNELS]);
    }
    extended.extend_from_slice(row);
    for i in count..count + reach {
        extended.extend_from_slice(&row[mirrored(i as i64, count) * CHANNELS..][..CHANNELS]);
    }
    for value in &mut *row {
        *value *= middle;
    }
    for (i, weight) in sides.iter().enumerate().rev() {
        let distance = i + 1;
        let before = &extended[(reach - distance) * CHANNELS..];
        let after = &extended[(reach + distance) * CHANNELS..];
        for ((sum, before), after) in row.iter_mut().zip(before).zip(after) {
            *sum += (before + after) * weight;
        }
    }
}

/// The sample that stands for one beyond the ends, which are not doubled.
fn mirrored(i: i64, count: usize) -> usize {
    let period = 2 * (count as i64 - 1).max(1);
    let i = i.rem_euclid(period);
    i.min(period - i) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `skimage.transform.resize(x, (3, 3), order=2, anti_aliasing=True, preserve_range=True)` of scikit-image 0.26.
    #[test]
    fn values_of_scikit_image() {
        let rgb = (0..8 * 8 * 3).map(|i: u32| (i * i * 7 % 251) as u8).collect();
        let small = shrunk(&Picture::from_rgb(8, rgb).unwrap(), 3);
        assert_eq!(small.rgb(), EXPECTED);
    }

    const EXPECTED: [u8; 27] = [
        59, 143, 137, 69, 120, 84, 82, 87, 172, 127, 128, 136, 140, 125, 91, 132, 172, 116, 130, 141, 122, 157, 126,
        109, 133, 168, 121,
    ];

    #[test]
    fn one_colour_stays() {
        let plain = Picture::plain(50, [255, 7, 136]);
        let small = shrunk(&plain, 13);
        // The fraction is cut off and not rounded, so that a value may become one less.
        assert!(
            small.rgb().chunks_exact(3).all(|p| p[0] >= 254 && (6..=7).contains(&p[1]) && (135..=136).contains(&p[2]))
        );
        assert_eq!(shrunk(&plain, 50), plain);
    }

    #[test]
    fn sums_in_numpys_order() {
        let values: Vec<f64> = (1..=21).map(f64::from).collect();
        assert!((numpy_sum(&values) - 231.0).abs() < 1e-12);
        assert!((numpy_sum(&values[..5]) - 15.0).abs() < 1e-12);
    }
}
