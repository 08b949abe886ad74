//! `partwright reconstruct`.

use crate::arguments::ReconstructArguments;
use crate::failure::Failure;
use crate::output::Console;

/// Not there yet.
pub(crate) fn execute(_arguments: &ReconstructArguments, _console: &Console) -> Result<(), Failure> {
    Err(Failure::failed("'reconstruct' is not built yet"))
}
