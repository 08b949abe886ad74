//! Arguments of `partwright train`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Arguments of `partwright train`.
#[derive(Debug, Args)]
pub(crate) struct TrainArguments {
    #[command(subcommand)]
    pub(crate) method: TrainMethod,
}

/// How to train.
#[derive(Debug, Subcommand)]
pub(crate) enum TrainMethod {
    /// Learn from programs that are known to be right; a run that was stopped goes on where it was
    Sft(SftArguments),
}

/// Arguments of `partwright train sft`.
#[derive(Debug, Args)]
pub(crate) struct SftArguments {
    /// What to do, as TOML; see packaging/train for examples
    pub(crate) config: PathBuf,
    /// The folder of the run, in place of the configuration's `out`
    #[arg(long, short, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Stop after so many minutes, with everything saved
    #[arg(long, value_name = "N", value_parser = parse_duration, conflicts_with = "hours")]
    pub(crate) minutes: Option<f64>,
    /// Stop after so many hours, with everything saved
    #[arg(long, value_name = "N", value_parser = parse_duration)]
    pub(crate) hours: Option<f64>,
    /// How many threads learn, in place of the configuration's `threads`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) threads: Option<u32>,
}

impl SftArguments {
    /// The time limit in seconds.
    pub(crate) fn seconds(&self) -> Option<f64> {
        self.minutes.map(|minutes| minutes * 60.0).or(self.hours.map(|hours| hours * 3600.0))
    }
}

fn parse_duration(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("a positive number is needed".to_owned()),
    }
}
