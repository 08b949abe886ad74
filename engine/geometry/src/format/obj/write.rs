//! OBJ out: vertices and triangles as text, each number in the fewest digits that read back the same.

use std::io::Write;

use crate::format::FormatError;
use crate::format::unit_hint::unit_comment;
use crate::{LengthUnit, TriMesh};

/// Writes an OBJ file.
///
/// # Errors
/// What `out` returns.
pub(crate) fn write(mesh: &TriMesh, unit: LengthUnit, out: &mut impl Write) -> Result<(), FormatError> {
    const LINES: usize = 4096;
    let mut block = b"# written by Partwright\n".to_vec();
    if let Some(comment) = unit_comment(unit) {
        writeln!(block, "# {comment}")?;
    }
    for points in mesh.positions.chunks(LINES) {
        for point in points {
            writeln!(block, "v {} {} {}", point.x, point.y, point.z)?;
        }
        out.write_all(&block)?;
        block.clear();
    }
    for triangles in mesh.triangles.chunks(LINES) {
        for corners in triangles {
            let [a, b, c] = corners.map(|corner| u64::from(corner) + 1);
            writeln!(block, "f {a} {b} {c}")?;
        }
        out.write_all(&block)?;
        block.clear();
    }
    // Only for a mesh without any vertex is the head still here.
    out.write_all(&block)?;
    Ok(())
}
