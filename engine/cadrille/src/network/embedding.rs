//! The table of the tokens' vectors, dense or quantised, and the head that may share it.

use std::sync::Arc;

use candle_core::quantized::QTensor;
use candle_core::{DType, Result, Tensor};
use candle_nn::{Init, VarBuilder};

use super::packed::quantise_table;
use super::{Build, Linear, NetworkError, Ops};

/// A table of (`vocab_size`, `hidden_size`).
#[derive(Debug, Clone)]
pub enum Embedding {
    /// In the network's type.
    Dense(Tensor),
    /// In blocks, read row by row: at 2B the table alone is 0.93 GB in f32.
    Quantised(Arc<QTensor>),
}

impl Embedding {
    /// Reads `weight` at `vb`'s place.
    ///
    /// # Errors
    /// candle's, naming the tensor that is absent or of another shape.
    pub fn load(vocab_size: usize, hidden_size: usize, vb: &VarBuilder<'_>, build: Build) -> Result<Self> {
        let init = Init::Randn { mean: 0.0, stdev: 0.02 };
        let weight = vb.get_with_hints((vocab_size, hidden_size), "weight", init)?;
        match build.quantisation {
            Some(format) if hidden_size.is_multiple_of(format.block_size()) => {
                Ok(Self::Quantised(quantise_table(&weight, format)?))
            }
            _ => Ok(Self::Dense(weight)),
        }
    }

    /// The head whose rows are this table.
    ///
    /// # Errors
    /// candle's.
    pub fn tied_head(&self, vocab_size: usize, ops: Ops) -> Result<Linear> {
        match self {
            Self::Dense(weight) => Ok(Linear::of(weight.clone(), None, ops)),
            Self::Quantised(rows) => Linear::from_rows(rows.clone(), vocab_size),
        }
    }

    /// Vectors (len, hidden) of the tokens; `vocab_size` guards the row of zeros that quantised tables may have.
    ///
    /// # Errors
    /// [`NetworkError::TokenBeyondVocabulary`], or candle's.
    pub fn forward(&self, ids: &[u32], vocab_size: usize) -> std::result::Result<Tensor, NetworkError> {
        if let Some(&id) = ids.iter().find(|&&id| id as usize >= vocab_size) {
            return Err(NetworkError::TokenBeyondVocabulary { id, vocab_size });
        }
        match self {
            Self::Dense(weight) => Ok(weight.index_select(&Tensor::new(ids, weight.device())?, 0)?),
            Self::Quantised(rows) => Ok(rows.embedding(&Tensor::new(ids, &rows.device())?)?.to_dtype(DType::F32)?),
        }
    }
}
