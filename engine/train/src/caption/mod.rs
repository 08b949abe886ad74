//! Descriptions of a part, made of its program's own features in several wordings: terse to talkative, with numbers and
//! without.
//!
//! All words come from [`CAPTION_WORDS`], so that a tokenizer may have one token for each. Numbers are integers or
//! halves in the program's frame.

mod words;

mod features;
mod phrase;
mod wording;

pub use features::{Features, Form, Hole, PartFeature, Relation};
pub use wording::captions;
pub use words::CAPTION_WORDS;
