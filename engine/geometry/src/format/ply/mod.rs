//! PLY, ascii and both byte orders.
//!
//! The header's grammar is `ply-rs`'s, behind guards for what makes it panic or mix things up. The payload is decoded here:
//! `ply-rs` allocates a string per property and element, reports no byte offsets, rejects `.5`, `1E3` and `nan` in ascii,
//! and its binary writer stores the number of elements as every list's length.

mod elements;
mod header;
mod payload;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::{write, write_cloud};
