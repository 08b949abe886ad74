//! Why a network cannot read an input.

/// Why a network cannot read an input.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A batch without inputs, or an input without tokens.
    #[error("the input has no tokens; a prompt needs at least one")]
    NoTokens,
    /// The vocabulary has no such token.
    #[error("token {id} is beyond the vocabulary of {vocab_size}; the tokenizer belongs to another checkpoint")]
    TokenBeyondVocabulary {
        /// The token.
        id: u32,
        /// Rows of the embedding table.
        vocab_size: usize,
    },
    /// Points stand in the place of the first tokens, and there are fewer of those.
    #[error("{points} points need as many tokens before the prompt, but it has {tokens} in all")]
    PointsBeyondPrompt {
        /// Number of points.
        points: usize,
        /// Number of tokens.
        tokens: usize,
    },
    /// The picture's tokens and its patches do not agree.
    #[error("the prompt holds {tokens} tokens of pictures, the pictures give {merged}; make both from the same grid")]
    PictureTokensDiffer {
        /// Picture tokens in the prompt.
        tokens: usize,
        /// Tokens the vision tower gives.
        merged: usize,
    },
    /// The patches do not fill the grid.
    #[error("a picture of grid {grid_thw:?} has {patches} patches; its sides must be multiples of {merge}")]
    GridNotFilled {
        /// Frames, rows and columns of patches.
        grid_thw: [usize; 3],
        /// Rows of `pixel_values`.
        patches: usize,
        /// Patches merged per side.
        merge: usize,
    },
    /// CAD-Recode reads points alone.
    #[error("this network reads no pictures; CAD-Recode takes points, cadrille takes pictures")]
    NoVision,
    /// candle refused an operation: memory, shapes, the device.
    #[error("the network could not be computed: {0}")]
    Tensor(#[from] candle_core::Error),
}
