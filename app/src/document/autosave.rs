//! What is kept of a session so that a crash costs nothing: inputs by their paths, programs by their text.
//!
//! The form on disk is JSON with a version. A file of a newer version is left alone, and so is one that is damaged: it is
//! reported, never overwritten silently.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use glam::DVec3;
use partwright_geometry::{Bounds, LengthUnit, save};
use serde::{Deserialize, Serialize};

use super::{Document, Input, Item, ItemId, Preparation, UpAxis};

/// The version written.
const VERSION: u32 = 1;

/// A session as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedSession {
    /// The form's version.
    pub version: u32,
    /// The items, in their order.
    pub items: Vec<SavedItem>,
    /// Index of the item looked at.
    pub active: Option<usize>,
}

/// What every form has.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// An item as it is kept. What is missing in the file is as in a new item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedItem {
    /// Its name.
    pub name: String,
    /// Where its input was read from.
    pub path: Option<PathBuf>,
    /// The pictures in their order, if these are the input.
    pub pictures: Vec<PathBuf>,
    /// The description, if that is the input.
    pub description: Option<String>,
    /// The program's text.
    pub program: String,
    /// The unit of the scan, if the input is one.
    pub unit: Option<SavedUnit>,
    /// How the scan is prepared, if that was asked for.
    pub preparation: Option<SavedPreparation>,
}

/// A unit as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SavedUnit {
    /// Millimetres.
    Millimetre,
    /// Centimetres.
    Centimetre,
    /// Metres.
    Metre,
    /// Inches.
    Inch,
    /// Nobody knows.
    Unknown,
}

/// A preparation as it is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedPreparation {
    /// The box kept: its least and its greatest corner.
    pub crop: Option<[[f64; 3]; 2]>,
    /// Whether outliers are dropped.
    pub without_outliers: bool,
    /// The axis that becomes z, 0 to 2.
    pub up: Option<u8>,
    /// Whether it is moved to the origin.
    pub to_origin: bool,
}

impl SavedUnit {
    /// As it is kept.
    fn of(unit: LengthUnit) -> Self {
        match unit {
            LengthUnit::Millimetre => Self::Millimetre,
            LengthUnit::Centimetre => Self::Centimetre,
            LengthUnit::Metre => Self::Metre,
            LengthUnit::Inch => Self::Inch,
            LengthUnit::Unknown => Self::Unknown,
        }
    }

    /// The unit itself.
    pub fn unit(self) -> LengthUnit {
        match self {
            Self::Millimetre => LengthUnit::Millimetre,
            Self::Centimetre => LengthUnit::Centimetre,
            Self::Metre => LengthUnit::Metre,
            Self::Inch => LengthUnit::Inch,
            Self::Unknown => LengthUnit::Unknown,
        }
    }
}

impl SavedPreparation {
    /// As it is kept; nothing when there is none.
    fn of(preparation: &Preparation) -> Option<Self> {
        let Preparation { crop, without_outliers, up, to_origin } = *preparation;
        (*preparation != Preparation::default()).then(|| Self {
            crop: crop.map(|crop| [crop.min.to_array(), crop.max.to_array()]),
            without_outliers,
            up: UpAxis::ALL.iter().position(|axis| *axis == up).map(|index| index as u8),
            to_origin,
        })
    }

    /// The preparation itself.
    pub fn preparation(&self) -> Preparation {
        Preparation {
            crop: self.crop.map(|[min, max]| Bounds { min: DVec3::from(min), max: DVec3::from(max) }),
            without_outliers: self.without_outliers,
            up: self.up.and_then(|axis| UpAxis::ALL.get(usize::from(axis)).copied()).unwrap_or_default(),
            to_origin: self.to_origin,
        }
    }
}

impl SavedItem {
    /// What is to be kept of an item whose input was read.
    fn of(item: &Item) -> Self {
        let pictures = item.input.pictures();
        Self {
            name: item.name.clone(),
            // JSON is text: a name that is none cannot be kept, and the rest has to be.
            path: item.path.clone().filter(|path| path.to_str().is_some()),
            pictures: pictures
                .iter()
                .map(|picture| picture.path.clone())
                .filter(|path| path.to_str().is_some())
                .collect(),
            description: match &item.input {
                Input::Description(text) => Some(text.clone()),
                _ => None,
            },
            program: item.program.text.clone(),
            unit: item.input.scan().map(|scan| SavedUnit::of(scan.unit)),
            preparation: item.input.scan().and_then(|scan| SavedPreparation::of(&scan.preparation)),
        }
    }

    /// The file that the input has to be read from again; a program's text is kept itself.
    pub fn input_path(&self) -> Option<&Path> {
        let is_program = |path: &&Path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("py"));
        self.path.as_deref().filter(|path| !is_program(path))
    }
}

