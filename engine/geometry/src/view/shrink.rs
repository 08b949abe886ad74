//! A picture made smaller, as scikit-image's `resize` with `order=2, anti_aliasing=True, preserve_range=True` does it:
//! a Gaussian blur, then a quadratic spline through what is left of the pixels, then the fraction cut off.
//!
//! Source: scikit-image, `transform/_warps.py`, and SciPy, `ndimage`. The order of every sum is theirs (see `spline`).

use super::Picture;
use super::spline::{to_coefficients, weights};

/// The blur reaches this many standard deviations, rounded (SciPy's `truncate`).
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
    let samples: Vec<f64> = picture.rgb().iter().map(|&byte| f64::from(byte)).collect();
    let mut values = blurred(&samples, side * CHANNELS, &kernel);
    for row in values.chunks_exact_mut(side * CHANNELS) {
        row.copy_from_slice(&blurred(row, CHANNELS, &kernel));
    }
    // Three axes, for the channels are one to scikit-image: no value changes by it, but its last digits do.
    to_coefficients(&mut values, side * CHANNELS);
    values.chunks_exact_mut(side * CHANNELS).for_each(|row| to_coefficients(row, CHANNELS));
    values.chunks_exact_mut(CHANNELS).for_each(|pixel| to_coefficients(pixel, 1));
    let (lowest, highest) = (picture.rgb().iter().min().copied(), picture.rgb().iter().max().copied());
    let (lowest, highest) = (f64::from(lowest.unwrap_or(0)), f64::from(highest.unwrap_or(255)));
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
        sums.iter_mut().zip(eight).for_each(|(sum, value)| *sum += value);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
}

/// Blurs samples of `step` numbers each, mirrored at the ends without doubling them.
fn blurred(values: &[f64], step: usize, kernel: &[f64]) -> Vec<f64> {
    let Some((middle, sides)) = kernel.split_first() else { return values.to_vec() };
    let reach = sides.len();
    let count = values.len() / step.max(1);
    let mirrored = |i: i64| {
        let period = 2 * (count as i64 - 1).max(1);
        let i = i.rem_euclid(period);
        i.min(period - i) as usize
    };
    // The samples with their mirror images on both sides, so that no sum has to ask where it is.
    let mut extended = Vec::with_capacity(values.len() + 2 * reach * step);
    for i in -(reach as i64)..(count + reach) as i64 {
        extended.extend_from_slice(&values[mirrored(i) * step..][..step]);
    }
    let mut blurred: Vec<f64> = values.iter().map(|value| value * middle).collect();
    for (i, weight) in sides.iter().enumerate().rev() {
        let distance = i + 1;
        let before = &extended[(reach - distance) * step..];
        let after = &extended[(reach + distance) * step..];
        for ((sum, before), after) in blurred.iter_mut().zip(before).zip(after) {
            *sum += (before + after) * weight;
        }
    }
    blurred
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
