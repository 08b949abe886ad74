//! Reconstructing a scan.

use std::sync::Arc;

use partwright_cadquery::Limits;
use partwright_reconstruct::{ReconstructConfig, Workers};

use super::{JobId, JobKind, Jobs, Outcome};
use crate::document::{ItemId, Scan};
use crate::program::Programs;

/// Reconstructs the prepared scan of an item.
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
        let workers = Workers::new(programs.pool(), Limits::default());
        let result = partwright_reconstruct::reconstruct(&geometry, &config, &workers, teller, cancel);
        Outcome::Reconstructed {
            item,
            result: result.map(Box::new).map_err(|error| error.to_string()),
            cancelled: cancel.is_cancelled(),
        }
    })
}