/// Why a kept session cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Recovery {
    /// The system refuses.
    #[error("'{path}' cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The content is damaged.
    #[error("'{path}' is damaged: {source}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A newer program wrote it.
    #[error("'{path}' was written by a newer version of this program (form {version})")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The form's version.
        version: u32,
    },
}

impl SavedSession {
    /// What is to be kept of a document. Of the items in `awaited` the input was not read again yet, or could not be: what
    /// was kept of it goes on being kept.
    pub fn of(document: &Document, awaited: &BTreeMap<ItemId, SavedItem>) -> Self {
        let items = document.items().iter().map(|item| {
            let saved = SavedItem::of(item);
            match awaited.get(&item.id) {
                Some(before) => SavedItem {
                    unit: before.unit,
                    preparation: before.preparation,
                    pictures: before.pictures.clone(),
                    ..saved
                },
                None => saved,
            }
        });
        let active = document.active().and_then(|active| document.items().iter().position(|item| item.id == active.id));
        Self { version: VERSION, items: items.collect(), active }
    }

    /// Writes it whole or not at all.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_vec_pretty(self)?;
        save::atomically(path, |file| file.write_all(&text))
    }

    /// Reads what was written; `None` when there is no such file.
    ///
    /// # Errors
    /// See [`Recovery`].
    pub fn read(path: &Path) -> Result<Option<Self>, Recovery> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Recovery::Unreadable { path: path.to_owned(), source }),
        };
        let damaged = |source| Recovery::Damaged { path: path.to_owned(), source };
        // A newer form may look otherwise, except for its version.
        let Versioned { version } = serde_json::from_slice(&bytes).map_err(damaged)?;
        if version > VERSION {
            return Err(Recovery::Newer { path: path.to_owned(), version });
        }
        serde_json::from_slice(&bytes).map(Some).map_err(damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Picture, Program};

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/session.json");
        assert!(SavedSession::read(&path).expect("no file is no fault").is_none());
        let mut document = Document::default();
        document.add("a.py", Some("/x/a.py".into()), Input::Program, Program::new("r = 1"));
        document.add("text", None, Input::Description("a plate".into()), Program::default());
        let picture = |name: &str| Picture::new(name.into(), &image::DynamicImage::new_rgb8(4, 3));
        let pictures = vec![picture("/x/b.png"), picture("/x/a.jpg")];
        document.add("2 pictures", None, Input::Pictures(pictures), Program::default());
        let saved = SavedSession::of(&document, &BTreeMap::new());
        saved.write(&path).expect("can be written");
        let read = SavedSession::read(&path).expect("can be read").expect("it is there");
        assert_eq!(read.items[2].pictures, [Path::new("/x/b.png"), Path::new("/x/a.jpg")]);
        assert_eq!(read, saved);
    }

    #[test]
    fn what_is_known_of_an_input_outlives_its_absence() {
        let preparation = Preparation {
            crop: Some(Bounds { min: DVec3::ZERO, max: DVec3::new(1.0, 2.0, 3.0) }),
            up: UpAxis::X,
            to_origin: true,
            ..Preparation::default()
        };
        let saved = SavedPreparation::of(&preparation);
        assert_eq!(saved.map(|saved| saved.preparation()), Some(preparation));
        assert_eq!(SavedPreparation::of(&Preparation::default()), None);
        let mut document = Document::default();
        let id = document.add("a.stl", Some("/gone/a.stl".into()), Input::Program, Program::new("r = 1"));
        let before = SavedItem { unit: Some(SavedUnit::Inch), preparation: saved, ..SavedItem::default() };
        let session = SavedSession::of(&document, &BTreeMap::from([(id, before)]));
        let item = &session.items[0];
        assert_eq!((item.unit, item.preparation, item.program.as_str()), (Some(SavedUnit::Inch), saved, "r = 1"));
        assert_eq!(item.input_path(), Some(Path::new("/gone/a.stl")));
    }

    #[test]
    fn a_program_file_is_not_read_again() {
        let item = SavedItem { path: Some("/x/part.PY".into()), ..SavedItem::default() };
        assert_eq!(item.input_path(), None);
    }

    #[test]
    fn newer_and_damaged_files_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("session.json");
        SavedSession { version: VERSION + 1, ..SavedSession::default() }.write(&path).expect("can be written");
        assert!(matches!(SavedSession::read(&path), Err(Recovery::Newer { .. })));
        std::fs::write(&path, "{\"version\": 1, \"items\": [").expect("can be written");
        assert!(matches!(SavedSession::read(&path), Err(Recovery::Damaged { .. })));
    }
}
