//! Samples by number, and batches made of them ahead of time.

mod source;
mod stream;

pub use source::{Fixed, Random, Source};
pub use stream::Stream;
