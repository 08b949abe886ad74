//! Samples with the facts that are kept beside them, many at once.

use std::ops::Range;

use glam::DVec3;
use partwright_reconstruct::CancelToken;
use rayon::prelude::*;

use super::{Generated, GeneratorConfig, generate};
use crate::Sample;

/// What is known of a part, in the program's frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// Bodies of the program.
    pub bodies: usize,
    /// Faces of the part.
    pub faces: usize,
    /// Solids of the part.
    pub solids: usize,
    /// Exact volume.
    pub volume: f64,
    /// Exact area.
    pub area: f64,
    /// The sides of its box.
    pub size: DVec3,
}

/// A sample, its index, and what is known of it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The index it was made from.
    pub index: u64,
    /// What a network learns from.
    pub sample: Sample,
    /// What is known of the part.
    pub facts: Facts,
    /// Attempts that were dropped before this one.
    pub dropped: u32,
}

impl Record {
    fn new(index: u64, made: Generated) -> Self {
        let [low, high] = made.body.bounds;
        let facts = Facts {
            bodies: made.program.bodies.len(),
            faces: made.body.faces.len(),
            solids: made.body.solids.len(),
            volume: made.body.volume,
            area: made.body.area,
            size: high - low,
        };
        let sample = Sample { views: made.sample.views.drawn(), ..made.sample };
        Self { index, sample, facts, dropped: made.dropped }
    }
}

/// The records of all indices of a range, in their order, made by all threads; `None` when it was cancelled. `step` is
/// called after each.
pub fn records(
    config: &GeneratorConfig,
    indices: Range<u64>,
    cancel: &CancelToken,
    step: &(dyn Fn() + Sync),
) -> Option<Vec<Record>> {
    let made = indices.into_par_iter().map(|index| {
        if cancel.is_cancelled() {
            return None;
        }
        let record = generate(config, index).map(|made| Record::new(index, made));
        step();
        Some(record)
    });
    let records: Option<Vec<Option<Record>>> = made.collect();
    Some(records?.into_iter().flatten().collect())
}
