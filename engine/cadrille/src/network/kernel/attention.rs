//! Causal attention with its rotation, block by block, so that scores stay in the cache and nothing is computed of what may
//! not be seen (after FlashAttention, arXiv 2205.14135).

use std::sync::{Arc, Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor};

use super::product::{Matrix, product};
use super::slice::{values, with_values};
use super::wide::{exp, largest, sum, wide};

/// Rows of queries that are taken at once; 32, 64 and 128 were measured, and differ by little.
const BLOCK: usize = 64;

/// How channels divide into heads, and how each place turns.
#[derive(Clone, Debug)]
pub(crate) struct Heads {
    /// Query heads.
    pub(crate) query: usize,
    /// Key and value heads.
    pub(crate) key: usize,
    /// Channels of a head.
    pub(crate) channels: usize,
    /// Cosines (batch, len, channels / 2).
    pub(crate) cos: Arc<[f32]>,
    /// Sines, likewise.
    pub(crate) sin: Arc<[f32]>,
    /// Filler on each sequence's left.
    pub(crate) padding: Arc<[usize]>,
}

/// Attention of `q` (batch, len, query heads x channels) over `k` and `v` (batch, len, key heads x channels), the
/// first two turned before. Gives (batch, len, query heads x channels); rows of filler are zero.
///
/// # Errors
/// candle's, on shapes that do not fit.
pub(crate) fn attention(q: &Tensor, k: &Tensor, v: &Tensor, heads: Heads) -> Result<Tensor> {
    let (batch, len, _) = q.dims3()?;
    let angles = batch * len * heads.channels / 2;
    let fits = q.dims3()?.2 == heads.query * heads.channels
        && k.dims3()? == (batch, len, heads.key * heads.channels)
        && v.dims() == k.dims()
        && heads.query.is_multiple_of(heads.key)
        && [heads.cos.len(), heads.sin.len()] == [angles; 2]
        && heads.padding.len() == batch
        && heads.padding.iter().all(|&padding| padding < len);
    if !fits {
        candle_core::bail!("attention of {:?} over {:?} with {} angles", q.dims(), k.dims(), heads.cos.len());
    }
    let op = Attention { heads, len, kept: Mutex::new(Kept::default()) };
    q.contiguous()?.apply_op3(&k.contiguous()?, &v.contiguous()?, op)
}

struct Attention {
    heads: Heads,
    len: usize,
    kept: Mutex<Kept>,
}

/// What the forward direction keeps for the other.
#[derive(Default)]
struct Kept {
    /// The turned and scaled queries.
    q: Vec<f32>,
    /// The turned keys.
    k: Vec<f32>,
    /// For each sequence, query head and row the logarithm of the sum of exponentials.
    totals: Vec<f32>,
}

/// A block of rows of one query head within a sequence.
#[derive(Clone, Copy)]
struct Block {
    /// First row, and the one after the last.
    rows: (usize, usize),
    /// First visible key; keys are visible up to each row.
    from: usize,
}

impl Block {
    fn height(self) -> usize {
        self.rows.1 - self.rows.0
    }

    /// Keys that some row sees.
    fn width(self) -> usize {
        self.rows.1 - self.from
    }

    /// How many of them the `i`th row sees.
    fn seen(self, i: usize) -> usize {
        self.rows.0 + i + 1 - self.from
    }
}

impl Attention {
    fn blocks(&self, sequence: usize) -> impl Iterator<Item = Block> + use<> {
        let (from, len) = (self.heads.padding[sequence], self.len);
        (from..len).step_by(BLOCK).map(move |first| Block { rows: (first, (first + BLOCK).min(len)), from })
    }

    /// Turns all heads of `xs` by the angles of their places, or back, and scales them.
    fn turn(&self, xs: &mut [f32], heads: usize, back: bool, scale: f32) {
        let half = self.heads.channels / 2;
        let sign = if back { -1.0 } else { 1.0 };
        let angles = self.heads.cos.chunks_exact(half).zip(self.heads.sin.chunks_exact(half));
        wide(|| {
            for (place, (cos, sin)) in xs.chunks_exact_mut(heads * self.heads.channels).zip(angles) {
                for head in place.chunks_exact_mut(self.heads.channels) {
                    let (first, second) = head.split_at_mut(half);
                    for i in 0..half {
                        let (a, b, c, s) = (first[i], second[i], cos[i] * scale, sin[i] * sign * scale);
                        first[i] = a * c - b * s;
                        second[i] = b * c + a * s;
                    }
                }
            }
        });
    }

