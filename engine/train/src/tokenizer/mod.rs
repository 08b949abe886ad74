//! The tokenizer of networks that are trained here: numbers, methods and words are one token each.
//!
//! What is written is an ordinary `tokenizer.json`, so that a trained network is read like any other checkpoint. A
//! program of the dialect takes about a fifth of the tokens it has bytes; any other text falls back to single bytes, so
//! that nothing is lost.

mod fragments;
mod write;

pub use write::{END_OF_TEXT, IM_END, IMAGE_PAD, VIDEO_PAD, json, vocabulary_of};
