//! STEP AP214 (ISO 10303-21 text, schema `AUTOMOTIVE_DESIGN`), analytic throughout: planes, cylinders, cones, spheres and
//! tori stay what they are; edges are lines, circles, ellipses and, where two surfaces meet in nothing simpler, cubic
//! B-splines. Numbers are written so that reading them gives the same `f64`; the same solids give the same bytes.
//!
//! The topology given needs no seams. What readers want beyond it is added here, as `OpenCASCADE` writes it itself: a whole
//! sphere gets a `VERTEX_LOOP` at its south pole, a whole torus the two circles it is cut along. Cylinders and rings
//! between two wires, cones with one wire and caps over a pole are written as they are; `OpenCASCADE` 7.9 reads them back
//! as valid solids with the same volume; their frames are turned where needed so that the seam it cuts divides no face.
//! Reading STEP is deliberately absent.

mod config;
mod data;
mod file;
mod geometry;
mod seam;
mod solid;

pub use config::StepConfig;
pub use file::{StepError, write};
