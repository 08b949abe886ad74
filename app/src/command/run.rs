//! `partwright run`.

use crate::arguments::RunArguments;
use crate::failure::Failure;
use crate::output::Console;

/// Not there yet.
pub(crate) fn execute(_arguments: &RunArguments, _console: &Console) -> Result<(), Failure> {
    Err(Failure::failed("'run' is not built yet"))
}
