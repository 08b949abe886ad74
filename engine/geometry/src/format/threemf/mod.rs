//! 3MF.
use super::read::ScanFile;
use super::{FileFormat, FormatError, Place};
use crate::{LengthUnit, TriMesh};
use std::io::Write;
pub(super) fn read(_bytes: &[u8]) -> Result<ScanFile, FormatError> {
    Err(FormatError::Unsupported {
        format: FileFormat::ThreeMf,
        place: Place::Byte(0),
        what: "3MF".to_owned(),
        advice: "this reader is being written",
    })
}
pub(super) fn write(_mesh: &TriMesh, _unit: LengthUnit, _out: &mut impl Write) -> Result<(), FormatError> {
    Err(FormatError::NotStorable { format: FileFormat::ThreeMf, reason: "this writer is being written".to_owned() })
}
