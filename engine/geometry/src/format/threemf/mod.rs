//! 3MF: a zip archive with the shape as XML.
//!
//! Written by `threemf`. Read here over `zip` and `quick-xml`: `threemf` reads an archive that unpacks to any size, gives no
//! place for an error, and knows neither transforms' effects nor objects in other parts of the archive (the production
//! extension, which most slicers use).

mod assemble;
mod model;
mod package;
mod placement;
mod write;

use super::read::ScanFile;
use super::{Encoding, FileFormat, FormatError};

/// Reads a 3MF file: everything that its build list names, placed, as one mesh.
///
/// # Errors
/// When the archive or its XML is damaged, or the build names what does not exist, with the part and the byte in it.
pub(super) fn read(bytes: &[u8]) -> Result<ScanFile, FormatError> {
    let mut package = package::Package::open(bytes)?;
    let content = assemble::assemble(&mut package)?;
    Ok(ScanFile::new(FileFormat::ThreeMf, Encoding::ZippedXml, content))
}

pub(super) use write::write;
