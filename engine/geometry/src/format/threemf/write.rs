//! 3MF out, by `threemf`: one object, the build list naming it once.

use std::io::{Seek, Write};

use threemf::model::{Mesh, Model, Triangle, Triangles, Unit, Vertex, Vertices};

use crate::format::{FileFormat, FormatError};
use crate::{LengthUnit, TriMesh};

/// Writes a 3MF file. An unknown unit becomes millimetres, the format's own default.
///
/// # Errors
/// `NotStorable` for a mesh without triangles, else what `out` returns.
pub(crate) fn write(mesh: &TriMesh, unit: LengthUnit, out: &mut (impl Write + Seek)) -> Result<(), FormatError> {
    let not_storable = |reason: String| FormatError::NotStorable { format: FileFormat::ThreeMf, reason };
    if mesh.triangles.is_empty() {
        return Err(not_storable("an object needs at least one triangle".to_owned()));
    }
    let vertex = mesh.positions.iter().map(|point| Vertex { x: point.x, y: point.y, z: point.z }).collect();
    let triangle = mesh
        .triangles
        .iter()
        .map(|corners| {
            let [v1, v2, v3] = corners.map(|corner| corner as usize);
            Triangle { v1, v2, v3 }
        })
        .collect();
    let mut model = Model::from(Mesh { vertices: Vertices { vertex }, triangles: Triangles { triangle } });
    model.unit = match unit {
        LengthUnit::Millimetre | LengthUnit::Unknown => Unit::Millimeter,
        LengthUnit::Centimetre => Unit::Centimeter,
        LengthUnit::Metre => Unit::Meter,
        LengthUnit::Inch => Unit::Inch,
    };
    threemf::write(out, model).map_err(|error| match error {
        threemf::Error::Io(error) => FormatError::Write(error),
        other => not_storable(other.to_string()),
    })
}
