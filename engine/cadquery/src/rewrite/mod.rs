//! Programs changed as text: brought to another frame, or written without one of their bodies.
//!
//! Only what can be seen in the text is changed, with the API's own table saying which arguments are lengths, points and
//! angles. A program that computes its numbers is left alone. Nothing here runs a program: whoever changes one executes it
//! and compares what it makes.

mod bodies;
mod edit;
mod reframe;
mod whole_calls;

pub use bodies::without_one_body;
pub use reframe::{NotReframed, reframed};
pub use whole_calls::whole_calls;
