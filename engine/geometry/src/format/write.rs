//! Writing: a mesh to a file, by the wanted format.

use std::io::{Seek, Write};
use std::path::Path;

use super::{FileFormat, FormatError, obj, ply, stl, threemf};
use crate::{LengthUnit, PointCloud, TriMesh, save};

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

/// Writes a cloud as binary PLY with every bit of positions and normals; colours are left out.
///
/// # Errors
/// `NotStorable` when a coordinate is not finite, else what `out` returns.
pub fn write_cloud_to(cloud: &PointCloud, unit: LengthUnit, out: &mut impl Write) -> Result<(), FormatError> {
    if cloud.positions.iter().any(|point| !point.is_finite()) {
        let reason = "a coordinate is not finite".to_owned();
        return Err(FormatError::NotStorable { format: FileFormat::Ply, reason });
    }
    ply::write_cloud(cloud, unit, out)
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::Geometry;
    use crate::format::read_bytes;

    #[test]
    fn a_cloud_comes_back_as_it_was() {
        let positions = vec![DVec3::new(0.1, -2.0, 1e-7), DVec3::X, DVec3::splat(1.0 / 3.0)];
        for normals in [None, Some(vec![DVec3::X, DVec3::Y, DVec3::Z])] {
            let cloud = PointCloud { positions: positions.clone(), normals, colors: None };
            let mut bytes = Vec::new();
            write_cloud_to(&cloud, LengthUnit::Inch, &mut bytes).unwrap();
            let read = read_bytes(&bytes, None).unwrap();
            assert_eq!((read.geometry, read.unit), (Geometry::Cloud(cloud), LengthUnit::Inch));
        }
        let broken = PointCloud { positions: vec![DVec3::NAN], ..PointCloud::default() };
        assert!(write_cloud_to(&broken, LengthUnit::Unknown, &mut Vec::new()).is_err());
    }
}
