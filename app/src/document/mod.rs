//! What is being worked on, without a word about screens: inputs, what was proposed for them, the program, what it made.
//!
//! A [`Document`] holds [`Item`]s side by side. Panels read it and push commands; `window::apply` alone changes it, with
//! undo. Nothing here knows egui, threads or the GPU, so all of it is tested without a window.

mod autosave;
pub mod edit;
mod input;
mod item;
mod part;
mod picture;
mod program;
mod proposal;
mod session;
mod slot;
mod survey;
mod undo;

pub use autosave::{Recovery, SavedItem, SavedPreparation, SavedSession, SavedUnit};
pub use input::{Input, MOST_DESCRIPTION, Preparation, Scan, UpAxis, prepare};
pub use item::{BeingWritten, Item, ItemId};
pub use part::{Comparison, Part, Side};
pub use partwright_cadquery::constants::{Constant, constants, number_at, with_constant};
pub(crate) use picture::grid;
pub use picture::{MOST_PICTURES, Picture, SHEET_PX, VIEW_PX, sheet};
pub use program::{CallVolumes, Program, RunState};
pub use proposal::{Ongoing, Proposal};
pub use session::Document;
pub use slot::{Found, Slot};
pub use survey::Survey;
pub use undo::UndoStack;
