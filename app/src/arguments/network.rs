//! Arguments of `partwright bench network`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, value_parser};
use partwright_cadrille::checkpoint::Precision;

/// Arguments of `partwright bench network`.
#[derive(Debug, Args)]
pub(crate) struct NetworkBenchArguments {
    /// An installed model (`partwright model list`); without it random weights are made, which are as fast
    #[arg(long, value_name = "NAME", conflicts_with_all = ["size", "layers"])]
    pub(crate) model: Option<String>,
    /// The size of random weights
    #[arg(long, value_enum, default_value_t = SizeName::Cadrille)]
    pub(crate) size: SizeName,
    /// Another number of layers, for a quick look: four measure the speed of a layer well
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=200))]
    pub(crate) layers: Option<u32>,
    /// The device
    #[arg(long, value_enum, default_value_t = DeviceName::Auto)]
    pub(crate) device: DeviceName,
    /// The type of the weights: `q8_0`, `q4_k` or `f32` on CPUs, `bf16`, `f16` or `f32` on GPUs; the device's best when not given
    #[arg(long, value_name = "TYPE")]
    pub(crate) precision: Option<Precision>,
    /// How many samples are written side by side, after one alone
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = value_parser!(u32).range(1..=256))]
    pub(crate) samples: u32,
    /// How many tokens each sample gets
    #[arg(long, value_name = "N", default_value_t = 48, value_parser = value_parser!(u32).range(2..=8192))]
    pub(crate) tokens: u32,
    /// How many tokens the prompt has; a cloud and its question are 279
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = value_parser!(u32).range(1..=8192))]
    pub(crate) prompt: u32,
    /// How often all is repeated
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u32).range(1..=1000))]
    pub(crate) runs: u32,
    /// A Python that has torch, to measure the same sizes beside; that of the active virtual environment when not given
    #[arg(long, value_name = "PYTHON", conflicts_with = "no_torch")]
    pub(crate) torch: Option<PathBuf>,
    /// Leave torch out
    #[arg(long)]
    pub(crate) no_torch: bool,
}

/// A size of random weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SizeName {
    /// cadrille's own, that of Qwen2-VL-2B
    Cadrille,
    /// So small that it is made in no time: to see that everything works
    Tiny,
}

/// Where a network runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeviceName {
    /// A GPU where this build knows one, else the CPU
    Auto,
    /// The CPU
    Cpu,
}
