//! Long work off the window's thread: named threads, progress, cancellation, results as events.
//!
//! A job owns what it needs and knows no document. When it has something to say it sends an [`Event`] and wakes the
//! window; the window applies events at one place. A newer job of the same kind on the same item stops the older one.

mod compare;
mod events;
mod export;
mod jobs;
mod load;
mod pictures;
mod reconstruct;
mod run;

pub use compare::{compare, deviations};
pub use events::{Event, Export, Loaded, Outcome};
pub use export::ExportKind;
pub(crate) use export::{Content, export};
pub use jobs::{JobId, JobKind, Jobs, Running, Teller, Wake};
pub use load::{load, load_again, prepare, prepared_scan, survey};
pub(crate) use pictures::read as read_picture;
pub use pictures::{is_picture, load_pictures, load_pictures_again};
pub(crate) use reconstruct::{Asked, reconstruct};
pub(crate) use run::{call_volumes, part, run};
