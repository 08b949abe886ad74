//! `partwright completions`: a completion script on standard output.

use std::io;

use clap::CommandFactory as _;

use crate::arguments::{Arguments, CompletionsArguments};

/// Prints the script.
pub(crate) fn execute(arguments: &CompletionsArguments) {
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "partwright", &mut io::stdout());
}
