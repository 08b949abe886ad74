//! The store itself: its folder, what is installed in it, and changes of the list.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::index::{FileRecord, Index, InstalledModel, Origin};
use super::lock::StoreLock;
use super::progress::{Teller, Watch};
use super::{StoreError, digest, file_name};

/// Said of a folder for which the user names no licence.
const LICENCE_UNKNOWN: &str = "not stated";

/// A folder of models. Nothing is read before it is asked for, and nothing is created before a model is pulled or added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelStore {
    root: PathBuf,
}

impl ModelStore {
    /// The store in the folder `root`, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The installed models by name.
    ///
    /// # Errors
    /// A list that cannot be read.
    pub fn models(&self) -> Result<BTreeMap<String, InstalledModel>, StoreError> {
        Ok(self.index()?.models)
    }

    /// The model used when none is named; `None` where no model is installed.
    ///
    /// # Errors
    /// A list that cannot be read.
    pub fn default_name(&self) -> Result<Option<String>, StoreError> {
        let index = self.index()?;
        Ok(index.default.filter(|name| index.models.contains_key(name)))
    }

    /// The folder with the files of an installed model.
    ///
    /// # Errors
    /// A list that cannot be read, no model of this name.
    pub fn folder(&self, name: &str) -> Result<PathBuf, StoreError> {
        Ok(self.folder_of(name, &self.installed(name)?))
    }

    /// An installed model.
    ///
    /// # Errors
    /// A list that cannot be read, no model of this name.
    pub fn installed(&self, name: &str) -> Result<InstalledModel, StoreError> {
        self.index()?.models.remove(name).ok_or_else(|| StoreError::NotInstalled { name: name.to_owned() })
    }

    /// Makes an installed model the default.
    ///
    /// # Errors
    /// A list that cannot be read or written, no model of this name.
    pub fn set_default(&self, name: &str) -> Result<(), StoreError> {
        self.installed(name)?;
        let mut change = self.change()?;
        change.index.default = Some(name.to_owned());
        change.write()
    }

    /// Installs a checkpoint that lies in a folder of the user's, which stays where it is.
    ///
    /// `name` is the folder's own when not given. All files are read to record their digests: seconds per gigabyte.
    ///
    /// # Errors
    /// A folder that is no checkpoint, a name that will not do or is taken, files that cannot be read, a list that cannot
    /// be written, [`StoreError::Cancelled`].
    pub fn add(
        &self,
        folder: &Path,
        name: Option<&str>,
        licence: Option<&str>,
        watch: &mut Watch<'_>,
    ) -> Result<(String, InstalledModel), StoreError> {
        let path = folder.canonicalize().map_err(StoreError::at(folder))?;
        let own = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.map_or(own, str::to_owned);
        if !file_name::is_plain(&name) {
            return Err(StoreError::NameNotPlain { name });
        }
        let lengths = needed_files(&path)?;
        let missing = |missing| StoreError::NotACheckpoint { place: folder.display().to_string(), missing };
        for needed in ["config.json", "tokenizer.json"] {
            if !lengths.contains_key(needed) {
                return Err(missing(needed));
            }
        }
        if !lengths.keys().any(|name| file_name::is_weights(name)) {
            return Err(missing("*.safetensors"));
        }
        let change = self.change()?;
        let origin = Origin::Folder { path: path.clone() };
        if let Some(old) = change.index.models.get(&name).filter(|old| old.origin != origin) {
            return Err(StoreError::NameTaken { name, origin: old.origin.to_string() });
        }
        let total = lengths.values().sum();
        let mut files = BTreeMap::new();
        let mut before = 0;
        for (file, length) in &lengths {
            let mut teller = Teller { watch, file, before, total };
            let (bytes, sha256) = digest::of_file(&path.join(file), *length, &mut teller)?;
            before += bytes;
            files.insert(file.clone(), FileRecord { bytes, sha256 });
        }
        let licence = licence.unwrap_or(LICENCE_UNKNOWN).to_owned();
        let model = change.insert(name.clone(), InstalledModel { origin, licence, files })?;
        Ok((name, model))
    }

    /// Forgets a model and deletes what was pulled for it; a folder of the user's is left as it is.
    ///
    /// Of a pull that never finished, what has arrived is deleted. Where the default goes, the first of the others takes
    /// its place.
    ///
    /// # Errors
    /// No model of this name, a list that cannot be written, files that cannot be deleted.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        let unknown = || StoreError::NotInstalled { name: name.to_owned() };
        if !file_name::is_plain(name) {
            return Err(unknown());
        }
        let own = self.own_folder(name);
        let mut change = self.change()?;
        match change.index.models.remove(name) {
            None if !own.is_dir() => return Err(unknown()),
            None => {}
            Some(_) => {
                if change.index.default.as_deref() == Some(name) {
                    change.index.default = change.index.models.keys().next().cloned();
                }
                // The list first: files without an entry are only in the way, an entry without files is an error.
                change.write()?;
            }
        }
        // A model that was added has no folder here, unless a pull of the same name was broken off before.
        if own.is_dir() { fs::remove_dir_all(&own).map_err(StoreError::at(&own)) } else { Ok(()) }
    }

    /// Where the store keeps the files of a model that was pulled.
    pub(super) fn own_folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(super) fn folder_of(&self, name: &str, model: &InstalledModel) -> PathBuf {
        match &model.origin {
            Origin::Hub { .. } => self.own_folder(name),
            Origin::Folder { path } => path.clone(),
        }
    }

    fn index_path(&self) -> PathBuf {
        self.root.join("models.json")
    }

    fn index(&self) -> Result<Index, StoreError> {
        Index::read(&self.index_path())
    }

    /// Begins a change: the folder is created where it is not there, and other processes are kept out.
    pub(super) fn change(&self) -> Result<Change<'_>, StoreError> {
        fs::create_dir_all(&self.root).map_err(StoreError::at(&self.root))?;
        let lock = StoreLock::take(&self.root)?;
        Ok(Change { index: self.index()?, store: self, _lock: lock })
    }
}

/// The list while it is changed.
#[derive(Debug)]
pub(super) struct Change<'a> {
    pub(super) index: Index,
    store: &'a ModelStore,
    _lock: StoreLock,
}

impl Change<'_> {
    /// Enters a model, as the default where there is none, and writes the list.
    pub(super) fn insert(mut self, name: String, model: InstalledModel) -> Result<InstalledModel, StoreError> {
        let without = self.index.default.as_ref().is_none_or(|default| !self.index.models.contains_key(default));
        if without {
            self.index.default = Some(name.clone());
        }
        self.index.models.insert(name, model.clone());
        self.write()?;
        Ok(model)
    }

    /// Writes the list; the lock is kept until the change is dropped.
    fn write(&self) -> Result<(), StoreError> {
        self.index.write(&self.store.index_path())
    }
}

/// The needed files right in a folder, with their lengths.
fn needed_files(folder: &Path) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(StoreError::at(folder))? {
        let entry = entry.map_err(StoreError::at(folder))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if file_name::judge(&name) != file_name::Judgement::Needed {
            continue;
        }
        // Links are followed: the caches of other programs consist of them.
        let meta = fs::metadata(entry.path()).map_err(StoreError::at(&entry.path()))?;
        if meta.is_file() {
            files.insert(name, meta.len());
        }
    }
    Ok(files)
}
