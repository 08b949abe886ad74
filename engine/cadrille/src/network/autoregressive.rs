//! What sampling asks of a network.

use candle_core::{DType, Tensor};

use super::input::dtype_of;
use super::{Decoder, Embedded, Input, NetworkError, State};
use crate::config::Config;

/// A network that writes one token after another.
pub trait Autoregressive {
    /// The checkpoint's configuration.
    fn config(&self) -> &Config;

    /// The decoder within.
    fn decoder(&self) -> &Decoder;

    /// Vectors and positions of a batch of prompts, filled on the left.
    ///
    /// # Errors
    /// [`NetworkError`], by cause.
    fn embed(&self, inputs: &[Input]) -> Result<Embedded, NetworkError>;

    /// Hidden states (batch, len, hidden) of a batch, without a cache: the way of training and of scoring.
    ///
    /// # Errors
    /// candle's.
    fn hidden(&self, batch: &Embedded) -> Result<Tensor, NetworkError> {
        Ok(self.decoder().forward(&batch.embeds, &batch.positions, &batch.padding, None)?)
    }

    /// Hidden states (n, hidden) of a batch at some places alone, counted through all its sequences, filler included.
    ///
    /// # Errors
    /// candle's.
    fn hidden_at(&self, batch: &Embedded, places: &[u32]) -> Result<Tensor, NetworkError> {
        let places = Tensor::new(places, batch.embeds.device())?;
        Ok(self.decoder().forward_at(&batch.embeds, &batch.positions, &batch.padding, &places)?)
    }

    /// Reads prompts. Gives the state to write on from, with room for `max_new_tokens`, and the scores (batch, vocab)
    /// of the first token in f32.
    ///
    /// # Errors
    /// [`NetworkError`], by cause.
    fn prefill(&self, inputs: &[Input], max_new_tokens: usize) -> Result<(State, Tensor), NetworkError> {
        let Embedded { embeds, positions, padding, next } = self.embed(inputs)?;
        let (_, len, _) = embeds.dims3()?;
        let mut cache = self.decoder().cache(len + max_new_tokens);
        let hidden = self.decoder().forward(&embeds, &positions, &padding, Some(&mut cache))?;
        // The head is the largest layer: only the last token needs it.
        let logits = self.decoder().logits(&hidden.narrow(1, len - 1, 1)?.contiguous()?)?;
        Ok((State { cache, padding, next }, logits.squeeze(1)?.to_dtype(DType::F32)?))
    }

    /// Appends one token to each sequence and gives the scores (batch, vocab) of the next in f32.
    ///
    /// # Errors
    /// [`NetworkError`], by cause.
    fn step(&self, ids: &[u32], state: &mut State) -> Result<Tensor, NetworkError> {
        let xs = self.decoder().embed(ids)?.to_dtype(dtype_of(self.decoder()))?.unsqueeze(1)?;
        let positions = state.advance();
        let hidden = self.decoder().forward(&xs, &positions, &state.padding, Some(&mut state.cache))?;
        Ok(self.decoder().logits(&hidden)?.squeeze(1)?.to_dtype(DType::F32)?)
    }
}
