//! The survey of the scan beside its reconstruction: told to the user, and never at the cost of the result.

use std::sync::Arc;
use std::time::{Duration, Instant};

use partwright_fit::{Deadline, Progress, Survey};
use partwright_geometry::Geometry;

use crate::background::within;

/// The share of the whole time that the survey may take, after everything else.
const SHARE: f64 = 0.1;
/// What it takes to give up in order, of that.
const GIVE_UP: f64 = 1.25;

/// The survey of `scan`; `None` where it was not done in time or there is nothing to survey.
pub(crate) fn surveyed(
    scan: &Arc<Geometry>,
    time: Option<Duration>,
    all: &Deadline,
    progress: &dyn Progress,
) -> Option<Survey> {
    if all.reached() {
        return None;
    }
    let until = |share: f64| {
        let own = time.map(|time| Instant::now() + time.mul_f64(share));
        let at = own.into_iter().chain(all.at()).min();
        Deadline::new(all.cancel().clone(), at)
    };
    let (own, give_up) = (until(SHARE), until(SHARE * GIVE_UP));
    let scan = Arc::clone(scan);
    within(&give_up, progress, move |_| Survey::of_geometry(&scan, &own)).flatten()
}