    fn forward(&self, q: &[f32], k: &[f32], v: &[f32]) -> Result<Vec<f32>> {
        let Heads { query, key, channels, .. } = self.heads;
        let (q_row, k_row) = (query * channels, key * channels);
        let mut kept = Kept { q: q.to_vec(), k: k.to_vec(), totals: vec![0.0; q.len() / channels] };
        self.turn(&mut kept.q, query, false, 1.0 / (channels as f32).sqrt());
        self.turn(&mut kept.k, key, false, 1.0);
        let mut ys = vec![0.0; q.len()];
        let mut scores = vec![0f32; BLOCK * self.len];
        for (sequence, ys) in ys.chunks_exact_mut(self.len * q_row).enumerate() {
            for head in 0..query {
                let q = &kept.q[sequence * self.len * q_row + head * channels..];
                let at = sequence * self.len * k_row + head / (query / key) * channels;
                let (k, v) = (&kept.k[at..], &v[at..]);
                let totals = &mut kept.totals[(sequence * query + head) * self.len..][..self.len];
                for block in self.blocks(sequence) {
                    let (height, width) = (block.height(), block.width());
                    let q = Matrix::rows(&q[block.rows.0 * q_row..], q_row);
                    let k = Matrix::rows(&k[block.from * k_row..], k_row).transposed();
                    product(&mut scores, width, [height, width, channels], q, k, false)?;
                    wide(|| {
                        for (i, row) in scores.chunks_exact_mut(width).take(height).enumerate() {
                            let (seen, hidden) = row.split_at_mut(block.seen(i));
                            let top = largest(seen);
                            for x in seen.iter_mut() {
                                *x = exp(*x - top);
                            }
                            let total = sum(seen);
                            totals[block.rows.0 + i] = top + total.ln();
                            for x in seen.iter_mut() {
                                *x /= total;
                            }
                            hidden.fill(0.0);
                        }
                    });
                    let to = &mut ys[block.rows.0 * q_row + head * channels..];
                    let v = Matrix::rows(&v[block.from * k_row..], k_row);
                    product(to, q_row, [height, channels, width], Matrix::rows(&scores, width), v, false)?;
                }
            }
        }
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = kept;
        Ok(ys)
    }

    /// The gradients of queries, keys and values.
    fn backward(&self, v: &[f32], grad: &[f32]) -> Result<[Vec<f32>; 3]> {
        let Heads { query, key, channels, .. } = self.heads;
        let (q_row, k_row) = (query * channels, key * channels);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut dq, mut dk, mut dv) = (vec![0f32; grad.len()], vec![0f32; v.len()], vec![0f32; v.len()]);
        let (mut weights, mut pulls) = (vec![0f32; BLOCK * self.len], vec![0f32; BLOCK * self.len]);
        for sequence in 0..self.heads.padding.len() {
            for head in 0..query {
                let at_q = sequence * self.len * q_row + head * channels;
                let at_k = sequence * self.len * k_row + head / (query / key) * channels;
                let totals = &kept.totals[(sequence * query + head) * self.len..][..self.len];
                for block in self.blocks(sequence) {
                    let (height, width) = (block.height(), block.width());
                    let (here_q, here_k) = (at_q + block.rows.0 * q_row, at_k + block.from * k_row);
                    let q = Matrix::rows(&kept.q[here_q..], q_row);
                    let g = Matrix::rows(&grad[here_q..], q_row);
                    let k = Matrix::rows(&kept.k[here_k..], k_row);
                    let v = Matrix::rows(&v[here_k..], k_row);
                    product(&mut weights, width, [height, width, channels], q, k.transposed(), false)?;
                    product(&mut pulls, width, [height, width, channels], g, v.transposed(), false)?;
                    wide(|| {
                        let rows = weights.chunks_exact_mut(width).zip(pulls.chunks_exact_mut(width));
                        for (i, (weights, pulls)) in rows.take(height).enumerate() {
                            let total = totals[block.rows.0 + i];
                            let seen = block.seen(i);
                            for x in &mut weights[..seen] {
                                *x = exp(*x - total);
                            }
                            weights[seen..].fill(0.0);
                            let mean = super::wide::dot(weights, pulls);
                            for (pull, weight) in pulls.iter_mut().zip(&*weights) {
                                *pull = weight * (*pull - mean);
                            }
                        }
                    });
                    let (weights, pulls) = (Matrix::rows(&weights, width), Matrix::rows(&pulls, width));
                    product(&mut dq[here_q..], q_row, [height, channels, width], pulls, k, false)?;
                    product(&mut dk[here_k..], k_row, [width, channels, height], pulls.transposed(), q, true)?;
                    product(&mut dv[here_k..], k_row, [width, channels, height], weights.transposed(), g, true)?;
                }
            }
        }
        self.turn(&mut dq, query, true, 1.0 / (channels as f32).sqrt());
        self.turn(&mut dk, key, true, 1.0);
        Ok([dq, dk, dv])
    }
}

impl CustomOp3 for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(
        &self,
        s1: &CpuStorage,
        l1: &Layout,
        s2: &CpuStorage,
        l2: &Layout,
        s3: &CpuStorage,
        l3: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let ys = self.forward(values(s1, l1)?, values(s2, l2)?, values(s3, l3)?)?;
        Ok((CpuStorage::F32(ys), l1.shape().clone()))
    }

    fn bwd(
        &self,
        q: &Tensor,
        k: &Tensor,
        v: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [dq, dk, dv] = with_values([v, grad], |[v, grad]| self.backward(v, grad))?;
        let tensor = |values, like: &Tensor| Tensor::from_vec(values, like.shape(), like.device()).map(Some);
        Ok((tensor(dq, q)?, tensor(dk, k)?, tensor(dv, v)?))
    }
}
