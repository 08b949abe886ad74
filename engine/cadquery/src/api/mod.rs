//! `CadQuery`'s own semantics: what every call of a program means.
//!
//! A [`Session`] holds the objects of one run: Workplanes with their stacks and pending wires, Sketches, shapes,
//! selectors. Calls are bound by one table (`binding`) that spells CadQuery's names, parameters and defaults; behind
//! it everything is plain Rust on `partwright_brep`'s lazy graph. Nothing is evaluated until a program asks for
//! something that needs geometry: a selection, a measure, a face to put a workplane on.
//!
//! Learnt from the sources of `CadQuery` 2.8 and from asking it; where the two differ, what it does counts.
//! Deliberately absent: files (exporters, importers), assemblies, constraints.

mod binding;
mod constructors;
mod crossing;
mod edge;
mod error;
mod object;
mod plane;
mod region;
mod selector;
mod session;
mod shapes;
mod sketch;
mod solid;
mod vector;
mod wire;
mod workplane;

pub(crate) use binding::{Default, FUNCTIONS, Kind, Method, Parameter, methods_of};
pub use binding::{MethodInfo, methods};
pub use session::Session;
