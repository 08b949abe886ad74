//! What is kept of a session so that a crash costs nothing: inputs by their paths, programs by their text.
//!
//! The form on disk is JSON with a version. A file of a newer version is left alone, and so is one that is damaged: it is
//! reported, never overwritten silently.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use partwright_geometry::save;
use serde::{Deserialize, Serialize};

use super::{Document, Input};

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

/// An item as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedItem {
    /// Its name.
    pub name: String,
    /// Where its input was read from.
    pub path: Option<PathBuf>,
    /// The description, if that is the input.
    pub description: Option<String>,
    /// The program's text.
    pub program: String,
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
    /// What is to be kept of a document.
    pub fn of(document: &Document) -> Self {
        let items = document.items().iter().map(|item| SavedItem {
            name: item.name.clone(),
            path: item.path.clone(),
            description: match &item.input {
                Input::Description(text) => Some(text.clone()),
                _ => None,
            },
            program: item.program.text.clone(),
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
        let read: Self =
            serde_json::from_slice(&bytes).map_err(|source| Recovery::Damaged { path: path.to_owned(), source })?;
        if read.version > VERSION {
            return Err(Recovery::Newer { path: path.to_owned(), version: read.version });
        }
        Ok(Some(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Program;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/session.json");
        assert!(SavedSession::read(&path).expect("no file is no fault").is_none());
        let mut document = Document::default();
        document.add("a.py", Some("/x/a.py".into()), Input::Program, Program::new("r = 1"));
        document.add("text", None, Input::Description("a plate".into()), Program::default());
        let saved = SavedSession::of(&document);
        saved.write(&path).expect("can be written");
        assert_eq!(SavedSession::read(&path).expect("can be read"), Some(saved));
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
