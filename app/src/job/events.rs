//! What jobs tell the window.

use std::path::PathBuf;
use std::sync::Arc;

use partwright_cadquery::Diagnostic;
use partwright_geometry::Geometry;
use partwright_reconstruct::Reconstruction;

use super::JobId;
use crate::document::{
    BeingWritten, CallVolumes, Comparison, Input, ItemId, Part, Picture, Preparation, Proposal, Scan, Survey,
};

/// What a job says.
#[derive(Debug, strum::IntoStaticStr)]
pub enum Event {
    /// It has come so far.
    Progress {
        /// The job.
        job: JobId,
        /// What it is doing.
        stage: String,
        /// How much of that is done, 0 to 1.
        fraction: f64,
    },
    /// A proposal was measured while the reconstruction goes on.
    Proposed {
        /// The job.
        job: JobId,
        /// The item.
        item: ItemId,
        /// The proposal.
        proposal: Box<Proposal>,
    },
    /// A network wrote on.
    Written {
        /// The job.
        job: JobId,
        /// The item.
        item: ItemId,
        /// The text so far.
        written: BeingWritten,
    },
    /// It is over.
    Done {
        /// The job.
        job: JobId,
        /// What came of it.
        outcome: Outcome,
    },
}

impl Event {
    /// What it is called in the log of slow frames.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Done { outcome, .. } => outcome.into(),
            event => event.into(),
        }
    }
}

/// A file that was read.
#[derive(Debug)]
pub struct Loaded {
    /// Its name without the folder.
    pub name: String,
    /// Where it is.
    pub path: Option<PathBuf>,
    /// What it is.
    pub input: Input,
    /// The program's text, if it is one.
    pub program: Option<String>,
    /// What the user should know, in sentences.
    pub notes: Vec<String>,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Where.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// What came of a job.
#[derive(Debug, strum::IntoStaticStr)]
pub enum Outcome {
    /// A file was read, or why not.
    Loaded(Result<Box<Loaded>, String>),
    /// The input of an item was read again, or why not.
    LoadedAgain {
        /// The item.
        item: ItemId,
        /// What was read.
        result: Result<Box<Loaded>, String>,
    },
    /// Pictures were read.
    Pictures {
        /// The item they become a part of; `None` when they become one of their own.
        into: Option<ItemId>,
        /// Those that could be read, in their order.
        pictures: Vec<Picture>,
        /// Why the others could not.
        faults: Vec<String>,
    },
    /// The pictures of an item were read again.
    PicturesAgain {
        /// The item.
        item: ItemId,
        /// Those that could be read, in their order.
        pictures: Vec<Picture>,
        /// Why the others could not.
        faults: Vec<String>,
    },
    /// A scan was prepared; `None` when nothing was left of it.
    Prepared {
        /// The item.
        item: ItemId,
        /// The preparation that was asked for.
        preparation: Preparation,
        /// The scan.
        scan: Option<Box<Scan>>,
    },
    /// A scan was surveyed.
    Surveyed {
        /// The item.
        item: ItemId,
        /// The prepared scan that was surveyed.
        prepared: Arc<Geometry>,
        /// What is known of it.
        survey: Arc<Survey>,
    },
    /// A reconstruction came to its end.
    Reconstructed {
        /// The item.
        item: ItemId,
        /// The proposals, or why there are none.
        result: Result<Box<Reconstruction>, String>,
        /// Whether the user stopped it.
        cancelled: bool,
    },
    /// A program was run.
    Ran {
        /// The item.
        item: ItemId,
        /// The text.
        source: Arc<str>,
        /// The part, or why there is none.
        result: Result<Arc<Part>, Box<Diagnostic>>,
    },
    /// The bodies after the calls of a program were measured.
    Stepped {
        /// The item.
        item: ItemId,
        /// Their volumes.
        volumes: CallVolumes,
    },
    /// The part was measured against the input; `None` when they cannot be compared.
    Compared {
        /// The item.
        item: ItemId,
        /// The comparison.
        comparison: Option<Arc<Comparison>>,
    },
    /// A file was written, or why not.
    Exported(Result<Export, String>),
    /// The job came to nothing: it was stopped, or it broke down and this says how.
    Nothing(Option<String>),
}
