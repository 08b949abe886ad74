//! `partwright info`.

use crate::arguments::InfoArguments;
use crate::failure::Failure;
use crate::output::Console;

/// Not there yet.
pub(crate) fn execute(_arguments: &InfoArguments, _console: &Console) -> Result<(), Failure> {
    Err(Failure::failed("'info' is not built yet"))
}
