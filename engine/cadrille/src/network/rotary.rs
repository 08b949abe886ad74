//! Angles of the decoder's rotary embedding, with one position or three (M-RoPE, arXiv 2409.12191).

use candle_core::{DType, Device, Result, Tensor};

use super::Positions;
use crate::config::TextConfig;

/// The frequencies, and the axis that turns each.
#[derive(Debug, Clone)]
pub(crate) struct Rotary {
    /// One for each pair of channels.
    inv_freq: Vec<f32>,
    /// 0 time, 1 row, 2 column, for each pair of channels.
    axis: Vec<usize>,
}

impl Rotary {
    pub(crate) fn new(config: &TextConfig) -> Self {
        let half = config.head_dim() / 2;
        // In f32 as torch computes them, so that far positions agree too.
        let power = |j: usize| 1.0 / (config.rope_theta as f32).powf((2 * j) as f32 / (2 * half) as f32);
        let [time, row, _] = config.mrope_section.unwrap_or([half, 0, 0]);
        let axis = (0..half).map(|j| usize::from(j >= time) + usize::from(j >= time + row)).collect();
        Self { inv_freq: (0..half).map(power).collect(), axis }
    }

    /// `cos` and `sin` of (batch, len, `head_dim / 2`).
    pub(crate) fn cos_sin(&self, positions: &[Positions], dtype: DType, device: &Device) -> Result<(Tensor, Tensor)> {
        let len = positions.first().map_or(0, |p| p[0].len());
        let shape = (positions.len(), len, self.inv_freq.len());
        let angles = Tensor::from_vec(self.angles(positions), shape, device)?;
        Ok((angles.cos()?.to_dtype(dtype)?, angles.sin()?.to_dtype(dtype)?))
    }

    /// The angles themselves, in this order.
    pub(crate) fn angles(&self, positions: &[Positions]) -> Vec<f32> {
        let len = positions.first().map_or(0, |p| p[0].len());
        let mut angles = Vec::with_capacity(positions.len() * len * self.inv_freq.len());
        for [times, rows, columns] in positions {
            for ((&time, &row), &column) in times.iter().zip(rows).zip(columns) {
                let position = [time as f32, row as f32, column as f32];
                angles.extend(self.inv_freq.iter().zip(&self.axis).map(|(freq, &axis)| position[axis] * freq));
            }
        }
        angles
    }
}
