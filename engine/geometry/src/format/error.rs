//! What can be wrong with a file, and where.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::FileFormat;

/// A place in a file, as an editor or a hex viewer shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of a text, counted from 1.
    Line(u64),
    /// A byte offset, counted from 0.
    Byte(u64),
    /// A byte offset, counted from 0, in an unpacked part of an archive.
    Part {
        /// The part's name in the archive.
        name: String,
        /// The offset in the unpacked part.
        byte: u64,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Byte(byte) => write!(f, "byte {byte}"),
            Self::Part { name, byte } => write!(f, "{name} byte {byte}"),
        }
    }
}

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The operating system does not let the file be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file has no content at all.
    #[error("the file is empty (0 bytes); expected STL, PLY, OBJ, 3MF or a text of points")]
    EmptyFile,
    /// The content is none of the known formats.
    #[error("not a scan file: {looks_like}; expected STL, PLY, OBJ, 3MF or a text of points")]
    Unrecognised {
        /// What the content looks like.
        looks_like: String,
    },
    /// Something else stands where the format demands a certain thing.
    #[error("{format}, {place}: expected {expected}, found {found}")]
    Unexpected {
        /// The format the file was read as.
        format: FileFormat,
        /// Where.
        place: Place,
        /// What the format demands here.
        expected: String,
        /// What stands here.
        found: String,
    },
    /// The file ends too early.
    #[error("{format}, {place}: the file is cut off here; expected {expected}")]
    Truncated {
        /// The format the file was read as.
        format: FileFormat,
        /// Where the data ends.
        place: Place,
        /// What is missing.
        expected: String,
    },
    /// A header promises more than the file can hold.
    #[error(
        "{format}, {place}: claims {claimed} {what}, but the file has room for at most {possible}; it is cut off or damaged"
    )]
    CountTooLarge {
        /// The format the file was read as.
        format: FileFormat,
        /// Where the count stands.
        place: Place,
        /// Which things are counted.
        what: String,
        /// The count in the file.
        claimed: u64,
        /// The count for which there are bytes.
        possible: u64,
    },
    /// A coordinate is NaN, infinite or absurdly large.
    #[error("{format}, {place}: the coordinate {value} is not a usable number; expected a finite one of at most 1e30")]
    CoordinateNotFinite {
        /// The format the file was read as.
        format: FileFormat,
        /// Where.
        place: Place,
        /// The value as it stands or was decoded.
        value: String,
    },
    /// A face names a vertex that does not exist.
    #[error("{format}, {place}: a face names vertex {index}, but there are {count} (counted from {first})")]
    IndexOutOfRange {
        /// The format the file was read as.
        format: FileFormat,
        /// Where.
        place: Place,
        /// The index as the file gives it.
        index: i64,
        /// How many vertices there are.
        count: u64,
        /// The format's first index, 0 or 1.
        first: u8,
    },
    /// The file is well-formed but holds neither faces nor points.
    #[error("{format}: the file is well-formed but holds no {what}")]
    NoGeometry {
        /// The format the file was read as.
        format: FileFormat,
        /// What was looked for.
        what: &'static str,
    },
    /// The file uses a part of the format that is not read.
    #[error("{format}, {place}: {what} cannot be read; {advice}")]
    Unsupported {
        /// The format the file was read as.
        format: FileFormat,
        /// Where.
        place: Place,
        /// The unread feature.
        what: String,
        /// What the user may do.
        advice: &'static str,
    },
    /// The file name's extension stands for no format that can be written.
    #[error("cannot write {}: the name must end in .stl, .ply, .obj or .3mf", path.display())]
    UnknownExtension {
        /// The file.
        path: PathBuf,
    },
    /// The mesh cannot be stored in this format.
    #[error("cannot write {format}: {reason}")]
    NotStorable {
        /// The format asked for.
        format: FileFormat,
        /// Why not.
        reason: String,
    },
    /// Writing failed.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// A short, printable quotation of bytes from a file, for error messages.
pub(super) fn quote(bytes: &[u8]) -> String {
    /// Longer quotations make a message unreadable.
    const LONGEST: usize = 40;
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]);
    let mut text: String = shown.chars().flat_map(char::escape_debug).collect();
    if bytes.len() > LONGEST {
        text.push('…');
    }
    format!("\"{text}\"")
}
