//! The `partwright` program: a scan becomes a CadQuery program, an exact solid and a STEP file.
//!
//! This crate holds what a user meets: the window and the command line. All work is done by the engine.
//!
//! - [`document`]: what is worked on, without a word about screens;
//! - [`job`]: long work off the window's thread;
//! - [`render`]: pictures of shapes with wgpu, with or without a window;
//! - [`settings`]: what the user chose once and for all;
//! - [`window`]: panels, views and commands;
//! - pictures drawn off screen, and reports: one HTML page with pictures, numbers and the program;
//! - the command line, its output and its errors. Exit codes: 0 done, 1 failed or cancelled, 2 wrong usage.
//!
//! A library only so that tests can drive the window; nothing else depends on it.

mod arguments;
mod cancel;
mod command;
pub mod document;
mod failure;
pub mod job;
mod network;
mod number;
mod output;
mod picture;
mod program;
pub mod render;
mod report;
mod scan;
pub mod settings;
mod shipped;
pub mod window;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::output::Console;

/// Runs the program as its arguments say.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(arguments.output);
    let done = match arguments.command {
        None => command::window::execute(arguments.files),
        Some(Command::Reconstruct(arguments)) => command::reconstruct::execute(&arguments, console),
        Some(Command::Run(arguments)) => command::run::execute(&arguments, console),
        Some(Command::SimulateScan(arguments)) => command::simulate_scan::execute(&arguments, console),
        Some(Command::Compare(arguments)) => command::compare::execute(&arguments, console),
        Some(Command::Render(arguments)) => command::render::execute(&arguments, console),
        Some(Command::Bench(arguments)) => command::bench::execute(&arguments, console),
        Some(Command::Info(arguments)) => command::info::execute(&arguments, console),
        Some(Command::Model(arguments)) => command::model::execute(&arguments, console),
        Some(Command::Generate(arguments)) => command::generate::execute(&arguments, console),
        Some(Command::Train(arguments)) => command::train::execute(&arguments, console),
        Some(Command::Completions(arguments)) => {
            command::completions::execute(&arguments);
            Ok(())
        }
        Some(Command::Worker) => command::worker::execute(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console.fail(&failure);
            failure.exit_code()
        }
    }
}
