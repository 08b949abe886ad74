//! One thing worked on, with all that belongs to it.

use std::path::PathBuf;
use std::sync::Arc;

use partwright_geometry::{LengthUnit, TriMesh};
use partwright_reconstruct::Scored;

use super::{Input, Program};

/// Identity of an item within a session; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub u64);

/// A program proposed for an input, measured.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// All that the pool knows of it.
    pub scored: Arc<Scored>,
    /// The facets it was measured with, for its small picture; `None` when it made nothing.
    pub mesh: Option<Arc<TriMesh>>,
}

impl Proposal {
    /// A proposal of the pool.
    pub fn new(scored: Scored) -> Self {
        let mesh = scored.execution.as_ref().ok().map(|execution| Arc::new(execution.mesh.clone()));
        Self { scored: Arc::new(scored), mesh }
    }
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
    /// The proposal whose program was taken over last.
    pub chosen: Option<usize>,
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
