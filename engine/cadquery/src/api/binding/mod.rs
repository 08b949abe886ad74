//! The binding of Python calls to functions: one table of names, parameters, kinds and defaults; arguments checked
//! against it before any function sees them.

mod arguments;
mod bind;
mod listing;
mod nearest;
mod parameter;
mod table;

pub(crate) use arguments::{Arguments, Combine, Placement, PlaneArgument, Until};
pub(crate) use bind::{bind, point};
pub use listing::{MethodInfo, methods};
pub(crate) use nearest::nearest;
pub(crate) use parameter::{Default, Kind, Parameter};
pub(crate) use table::{FUNCTIONS, Method, instead, member, methods_of, unsupported_members};
