//! Data sets, their cases run through the one road, and the tables.
//!
//! [`reconstruction`] measures scans to programs on a data set; every case runs in a process of its own, so that a
//! crash or an overrun is one invalid case and not the end of the bench. [`kernel`] measures the kernel alone, [`network`] the network's speed.

pub mod kernel;
pub mod models;
pub mod network;
pub mod reconstruction;
pub mod statistics;
