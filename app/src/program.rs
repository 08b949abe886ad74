//! Programs as shapes.

use std::path::Path;

use partwright_geometry::TriMesh;

use crate::failure::Failure;

/// The mesh of a program's shape.
pub(crate) fn mesh(path: &Path) -> Result<TriMesh, Failure> {
    Err(Failure::failed(format!("'{}': programs cannot be executed yet", path.display())))
}
