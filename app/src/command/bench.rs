//! `partwright bench`: measures reconstruction on a data set, or the kernel on its cases.

mod case;
mod kernel;
mod reconstruction;

use crate::arguments::{BenchArguments, BenchTable};
use crate::failure::Failure;
use crate::output::Console;

/// Runs the bench that was asked for.
pub(crate) fn execute(arguments: &BenchArguments, console: Console) -> Result<(), Failure> {
    match (&arguments.table, &arguments.reconstruction) {
        (Some(BenchTable::Kernel(arguments)), _) => kernel::execute(arguments, console),
        (Some(BenchTable::Case), _) => case::execute(),
        (None, Some(arguments)) => reconstruction::execute(arguments, console),
        (None, None) => Err(Failure::usage("a manifest or `kernel` is needed")),
    }
}
