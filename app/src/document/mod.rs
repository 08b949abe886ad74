//! What is being worked on, without a word about screens: inputs, what was proposed for them, the program, what it made.
//!
//! A [`Document`] holds [`Item`]s side by side. Panels read it and push commands; `window::apply` alone changes it, with
//! undo. Nothing here knows egui, threads or the GPU, so all of it is tested without a window.

mod autosave;
mod constants;
pub mod edit;
mod input;
mod item;
mod part;
mod program;
mod session;
mod slot;
mod undo;

pub use autosave::{Recovery, SavedItem, SavedPreparation, SavedSession, SavedUnit};
pub use constants::{Constant, constants, number_at, with_constant};
pub use input::{Input, Picture, Preparation, Scan, UpAxis, prepare};
pub use item::{Item, ItemId, Proposal};
pub use part::{Comparison, Part, Side};
pub use program::{Program, RunState};
pub use session::Document;
pub use slot::{Found, Slot};
pub use undo::{Decisions, Edit, UndoStack};
