//! A scanner that does not exist: a shape in, the points or the surface that a real one would have seen of it out.
//!
//! Several views look at the shape from around it. Each casts rays through the cells of its picture and keeps the first
//! hits that it does not see too flat; what it keeps is moved along the ray by range noise, the view as a whole by a small
//! error of registration; patches drop out and stray points come in. Everything follows from the seed.
//!
//! | file | question |
//! |---|---|
//! | `config` | what is the scanner like? |
//! | `random` | how do directions and errors scatter? |
//! | `view` | what does one view see? |
//! | `scanner` | what do all views make together? |
//!
//! Absent: colours, lenses, exposure, and the surface reconstruction of a scanner's software: a scanned mesh is the
//! views' sheets beside each other, not fused.

mod config;
mod random;
mod scanner;
mod view;

pub use config::{ScannerConfig, SimulateError};
pub use scanner::{Simulated, scan_of};
