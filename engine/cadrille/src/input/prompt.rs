//! Prompts as the networks were trained on them, down to the token.
//!
//! cadrille: the chat template of Qwen2-VL with its usual system message. Points stand before the template, a picture stands
//! in the user's message as a video of one frame, a description is the user's message. Left padding, where several prompts
//! are read at once, is the network's business.

use std::ops::Range;

use super::points::POINTS;
use super::tokenizer::{IM_END, IM_START, ProgramTokenizer, TokenizerError, VIDEO_PAD, VISION_END, VISION_START};

/// What the user's message says beside points or a picture.
pub const INSTRUCTION: &str = "Generate cadquery code";

/// Why there is no prompt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PromptError {
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
    /// Which of them stand for points: the first 256, or none.
    pub points: Range<usize>,
    /// Which of them stand for patches of a picture, if any do.
    pub picture: Range<usize>,
}

impl Prompt {
    /// cadrille's prompt for points: 256 tokens that the points replace, then the chat.
    ///
    /// # Errors
    /// A failure within the tokenizer.
    pub fn for_points(tokenizer: &ProgramTokenizer) -> Result<Self, PromptError> {
        let mut ids = vec![tokenizer.pad(); POINTS];
        ids.extend(tokenizer.encode(&chat(INSTRUCTION))?);
        Ok(Self { ids, points: 0..POINTS, picture: 0..0 })
    }

    /// cadrille's prompt for a picture of `patches` merged patches (100 for the usual grid of four views).
    ///
    /// # Errors
    /// A checkpoint that reads no pictures, a failure within the tokenizer.
    pub fn for_picture(tokenizer: &ProgramTokenizer, patches: usize) -> Result<Self, PromptError> {
        let vision = tokenizer.vision().ok_or(PromptError::NoPictures)?;
        let pads = VIDEO_PAD.repeat(patches);
        let ids = tokenizer.encode(&chat(&format!("{VISION_START}{pads}{VISION_END}{INSTRUCTION}")))?;
        let start = ids.iter().position(|id| *id == vision.video_pad).unwrap_or(ids.len());
        Ok(Self { ids, points: 0..0, picture: start..start + patches })
    }

    /// cadrille's prompt for a description, which is the whole message.
    ///
    /// # Errors
    /// An empty description, one that names a special token, a failure within the tokenizer.
    pub fn for_description(tokenizer: &ProgramTokenizer, description: &str) -> Result<Self, PromptError> {
        if description.trim().is_empty() {
            return Err(PromptError::DescriptionEmpty);
        }
        if let Some(token) = tokenizer.special_within(description) {
            return Err(PromptError::SpecialTokenInDescription { token });
        }
        Ok(Self { ids: tokenizer.encode(&chat(description))?, points: 0..0, picture: 0..0 })
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
    format!(
        "{IM_START}system\nYou are a helpful assistant.{IM_END}\n{IM_START}user\n{message}{IM_END}\n{IM_START}assistant\n"
    )
}
