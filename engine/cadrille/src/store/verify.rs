//! Whether the files of a model are still those that were pulled or added.

use std::fmt;
use std::fs;

use super::install::ModelStore;
use super::progress::{Teller, Watch};
use super::{StoreError, digest};

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing {
        /// The file.
        file: String,
    },
    /// It has another length.
    Length {
        /// The file.
        file: String,
        /// Bytes when it was installed.
        expected: u64,
        /// Bytes now.
        found: u64,
    },
    /// It has other bytes.
    Content {
        /// The file.
        file: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { file } => write!(f, "{file} is missing"),
            Self::Length { file, expected, found } => write!(f, "{file} has {found} bytes instead of {expected}"),
            Self::Content { file } => write!(f, "{file} has other content than when it was installed"),
        }
    }
}

impl ModelStore {
    /// Reads all files of an installed model and compares them with the records; no fault means that all are as they were.
    ///
    /// # Errors
    /// No model of this name, files that cannot be read, [`StoreError::Cancelled`].
    pub fn verify(&self, name: &str, watch: &mut Watch<'_>) -> Result<Vec<Fault>, StoreError> {
        let model = self.installed(name)?;
        let folder = self.folder_of(name, &model);
        let total = model.bytes();
        let mut before = 0;
        let mut faults = Vec::new();
        for (file, record) in &model.files {
            let path = folder.join(file);
            let mut teller = Teller { watch, file, before, total };
            before += record.bytes;
            match fs::metadata(&path) {
                Ok(meta) if meta.is_file() && meta.len() == record.bytes => {
                    if digest::of_file(&path, record.bytes, &mut teller)?.1 != record.sha256 {
                        faults.push(Fault::Content { file: file.clone() });
                    }
                }
                Ok(meta) if meta.is_file() => {
                    faults.push(Fault::Length { file: file.clone(), expected: record.bytes, found: meta.len() });
                }
                _ => faults.push(Fault::Missing { file: file.clone() }),
            }
        }
        Ok(faults)
    }
}
