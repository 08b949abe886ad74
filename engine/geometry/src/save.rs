//! Saving without half-written files: write aside, then rename.
//!
//! Every file the project writes goes through [`atomically`]. Until the last byte is on the disk the old file, if there
//! was one, stays as it was; after a failure nothing new lies in the folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

/// Large enough that a mesh is written in few system calls.
const BUFFER_BYTES: usize = 1 << 18;

/// Writes the file at `path` through `write`, so that a reader sees either the old content or all of the new.
///
/// The bytes go to a temporary file in the same folder, which is flushed to the disk and renamed over `path`. A symbolic
/// link is followed, an existing file's permissions are kept, a new file gets the usual ones. Something that is not a
/// plain file (a pipe, `/dev/stdout`) cannot be renamed over and is written directly.
///
/// # Errors
/// Whatever `write` returns, or an `io::Error` that names the path when the file cannot be created, flushed or renamed.
pub fn atomically<T, E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, E>,
) -> Result<T, E> {
    let naming = |error: io::Error| E::from(named(path, &error));
    let target = resolve_links(path).map_err(naming)?;
    let existing = fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|meta| !meta.is_file() && !meta.is_dir()) {
        let file = fs::OpenOptions::new().write(true).open(&target).map_err(naming)?;
        let mut writer = BufWriter::with_capacity(BUFFER_BYTES, file);
        let value = write(&mut writer)?;
        writer.flush().map_err(naming)?;
        return Ok(value);
    }
    if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(naming(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")));
    }
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(".partwright-").suffix(".part");
    usual_permissions(&mut builder);
    let aside = builder.tempfile_in(folder).map_err(naming)?;
    let (file, aside_path) = aside.into_parts();
    let mut writer = BufWriter::with_capacity(BUFFER_BYTES, file);
    let value = write(&mut writer)?;
    let file = writer.into_inner().map_err(|error| naming(error.into_error()))?;
    file.sync_all().map_err(naming)?;
    if let Some(meta) = existing {
        file.set_permissions(meta.permissions()).map_err(naming)?;
    }
    drop(file);
    aside_path.persist(&target).map_err(|error| naming(error.error))?;
    Ok(value)
}

/// Follows symbolic links by hand, so that a link whose target does not exist yet still works.
fn resolve_links(path: &Path) -> io::Result<PathBuf> {
    /// The depth at which Linux itself gives up.
    const LONGEST_CHAIN: usize = 40;
    let mut target = path.to_path_buf();
    for _ in 0..LONGEST_CHAIN {
        match fs::symlink_metadata(&target) {
            Ok(meta) if meta.file_type().is_symlink() => {
                let next = fs::read_link(&target)?;
                target = match target.parent() {
                    Some(parent) => parent.join(next),
                    None => next,
                };
            }
            _ => return Ok(target),
        }
    }
    Err(io::Error::other("too many symbolic links follow one another"))
}

#[cfg(unix)]
fn usual_permissions(builder: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    // The process's umask takes its share off, as for any newly created file.
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn usual_permissions(_builder: &mut Builder<'_, '_>) {}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_finished_write_replaces_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part.stl");
        for content in ["first", "second"] {
            let length: usize = atomically(&path, |writer| {
                writer.write_all(content.as_bytes())?;
                Ok::<_, io::Error>(content.len())
            })
            .unwrap();
            assert_eq!(length, content.len());
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        assert_eq!(names(folder.path()), ["part.stl"]);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part.stl");
        fs::write(&path, "old").unwrap();
        let error = atomically(&path, |writer| {
            writer.write_all(b"half")?;
            Err::<(), _>(io::Error::other("the mesh ran out"))
        })
        .unwrap_err();
        assert!(error.to_string().contains("ran out"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["part.stl"]);
    }

    #[test]
    fn an_error_names_the_path() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("missing/part.stl"), folder.path().to_path_buf()] {
            let error = atomically(&path, |_| Ok::<_, io::Error>(())).unwrap_err();
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_permissions_kept() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real.stl");
        let link = folder.path().join("link.stl");
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.stl", &link).unwrap();
        atomically(&link, |writer| writer.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_not_replaced() {
        atomically(Path::new("/dev/null"), |writer| writer.write_all(b"gone")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
