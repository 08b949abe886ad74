//! Reading files, and preparing scans.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use partwright_geometry::LengthUnit;
use partwright_geometry::format::{self, ScanFile};

use super::{JobId, JobKind, Jobs, Loaded, Outcome, pictures};
use crate::document::{self, Input, ItemId, Preparation, Scan, Survey};

/// Most bytes of a program: larger files are no programs.
const MOST_PROGRAM_BYTES: u64 = 1 << 20;

/// Reads a file of any kind: a scan, a program, a picture.
pub fn load(jobs: &mut Jobs, path: PathBuf) -> JobId {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    jobs.start(JobKind::Load, None, name.clone(), move |_, _| Outcome::Loaded(read(&path, &name).map(Box::new)))
}

/// Reads the input of an item again, as it was: with the unit, if one was confirmed, and prepared.
pub fn load_again(
    jobs: &mut Jobs,
    item: ItemId,
    path: PathBuf,
    unit: Option<LengthUnit>,
    preparation: Preparation,
) -> JobId {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    jobs.start(JobKind::Load, Some(item), name.clone(), move |_, _| {
        let result = read(&path, &name).map(|mut loaded| {
            if let Input::Scan(scan) = &mut loaded.input {
                // What is left of a file that changed since may be nothing: then it comes as it is.
                if preparation != Preparation::default()
                    && let Some(prepared) = prepared_scan(Arc::clone(&scan.file), scan.unit, preparation)
                {
                    **scan = prepared;
                }
                scan.unit = unit.unwrap_or(scan.unit);
            }
            Box::new(loaded)
        });
        Outcome::LoadedAgain { item, result }
    })
}

/// Prepares the scan of an item anew.
pub fn prepare(jobs: &mut Jobs, item: ItemId, scan: &Scan, preparation: Preparation) -> JobId {
    let (file, unit) = (Arc::clone(&scan.file), scan.unit);
    jobs.start(JobKind::Prepare, Some(item), "", move |_, _| {
        let scan = prepared_scan(file, unit, preparation).map(Box::new);
        Outcome::Prepared { item, preparation, scan }
    })
}

/// Surveys the prepared scan of an item. It is shown meanwhile: of a large one this takes seconds.
pub fn survey(jobs: &mut Jobs, item: ItemId, scan: &Scan) -> JobId {
    let prepared = Arc::clone(&scan.prepared);
    jobs.start(JobKind::Survey, Some(item), "", move |_, _| {
        let survey = Arc::new(Survey::of(&prepared));
        Outcome::Surveyed { item, prepared, survey }
    })
}

/// A scan with a preparation; `None` when nothing with an extent is left.
pub fn prepared_scan(file: Arc<ScanFile>, unit: LengthUnit, preparation: Preparation) -> Option<Scan> {
    let (prepared, bounds) = document::prepare(&file.geometry, &preparation)?;
    Some(Scan { file, survey: None, unit, preparation, prepared: Arc::new(prepared), bounds })
}

fn read(path: &Path, name: &str) -> Result<Loaded, String> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    let loaded =
        |input, program, notes| Loaded { name: name.to_owned(), path: Some(path.to_owned()), input, program, notes };
    match extension.as_str() {
        "py" => {
            let bytes = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
            if bytes > MOST_PROGRAM_BYTES {
                return Err(format!("'{}' is too large for a program ({bytes} bytes)", path.display()));
            }
            let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
            let text = String::from_utf8(bytes).map_err(|error| {
                let offset = error.utf8_error().valid_up_to();
                format!("'{}' is not text: byte {offset} is not UTF-8", path.display())
            })?;
            Ok(loaded(Input::Program, Some(text), Vec::new()))
        }
        "png" | "jpg" | "jpeg" => {
            let picture = pictures::read(path)?;
            Ok(loaded(Input::Pictures(vec![picture]), None, Vec::new()))
        }
        _ => {
            let file = format::read(path).map_err(|error| {
                let said = error.to_string();
                let named = said.contains(&*path.to_string_lossy());
                if named { said } else { format!("'{}': {said}", path.display()) }
            })?;
            let notes = file.notes.clone();
            let unit = file.unit;
            let scan = prepared_scan(Arc::new(file), unit, Preparation::default()).ok_or_else(|| {
                format!("'{}' holds nothing with an extent: no part can be made of it", path.display())
            })?;
            Ok(loaded(Input::Scan(Box::new(scan)), None, notes))
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("'{}' cannot be read: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(name: &str, content: &[u8], expected: &str) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("can be written");
        let why = read(&path, name).map(|_| ()).expect_err("it is no good");
        assert!(why.contains(expected) && why.contains(name), "{why}");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        refused("a.stl", b"", "empty");
        refused("a.py", &[0xff, 0xfe, 0x00], "not text");
        refused("a.png", b"not a picture", "no picture");
        refused("a.txt", b"hello world\n", "'");
        let why = read(Path::new("/nowhere/a.stl"), "a.stl").map(|_| ()).expect_err("there is none");
        assert!(why.contains("/nowhere/a.stl"), "{why}");
    }

    #[test]
    fn a_program_is_read_as_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.py");
        std::fs::write(&path, "r = 1\n").expect("can be written");
        let loaded = read(&path, "a.py").expect("it is text");
        assert_eq!(loaded.program.as_deref(), Some("r = 1\n"));
    }
}
