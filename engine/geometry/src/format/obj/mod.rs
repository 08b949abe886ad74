//! Wavefront OBJ.
//!
//! Read here rather than by `tobj`, which gives no line numbers, accepts NaN, drops vertices that no face uses (and with
//! them every cloud), and splits a file into one mesh per material. A test compares the two on files both can read.

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;
