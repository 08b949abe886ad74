//! `dataset.json`: what a folder was made with.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use partwright_geometry::save;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::DatasetError;
use crate::generate::GeneratorConfig;

/// What a folder was made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The version of this format.
    format: u32,
    /// Indices per shard.
    pub(super) shard_size: u64,
    /// How the programs are made.
    pub(super) config: GeneratorConfig,
}

const FORMAT: u32 = 1;
const NAME: &str = "dataset.json";

impl Manifest {
    pub(super) fn new(config: &GeneratorConfig, shard_size: u64) -> Self {
        Self { format: FORMAT, shard_size, config: config.clone() }
    }

    /// That of a folder; `None` when there is none.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, DatasetError> {
        let path = folder.join(NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(DatasetError::named(&path, &error)),
        };
        let manifest: Self =
            serde_json::from_str(&text).map_err(|error| DatasetError::damaged(&path, error.to_string()))?;
        if manifest.format != FORMAT {
            let why = format!("it has format {}; this program knows {FORMAT}", manifest.format);
            return Err(DatasetError::damaged(&path, why));
        }
        Ok(Some(manifest))
    }

    /// Makes `folder` one for data sets like this, or finds that it is one already.
    pub(super) fn claim(&self, folder: &Path) -> Result<(), DatasetError> {
        fs::create_dir_all(folder).map_err(|error| DatasetError::named(folder, &error))?;
        if let Some(found) = Self::read(folder)? {
            return if found == *self {
                Ok(())
            } else {
                Err(DatasetError::OtherConfig { folder: folder.to_owned(), differences: found.differences(self) })
            };
        }
        let mut entries = fs::read_dir(folder).map_err(|error| DatasetError::named(folder, &error))?;
        if entries.next().is_some() {
            return Err(DatasetError::NotEmpty(folder.to_owned()));
        }
        let path = folder.join(NAME);
        let text =
            serde_json::to_string_pretty(self).map_err(|error| DatasetError::damaged(&path, error.to_string()))?;
        save::atomically(&path, |file| writeln!(file, "{text}"))?;
        Ok(())
    }

    fn differences(&self, here: &Self) -> String {
        let fields = |manifest: &Self| {
            let mut fields = serde_json::to_value(&manifest.config).unwrap_or_default();
            fields["shard_size"] = Value::from(manifest.shard_size);
            fields
        };
        let (there, here) = (fields(self), fields(here));
        let names = there.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
        let differing = names.iter().filter(|name| there[*name] != here[*name]);
        let said: Vec<String> =
            differing.map(|name| format!("{name} is {} there, {} here", there[name], here[name])).collect();
        said.join("; ")
    }
}

/// Where the two files of a shard lie, without their extensions.
pub(super) fn shard_path(folder: &Path, shard: u64) -> PathBuf {
    folder.join(format!("shard-{shard:06}"))
}
