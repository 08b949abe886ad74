//! Reconstructing a scan, pictures or a description.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use partwright_cadquery::Limits;
use partwright_cadrille::writer::PartInput;
use partwright_reconstruct::{
    CancelToken, LiveCandidate, NetworkSource, Progress, ReconstructConfig, ReconstructError, Reconstruction,
    UnmeasuredConfig, Watch, Workers, reconstruct_unmeasured, reconstruct_with,
};

use super::{Event, JobId, JobKind, Jobs, Outcome, Teller};
use crate::document::{BeingWritten, Input, Item, ItemId, Proposal, grid};
use crate::network::Network;
use crate::program::Programs;

/// What is written is told so often; a small network writes much faster than anybody reads.
const TOLD_EVERY: Duration = Duration::from_millis(40);

/// Most rounds in which a network improves the best of its programs.
const ROUNDS: usize = 4;

/// Tells the window of every candidate.
struct Listener<'a> {
    teller: &'a Teller,
    item: ItemId,
    /// When it was told of text last.
    told: Mutex<Option<Instant>>,
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

    fn writing(&self, sample: usize, text: &str) {
        // Several are written side by side, token by token; the first, the likeliest, is the one to be read.
        if sample > 0 {
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_some_and(|told| told.elapsed() < TOLD_EVERY) {
            return;
        }
        *told = Some(Instant::now());
        let written = BeingWritten { sample, text: text.to_owned() };
        self.teller.tell(Event::Written { job: self.teller.job(), item: self.item, written });
    }
}

/// What is asked of a network, if one is.
pub(crate) struct Asked {
    pub(crate) network: Option<Arc<Network>>,
    pub(crate) samples: usize,
    /// When it is asked of a scan.
    pub(crate) when: partwright_reconstruct::WhenAsked,
}

type Work = Box<dyn FnOnce(&dyn Watch, &CancelToken) -> Result<Reconstruction, ReconstructError> + Send>;

/// Reconstructs the input of an item; `None` where there is nothing to do it with. Every candidate is told as soon as it was
/// executed, and what a network writes while it writes it.
pub(crate) fn reconstruct(
    jobs: &mut Jobs,
    programs: &Arc<Programs>,
    item: &Item,
    asked: Asked,
    config: ReconstructConfig,
) -> Option<JobId> {
    let programs = Arc::clone(programs);
    let Asked { network, samples, when } = asked;
    let work: Work = match (&item.input, network) {
        (Input::Scan(scan), network) => {
            let geometry = Arc::clone(&scan.prepared);
            Box::new(move |watch, cancel| {
                let source = network.as_deref().map(|author| NetworkSource {
                    author,
                    samples,
                    rounds: ROUNDS,
                    when,
                    description: None,
                });
                let workers = Workers::new(programs.pool(), Limits::default());
                reconstruct_with(&geometry, source.as_ref(), &config, &workers, watch, cancel)
            })
        }
        (input, Some(network)) => {
            let part = match input {
                Input::Pictures(pictures) => PartInput::Pictures(grid(pictures)),
                Input::Description(text) => PartInput::Description(text.clone()),
                Input::Scan(_) | Input::Program => return None,
            };
            let config = UnmeasuredConfig {
                candidates: config.candidates,
                samples,
                time: config.time,
                seed: config.seed,
                longest_side: None,
            };
            Box::new(move |watch, cancel| {
                let workers = Workers::new(programs.pool(), Limits::default());
                reconstruct_unmeasured(&*network, &part, &config, &workers, watch, cancel)
            })
        }
        (_, None) => return None,
    };
    let id = item.id;
    Some(jobs.start(JobKind::Reconstruct, Some(id), &item.name, move |teller, cancel| {
        let listener = Listener { teller, item: id, told: Mutex::new(None) };
        let result = work(&listener, cancel);
        Outcome::Reconstructed {
            item: id,
            result: result.map(Box::new).map_err(|error| error.to_string()),
            cancelled: cancel.is_cancelled(),
        }
    }))
}
