//! What can go wrong with data sets.

use std::io;
use std::path::PathBuf;

use crate::generate::GeneratorConfigError;

/// Why a data set cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// The configuration makes no sense.
    #[error(transparent)]
    Config(#[from] GeneratorConfigError),
    /// A file or folder could not be read or written; says which.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The folder holds a data set of another configuration.
    #[error("'{folder}' was made otherwise: {differences}")]
    OtherConfig {
        /// The folder.
        folder: PathBuf,
        /// Each field that differs, there and here.
        differences: String,
    },
    /// The folder has files, but no data set.
    #[error("'{0}' has files in it, and no dataset.json that says what they are")]
    NotEmpty(PathBuf),
    /// The folder has no data set.
    #[error("'{0}' has no dataset.json: it is no data set")]
    NoDataset(PathBuf),
    /// A file does not hold what it should.
    #[error("'{path}' is damaged: {why}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// There are not so many samples.
    #[error("there is no sample {index}; there are {len}")]
    OutOfRange {
        /// What was asked for.
        index: usize,
        /// How many there are.
        len: usize,
    },
}

impl DatasetError {
    /// The error of an operation on a path, which it names.
    pub(super) fn named(path: &std::path::Path, error: &io::Error) -> Self {
        Self::Io(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    pub(super) fn damaged(path: &std::path::Path, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), why: why.into() }
    }
}
