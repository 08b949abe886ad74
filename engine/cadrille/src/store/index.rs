//! `models.json`: what is installed. The types of this module are the file's format, version 1.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use partwright_geometry::save;
use serde::{Deserialize, Serialize};

use super::{StoreError, file_name};

/// The version written.
const VERSION: u32 = 1;

/// Where a model came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Pulled from a hub into the store.
    Hub {
        /// The hub's address.
        endpoint: String,
        /// Owner and repository.
        repository: String,
        /// The commit, where the hub said.
        revision: Option<String>,
    },
    /// A folder of the user's, left where it is.
    Folder {
        /// The folder, absolute.
        path: PathBuf,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hub { repository, .. } => f.write_str(repository),
            Self::Folder { path } => path.display().fmt(f),
        }
    }
}

/// What a file was when it was pulled or added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its length.
    pub bytes: u64,
    /// Its digest, 64 hexadecimal digits.
    pub sha256: String,
}

/// An installed model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledModel {
    /// Where it came from.
    pub origin: Origin,
    /// The licence of its weights.
    pub licence: String,
    /// Its files by name.
    pub files: BTreeMap<String, FileRecord>,
}

impl InstalledModel {
    /// How many bytes it has.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|file| file.bytes).sum()
    }
}

/// All installed models.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Index {
    version: u32,
    /// The model that is used when none is named.
    #[serde(default)]
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) models: BTreeMap<String, InstalledModel>,
}

impl Index {
    /// The list at `path`; an empty one where there is no file.
    pub(super) fn read(path: &Path) -> Result<Self, StoreError> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(StoreError::at(path)(error)),
        };
        let damaged = |reason: String| StoreError::IndexDamaged { path: path.to_owned(), reason };
        // The version is read first: a newer format may look different in everything else.
        let value: serde_json::Value = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if let Some(version) = value["version"].as_u64().filter(|version| *version > u64::from(VERSION)) {
            return Err(StoreError::IndexNewer { path: path.to_owned(), version: version as u32 });
        }
        let index: Self = serde_json::from_value(value).map_err(|error| damaged(error.to_string()))?;
        // Names become paths, and the file may have been edited: they are checked like those of a hub.
        let names = index.models.iter().flat_map(|(name, model)| model.files.keys().chain([name]));
        if let Some(name) = names.into_iter().find(|name| !file_name::is_plain(name)) {
            return Err(damaged(format!("the name {name:?} is not allowed")));
        }
        Ok(index)
    }

    /// Replaces the list at `path`, whole or not at all.
    pub(super) fn write(&self, path: &Path) -> Result<(), StoreError> {
        let current = Self { version: VERSION, ..self.clone() };
        save::atomically(path, |file| {
            serde_json::to_writer_pretty(&mut *file, &current)?;
            file.write_all(b"\n")
        })
        .map_err(StoreError::at(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, part: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("models.json");
        fs::write(&path, text).unwrap();
        let error = Index::read(&path).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains("models.json"), "{error}");
    }

    #[test]
    fn bad_lists_are_told() {
        check("{", "damaged");
        check("[]", "damaged");
        check(r#"{"version": 7, "models": 3}"#, "newer");
        check(
            r#"{"version": 1, "models": {"../x": {"origin": {"folder": {"path": "/"}}, "licence": "", "files": {}}}}"#,
            "../x",
        );
        let file = r#"{"bytes": 1, "sha256": "00"}"#;
        let model =
            format!(r#"{{"origin": {{"folder": {{"path": "/"}}}}, "licence": "", "files": {{"a/b": {file}}}}}"#);
        check(&format!(r#"{{"version": 1, "models": {{"x": {model}}}}}"#), "a/b");
    }

    #[test]
    fn a_list_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("models.json");
        assert_eq!(Index::read(&path).unwrap(), Index::default());
        let origin = Origin::Hub { endpoint: "https://hub".into(), repository: "a/b".into(), revision: None };
        let files = BTreeMap::from([("config.json".to_owned(), FileRecord { bytes: 2, sha256: "00".into() })]);
        let model = InstalledModel { origin, licence: "MIT".into(), files };
        let models = BTreeMap::from([("b".to_owned(), model)]);
        let index = Index { version: VERSION, default: Some("b".into()), models };
        index.write(&path).unwrap();
        assert_eq!(Index::read(&path).unwrap(), index);
    }
}
