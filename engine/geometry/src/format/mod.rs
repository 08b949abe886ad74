//! Scan files in, meshes out.
//!
//! | format | in | out | read by |
//! |---|---|---|---|
//! | STL | binary, ascii | binary | `stl_io` (binary); own reader (ascii: `stl_io` gives no line numbers and takes minutes for large files) |
//! | PLY | ascii, both byte orders; meshes, clouds, normals, colours, triangle strips | binary | `ply-rs` (header); own decoder (payload) |
//! | OBJ | faces with any index style, or bare points | ascii | own reader |
//! | points | XYZ, PTS, CSV with or without header | | own reader |
//! | 3MF | objects, components, transforms, units | yes | `zip` and `quick-xml` |
//!
//! What a file holds is judged by its content; its name is only a hint where the content is ambiguous. The whole file is
//! read into memory first and every count in a header is compared with the bytes that are really there before anything
//! is allocated for it, so a hostile header costs nothing. Errors name the format, the line or the byte, and what was
//! expected. Coordinates that are not finite, or larger than [`LARGEST_COORDINATE`], are errors.
//!
//! Absent on purpose: textures, materials and colours of meshes, and guessing a unit from a part's size.

mod cloud;
#[cfg(test)]
mod damaged;
mod detect;
mod error;
mod kind;
mod number;
mod obj;
mod ply;
mod points;
mod polygon;
mod read;
#[cfg(test)]
mod round_trip;
mod stl;
mod text;
mod threemf;
mod unit_hint;
mod write;

pub use error::{FormatError, Place};
pub use kind::{Encoding, FileFormat};
pub use number::LARGEST_COORDINATE;
pub use read::{ScanFile, read, read_bytes};
pub use write::{write, write_cloud_to, write_to};
