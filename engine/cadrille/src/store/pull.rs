//! Pulling: all files of an accepted offer, then the entry in the list.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::StoreError;
use super::download::{self, part_name};
use super::hub::Hub;
use super::index::{InstalledModel, Origin};
use super::install::ModelStore;
use super::offer::{AcceptedOffer, Offer, Wanted};
use super::progress::{Teller, Watch};

/// Left free on the disk: a full disk harms more than this program.
const MARGIN_BYTES: u64 = 64 << 20;

impl ModelStore {
    /// Downloads the offer's files and installs the model; the first model becomes the default.
    ///
    /// What is there already and right is not downloaded again, so an interrupted pull goes on where it stopped, and a
    /// second pull of the same model checks and updates it. The model is installed when the last file is whole.
    ///
    /// # Errors
    /// A name that belongs to another model, too little room, a hub that does not answer or refuses, files that are not
    /// what the hub's list says, [`StoreError::Cancelled`].
    pub fn pull(&self, hub: &Hub, offer: AcceptedOffer, watch: &mut Watch<'_>) -> Result<InstalledModel, StoreError> {
        let AcceptedOffer(Offer { name, repository, licence, revision, files: wanted }) = offer;
        let change = self.change()?;
        let old = change.index.models.get(&name).cloned();
        let same =
            |origin: &Origin| matches!(origin, Origin::Hub { repository: from, .. } if *from == repository.to_string());
        if let Some(old) = old.as_ref().filter(|old| !same(&old.origin)) {
            return Err(StoreError::NameTaken { name, origin: old.origin.to_string() });
        }
        let folder = self.own_folder(&name);
        fs::create_dir_all(&folder).map_err(StoreError::at(&folder))?;
        check_room(&wanted, &folder)?;
        let total = wanted.iter().filter_map(|file| file.bytes).sum();
        let mut files = BTreeMap::new();
        let mut before = 0;
        for file in &wanted {
            let mut teller = Teller { watch, file: &file.name, before, total };
            let record = download::download(hub, file, &folder, &mut teller)?;
            before += record.bytes;
            files.insert(file.name.clone(), record);
        }
        // Pieces of an older version would be taken for parts of this one when the checkpoint is loaded.
        for gone in old.iter().flat_map(|old| old.files.keys()).filter(|name| !files.contains_key(*name)) {
            download::remove_if_there(&folder.join(gone))?;
        }
        let origin = Origin::Hub { endpoint: hub.endpoint().to_owned(), repository: repository.to_string(), revision };
        change.insert(name, InstalledModel { origin, licence, files })
    }
}

/// Whether what is still to come fits on the disk.
fn check_room(wanted: &[Wanted], folder: &Path) -> Result<(), StoreError> {
    let length = |name: &str| fs::metadata(folder.join(name)).map_or(0, |meta| meta.len());
    let missing = wanted.iter().map(|file| {
        let bytes = file.bytes.unwrap_or(0);
        // Only files with a digest are taken up; see `download`.
        let there = if file.sha256.is_some() { length(&file.name).max(length(&part_name(&file.name))) } else { 0 };
        bytes.saturating_sub(there)
    });
    let missing: u64 = missing.sum();
    let needed = missing.saturating_add(MARGIN_BYTES);
    let available = fs4::available_space(folder).map_err(StoreError::at(folder))?;
    if missing > 0 && needed > available {
        return Err(StoreError::DiskFull { folder: folder.to_owned(), needed, available });
    }
    Ok(())
}
