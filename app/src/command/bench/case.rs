//! `partwright bench case`: the hidden side of a bench, one case from standard input to standard output.

use partwright_bench::reconstruction::CaseJob;
use partwright_reconstruct::InProcess;

use crate::failure::Failure;
use crate::output::print;
use crate::{cancel, scan};

/// Runs the case. Its programs are this software's own and this process is the bench's child, so they run right here.
pub(crate) fn execute() -> Result<(), Failure> {
    cancel::leave_to_parent()?;
    let job: CaseJob = serde_json::from_slice(&scan::read_stdin()?)
        .map_err(|error| Failure::failed(format!("standard input holds no case: {error}")))?;
    let outcome = job.run(&InProcess::default()).map_err(|error| Failure::failed(error.to_string()))?;
    let text = serde_json::to_string(&outcome).map_err(|error| Failure::failed(error.to_string()))?;
    print(&format!("{text}\n"))
}
