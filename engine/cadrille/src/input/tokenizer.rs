//! The tokenizer of a checkpoint: byte-pair encoding as `tokenizer.json` says, and the special tokens by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tokenizers::Tokenizer;

/// Why a tokenizer cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenizerError {
    /// The file is not there or is no tokenizer.
    #[error(
        "{path}: the tokenizer cannot be read ({reason}); a checkpoint needs the tokenizer.json of its Qwen2 model"
    )]
    NotReadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A special token that every prompt needs is missing.
    #[error("the tokenizer has no token {token}; a checkpoint needs the tokenizer.json of its Qwen2 model")]
    TokenMissing {
        /// The token.
        token: &'static str,
    },
    /// The text cannot be encoded, or the tokens cannot be decoded.
    #[error("the tokenizer failed: {reason}")]
    Failed {
        /// Why.
        reason: String,
    },
}

/// The tokens around and in place of a picture; tokenizers of networks without pictures lack them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisionTokens {
    /// `<|vision_start|>`.
    pub start: u32,
    /// `<|vision_end|>`.
    pub end: u32,
    /// `<|video_pad|>`, which stands for one patch of a picture.
    pub video_pad: u32,
}

/// The tokenizer of a checkpoint.
#[derive(Clone, Debug)]
pub struct ProgramTokenizer {
    inner: Tokenizer,
    pad: u32,
    im_start: u32,
    im_end: u32,
    vision: Option<VisionTokens>,
    small_letters: bool,
}

/// A token that is never written: a tokenizer that has it knows words in small letters only.
pub const SMALL_LETTERS: &str = "<|small_letters|>";

/// `<|endoftext|>` fills places that are not read.
pub(super) const PAD: &str = "<|endoftext|>";
pub(super) const IM_START: &str = "<|im_start|>";
pub(super) const IM_END: &str = "<|im_end|>";
pub(super) const VISION_START: &str = "<|vision_start|>";
pub(super) const VISION_END: &str = "<|vision_end|>";
pub(super) const VIDEO_PAD: &str = "<|video_pad|>";

impl ProgramTokenizer {
    /// The tokenizer in a `tokenizer.json`.
    ///
    /// # Errors
    /// A file that cannot be read, or one without the special tokens of Qwen2.
    pub fn from_file(path: &Path) -> Result<Self, TokenizerError> {
        let inner = Tokenizer::from_file(path)
            .map_err(|error| TokenizerError::NotReadable { path: path.to_owned(), reason: error.to_string() })?;
        Self::of(inner)
    }

    /// The tokenizer that a `tokenizer.json` with this content would give.
    ///
    /// # Errors
    /// A content that is no tokenizer, or one without the special tokens of Qwen2.
    pub fn from_json(content: &str) -> Result<Self, TokenizerError> {
        Self::of(content.parse().map_err(|error: tokenizers::Error| failed(error.as_ref()))?)
    }

    fn of(mut inner: Tokenizer) -> Result<Self, TokenizerError> {
        // A file may ask for cutting or filling to one length, which would silently change prompts.
        inner.with_padding(None);
        inner.with_truncation(None).map_err(|error| failed(error.as_ref()))?;
        let token = |token: &'static str| inner.token_to_id(token).ok_or(TokenizerError::TokenMissing { token });
        let (pad, im_start, im_end) = (token(PAD)?, token(IM_START)?, token(IM_END)?);
        let vision = match (token(VISION_START), token(VISION_END), token(VIDEO_PAD)) {
            (Ok(start), Ok(end), Ok(video_pad)) => Some(VisionTokens { start, end, video_pad }),
            _ => None,
        };
        let small_letters = inner.token_to_id(SMALL_LETTERS).is_some();
        Ok(Self { inner, pad, im_start, im_end, vision, small_letters })
    }

    /// `<|endoftext|>`: stands where points go, and fills a batch.
    pub fn pad(&self) -> u32 {
        self.pad
    }

    /// `<|im_start|>`: begins a message.
    pub fn im_start(&self) -> u32 {
        self.im_start
    }

    /// `<|im_end|>`: ends a message, and with it a program.
    pub fn im_end(&self) -> u32 {
        self.im_end
    }

    /// The tokens of pictures, where the tokenizer has them.
    pub fn vision(&self) -> Option<VisionTokens> {
        self.vision
    }

    /// Whether descriptions are to be given in small letters.
    pub fn reads_small_letters(&self) -> bool {
        self.small_letters
    }

    /// The tokens of a text; names of special tokens in it become those tokens.
    ///
    /// # Errors
    /// A failure within the tokenizer.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, TokenizerError> {
        let encoding = self.inner.encode_fast(text, false).map_err(|error| failed(error.as_ref()))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The text of tokens, without the special ones.
    ///
    /// # Errors
    /// A failure within the tokenizer.
    pub fn decode(&self, ids: &[u32]) -> Result<String, TokenizerError> {
        self.inner.decode(ids, true).map_err(|error| failed(error.as_ref()))
    }

    /// How many tokens there are, special ones included.
    pub fn vocabulary(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    /// Every token with the bytes it stands for; added tokens, special ones among them, are left out. In the order of the
    /// tokens.
    pub fn pieces(&self) -> Vec<(u32, Vec<u8>)> {
        let bytes = bytes_of_characters();
        let added = self.inner.get_added_tokens_decoder();
        let vocabulary = self.inner.get_vocab(false).into_iter().filter(|(_, id)| !added.contains_key(id));
        let mut pieces: Vec<(u32, Vec<u8>)> = vocabulary
            .filter_map(|(text, id)| {
                let bytes: Option<Vec<u8>> = text.chars().map(|c| bytes.get(&c).copied()).collect();
                bytes.map(|bytes| (id, bytes))
            })
            .collect();
        pieces.sort_unstable();
        pieces
    }

    /// The special token that is named in a text, if one is.
    pub(super) fn special_within(&self, text: &str) -> Option<String> {
        let added = self.inner.get_added_tokens_decoder();
        let mut named: Vec<_> =
            added.into_values().filter(|token| token.special && text.contains(&token.content)).collect();
        named.sort_by_key(|token| text.find(&token.content));
        named.into_iter().next().map(|token| token.content)
    }
}

/// The byte that each character of a byte-level vocabulary stands for (GPT-2's table): printable bytes of Latin-1 stand for
/// themselves, the others for the characters from U+0100 on, in their order.
fn bytes_of_characters() -> BTreeMap<char, u8> {
    let printable = |b: u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let mut others = ('\u{100}'..).take(256);
    (0..=u8::MAX).filter_map(|b| Some((if printable(b) { char::from(b) } else { others.next()? }, b))).collect()
}

fn failed(error: &(dyn std::error::Error + Send + Sync)) -> TokenizerError {
    TokenizerError::Failed { reason: error.to_string() }
}
