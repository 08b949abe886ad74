//! Reading: bytes to geometry, by the detected format.

use std::fs;
use std::path::Path;

use super::detect::{Detected, detect};
use super::{Encoding, FileFormat, FormatError, obj, ply, points, stl, threemf};
use crate::{Geometry, LengthUnit};

/// What a scan file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanFile {
    /// The mesh or the points, in the file's own unit and pose.
    pub geometry: Geometry,
    /// The unit the file declares; most formats declare none.
    pub unit: LengthUnit,
    /// The format found by content.
    pub format: FileFormat,
    /// How its numbers are stored.
    pub encoding: Encoding,
    /// What was left out or put right while reading, in sentences for the user.
    pub notes: Vec<String>,
}

/// What a format's reader finds, before the format is put beside it.
pub(super) struct Content {
    pub(super) geometry: Geometry,
    pub(super) unit: LengthUnit,
    pub(super) notes: Vec<String>,
}

impl ScanFile {
    pub(super) fn new(format: FileFormat, encoding: Encoding, content: Content) -> Self {
        let Content { geometry, unit, notes } = content;
        Self { geometry, unit, format, encoding, notes }
    }
}

/// Reads a scan file of any format.
///
/// # Errors
/// `Unreadable` when the system refuses, else everything [`read_bytes`] returns.
pub fn read(path: &Path) -> Result<ScanFile, FormatError> {
    let bytes = fs::read(path).map_err(|source| FormatError::Unreadable { path: path.to_owned(), source })?;
    read_bytes(&bytes, path.extension().and_then(|extension| extension.to_str()))
}

/// Reads the content of a scan file of any format.
///
/// `hint` is a file extension without the dot. It decides only where the content does not: a damaged binary STL has no
/// mark of its own.
///
/// # Errors
/// `EmptyFile`, `Unrecognised`, or the format's own complaint with its place in the file.
pub fn read_bytes(bytes: &[u8], hint: Option<&str>) -> Result<ScanFile, FormatError> {
    match detect(bytes, hint.and_then(FileFormat::from_extension))? {
        Detected::StlBinary => stl::read_binary(bytes),
        Detected::StlAscii => stl::read_ascii(bytes),
        Detected::Ply => ply::read(bytes),
        Detected::Obj => obj::read(bytes),
        Detected::ThreeMf => threemf::read(bytes),
        Detected::Points => points::read(bytes),
    }
}
