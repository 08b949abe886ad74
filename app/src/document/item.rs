//! One thing worked on, with all that belongs to it.

use std::path::PathBuf;
use std::sync::Arc;

use partwright_geometry::LengthUnit;

use super::{Input, Ongoing, Program, Proposal};

/// Identity of an item within a session; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub u64);

/// A program that a network is writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeingWritten {
    /// Its place among the samples.
    pub sample: usize,
    /// The text so far.
    pub text: String,
}

/// An input, what was proposed for it, and the program.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its identity.
    pub id: ItemId,
    /// What the user calls it: the file's name to begin with.
    pub name: String,
    /// Where the input was read from; `None` for a description and for a new program.
    pub path: Option<PathBuf>,
    /// What came in.
    pub input: Input,
    /// What was proposed, best first.
    pub proposals: Vec<Proposal>,
    /// The text of the proposal that was taken over last.
    pub chosen: Option<Arc<str>>,
    /// The reconstruction that goes on, if one does.
    pub ongoing: Option<Ongoing>,
    /// What a network is writing for it.
    pub being_written: Option<BeingWritten>,
    /// The program and what it made.
    pub program: Program,
    /// What the user should know of the input and of the last reconstruction, in sentences.
    pub notes: Vec<String>,
}

impl Item {
    /// The length unit of the input and with it of the program.
    pub fn unit(&self) -> LengthUnit {
        self.input.scan().map_or(LengthUnit::Unknown, |scan| scan.unit)
    }

    /// The name without a file extension, for files written from it.
    pub fn stem(&self) -> &str {
        self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem)
    }
}
