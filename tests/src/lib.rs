//! What the tests that cross crates share: the repository's root and its files.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests folder lies in the repository")
}

/// Every file below `folder` (absolute) with one of the extensions, sorted; `target` and dot-folders are left out.
///
/// # Errors
/// A folder that cannot be read.
pub fn files_below(folder: &Path, extensions: &[&str]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|found| extensions.iter().any(|known| found == *known)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
