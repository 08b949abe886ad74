//! Hosts Monty: reads the source, drives the interpreter from call to call, and turns exceptions into diagnostics.
//!
//! Monty suspends at every call, attribute or name it cannot answer itself. Each suspension names its place in the
//! source, which becomes the span of the call in the history and in diagnostics.

mod convert;
mod exception;
mod identity;
mod machine;
mod operators;
mod printer;
mod registry;
mod source;

pub(crate) use machine::{Watch, execute};
pub(crate) use operators::is_operator_error;
pub(crate) use source::{Program, too_deep};
