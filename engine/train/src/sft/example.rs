//! One sample as the network learns it: a prompt, what stands in it, and the answer.

use candle_core::{Device, Result, Tensor};
use partwright_cadrille::network::{Input, Picture};

/// Plain numbers, so that it can be made on any thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Tokens of the prompt, places of points and patches included.
    pub prompt: Vec<u32>,
    /// Points, in the place of the prompt's first tokens.
    pub points: Vec<[f32; 3]>,
    /// Pixels of a picture in patches, and their grid.
    pub picture: Option<(Vec<f32>, [usize; 3])>,
    /// Tokens of the answer, the end token included: what is learned.
    pub answer: Vec<u32>,
}

impl Example {
    /// Tokens that the network reads: all but the last of the answer, which is only predicted.
    pub fn len(&self) -> usize {
        self.prompt.len() + self.answer.len().saturating_sub(1)
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the network reads; of the answer all but the last token where `with_answer`, else nothing.
    ///
    /// # Errors
    /// candle's.
    pub fn input(&self, device: &Device, with_answer: bool) -> Result<Input> {
        let read = if with_answer { self.answer.len().saturating_sub(1) } else { 0 };
        let ids = self.prompt.iter().chain(&self.answer[..read]).copied().collect();
        let points = match self.points.len() {
            0 => None,
            count => Some(Tensor::from_slice(self.points.as_flattened(), (count, 3), device)?),
        };
        let mut pictures = Vec::new();
        if let Some((pixels, grid_thw)) = &self.picture {
            let patches = grid_thw.iter().product::<usize>();
            let pixel_values = Tensor::from_slice(pixels, (patches, pixels.len() / patches.max(1)), device)?;
            pictures.push(Picture { pixel_values, grid_thw: *grid_thw });
        }
        Ok(Input { ids, points, pictures })
    }
}
