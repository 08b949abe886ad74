//! `partwright bench`: measures reconstruction on a data set, the kernel on its cases, or the window's frames.

mod case;
mod kernel;
mod reconstruction;
mod window;

use crate::arguments::{BenchArguments, BenchTable};
use crate::failure::Failure;
use crate::output::Console;

/// Runs the bench that was asked for.
pub(crate) fn execute(arguments: &BenchArguments, console: Console) -> Result<(), Failure> {
    match (&arguments.table, &arguments.reconstruction) {
        (Some(BenchTable::Kernel(arguments)), _) => kernel::execute(arguments, console),
        (Some(BenchTable::Window(arguments)), _) => window::execute(arguments, console),
        (Some(BenchTable::Case), _) => case::execute(),
        (None, Some(arguments)) => reconstruction::execute(arguments, console),
        (None, None) => Err(Failure::usage("a manifest, `kernel` or `window` is needed")),
    }
}
