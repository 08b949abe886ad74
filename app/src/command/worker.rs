//! `partwright worker`.

use crate::failure::Failure;

/// Not there yet.
pub(crate) fn execute() -> Result<(), Failure> {
    Err(Failure::failed("'worker' is not built yet"))
}
