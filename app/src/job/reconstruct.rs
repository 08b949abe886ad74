//! Reconstructing a scan.

use std::sync::Arc;

use partwright_cadquery::Limits;
use partwright_reconstruct::{LiveCandidate, Progress, ReconstructConfig, Watch, Workers};

use super::{Event, JobId, JobKind, Jobs, Outcome, Teller};
use crate::document::{ItemId, Proposal, Scan};
use crate::program::Programs;

/// Tells the window of every candidate.
struct Listener<'a> {
    teller: &'a Teller,
    item: ItemId,
}

impl Progress for Listener<'_> {
    fn report(&self, stage: &str, fraction: f64) {
        self.teller.report(stage, fraction);
    }
}

impl Watch for Listener<'_> {
    fn listens(&self) -> bool {
        true
    }

    fn candidate(&self, candidate: &LiveCandidate<'_>) {
        let proposal = Box::new(Proposal::live(candidate));
        self.teller.tell(Event::Proposed { job: self.teller.job(), item: self.item, proposal });
    }
}

/// Reconstructs the prepared scan of an item. Every candidate is told as soon as it was executed.
pub(crate) fn reconstruct(
    jobs: &mut Jobs,
    programs: &Arc<Programs>,
    item: ItemId,
    name: &str,
    scan: &Scan,
    config: ReconstructConfig,
) -> JobId {
    let (geometry, programs) = (Arc::clone(&scan.prepared), Arc::clone(programs));
    jobs.start(JobKind::Reconstruct, Some(item), name, move |teller, cancel| {
        let listener = Listener { teller, item };
        let workers = Workers::new(programs.pool(), Limits::default());
        let result = partwright_reconstruct::reconstruct(&geometry, &config, &workers, &listener, cancel);
        Outcome::Reconstructed {
            item,
            result: result.map(Box::new).map_err(|error| error.to_string()),
            cancelled: cancel.is_cancelled(),
        }
    })
}
