//! From what a user has to what the networks read: points, pictures and text become numbers and tokens.
//!
//! Everything here is plain vectors on the CPU; [`PointInput::tensor`] and [`PictureInput::tensor`] cross to a device.
//! Deliberately absent: the embeddings that stand in place of some tokens (they belong to the network) and the drawing of a
//! mesh's four views (it belongs to the geometry).

mod disagreement;
mod grid;
mod picture;
mod points;
mod prompt;
mod resample;
mod tokenizer;

pub use disagreement::disagreement;
pub use grid::{GRID_SIDE, GridError, PictureGrid, VIEW_SIDE, VIEWS, fitted_size, fitted_view};
pub use picture::{PictureInput, frame};
pub use points::{POINTS, PointInput, PointsError, SAMPLES};
pub use prompt::{CHAT_BEGIN, CHAT_END, INSTRUCTION, Kinds, Prompt, PromptError};
pub use tokenizer::{ProgramTokenizer, SMALL_LETTERS, TokenizerError, VisionTokens};
