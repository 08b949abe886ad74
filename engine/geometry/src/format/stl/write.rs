//! Binary STL out, by `stl_io`. Positions are rounded to f32: that is what the format stores.

use std::io::{self, Write};

use stl_io::{Normal, Triangle, Vertex};

use crate::format::unit_hint::unit_comment;
use crate::format::{FileFormat, FormatError};
use crate::{LengthUnit, TriMesh};

/// Writes a binary STL whose header names the unit, where one is known.
///
/// # Errors
/// `NotStorable` for more triangles than a u32 counts or a coordinate beyond f32, else what `out` returns.
pub(crate) fn write(mesh: &TriMesh, unit: LengthUnit, out: &mut impl Write) -> Result<(), FormatError> {
    let not_storable = |reason: &str| FormatError::NotStorable { format: FileFormat::Stl, reason: reason.to_owned() };
    if u32::try_from(mesh.triangles.len()).is_err() {
        return Err(not_storable("it counts at most 4294967295 triangles"));
    }
    if mesh.positions.iter().any(|point| !point.as_vec3().is_finite()) {
        return Err(not_storable("a coordinate is not finite in 32 bits"));
    }
    let triangles = mesh.triangles.iter().map(|corners| {
        let [a, b, c] = corners.map(|corner| mesh.positions[corner as usize]);
        let normal = (b - a).cross(c - a).normalize_or_zero();
        Triangle {
            normal: Normal::new(normal.as_vec3().to_array()),
            vertices: [a, b, c].map(|point| Vertex::new(point.as_vec3().to_array())),
        }
    });
    let mut headed = WithHeader { out, header: header(unit), at: 0 };
    stl_io::write_stl(&mut headed, triangles)?;
    Ok(())
}

/// The 80 bytes at the start. They must not begin with "solid", or careless readers take the file for ascii.
fn header(unit: LengthUnit) -> [u8; 80] {
    let mut header = [b' '; 80];
    let text = format!("binary STL by Partwright {}", unit_comment(unit).unwrap_or_default());
    header[..text.len()].copy_from_slice(text.as_bytes());
    header
}

/// Puts a header in place of the zeros that `stl_io` writes.
struct WithHeader<'a, W> {
    out: &'a mut W,
    header: [u8; 80],
    at: usize,
}

impl<W: Write> Write for WithHeader<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let headed = self.header.get(self.at..).unwrap_or_default();
        let count = if headed.is_empty() {
            self.out.write(bytes)?
        } else {
            self.out.write(&headed[..headed.len().min(bytes.len())])?
        };
        self.at += count;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
