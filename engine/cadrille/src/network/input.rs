//! What a network reads: tokens, and the points or pictures that stand in the place of some of them.

use candle_core::{DType, Tensor};

use super::{Decoder, NetworkError, Positions};

/// One prompt.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// All tokens, those that points and patches replace included.
    pub ids: Vec<u32>,
    /// Points (n, 3) in -1..1, which replace the first n tokens.
    pub points: Option<Tensor>,
    /// Pictures, which replace the picture tokens in order.
    pub pictures: Vec<Picture>,
}

/// One picture, cut into patches.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Normalised pixels (patches, channels x frames x height x width of a patch).
    pub pixel_values: Tensor,
    /// Frames, rows and columns of patches.
    pub grid_thw: [usize; 3],
}

/// A batch brought to one length by filler on the left.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// Vectors (batch, len, hidden).
    pub embeds: Tensor,
    /// Positions of each sequence; filler has position 1, as transformers gives it.
    pub positions: Vec<Positions>,
    /// Filler on each sequence's left.
    pub padding: Vec<usize>,
    /// Position of the first token after each sequence.
    pub next: Vec<i64>,
}

/// Vectors and positions of one prompt, before the batch is made.
pub(crate) struct Sequence {
    /// (len, hidden).
    pub(crate) embeds: Tensor,
    pub(crate) positions: Positions,
    pub(crate) next: i64,
}

/// Vectors (len, hidden) of a prompt whose first rows are given: the points'.
pub(crate) fn embed_after(decoder: &Decoder, ids: &[u32], first: Option<Tensor>) -> Result<Tensor, NetworkError> {
    if ids.is_empty() {
        return Err(NetworkError::NoTokens);
    }
    let Some(first) = first else { return decoder.embed(ids) };
    let (points, _) = first.dims2()?;
    if points > ids.len() {
        return Err(NetworkError::PointsBeyondPrompt { points, tokens: ids.len() });
    }
    if points == ids.len() {
        return Ok(first);
    }
    Ok(Tensor::cat(&[&first, &decoder.embed(&ids[points..])?], 0)?)
}

/// Fills all sequences on the left to the longest one's length.
pub(crate) fn pad_left(decoder: &Decoder, batch: Vec<Sequence>, pad: u32) -> Result<Embedded, NetworkError> {
    let longest = batch.iter().map(|s| s.positions[0].len()).max().ok_or(NetworkError::NoTokens)?;
    let (mut embeds, mut positions, mut padding, mut next) = (vec![], vec![], vec![], vec![]);
    for mut sequence in batch {
        let filler = longest - sequence.positions[0].len();
        embeds.push(if filler > 0 {
            Tensor::cat(&[decoder.embed(&vec![pad; filler])?, sequence.embeds], 0)?
        } else {
            sequence.embeds
        });
        for axis in &mut sequence.positions {
            axis.splice(0..0, std::iter::repeat_n(1, filler));
        }
        positions.push(sequence.positions);
        padding.push(filler);
        next.push(sequence.next);
    }
    Ok(Embedded { embeds: Tensor::stack(&embeds, 0)?, positions, padding, next })
}

/// The type a decoder computes in, seen from its vectors.
pub(crate) fn dtype_of(decoder: &Decoder) -> DType {
    match &decoder.embed_tokens {
        super::Embedding::Dense(weight) => weight.dtype(),
        super::Embedding::Quantised(_) => DType::F32,
    }
}
