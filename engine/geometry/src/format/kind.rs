//! The file formats by name.

use std::fmt;
use std::path::Path;

/// A file format for meshes or points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// Stereolithography: a triangle soup in f32, binary or ascii.
    Stl,
    /// Polygon file format (Stanford): meshes and clouds.
    Ply,
    /// Wavefront OBJ.
    Obj,
    /// 3D Manufacturing Format: a zip archive of XML.
    ThreeMf,
    /// One point per line: XYZ, PTS, CSV, ASC, TXT.
    Points,
}

impl FileFormat {
    /// The format that a file name's extension stands for, by any case; `None` for other extensions.
    pub fn from_path(path: &Path) -> Option<Self> {
        Self::from_extension(path.extension()?.to_str()?)
    }

    /// The format that an extension (without the dot, any case) stands for.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "stl" => Some(Self::Stl),
            "ply" => Some(Self::Ply),
            "obj" => Some(Self::Obj),
            "3mf" => Some(Self::ThreeMf),
            "xyz" | "pts" | "csv" | "asc" | "txt" | "xyzn" | "xyzrgb" => Some(Self::Points),
            _ => None,
        }
    }

    /// The usual extension, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Stl => "stl",
            Self::Ply => "ply",
            Self::Obj => "obj",
            Self::ThreeMf => "3mf",
            Self::Points => "xyz",
        }
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stl => "STL",
            Self::Ply => "PLY",
            Self::Obj => "OBJ",
            Self::ThreeMf => "3MF",
            Self::Points => "point text",
        })
    }
}

/// How a file's numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Numbers as text.
    Ascii,
    /// Binary, least significant byte first.
    LittleEndian,
    /// Binary, most significant byte first.
    BigEndian,
    /// XML in a zip archive.
    ZippedXml,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ascii => "ascii",
            Self::LittleEndian => "binary, little endian",
            Self::BigEndian => "binary, big endian",
            Self::ZippedXml => "zipped XML",
        })
    }
}
