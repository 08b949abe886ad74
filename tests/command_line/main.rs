//! The built program, run as a user runs it.

mod bench;
mod bench_models;
mod compare;
mod generate;
mod info;
mod model;
mod network;
mod program;
mod reconstruct;
mod run;
mod shipped;
mod simulate_scan;
mod train;
mod usage;
