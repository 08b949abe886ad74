//! Beam search over sequences of additions and cuts (Lowerre 1976): the several best models of each length are kept, so
//! that a first step that looks best does not decide all that follow.

use glam::DVec3;
use rayon::prelude::*;

use super::Draft;
use super::residual::corrected_along;
use crate::progress::Deadline;
use crate::select::{Evaluated, Selection};
use crate::understand::Target;

/// Models kept of each length.
const WIDTH: usize = 4;
/// Steps; each takes what one direction offers.
const STEPS: usize = 8;
/// Where a step brought less, the next one brings less than cells can tell.
const LEAST_GAIN: f64 = 1e-3;
/// Directions looked at.
const DIRECTIONS: usize = 5;

/// A model and which start it came from.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) model: Evaluated,
    /// Directions that offered nothing to it or to what it was made from: what is left to correct only shrinks.
    in_vain: Vec<bool>,
    /// What it is worth more than what it was made from.
    gain: f64,
}

/// The best model that corrections lead to from each of `starts`, best first; a start that nothing improves is left out.
/// What was found until `deadline` is returned when it is reached.
pub(super) fn searched(
    target: &Target,
    starts: Vec<Vec<Draft>>,
    selection: &Selection,
    deadline: &Deadline,
) -> Vec<Found> {
    let directions: Vec<DVec3> = target.directions.iter().take(DIRECTIONS).map(|d| d.axis).collect();
    let mut open: Vec<Found> = starts
        .into_iter()
        .enumerate()
        .map(|(start, drafts)| {
            let model = selection.evaluated(drafts, deadline);
            Found { start, model, in_vain: vec![false; directions.len()], gain: 0.0 }
        })
        .collect();
    let mut found: Vec<Found> = Vec::new();
    for _ in 0..STEPS {
        let moves: Vec<(usize, usize)> = (0..open.len())
            .flat_map(|i| (0..directions.len()).map(move |k| (i, k)))
            .filter(|&(i, k)| !open[i].in_vain[k])
            .collect();
        let tried: Vec<Option<Evaluated>> = moves
            .par_iter()
            .with_max_len(1)
            .map(|&(i, k)| corrected_along(target, &open[i].model, directions[k], selection, deadline))
            .collect();
        for (&(i, k), reached) in moves.iter().zip(&tried) {
            open[i].in_vain[k] |= reached.is_none();
        }
        let mut next: Vec<Found> = moves
            .iter()
            .zip(tried)
            .filter_map(|(&(i, _), model)| {
                let (own, model) = (&open[i], model?);
                let gain = selection.worth(&model) - selection.worth(&own.model);
                Some(Found { start: own.start, model, in_vain: own.in_vain.clone(), gain })
            })
            .collect();
        sort(&mut next, selection);
        next.dedup_by(|b, a| a.model.cells == b.model.cells);
        // Each start's best is kept whether or not the search goes on with it: programs are ranked by what they make.
        found.extend(next.iter().cloned());
        sort(&mut found, selection);
        let mut seen = Vec::new();
        found.retain(|f| {
            !seen.contains(&f.start) && {
                seen.push(f.start);
                true
            }
        });
        next.retain(|f| f.gain >= LEAST_GAIN);
        next.truncate(WIDTH);
        open = next;
        if open.is_empty() || deadline.reached() {
            break;
        }
    }
    found
}

fn sort(found: &mut [Found], selection: &Selection) {
    // Sorting is stable: what is worth the same keeps the order of the starts and the directions.
    found.sort_by(|a, b| selection.worth(&b.model).total_cmp(&selection.worth(&a.model)));
}
