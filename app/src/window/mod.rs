//! The window: a scan and a part side by side, the program that makes the part, and what can be done about both.
//!
//! [`Window`] holds the document, the jobs and the state of the views. Every frame it applies what jobs told, draws the
//! panels, which read the state and push [`Action`]s, and applies these at one place (`apply`). [`Command`] is the one
//! list of all that can be done: menus, palette, shortcuts and help are made from it. Colours stand in `theme` alone.

mod app;
mod apply;
pub(crate) mod colors;
mod command;
mod editor;
mod export;
mod file_dialog;
mod guard;
mod highlight;
mod icon;
mod keeper;
mod live;
mod open;
mod panel;
mod sharp_edges;
mod sheet;
mod state;
mod theme;
mod thumbnail;
mod toast;
mod view;

pub(crate) use app::run;
pub use app::{Options, Window};
pub use command::{Action, Command, Group};
pub use editor::{Completion, Editor, NumberDrag, Offer, ParameterKey};
pub use guard::{Guard, Spent};
pub use keeper::Folders;
pub use state::{Layout, Selection, State, Tab};
pub use view::{EdgeGeometry, Element, Feature, Measured, Measuring, Picked, between};
