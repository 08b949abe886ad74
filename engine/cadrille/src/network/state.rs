//! What a network remembers of the sequences it is writing.

use candle_core::{Result, Tensor};
use candle_nn::kv_cache::KvCache;

use super::Positions;

/// Keys and values of a batch, and where each sequence stands.
#[derive(Debug, Clone)]
pub struct State {
    /// One cache for each layer, (batch, `kv_heads`, len, `head_dim`).
    pub(crate) cache: Vec<KvCache>,
    /// Filler on each sequence's left.
    pub(crate) padding: Vec<usize>,
    /// Position of each sequence's next token.
    pub(crate) next: Vec<i64>,
}

impl State {
    /// Sequences in the batch.
    pub fn batch(&self) -> usize {
        self.next.len()
    }

    /// Tokens held of each sequence, filler included.
    pub fn len(&self) -> usize {
        self.cache.first().map_or(0, KvCache::current_seq_len)
    }

    /// Whether nothing has been read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The state whose sequences are the named ones, in that order; naming one `n` times gives `n` that go on apart,
    /// so that samples of one input share its reading.
    ///
    /// # Errors
    /// candle's, for a sequence that is not there.
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        let cache = self.cache.iter().map(|layer| select_rows(layer, rows)).collect::<Result<_>>()?;
        let padding = rows.iter().map(|&row| self.padding[row]).collect();
        let next = rows.iter().map(|&row| self.next[row]).collect();
        Ok(Self { cache, padding, next })
    }

    /// The positions of the next tokens, which are then taken.
    pub(crate) fn advance(&mut self) -> Vec<Positions> {
        let positions = self.next.iter().map(|&p| [vec![p], vec![p], vec![p]]).collect();
        for next in &mut self.next {
            *next += 1;
        }
        positions
    }
}

fn select_rows(layer: &KvCache, rows: &[usize]) -> Result<KvCache> {
    let mut selected = KvCache::new(2, layer.k_cache().max_seq_len());
    if let (Some(k), Some(v)) = (layer.k()?, layer.v()?) {
        let index: Vec<u32> = rows.iter().map(|&row| row as u32).collect();
        let index = Tensor::new(index, k.device())?;
        selected.append(&k.contiguous()?.index_select(&index, 0)?, &v.contiguous()?.index_select(&index, 0)?)?;
    }
    Ok(selected)
}
