//! Writing: a mesh to a file, by the wanted format.

use std::io::{Seek, Write};
use std::path::Path;

use super::{FileFormat, FormatError, obj, ply, stl, threemf};
use crate::{LengthUnit, TriMesh, save};

/// Writes a mesh to `path` in the format of its extension (stl, ply, obj, 3mf), atomically.
///
/// PLY, OBJ and 3MF keep every bit of the positions; STL rounds them to f32. 3MF stores the unit (millimetres when it is
/// unknown), the others name a known one in a comment that [`super::read`] understands.
///
/// # Errors
/// `UnknownExtension`, `NotStorable`, or the system's reason.
pub fn write(path: &Path, mesh: &TriMesh, unit: LengthUnit) -> Result<(), FormatError> {
    let format = FileFormat::from_path(path)
        .filter(|&format| format != FileFormat::Points)
        .ok_or_else(|| FormatError::UnknownExtension { path: path.to_owned() })?;
    save::atomically(path, |file| write_to(format, mesh, unit, file))
}

/// Writes a mesh in the given format. STL, PLY and 3MF come as binary, OBJ as text.
///
/// # Errors
/// `NotStorable` when the format cannot hold the mesh or an index is out of range, else what `out` returns.
pub fn write_to(
    format: FileFormat,
    mesh: &TriMesh,
    unit: LengthUnit,
    out: &mut (impl Write + Seek),
) -> Result<(), FormatError> {
    let not_storable = |reason: String| FormatError::NotStorable { format, reason };
    let count = mesh.positions.len();
    if let Some(corner) = mesh.triangles.iter().flatten().find(|&&corner| corner as usize >= count) {
        return Err(not_storable(format!("a triangle names vertex {corner}, but there are {count}")));
    }
    if mesh.positions.iter().any(|point| !point.is_finite()) {
        return Err(not_storable("a coordinate is not finite".to_owned()));
    }
    match format {
        FileFormat::Stl => stl::write(mesh, unit, out),
        FileFormat::Ply => ply::write(mesh, unit, out),
        FileFormat::Obj => obj::write(mesh, unit, out),
        FileFormat::ThreeMf => threemf::write(mesh, unit, out),
        FileFormat::Points => Err(not_storable("a text of points cannot hold triangles".to_owned())),
    }
}
