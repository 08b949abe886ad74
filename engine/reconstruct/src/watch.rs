//! What a caller hears while a reconstruction goes on.

use partwright_fit::{Progress, Silent};
use partwright_geometry::metric::Deviation;

use crate::Scored;

/// Told of every candidate as soon as it was executed, beside the progress. Listening changes nothing: what is returned
/// in the end is the same.
pub trait Watch: Progress {
    /// Whether anybody listens to [`Watch::candidate`]: what is only told is not measured otherwise.
    fn listens(&self) -> bool {
        false
    }

    /// A candidate was executed, and measured as far as its rank needs it. Implementations must return quickly.
    fn candidate(&self, candidate: &LiveCandidate<'_>) {
        let _ = candidate;
    }

    /// A network wrote another token of a sample: its text so far. Implementations must return quickly.
    fn writing(&self, sample: usize, text: &str) {
        let _ = (sample, text);
    }
}

impl Watch for Silent {}

/// A candidate while the reconstruction goes on.
#[derive(Clone, Copy, Debug)]
pub struct LiveCandidate<'a> {
    /// What is known of it so far: everything but its score, and its judgement is provisional.
    pub scored: &'a Scored,
    /// Its place among the others: the greater the better. Minus infinity for one that made nothing.
    pub rank: f64,
    /// Volume shared over volume covered; `None` where the scan has no volume.
    pub iou: Option<f64>,
    /// From the scan to the candidate's surface, in the programs' coordinates; `None` also where nobody listens.
    pub deviation: Option<Deviation>,
}
