//! `partwright` without a subcommand: the window.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::window::{self, Options};

/// Opens the window with `files` and stays until it is closed.
pub(crate) fn execute(files: Vec<PathBuf>) -> Result<(), Failure> {
    window::run(Options { files, ..Options::default() })
}
