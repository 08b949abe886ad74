//! One line of a JSON Lines file.

use serde::{Deserialize, Serialize};

use crate::generate::{Facts, Record};

/// A sample without its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The index it was made from.
    pub index: u64,
    /// The program.
    pub program: String,
    /// Descriptions.
    pub captions: Vec<String>,
    /// What is known of the part.
    pub facts: FactsLine,
}

/// As [`Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of Facts")]
pub struct FactsLine {
    pub bodies: usize,
    pub faces: usize,
    pub solids: usize,
    pub volume: f64,
    pub area: f64,
    pub size: [f64; 3],
}

impl From<Facts> for FactsLine {
    fn from(facts: Facts) -> Self {
        let Facts { bodies, faces, solids, volume, area, size } = facts;
        Self { bodies, faces, solids, volume, area, size: size.to_array() }
    }
}

impl Line {
    /// The line of a record.
    pub fn of(record: &Record) -> Self {
        Self {
            index: record.index,
            program: record.sample.program.clone(),
            captions: record.sample.captions.clone(),
            facts: record.facts.into(),
        }
    }
}
