//! Random programs and the parts they make.
//!
//! The first style is that of CAD-Recode's generator, as its paper's appendix tells it (arXiv 2412.14042; the generator
//! itself was never released): circles and turned rectangles are united and cut, the boundaries become segments, arcs and
//! circles, these are extruded from parallel or crossed planes, and all of it is brought to integers in -100..100. The
//! second style has parts as people model them, with cuts, extrusions to both sides and revolutions.
//!
//! Everything here is a function of a seed and an index; see [`generate`]. Nothing touches files.

mod config;
mod random;

mod compose;
mod curve;
mod primitive;

mod draft;
mod program;
mod round;
mod simple_loops;
mod write;

mod outline;

mod cad_recode;
mod deepcad;
mod execute;
mod generator;
mod record;

pub use config::{GeneratorConfig, GeneratorConfigError, Style};
pub use generator::{Generated, generate, sample};
pub use program::{Body, Edge, Face, Join, Loop, Plane, Program, Sweep, Workplane};
pub use record::{Facts, Record, records};
pub use write::text;

pub(crate) use round::bounds_of_body;
pub(crate) use write::half;
