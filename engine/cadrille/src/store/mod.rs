//! The model store: checkpoints on this machine, where they came from, and whether they are still what they were.
//!
//! A store is one folder. `models.json` lists what is installed; a model that was pulled from a hub lies in a folder of its
//! name beside it, a model that was added stays where the user has it. The user pulls or names a checkpoint and accepts its
//! licence; a model that lies in the program itself ([`crate::checkpoint::Embedded`]) is no matter of the store.
//!
//! Downloads are plain HTTPS requests that take up where a broken one stopped, and every file is checked before it gets
//! its name. Deliberately absent: a cache shared with other programs, uploads, and revisions other than `main`.

mod catalog;
mod digest;
mod download;
mod error;
mod file_name;
mod hub;
mod index;
mod install;
mod lock;
mod offer;
mod progress;
mod pull;
mod request;
mod verify;

pub use catalog::{KNOWN_MODELS, KnownModel, licence_terms};
pub use error::StoreError;
pub use hub::{Hub, HubConfig, Patience, Token};
pub use index::{FileRecord, InstalledModel, Origin};
pub use install::ModelStore;
pub use offer::{AcceptedOffer, Offer, Repository};
pub use progress::{Progress, Stage, Watch};
pub use verify::Fault;
