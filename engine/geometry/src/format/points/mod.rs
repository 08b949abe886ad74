//! Points as text.
use super::read::ScanFile;
use super::{FileFormat, FormatError, Place};
pub(super) fn looks_like_points(line: &[u8]) -> bool {
    line.first().is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.'))
}
pub(super) fn read(_bytes: &[u8]) -> Result<ScanFile, FormatError> {
    Err(FormatError::Unsupported {
        format: FileFormat::Points,
        place: Place::Line(1),
        what: "a text of points".to_owned(),
        advice: "this reader is being written",
    })
}
