//! Prompts as the networks were trained on them, down to the token.
//!
//! cadrille: the chat template of Qwen2-VL with its usual system message. Points stand before the template, a picture stands
//! in the user's message as a video of one frame, a description is the user's message. [`Prompt::mixed`] holds several of
//! these at once, which only networks trained on mixtures read. Left padding, where several prompts
//! are read at once, is the network's business.

use std::borrow::Cow;
use std::ops::Range;

use super::points::POINTS;
use super::tokenizer::{ProgramTokenizer, TokenizerError, VIDEO_PAD, VISION_END, VISION_START};

/// What the user's message says beside points or a picture.
pub const INSTRUCTION: &str = "Generate cadquery code";

/// How the chat begins, up to where the user's message begins.
pub const CHAT_BEGIN: &str = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n";

/// How the chat goes on after the user's message, up to where the answer begins.
pub const CHAT_END: &str = "<|im_end|>\n<|im_start|>assistant\n";

/// Why there is no prompt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PromptError {
    /// Nothing is known of the part.
    #[error("there are neither points nor a picture nor a description; the network needs one of them")]
    Empty,
    /// The description is empty.
    #[error("the description is empty; say what the part looks like")]
    DescriptionEmpty,
    /// The description names a token that steers the network.
    #[error("the description contains {token}, which the network takes for a sign of its own; leave it out")]
    SpecialTokenInDescription {
        /// The token.
        token: String,
    },
    /// The checkpoint cannot read pictures.
    #[error("the checkpoint's tokenizer has no tokens for pictures; it reads points only")]
    NoPictures,
    /// The tokenizer failed.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
}

/// The tokens of one prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// All tokens.
    pub ids: Vec<u32>,
    /// Which of them stand for points: the first ones, or none.
    pub points: Range<usize>,
    /// Which of them stand for patches of a picture, if any do.
    pub picture: Range<usize>,
}

/// What a prompt holds: any of the three kinds, also several at once.
///
/// cadrille knows one at a time; networks trained on mixtures read points, a picture and a description together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds<'a> {
    /// How many points there are: a checkpoint's `num_points`, or 0 for none.
    pub points: usize,
    /// How many merged patches the picture has: 100 for the usual grid of four views, or 0 for no picture.
    pub patches: usize,
    /// What the part looks like, in words.
    pub description: Option<&'a str>,
    /// A program that is to be improved, in the place of a description. The last of the points are then those where it and
    /// the input disagree.
    pub current: Option<&'a str>,
}

impl Prompt {
    /// cadrille's prompt for points: 256 tokens that the points replace, then the chat.
    ///
    /// # Errors
    /// A failure within the tokenizer.
    pub fn for_points(tokenizer: &ProgramTokenizer) -> Result<Self, PromptError> {
        Self::mixed(tokenizer, Kinds { points: POINTS, ..Kinds::default() })
    }

    /// cadrille's prompt for a picture of `patches` merged patches (100 for the usual grid of four views).
    ///
    /// # Errors
    /// A checkpoint that reads no pictures, a failure within the tokenizer.
    pub fn for_picture(tokenizer: &ProgramTokenizer, patches: usize) -> Result<Self, PromptError> {
        Self::mixed(tokenizer, Kinds { patches, ..Kinds::default() })
    }

    /// cadrille's prompt for a description, which is the whole message.
    ///
    /// # Errors
    /// An empty description, one that names a special token, a failure within the tokenizer.
    pub fn for_description(tokenizer: &ProgramTokenizer, description: &str) -> Result<Self, PromptError> {
        Self::mixed(tokenizer, Kinds { description: Some(description), ..Kinds::default() })
    }

    /// The prompt for all that is known of a part: points first, then the chat, whose message is the picture and then the
    /// description, or without one the instruction.
    ///
    /// # Errors
    /// Nothing at all, a checkpoint that reads no pictures, an empty description, one that names a special token, a
    /// failure within the tokenizer.
    pub fn mixed(tokenizer: &ProgramTokenizer, kinds: Kinds<'_>) -> Result<Self, PromptError> {
        let Kinds { points, patches, description, current } = kinds;
        if kinds == Kinds::default() {
            return Err(PromptError::Empty);
        }
        let message = match description {
            None if current.is_some() => {
                let program = current.unwrap_or_default();
                match tokenizer.special_within(program) {
                    Some(token) => return Err(PromptError::SpecialTokenInDescription { token }),
                    None => Cow::Borrowed(program),
                }
            }
            Some(description) if description.trim().is_empty() => return Err(PromptError::DescriptionEmpty),
            Some(description) => match tokenizer.special_within(description) {
                Some(token) => return Err(PromptError::SpecialTokenInDescription { token }),
                None if tokenizer.reads_small_letters() => Cow::Owned(description.to_lowercase()),
                None => Cow::Borrowed(description),
            },
            None => Cow::Borrowed(INSTRUCTION),
        };
        let mut ids = vec![tokenizer.pad(); points];
        if patches == 0 {
            ids.extend(tokenizer.encode(&chat(&message))?);
            return Ok(Self { ids, points: 0..points, picture: 0..0 });
        }
        let vision = tokenizer.vision().ok_or(PromptError::NoPictures)?;
        let pads = VIDEO_PAD.repeat(patches);
        ids.extend(tokenizer.encode(&chat(&format!("{VISION_START}{pads}{VISION_END}{message}")))?);
        let start = ids.iter().position(|id| *id == vision.video_pad).unwrap_or(ids.len());
        Ok(Self { ids, points: 0..points, picture: start..start + patches })
    }

    /// CAD-Recode's prompt: 256 tokens that the points replace, then the beginning of a message (arXiv 2412.14042).
    pub fn for_cad_recode(tokenizer: &ProgramTokenizer) -> Self {
        let mut ids = vec![tokenizer.pad(); POINTS];
        ids.push(tokenizer.im_start());
        Self { ids, points: 0..POINTS, picture: 0..0 }
    }
}

/// The chat template of Qwen2-VL for one message of the user, up to where the answer begins.
fn chat(message: &str) -> String {
    format!("{CHAT_BEGIN}{message}{CHAT_END}")
}
