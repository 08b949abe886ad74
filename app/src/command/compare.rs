//! `partwright compare`.

use crate::arguments::CompareArguments;
use crate::failure::Failure;
use crate::output::Console;

/// Not there yet.
pub(crate) fn execute(_arguments: &CompareArguments, _console: &Console) -> Result<(), Failure> {
    Err(Failure::failed("'compare' is not built yet"))
}
