//! `partwright bench`: measures reconstruction on a data set, the kernel on its cases, or the window's frames and start.

mod case;
mod kernel;
mod reconstruction;
mod sheet;
mod start;
mod window;

use crate::arguments::{BenchArguments, BenchTable};
use crate::failure::Failure;
use crate::output::Console;

/// Runs the bench that was asked for.
pub(crate) fn execute(arguments: &BenchArguments, console: Console) -> Result<(), Failure> {
    match (&arguments.table, &arguments.reconstruction) {
        (Some(BenchTable::Kernel(arguments)), _) => kernel::execute(arguments, console),
        (Some(BenchTable::Window(arguments)), _) => window::execute(arguments, console),
        (Some(BenchTable::Start(arguments)), _) => start::execute(*arguments, console),
        (Some(BenchTable::Case), _) => case::execute(),
        (Some(BenchTable::FirstFrame), _) => start::first_frame(),
        (None, Some(arguments)) => reconstruction::execute(arguments, console),
        (None, None) => Err(Failure::usage("a manifest, `kernel`, `window` or `start` is needed")),
    }
}
