//! `partwright bench`.

use crate::arguments::BenchArguments;
use crate::failure::Failure;
use crate::output::Console;

/// Not there yet.
pub(crate) fn execute(_arguments: &BenchArguments, _console: &Console) -> Result<(), Failure> {
    Err(Failure::failed("'bench' is not built yet"))
}
