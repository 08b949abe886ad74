//! `partwright bench`: measures reconstruction on a data set, or the kernel on its cases.

mod kernel;

use crate::arguments::{BenchArguments, BenchTable};
use crate::failure::Failure;
use crate::output::Console;

/// Runs the bench that was asked for.
pub(crate) fn execute(arguments: &BenchArguments, console: &Console) -> Result<(), Failure> {
    match (&arguments.table, &arguments.reconstruction) {
        (Some(BenchTable::Kernel(arguments)), _) => kernel::execute(arguments, console),
        (Some(BenchTable::Case), _) => Err(Failure::failed("'bench case' is not built yet")),
        (None, Some(_)) => Err(Failure::failed("'bench' is not built yet")),
        (None, None) => Err(Failure::usage("a manifest or `kernel` is needed")),
    }
}
