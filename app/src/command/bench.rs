//! `partwright bench`: measures reconstruction on a data set, the kernel on its cases, the network's speed, or
//! the window's frames and start.

mod case;
mod kernel;
mod models;
mod network;
mod reconstruction;
mod sheet;
mod start;
mod window;

use crate::arguments::{BenchArguments, BenchTable};
use crate::failure::Failure;
use crate::output::Console;

/// Runs the bench that was asked for.
pub(crate) fn execute(arguments: &BenchArguments, console: Console) -> Result<(), Failure> {
    match &arguments.table {
        Some(BenchTable::Kernel(arguments)) => kernel::execute(arguments, console),
        Some(BenchTable::Models(arguments)) => models::execute(arguments, console),
        Some(BenchTable::Network(arguments)) => network::execute(arguments, console),
        Some(BenchTable::Window(arguments)) => window::execute(arguments, console),
        Some(BenchTable::Start(arguments)) => start::execute(*arguments, console),
        Some(BenchTable::Case) => case::execute(),
        Some(BenchTable::FirstFrame) => start::first_frame(),
        None => reconstruction::execute(&arguments.reconstruction, console),
    }
}
