//! The network that is asked for programs: chosen by name, loaded when it is needed and then kept.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use partwright_cadrille::checkpoint::{self, CheckpointError};
use partwright_cadrille::config::Config;
use partwright_cadrille::store::{ModelStore, StoreError};
use partwright_cadrille::writer::{PartInput, ProgramWriter, WriterError, WrittenProgram};
use partwright_fit::Deadline;
use partwright_reconstruct::{Author, AuthorError, NamedWriter, Watch, WritingOrder};

use crate::shipped;

/// A network that can be asked.
#[derive(Debug)]
pub(crate) struct Network {
    name: String,
    /// Where it is installed; `None` for the one that comes with the program.
    folder: Option<PathBuf>,
    loaded: Mutex<Option<Arc<NamedWriter>>>,
}

impl Network {
    /// The network of this name, or the default one: the store's, else the one that comes with the program. Nothing is
    /// loaded yet.
    pub(crate) fn of_store(store: &ModelStore, name: Option<&str>) -> Result<Self, StoreError> {
        let name = match name {
            Some(name) => name.to_owned(),
            None => store.default_name()?.unwrap_or_else(|| shipped::NAME.to_owned()),
        };
        match store.folder(&name) {
            Ok(folder) => Ok(Self { name, folder: Some(folder), loaded: Mutex::new(None) }),
            Err(StoreError::NotInstalled { .. }) if name == shipped::NAME => Ok(Self::shipped()),
            Err(error) => Err(error),
        }
    }

    /// The one that comes with the program.
    pub(crate) fn shipped() -> Self {
        Self { name: shipped::NAME.to_owned(), folder: None, loaded: Mutex::new(None) }
    }

    /// Where it runs and why, once it was loaded.
    pub(crate) fn runs_on(&self) -> Option<String> {
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.as_ref().map(|loaded| loaded.writer.runs_on())
    }

    /// The network, loaded by whoever asks first; the others wait.
    fn loaded(&self, deadline: &Deadline, watch: &dyn Watch) -> Result<Arc<NamedWriter>, AuthorError> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = &*loaded {
            return Ok(Arc::clone(writer));
        }
        let stage = format!("loading the network {}", self.name);
        let progress = |now: checkpoint::Progress<'_>| {
            watch.report(&stage, now.done_bytes as f64 / now.total_bytes.max(1) as f64);
            if deadline.reached() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let written = match &self.folder {
            Some(folder) => ProgramWriter::load(folder, None, &progress),
            None => ProgramWriter::embedded(&shipped::MODEL, None, &progress),
        };
        let writer = written.map_err(|error| match error {
            WriterError::Checkpoint(CheckpointError::Cancelled) => AuthorError::Stopped,
            error => AuthorError::NotLoaded { reason: error.to_string() },
        })?;
        let writer = Arc::new(NamedWriter { name: self.name.clone(), writer });
        *loaded = Some(Arc::clone(&writer));
        Ok(writer)
    }
}

/// The networks of this machine, as the window knows them.
#[derive(Debug, Default)]
pub(crate) struct Networks {
    store: Option<ModelStore>,
    /// Names of those that can be asked.
    pub(crate) names: Vec<String>,
    current: Option<Arc<Network>>,
}

/// Settings that name no network.
pub(crate) const AUTO: &str = "auto";
pub(crate) const NONE: &str = "none";

impl Networks {
    /// Those below a folder, and the one that comes with the program.
    pub(crate) fn below(folder: Option<PathBuf>) -> Self {
        Self { store: folder.map(ModelStore::new), ..Self::default() }
    }

    /// Looks again which there are, and which of them is `wanted`: a name, [`AUTO`] or [`NONE`]. One that is loaded stays so.
    pub(crate) fn look(&mut self, wanted: &str) {
        let installed = self.store.as_ref().and_then(|store| store.models().ok()).unwrap_or_default();
        self.names = installed.into_keys().filter(|name| name != shipped::NAME).collect();
        self.names.push(shipped::NAME.to_owned());
        let found = match (wanted, &self.store) {
            (NONE, _) => None,
            (AUTO, Some(store)) => Network::of_store(store, None).ok(),
            (name, Some(store)) => Network::of_store(store, Some(name)).ok(),
            (AUTO | shipped::NAME, None) => Some(Network::shipped()),
            (_, None) => None,
        };
        let which = |network: &Network| (network.name.clone(), network.folder.clone());
        let is_current = self.current.as_deref().map(which) == found.as_ref().map(which);
        if !is_current {
            self.current = found.map(Arc::new);
        }
    }

    /// The one that is asked.
    pub(crate) fn current(&self) -> Option<&Arc<Network>> {
        self.current.as_ref()
    }
}

impl Author for Network {
    fn name(&self) -> &str {
        &self.name
    }

    fn edits(&self) -> bool {
        // Its configuration says so; a folder that cannot be read will say why when it is loaded.
        let config = match &self.folder {
            Some(folder) => Config::from_folder(folder).ok(),
            None => shipped::MODEL.config().ok(),
        };
        config.is_some_and(|config| config.num_far_points > 0)
    }

    fn write(
        &self,
        part: &PartInput,
        order: &WritingOrder,
        deadline: &Deadline,
        watch: &dyn Watch,
    ) -> Result<Vec<WrittenProgram>, AuthorError> {
        self.loaded(deadline, watch)?.write(part, order, deadline, watch)
    }
}
