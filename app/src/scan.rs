//! Reading a scan from a file or from standard input.

use std::io::{self, Read as _};
use std::path::Path;

use partwright_geometry::format::{self, FormatError, ScanFile};

use crate::failure::Failure;

/// Reads the scan at `path`; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<ScanFile, Failure> {
    if path == Path::new("-") {
        let bytes = read_stdin()?;
        return format::read_bytes(&bytes, None).map_err(|error| failure("standard input", &error));
    }
    must_be_a_file(path)?;
    if is_program(path) {
        return Err(Failure::failed(format!("'{}' is a program, not a scan", path.display()))
            .help(format!("partwright run {} executes it", path.display())));
    }
    format::read(path).map_err(|error| failure(&format!("'{}'", path.display()), &error))
}

/// Whether the file is a CadQuery program, by its extension.
pub(crate) fn is_program(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("py"))
}

/// All of standard input.
pub(crate) fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::failed(format!("standard input cannot be read: {error}")))?;
    Ok(bytes)
}

/// Fails with advice unless there is a file at `path`.
pub(crate) fn must_be_a_file(path: &Path) -> Result<(), Failure> {
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            Err(Failure::failed(format!("'{}' is a folder, not a file", path.display())))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Failure::failed(format!("there is no file '{}'", path.display())).help("check the name and the folder"))
        }
        Err(error) => Err(Failure::failed(format!("'{}' cannot be read: {error}", path.display()))),
    }
}

fn failure(place: &str, error: &FormatError) -> Failure {
    let text = error.to_string();
    // An error of the system names the file itself.
    if text.contains(place) { Failure::failed(text) } else { Failure::failed(format!("{place}: {text}")) }
}
