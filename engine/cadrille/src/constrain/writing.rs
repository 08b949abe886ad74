//! The tokens that may follow.

use std::sync::Arc;

use super::{Acceptor, TokenTrie};

/// A set of tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    words: Vec<u64>,
}

impl Mask {
    fn none(vocabulary: usize) -> Self {
        Self { words: vec![0; vocabulary.div_ceil(64)] }
    }

    fn insert(&mut self, token: u32) {
        let word = token as usize / 64;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (token % 64);
    }

    /// Whether the token is in it.
    pub fn contains(&self, token: u32) -> bool {
        self.words.get(token as usize / 64).is_some_and(|w| w >> (token % 64) & 1 == 1)
    }

    /// How many are.
    pub fn len(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|w| *w == 0)
    }

    /// Makes every other token impossible: its logit becomes minus infinity.
    pub fn apply(&self, logits: &mut [f32]) {
        for (token, logit) in logits.iter_mut().enumerate() {
            if !self.contains(token as u32) {
                *logit = f32::NEG_INFINITY;
            }
        }
    }
}

/// One program in the making and the vocabulary it is written with.
#[derive(Clone, Debug)]
pub struct Writing {
    trie: Arc<TokenTrie>,
    acceptor: Acceptor,
    end_tokens: Arc<[u32]>,
    bytes_of: Arc<Vec<Vec<u8>>>,
    ended: bool,
}

impl Writing {
    /// At the beginning of a program. `pieces` are the bytes of each token; special tokens, which stand for none, are left
    /// out. One of `end_tokens` may follow where a program is whole.
    pub fn new(pieces: impl IntoIterator<Item = (u32, Vec<u8>)>, end_tokens: &[u32]) -> Self {
        let mut bytes_of = Vec::new();
        for (token, bytes) in pieces {
            if token as usize >= bytes_of.len() {
                bytes_of.resize(token as usize + 1, Vec::new());
            }
            bytes_of[token as usize] = bytes;
        }
        let trie = TokenTrie::new(bytes_of.iter().enumerate().map(|(i, b)| (i as u32, b.clone())));
        Self {
            trie: Arc::new(trie),
            acceptor: Acceptor::new(),
            end_tokens: end_tokens.into(),
            bytes_of: Arc::new(bytes_of),
            ended: false,
        }
    }

    /// The tokens that may follow; never none: what was begun can be finished.
    pub fn mask(&self) -> Mask {
        let mut mask = Mask::none(self.trie.vocabulary());
        if !self.ended {
            let read = |state: &Acceptor, byte: u8| {
                let mut next = state.clone();
                next.read(byte).then_some(next)
            };
            self.trie.walk(&self.acceptor, read, |token| mask.insert(token));
        }
        if self.ended || self.acceptor.is_complete() {
            self.end_tokens.iter().for_each(|&token| mask.insert(token));
        }
        mask
    }

    /// Takes a token; `false` where it may not follow, and then nothing changes.
    #[must_use]
    pub fn take(&mut self, token: u32) -> bool {
        if self.end_tokens.contains(&token) {
            let whole = self.ended || self.acceptor.is_complete();
            self.ended |= whole;
            return whole;
        }
        let bytes = self.bytes_of.get(token as usize).filter(|b| !b.is_empty() && !self.ended);
        let mut next = self.acceptor.clone();
        let fits = bytes.is_some_and(|bytes| bytes.iter().all(|&b| next.read(b)));
        if fits {
            self.acceptor = next;
        }
        fits
    }

    /// Whether the program has ended.
    pub fn has_ended(&self) -> bool {
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

    use super::*;

    const END: u32 = 500;

    /// Every printable byte and the line's end, and some longer pieces.
    fn vocabulary() -> Vec<(u32, Vec<u8>)> {
        let longer =
            ["import", " cad", "query", " as", " cq", "cq.", "Work", "plane", "('XY", "')", ".box", "r=", "w0"];
        let bytes = (b' '..=b'~').chain([b'\n']).map(|b| vec![b]);
        bytes.chain(longer.iter().map(|w| w.as_bytes().to_vec())).enumerate().map(|(i, b)| (i as u32, b)).collect()
    }

    #[test]
    fn whatever_is_chosen_becomes_a_program() {
        let vocabulary = vocabulary();
        let start = Writing::new(vocabulary.clone(), &[END]);
        let mut random = StdRng::seed_from_u64(5);
        for _ in 0..40 {
            let mut writing = start.clone();
            let mut text = Vec::new();
            for step in 0..4000 {
                let mask = writing.mask();
                assert!(!mask.is_empty(), "{}", String::from_utf8_lossy(&text));
                // After a while brackets are closed wherever they may be, so that it ends.
                let closing = |t: &&u32| {
                    step > 150 && matches!(vocabulary.get(**t as usize), Some((_, b)) if b == b")" || b == b"]")
                };
                let tokens: Vec<u32> = (0..=END).filter(|&t| mask.contains(t)).collect();
                let token = if mask.contains(END) && step > 60 {
                    END
                } else {
                    *tokens.iter().find(closing).unwrap_or(&tokens[random.random_range(0..tokens.len())])
                };
                assert!(writing.take(token));
                if token == END {
                    break;
                }
                text.extend_from_slice(&vocabulary[token as usize].1);
            }
            assert!(writing.has_ended(), "{}", String::from_utf8_lossy(&text));
            let text = String::from_utf8(text).expect("the vocabulary is text");
            assert!(text.starts_with("import cadquery as cq\n") && text.contains("\nr"), "{text}");
            let balance = |open: char, close: char| text.matches(open).count() == text.matches(close).count();
            assert!(balance('(', ')') && balance('[', ']'), "{text}");
        }
    }

    #[test]
    fn what_may_not_follow_changes_nothing() {
        let mut writing = Writing::new(vocabulary(), &[END]);
        assert!(!writing.take(END));
        let before = writing.mask();
        assert_eq!(before.len(), 2, "i and import");
        assert!(!writing.take(u32::from(b'x' - b' ')));
        assert_eq!(writing.mask(), before);
        let mut logits = vec![0.0; 501];
        before.apply(&mut logits);
        assert_eq!(logits.iter().filter(|l| l.is_finite()).count(), 2);
    }
}
