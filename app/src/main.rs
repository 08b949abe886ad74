//! The `partwright` program: a scan becomes a CadQuery program, an exact solid and a STEP file.
//!
//! This crate holds what a user meets: the command line, its output and its errors. All work is done by the engine.
//! Exit codes: 0 done, 1 failed or cancelled, 2 wrong usage.

mod arguments;
mod cancel;
mod command;
mod failure;
mod output;
mod program;
mod scan;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::output::Console;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(arguments.output);
    let done = match arguments.command {
        Command::Reconstruct(arguments) => command::reconstruct::execute(&arguments, console),
        Command::Run(arguments) => command::run::execute(&arguments, console),
        Command::Compare(arguments) => command::compare::execute(&arguments, console),
        Command::Bench(arguments) => command::bench::execute(&arguments, console),
        Command::Info(arguments) => command::info::execute(&arguments, console),
        Command::Completions(arguments) => {
            command::completions::execute(&arguments);
            Ok(())
        }
        Command::Worker => command::worker::execute(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console.fail(&failure);
            failure.exit_code()
        }
    }
}
