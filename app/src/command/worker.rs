//! `partwright worker`: the hidden side of every executed program.

use std::io;

use partwright_cadquery::worker;

use crate::cancel;
use crate::failure::Failure;

/// Serves programs until standard input ends.
pub(crate) fn execute() -> Result<(), Failure> {
    cancel::leave_to_parent()?;
    worker::serve(io::stdin(), io::stdout()).map_err(|error| Failure::failed(format!("worker: {error}")))
}
