//! What the program says and writes: text or JSON, progress, errors, files.

mod console;
mod destination;
mod progress;
mod table;

pub(crate) use console::{Console, print};
pub(crate) use destination::{Destination, Destinations, FileKind};
pub(crate) use progress::Progress;
pub(crate) use table::Facts;
