//! Binary STL, read by `stl_io` behind two guards.
//!
//! `stl_io` takes a file for ascii by its first six bytes, but many binary files begin with "solid": the header is masked
//! for it. It believes the triangle count of the header: the count is compared with the bytes that are there first.

use std::io::{self, Read, Seek, SeekFrom};

use glam::DVec3;

use crate::format::number::is_usable;
use crate::format::read::{Content, ScanFile};
use crate::format::unit_hint::unit_in_comment;
use crate::format::{Encoding, FileFormat, FormatError, Place};
use crate::repair::weld_exact;
use crate::{Geometry, TriMesh};

const HEADER_BYTES: usize = 80;
const PREFIX_BYTES: usize = 84;
const TRIANGLE_BYTES: usize = 50;
/// A triangle's corners begin after its normal.
const FIRST_CORNER: usize = 12;

/// The triangle count in the header, and whether it fits the file's length exactly; `None` for a file without one.
pub(crate) fn claimed_triangles(bytes: &[u8]) -> Option<(u32, bool)> {
    let count = u32::from_le_bytes(*bytes.get(HEADER_BYTES..PREFIX_BYTES)?.first_chunk()?);
    Some((count, (count as usize).checked_mul(TRIANGLE_BYTES) == Some(bytes.len() - PREFIX_BYTES)))
}

/// Reads a binary STL.
///
/// # Errors
/// When the header or the triangles are cut off, or a coordinate is not usable.
pub(crate) fn read(bytes: &[u8]) -> Result<ScanFile, FormatError> {
    let Some((count, _)) = claimed_triangles(bytes) else {
        return Err(FormatError::Truncated {
            format: FileFormat::Stl,
            place: Place::Byte(bytes.len() as u64),
            expected: "a header of 80 bytes and a count of triangles".to_owned(),
        });
    };
    let room = (bytes.len() - PREFIX_BYTES) / TRIANGLE_BYTES;
    let count = count as usize;
    if count > room {
        return Err(FormatError::CountTooLarge {
            format: FileFormat::Stl,
            place: Place::Byte(HEADER_BYTES as u64),
            what: "triangles".to_owned(),
            claimed: count as u64,
            possible: room as u64,
        });
    }
    if count == 0 {
        return Err(FormatError::NoGeometry { format: FileFormat::Stl, what: "triangles" });
    }
    let mut soup = Vec::with_capacity(count * 3);
    let mut masked = HeaderMasked { bytes, at: 0 };
    for (index, triangle) in stl_io::create_stl_reader(&mut masked)?.enumerate() {
        for (corner, vertex) in triangle?.vertices.iter().enumerate() {
            let point = DVec3::from(vertex.0.map(f64::from));
            if let Some(axis) = (0..3).find(|&axis| !is_usable(point[axis])) {
                let offset = PREFIX_BYTES + index * TRIANGLE_BYTES + FIRST_CORNER + corner * 12 + axis * 4;
                return Err(FormatError::CoordinateNotFinite {
                    format: FileFormat::Stl,
                    place: Place::Byte(offset as u64),
                    value: point[axis].to_string(),
                });
            }
            soup.push(point);
        }
    }
    let mut notes = Vec::new();
    let extra = bytes.len() - PREFIX_BYTES - count * TRIANGLE_BYTES;
    if extra > 0 {
        notes.push(format!("{extra} bytes after the last triangle were ignored"));
    }
    Ok(ScanFile::new(
        FileFormat::Stl,
        Encoding::LittleEndian,
        Content {
            geometry: Geometry::Mesh(from_soup(soup)),
            unit: unit_in_comment(&bytes[..HEADER_BYTES]).unwrap_or_default(),
            notes,
        },
    ))
}

/// Joins corners at the same place; three corners per triangle.
pub(super) fn from_soup(corners: Vec<DVec3>) -> TriMesh {
    let triangles = (0..corners.len() as u32 / 3).map(|i| [3 * i, 3 * i + 1, 3 * i + 2]).collect();
    weld_exact(&TriMesh { positions: corners, triangles })
}

/// The file with zeros in place of its header.
struct HeaderMasked<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Read for HeaderMasked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.read(buffer)?;
        let masked = HEADER_BYTES.saturating_sub(self.at).min(count);
        buffer[..masked].fill(0);
        self.at += count;
        Ok(count)
    }
}

impl Seek for HeaderMasked<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => i64::try_from(offset).ok(),
            SeekFrom::Current(step) => (self.at as i64).checked_add(step),
            SeekFrom::End(step) => (self.bytes.len() as i64).checked_add(step),
        };
        let target = target.and_then(|target| usize::try_from(target).ok());
        self.at = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn tetrahedron(header: &[u8]) -> Vec<u8> {
        let corners = [[0.0_f32, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let faces = [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]];
        let mut bytes = header.to_vec();
        bytes.resize(HEADER_BYTES, b' ');
        bytes.extend(4_u32.to_le_bytes());
        for face in faces {
            bytes.extend([0; FIRST_CORNER]);
            bytes.extend(face.iter().flat_map(|&corner: &usize| corners[corner]).flat_map(f32::to_le_bytes));
            bytes.extend([0; 2]);
        }
        bytes
    }

    fn mesh(file: &ScanFile) -> &TriMesh {
        match &file.geometry {
            Geometry::Mesh(mesh) => mesh,
            Geometry::Cloud(_) => panic!("a cloud"),
        }
    }

    #[test]
    fn corners_are_joined_whatever_the_header_says() {
        for header in [&b"binary"[..], b"solid part", b"solid part facet normal"] {
            let file = read(&tetrahedron(header)).unwrap();
            assert_eq!((mesh(&file).positions.len(), mesh(&file).triangles.len()), (4, 4));
            assert!(file.notes.is_empty());
        }
    }

    #[test]
    fn units_and_trailing_bytes() {
        let mut bytes = tetrahedron(b"COLOR=abc UNITS=mm");
        bytes.extend([0; 7]);
        let file = read(&bytes).unwrap();
        assert_eq!(file.unit, crate::LengthUnit::Millimetre);
        assert_eq!(file.notes, ["7 bytes after the last triangle were ignored"]);
    }

    #[test]
    fn bad_files_say_where() {
        let check = |bytes: &[u8], expected: &str| {
            let error = read(bytes).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let good = tetrahedron(b"");
        check(&good[..40], "STL, byte 40: the file is cut off here; expected a header of 80 bytes");
        check(&good[..200], "STL, byte 80: claims 4 triangles, but the file has room for at most 2");
        let mut absurd = good.clone();
        absurd[HEADER_BYTES..PREFIX_BYTES].copy_from_slice(&(1_u32 << 31).to_le_bytes());
        check(&absurd, "claims 2147483648 triangles, but the file has room for at most 4");
        let mut nan = good.clone();
        nan[84 + 50 + 12 + 12 + 8..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
        check(&nan, "STL, byte 166: the coordinate NaN");
        let mut none = good[..PREFIX_BYTES].to_vec();
        none[HEADER_BYTES..].fill(0);
        check(&none, "holds no triangles");
    }
}
