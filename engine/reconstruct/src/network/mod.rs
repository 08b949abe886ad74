//! Programs that networks write, on the way of all candidates.
//!
//! A network writes in a frame of its own (centred, the longest side 200) and its text is hostile until it was executed. Here
//! it is asked, its programs are executed, freed of stray bodies, and brought back to the scan's unit and pose.

mod author;
mod brought_back;
mod origin;
mod source;
mod stray_bodies;
mod unmeasured;

pub use author::{Author, AuthorError, NamedWriter, WritingOrder};
pub use origin::Written;
pub use source::{NetworkSource, WhenAsked};
pub(crate) use source::{Own, Showing};
pub use unmeasured::{UnmeasuredConfig, reconstruct_unmeasured};
