//! One file per subcommand.

pub(crate) mod bench;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod features;
pub(crate) mod generate;
pub(crate) mod info;
pub(crate) mod model;
pub(crate) mod reconstruct;
pub(crate) mod render;
pub(crate) mod run;
pub(crate) mod simulate_scan;
pub(crate) mod train;
pub(crate) mod window;
pub(crate) mod worker;
