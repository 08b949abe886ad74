//! STL: a soup of triangles, binary or ascii. Corners at the same place become one vertex on reading.

mod ascii;
mod binary;
mod write;

pub(super) use ascii::read as read_ascii;
pub(super) use binary::{claimed_triangles, read as read_binary};
pub(super) use write::write;
