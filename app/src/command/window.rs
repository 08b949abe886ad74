//! `partwright` without a subcommand: the window.

use std::path::PathBuf;

use crate::command::model;
use crate::failure::Failure;
use crate::window::{self, Folders, Options};

/// Opens the window with `files` and stays until it is closed.
pub(crate) fn execute(files: Vec<PathBuf>) -> Result<(), Failure> {
    // They are found again from wherever the next session is begun.
    let files = files.into_iter().map(|file| std::path::absolute(&file).unwrap_or(file)).collect();
    let models = model::store().ok().map(|store| store.root().to_owned());
    window::run(Options { files, data: Folders::of_user(), models, ..Options::default() })
}
