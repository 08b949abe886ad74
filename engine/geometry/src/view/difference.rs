//! How much two pictures differ.

use super::Picture;

/// Standard deviation of the window, in pixels.
const SIGMA_PX: f64 = 1.5;
/// Width and height of the window, in pixels.
const WINDOW_PX: usize = 11;
/// Keep the quotients away from 0 over 0: squares of 0.01 and 0.03 times the range.
const C1: f64 = (0.01 * 255.0) * (0.01 * 255.0);
const C2: f64 = (0.03 * 255.0) * (0.03 * 255.0);

/// How much two pictures differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Mean of the absolute differences of all bytes, from 0 to 255.
    pub mean_absolute: f64,
    /// The largest of these differences.
    pub largest: u8,
    /// Share of the pixels that are the same in all bytes.
    pub equal: f64,
    /// Structural similarity, 1 for equal pictures: the mean over the three channels and all places where the Gaussian window
    /// of 11 x 11 pixels and standard deviation 1.5 lies in the picture (Wang et al., 2004, doi:10.1109/TIP.2003.819861).
    pub ssim: f64,
}

/// Compares two pictures; `None` when their sizes differ or the window does not fit in.
pub fn difference(a: &Picture, b: &Picture) -> Option<Difference> {
    let side = a.side_px() as usize;
    if a.side_px() != b.side_px() || side < WINDOW_PX {
        return None;
    }
    let bytes = a.rgb().len() as f64;
    let absolute: f64 = a.rgb().iter().zip(b.rgb()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    let largest = a.rgb().iter().zip(b.rgb()).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or_default();
    let equal = a.rgb().chunks_exact(3).zip(b.rgb().chunks_exact(3)).filter(|(a, b)| a == b).count();
    let ssim = (0..3).map(|channel| ssim(&plane(a, channel), &plane(b, channel), side)).sum::<f64>() / 3.0;
    Some(Difference { mean_absolute: absolute / bytes, largest, equal: 3.0 * equal as f64 / bytes, ssim })
}

fn plane(picture: &Picture, channel: usize) -> Vec<f64> {
    picture.rgb().iter().skip(channel).step_by(3).map(|&byte| f64::from(byte)).collect()
}

fn ssim(a: &[f64], b: &[f64], side: usize) -> f64 {
    let mean = |of: fn(f64, f64) -> f64| {
        let values: Vec<f64> = a.iter().zip(b).map(|(&a, &b)| of(a, b)).collect();
        windowed(&values, side)
    };
    let (mean_a, mean_b) = (mean(|a, _| a), mean(|_, b| b));
    let (squares_a, squares_b, products) = (mean(|a, _| a * a), mean(|_, b| b * b), mean(|a, b| a * b));
    let mut sum = 0.0;
    for (i, (&a, &b)) in mean_a.iter().zip(&mean_b).enumerate() {
        let (variance_a, variance_b, covariance) = (squares_a[i] - a * a, squares_b[i] - b * b, products[i] - a * b);
        sum += (2.0 * a * b + C1) * (2.0 * covariance + C2) / ((a * a + b * b + C1) * (variance_a + variance_b + C2));
    }
    sum / mean_a.len() as f64
}

/// The mean in the window at each of its places.
fn windowed(values: &[f64], side: usize) -> Vec<f64> {
    let half = (WINDOW_PX / 2) as f64;
    let kernel: [f64; WINDOW_PX] =
        std::array::from_fn(|i| (-0.5 * ((i as f64 - half) / SIGMA_PX) * ((i as f64 - half) / SIGMA_PX)).exp());
    let total: f64 = kernel.iter().sum();
    let kernel = kernel.map(|weight| weight / total);
    let sum = |window: &[f64]| window.iter().zip(kernel).map(|(value, weight)| value * weight).sum::<f64>();
    let places = side - WINDOW_PX + 1;
    let by_row: Vec<f64> = values.chunks_exact(side).flat_map(|row| row.windows(WINDOW_PX).map(sum)).collect();
    let down = |i: usize| (0..WINDOW_PX).map(|row| kernel[row] * by_row[i + row * places]).sum();
    (0..places * places).map(down).collect()
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn noise(side: u32, seed: u64) -> Picture {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        Picture::from_rgb(side, (0..side * side * 3).map(|_| random.random()).collect()).unwrap()
    }

    #[test]
    fn equal_pictures() {
        let picture = noise(20, 0);
        let found = difference(&picture, &picture).unwrap();
        assert!((found.ssim - 1.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found, Difference { mean_absolute: 0.0, largest: 0, equal: 1.0, ssim: found.ssim });
    }

    #[test]
    fn pictures_without_anything_in_common() {
        let found = difference(&noise(40, 0), &noise(40, 1)).unwrap();
        assert!(found.ssim.abs() < 0.1 && found.mean_absolute > 60.0, "{found:?}");
        let (black, white) = (Picture::plain(20, [0; 3]), Picture::plain(20, [255; 3]));
        let found = difference(&black, &white).unwrap();
        assert!(found.ssim < 2e-4, "{found:?}");
        assert_eq!(found, Difference { mean_absolute: 255.0, largest: 255, equal: 0.0, ssim: found.ssim });
    }

    #[test]
    fn sizes_must_agree() {
        assert!(difference(&noise(20, 0), &noise(21, 0)).is_none());
        assert!(difference(&noise(8, 0), &noise(8, 0)).is_none());
    }
}
